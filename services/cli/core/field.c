/*
 * field.c - is one value of a tenants file what its field wants?
 *
 * Pure: no I/O, no clock, no log.
 */
#include "field.h"

#include <string.h>

#include "numbering/country.h"
#include "numbering/number_range.h"
#include "numbering/rate.h"
#include "store/value.h"

static const char *one_of(const char *s, const char *a, const char *b,
                          const char *problem)
{
	return strcmp(s, a) == 0 || strcmp(s, b) == 0 ? NULL : problem;
}

static const char *check_country(const char *s)
{
	return strcmp(s, "*") == 0 || country_by_iso(s)
	               ? NULL
	               : "is no country; use ISO codes like US, or *";
}

static const char *check_price(const char *s)
{
	uint64_t price;

	return rate_price_parse(s, &price)
	               ? NULL
	               : "is no price; write it like 0.0085";
}

static const char *check_currency(const char *s)
{
	return strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3
	               ? NULL
	               : "is no currency; use an ISO code like USD";
}

bool field_has_word(const char *words, const char *s)
{
	const char *at = strstr(words, s);
	size_t n = strlen(s);

	return n && at && (at == words || at[-1] == ' ') &&
	       (at[n] == ' ' || at[n] == '\0');
}

const char *field_check(enum field_type type, const char *s)
{
	switch (type) {
	case FIELD_NAME:
	case FIELD_NAMES:
	case FIELD_REF: return value_name(s);
	case FIELD_USERNAME: return value_username(s);
	case FIELD_PASSWORD: return value_password(s);
	case FIELD_TEXT: return value_text(s);
	case FIELD_TOKEN: return value_token(s);
	case FIELD_STATUS:
		return one_of(s, "active", "suspended",
		              "is no status; use active or suspended");
	case FIELD_URL: return value_url(s);
	case FIELD_METHOD: return value_method(s);
	case FIELD_BOOL: return value_bool(s);
	case FIELD_E164: return value_e164(s);
	case FIELD_COUNTRY: return value_country(s);
	case FIELD_DIGITS: return value_digits(s);
	case FIELD_DOMAIN: return value_domain(s);
	case FIELD_SIP_URI: return value_sip_uri(s);
	case FIELD_MEDIA:
		return one_of(s, "signalling", "any",
		              "is no media source; use signalling or any");
	case FIELD_TWIML: return value_twiml(s);
	case FIELD_CIDRS: return value_cidr(s);
	case FIELD_PREFIXES: return value_prefix(s);
	case FIELD_NUMBERS: return number_range_problem(s);
	case FIELD_COUNTRIES: return check_country(s);
	case FIELD_PRICE: return check_price(s);
	case FIELD_CURRENCY: return check_currency(s);
	case FIELD_ONE:  /* needs its words: read_scalar() */
	case FIELD_SID:  /* needs its kind: read_sid()    */
	case FIELD_UINT: /* needs its range: read_field() */
	case FIELD_START:
	case FIELD_OBJECTS: return NULL;
	}
	return NULL;
}

/* Before an @ of a URL there may be a password. */
bool field_is_secret(enum field_type type, const char *s)
{
	return type == FIELD_PASSWORD || type == FIELD_TEXT ||
	       type == FIELD_TOKEN || (type == FIELD_URL && strchr(s, '@'));
}

/*
 * params.c - the parameters of a POST, by table
 *
 * Pure: no I/O.
 */
#include "params.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/sid.h"
#include "base/utf8.h"
#include "fields.h"
#include "store/value.h"

enum { TEXT_MAX = 255, TWIML_MAX = 65536, NAME_SIZE = 256 };
enum { BAD_URL = 21402, BAD_METHOD = 21403 };
enum { SIP_USERNAME = 21221, SIP_PASSWORD = 21222, BAD_TWIML = 21618 };
enum { WHY_SIZE = 64 };

bool param_fail(struct param_error *error, uint32_t code, const char *detail)
{
	error->code = code;
	(void)snprintf(error->detail, sizeof(error->detail), "%s", detail);
	return false;
}

/* How many bytes follow this first one (RFC 3629); -1 = it is none */
static int followers(unsigned char c)
{
	if (c < 0x80)
		return c < 0x20 || c == 0x7f ? -1 : 0;
	if (c < 0xC2 || c >= 0xF5)
		return -1;
	return c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
}

/* May this byte follow that first one? A character is written in the shortest way,
 * is no half of a UTF-16 pair and is not above U+10FFFF. */
static bool is_second(unsigned char first, unsigned char second)
{
	switch (first) {
	case 0xE0: return second >= 0xA0;
	case 0xED: return second < 0xA0;
	case 0xF0: return second >= 0x90;
	case 0xF4: return second < 0x90;
	default: return true;
	}
}

/* Valid UTF-8 without control characters? JSON could not show anything else. */
static bool is_text(const char *s)
{
	while (*s) {
		unsigned char first = (unsigned char)*s++;
		int more = followers(first);

		if (more < 0 || (more && !is_second(first, (unsigned char)*s)))
			return false;
		for (; more > 0; more--)
			if (((unsigned char)*s++ & 0xC0) != 0x80)
				return false;
	}
	return true;
}

/* @return whether it is fine; else @p why says what is wrong */
static bool is_fine_text(const struct param *p, const char *s,
                         char why[WHY_SIZE])
{
	size_t max = p->max ? p->max : TEXT_MAX, n = utf8_count(s, strlen(s));

	if (!is_text(s))
		(void)snprintf(why, WHY_SIZE,
		               "it has control characters or is no UTF-8");
	else if (n > max)
		(void)snprintf(why, WHY_SIZE,
		               "it is longer than %zu characters", max);
	else if (n < p->min)
		(void)snprintf(why, WHY_SIZE,
		               "it is shorter than %u characters", p->min);
	else
		return true;
	return false;
}

static bool is_document(const struct param *p, const char *s,
                        char why[WHY_SIZE])
{
	size_t max = p->max ? p->max : TWIML_MAX;

	if (strlen(s) > max)
		(void)snprintf(why, WHY_SIZE, "it is longer than %zu bytes",
		               max);
	return strlen(s) <= max && strchr(s, '<') != NULL;
}

static bool is_number(const struct param *p, const char *s)
{
	uint32_t v;

	return value_uint(s, p->min, p->max ? p->max : UINT32_MAX, &v);
}

static bool is_fine(const struct param *p, const char *s, char why[WHY_SIZE])
{
	switch (p->type) {
	case PARAM_TEXT: return is_fine_text(p, s, why);
	case PARAM_URL: return !*s || (!value_url(s) && is_text(s));
	case PARAM_METHOD: return !value_method(s);
	case PARAM_BOOL: return !value_bool(s);
	case PARAM_UINT: return is_number(p, s);
	case PARAM_E164: return !value_e164(s);
	case PARAM_DOMAIN: return strlen(s) < NAME_SIZE && !value_domain(s);
	case PARAM_ENUM: return *s && fields_has_word(p->words, s);
	case PARAM_SID: return !*s || sid_valid(s, p->words);
	case PARAM_TWIML: return is_document(p, s, why);
	case PARAM_SECRET: return true;
	}
	return false;
}

static uint32_t code_of(const struct param *p)
{
	if (p->code)
		return p->code;
	if (p->type == PARAM_URL)
		return BAD_URL;
	return p->type == PARAM_METHOD ? BAD_METHOD : ERROR_PARAMETER;
}

/* Their sentences tell what is wrong, the others what was said. */
static bool tells_why(uint32_t code)
{
	return code == SIP_USERNAME || code == SIP_PASSWORD ||
	       code == BAD_TWIML;
}

static bool fail(const struct param *p, const char *value, const char *why,
                 struct param_error *error)
{
	char detail[ERROR_DETAIL_MAX];

	if (!is_text(value))
		value = "";
	if (code_of(p) == ERROR_PARAMETER)
		(void)snprintf(detail, sizeof(detail), "%s: %s", p->name, why);
	else if (tells_why(code_of(p)))
		(void)snprintf(detail, sizeof(detail), "%s", why);
	else
		(void)snprintf(detail, sizeof(detail), "%.*s",
		               ERROR_DETAIL_MAX - 1, value);
	return param_fail(error, code_of(p), detail);
}

static const char *wants(const struct param *p)
{
	static const char *const texts[] = {
		[PARAM_TEXT] = "it is no text",
		[PARAM_TWIML] = "it has no element, like <Response>",
		[PARAM_URL] = "it is no http or https URL",
		[PARAM_METHOD] = "it is neither GET nor POST",
		[PARAM_BOOL] = "it is neither true nor false",
		[PARAM_UINT] = "it is no number of its range",
		[PARAM_E164] = "it is no number in E.164, like +15550100",
		[PARAM_DOMAIN] = "it is no host name",
		[PARAM_ENUM] = "it is none of the values that it can have",
		[PARAM_SID] = "it is no sid of that kind",
		[PARAM_SECRET] = "it is not valid",
	};

	return texts[p->type];
}

static void keep(const struct param *p, const char *value, struct fields *out)
{
	char lower[NAME_SIZE];
	size_t i;

	if (p->type != PARAM_DOMAIN) {
		fields_set(out, p->field, value);
		return;
	}
	for (i = 0; value[i]; i++)
		lower[i] = (char)tolower((unsigned char)value[i]);
	lower[i] = '\0';
	fields_set(out, p->field, lower);
}

/* @return whether it is fine as it was said, or not said */
static bool is_well(const struct param *p, const char *value, bool create,
                    struct param_error *error)
{
	bool empty = !value || !*value;
	char why[WHY_SIZE];

	(void)snprintf(why, sizeof(why), "%s", wants(p));
	if (p->required && empty && (create || value))
		return fail(p, "(missing)", "it is required", error);
	if (value && !is_fine(p, value, why))
		return fail(p, value, why, error);
	return true;
}

bool params_take(const struct param *table, const struct fields *said,
                 bool create, struct fields *out, struct param_error *error)
{
	for (const struct param *p = table; p->name; p++) {
		const char *value = fields_get(said, p->name);

		if (!create && p->create_only)
			continue;
		if (!is_well(p, value, create, error))
			return false;
		if (!value && create)
			value = p->init;
		if (value && p->type != PARAM_SECRET)
			keep(p, value, out);
	}
	return true;
}

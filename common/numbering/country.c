/*
 * country.c - which country a phone number is of, and how risky a call to it is
 */
#include "numbering/country.h"

#include <string.h>

#include "numbering/country_table.h"

const struct country *country_nth(size_t n)
{
	return n < country_table_size ? &country_table[n] : NULL;
}

const struct country *country_by_iso(const char *iso)
{
	for (size_t i = 0; i < country_table_size; i++)
		if (strcmp(country_table[i].iso, iso) == 0)
			return &country_table[i];
	return NULL;
}

/* Length of the longest of these prefixes that @p digits begins with; 0 = none */
static size_t match(const char *prefixes, const char *digits)
{
	size_t best = 0;

	for (const char *p = prefixes; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n > best && strncmp(digits, p, n) == 0)
			best = n;
		p += n;
	}
	return best;
}

static enum country_kind kind_of(const struct country *c, const char *digits)
{
	size_t special = match(c->special, digits);
	size_t fraud = match(c->tollfraud, digits);

	if (fraud && fraud >= special)
		return COUNTRY_TOLLFRAUD;
	return special ? COUNTRY_SPECIAL : COUNTRY_LOW;
}

const struct country *country_of(const char *e164, enum country_kind *kind)
{
	const struct country *best = NULL;
	const char *digits = e164 + (*e164 == '+');
	size_t length = 0;

	for (size_t i = 0; i < country_table_size; i++) {
		size_t n = match(country_table[i].codes, digits);

		if (n > length) {
			length = n;
			best = &country_table[i];
		}
	}
	if (best && kind)
		*kind = kind_of(best, digits);
	return best;
}

const char *country_kind_word(enum country_kind kind)
{
	static const char *const words[COUNTRY_KINDS] = {
		[COUNTRY_LOW] = "low",
		[COUNTRY_SPECIAL] = "special",
		[COUNTRY_TOLLFRAUD] = "tollfraud",
	};

	return words[kind];
}

static bool has_word(const char *words, const char *want)
{
	size_t n = strlen(want);

	for (words += strspn(words, " "); *words; words += strspn(words, " ")) {
		size_t len = strcspn(words, " ");

		if (len == n && strncmp(words, want, n) == 0)
			return true;
		words += len;
	}
	return false;
}

bool country_open(const struct country *country, enum country_kind kind,
                  const char *words, const char *defaults)
{
	if (words)
		return has_word(words, country_kind_word(kind));
	if (strcmp(defaults, COUNTRY_ANY) == 0)
		return true;
	return kind == COUNTRY_LOW &&
	       (has_word(defaults, country->iso) || has_word(defaults, "*"));
}

const char *country_defaults_wrong(const char *defaults)
{
	const char *p = defaults + strspn(defaults, " ");
	char iso[3];

	if (strcmp(defaults, COUNTRY_ANY) == 0)
		return NULL;
	for (; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n == 2) {
			memcpy(iso, p, 2);
			iso[2] = '\0';
		}
		if ((n != 2 || !country_by_iso(iso)) && (n != 1 || *p != '*'))
			return "names no country; write ISO codes like \"US "
			       "CA\", * for all, or any";
		p += n;
	}
	return NULL;
}

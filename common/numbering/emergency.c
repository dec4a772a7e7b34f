/*
 * emergency.c - numbers of police, fire brigades and rescue services
 */
#include "numbering/emergency.h"

#include <string.h>
#include <strings.h>

#include "numbering/country.h"

enum { TEXT_MAX = 16 };       /* digits and + of what is dialled */
enum { CODE_DIGITS_MAX = 3 }; /* of a calling code, but for shared ones */

#define EVERYWHERE "112 911"
#define MOST       "911 112 999 000 110 118 119 933" /* 933: a test, as 911 */
#define SOS        "urn:service:sos"

struct row {
	const char *country;
	const char *numbers; /* the first is for a service URN */
};

// clang-format off
static const struct row rows[] = {
	{"AE", "999 997 998"},
	{"AR", "911 100 101 107"},
	{"AT", "112 122 133 144 140"},
	{"AU", "000 106 112"},
	{"BE", "112 100 101"},
	{"BG", "112"},
	{"BR", "190 192 193"},
	{"CA", "911 933"},
	{"CH", "112 117 118 144"},
	{"CL", "131 132 133"},
	{"CN", "110 119 120 122"},
	{"CO", "123"},
	{"CY", "112 199"},
	{"CZ", "112 150 155 158"},
	{"DE", "112 110"},
	{"DK", "112"},
	{"EE", "112"},
	{"EG", "122 123 180"},
	{"ES", "112 061 062 080 085 091 092"},
	{"FI", "112"},
	{"FR", "112 15 17 18 114 115 119"},
	{"GB", "999 112"},
	{"GR", "112 100 166 199"},
	{"HK", "999 112 992"},
	{"HR", "112 192 193 194"},
	{"HU", "112 104 105 107"},
	{"ID", "112 110 113 118 119"},
	{"IE", "112 999"},
	{"IL", "100 101 102"},
	{"IN", "112 100 101 102 108"},
	{"IS", "112"},
	{"IT", "112 113 115 118"},
	{"JP", "110 118 119"},
	{"KE", "999"},
	{"KR", "112 119"},
	{"LT", "112"},
	{"LU", "112 113"},
	{"LV", "112 110 113"},
	{"MT", "112"},
	{"MX", "911"},
	{"MY", "999"},
	{"NG", "112"},
	{"NL", "112"},
	{"NO", "112 110 113"},
	{"NZ", "111"},
	{"PE", "105 106 116"},
	{"PH", "911"},
	{"PL", "112 997 998 999"},
	{"PT", "112 115"},
	{"RO", "112"},
	{"RU", "112 101 102 103"},
	{"SA", "911 997 998 999"},
	{"SE", "112"},
	{"SG", "999 995"},
	{"SI", "112 113"},
	{"SK", "112 150 155 158"},
	{"TH", "191 199 1669"},
	{"TR", "112 110 155"},
	{"UA", "112 101 102 103"},
	{"US", "911 933"},
	{"ZA", "112 10111 10177"},
};
// clang-format on

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool has(const char *numbers, const char *number)
{
	size_t len = strlen(number);

	for (const char *p = numbers; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");

		if (n == len && strncmp(p, number, n) == 0)
			return true;
		p += n;
	}
	return false;
}

/* The countries that share +1 have the number of the United States. */
static const struct row *row_of(const char *country)
{
	const struct country *c;

	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].country, country) == 0)
			return &rows[i];
	c = *country ? country_by_iso(country) : NULL;
	return c && c->codes[0] == '1' ? row_of("US") : NULL;
}

/* What is dialled, without what only helps to read it (RFC 3966 5.1.1).
 * @return false: longer than any of them, or no number */
static bool plain(const char *s, char out[TEXT_MAX])
{
	size_t n = 0;

	s += strspn(s, " \t\r\n");
	if (strncasecmp(s, "tel:", 4) == 0)
		s += 4;
	for (; *s && *s != ';'; s++) {
		if (strchr(" \t\r\n-.()", *s))
			continue;
		if (n == TEXT_MAX - 1 ||
		    (!strchr("0123456789", *s) && (n > 0 || *s != '+')))
			return false;
		out[n++] = *s;
	}
	out[n] = '\0';
	return n > 0;
}

/* Is `+` and a calling code of the country before a number of it?
 * @return the number, or NULL */
static const char *behind_code(const struct row *row, const char *digits)
{
	const struct country *c = country_by_iso(row->country);

	for (const char *p = c ? c->codes : ""; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		size_t code =
			*p == '1' ? 1 : n; /* 1613 is Ottawa, not a country */

		if (code <= CODE_DIGITS_MAX && strncmp(digits, p, code) == 0 &&
		    (has(row->numbers, digits + code) ||
		     has(EVERYWHERE, digits + code)))
			return digits + code;
		p += n;
	}
	return NULL;
}

static bool take(const char *number, char out[EMERGENCY_SIZE])
{
	size_t n = strcspn(number, " ");

	if (n >= EMERGENCY_SIZE)
		return false;
	memcpy(out, number, n);
	out[n] = '\0';
	return true;
}

/* @param row NULL: of no country that is known */
static bool find(const char *text, const struct row *row,
                 char out[EMERGENCY_SIZE])
{
	const char *number = text;

	if (*text == '+' && !row)
		return false;
	if (*text == '+')
		number = behind_code(row, text + 1);
	else if (!has(EVERYWHERE, text) &&
	         !has(row ? row->numbers : MOST, text))
		number = NULL;
	return number && take(number, out);
}

bool emergency_find(const char *dialled, const char *country,
                    char out[EMERGENCY_SIZE])
{
	const struct row *row = row_of(country);
	char text[TEXT_MAX];

	out[0] = '\0';
	if (strncasecmp(dialled, SOS, strlen(SOS)) == 0)
		return take(row ? row->numbers : EVERYWHERE, out);
	if (!plain(dialled, text))
		return false;
	if (*text == '+' && !row)
		return emergency_somewhere(text, out) && has(MOST, out);
	return find(text, row, out);
}

bool emergency_somewhere(const char *dialled, char out[EMERGENCY_SIZE])
{
	char text[TEXT_MAX];

	out[0] = '\0';
	if (strncasecmp(dialled, SOS, strlen(SOS)) == 0)
		return take(EVERYWHERE, out);
	if (!plain(dialled, text))
		return false;
	for (size_t i = 0; i < ROWS; i++)
		if (find(text, &rows[i], out))
			return true;
	return find(text, NULL, out);
}

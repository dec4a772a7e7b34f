/*
 * inventory.c - the numbers that carriers bring, and which of them are asked for
 *
 * Pure: no I/O.
 */
#include "inventory.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

void inventory_add(struct inventory *inv, const char *ranges)
{
	for (ranges += strspn(ranges, " "); *ranges;
	     ranges += strspn(ranges, " ")) {
		size_t n = strcspn(ranges, " ");

		if (inv->n < INVENTORY_RANGES_MAX &&
		    number_range_parse(ranges, n, &inv->v[inv->n]))
			inv->n++;
		ranges += n;
	}
}

/* In one of the first @p n ranges? */
static bool is_in(const struct inventory *inv, size_t n, const char *e164)
{
	for (size_t i = 0; i < n; i++)
		if (number_range_has(&inv->v[i], e164))
			return true;
	return false;
}

bool inventory_has(const struct inventory *inv, const char *e164)
{
	return is_in(inv, inv->n, e164);
}

/* --- what fits ------------------------------------------------------------------ */

/* The digit of a key by its letter (ITU-T E.161); digits and * stand for themselves */
static char key_of(char c)
{
	static const char keys[] = "22233344455566677778889999";

	if (isalpha((unsigned char)c))
		return keys[toupper((unsigned char)c) - 'A'];
	return c;
}

bool inventory_pattern(const char *text)
{
	size_t n = strlen(text);

	if (n < 2 || n > INVENTORY_PATTERN_MAX)
		return false;
	for (; *text; text++)
		if (!isascii((unsigned char)*text) ||
		    (!isalnum((unsigned char)*text) && !strchr("*+", *text)))
			return false;
	return true;
}

static bool fits_here(const char *pattern, const char *number)
{
	for (; *pattern; pattern++, number++) {
		char want = key_of(*pattern);

		if (!*number || (want != '*' && want != *number) ||
		    (want == '*' && *number == '+'))
			return false;
	}
	return true;
}

static bool contains(const char *pattern, const char *number)
{
	for (; *number; number++)
		if (fits_here(pattern, number))
			return true;
	return false;
}

/* Digits of the calling code that a number begins with (ITU-T E.164) */
static size_t calling_code(const char *digits)
{
	static const char two[] =
		"20 27 30 31 32 33 34 36 39 40 41 43 44 45 "
		"46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 "
		"63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";

	if (*digits == '1' || *digits == '7')
		return 1;
	for (const char *p = two; *p; p += 2 + (p[2] == ' '))
		if (strncmp(digits, p, 2) == 0)
			return 2;
	return 3;
}

void inventory_area(const struct country *country, const char *area,
                    char out[NUMBER_SIZE_MAX])
{
	int n = snprintf(out, NUMBER_SIZE_MAX, "+%.*s%s",
	                 (int)calling_code(country->codes), country->codes,
	                 area);

	if (n < 0 || n >= NUMBER_SIZE_MAX)
		out[0] = '\0';
}

/* A range is of one country and of one type: its first number's. */
static bool range_fits(const struct inventory_filter *f,
                       const struct number_range *r)
{
	const struct country *c;
	char first[NUMBER_SIZE_MAX];

	number_range_nth(r, 0, first);
	if (f->type && strcmp(f->type, number_type(first)) != 0)
		return false;
	c = f->iso ? country_of(first, NULL) : NULL;
	return !f->iso || (c && strcmp(f->iso, c->iso) == 0);
}

static bool fits(const struct inventory_filter *f, const char *e164)
{
	return (!f->begins ||
	        strncmp(e164, f->begins, strlen(f->begins)) == 0) &&
	       (!f->contains || contains(f->contains, e164));
}

size_t inventory_next(const struct inventory *inv,
                      const struct inventory_filter *f,
                      struct inventory_cursor *cursor,
                      char (*out)[NUMBER_SIZE_MAX], size_t max)
{
	size_t n = 0;

	while (n < max && cursor->range < inv->n &&
	       cursor->scanned < INVENTORY_SCAN_MAX) {
		const struct number_range *r = &inv->v[cursor->range];

		if (cursor->at == r->count ||
		    (cursor->at == 0 && !range_fits(f, r))) {
			cursor->range++;
			cursor->at = 0;
			continue;
		}
		number_range_nth(r, cursor->at++, out[n]);
		cursor->scanned++;
		if (fits(f, out[n]) && !is_in(inv, cursor->range, out[n]))
			n++;
	}
	return n;
}

void inventory_friendly(const char *e164, char out[24])
{
	if (strncmp(e164, "+1", 2) == 0 && strlen(e164) == 12)
		(void)snprintf(out, 24, "(%.3s) %.3s-%.4s", e164 + 2, e164 + 5,
		               e164 + 8);
	else
		(void)snprintf(out, 24, "%s", e164);
}

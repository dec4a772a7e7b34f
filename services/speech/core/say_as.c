/*
 * say_as.c - the content of <say-as> as words that any engine reads well
 */
#include "core/say_as.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

enum { DATE_PARTS = 3 };

enum say_as say_as_named(const char *interpret_as)
{
	static const struct {
		const char *name;
		enum say_as as;
	} rows[] = {{"characters", SAY_AS_CHARACTERS},
	            {"spell-out", SAY_AS_CHARACTERS},
	            {"verbatim", SAY_AS_CHARACTERS},
	            {"digits", SAY_AS_DIGITS},
	            {"telephone", SAY_AS_TELEPHONE},
	            {"ordinal", SAY_AS_ORDINAL},
	            {"date", SAY_AS_DATE},
	            {"expletive", SAY_AS_EXPLETIVE},
	            {"bleep", SAY_AS_EXPLETIVE}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].name, interpret_as) == 0)
			return rows[i].as;
	}
	return SAY_AS_PLAIN;
}

/* A comma after each keeps engines from reading "a" as the article. */
static void write_characters(const char *s, size_t n, struct strbuf *out)
{
	bool first = true;

	for (size_t i = 0; i < n; i++) {
		bool begins = ((unsigned char)s[i] & 0xC0) != 0x80;

		if (isspace((unsigned char)s[i]))
			continue;
		if (begins && !first)
			strbuf_add(out, ", ");
		strbuf_addc(out, (char)toupper((unsigned char)s[i]));
		first = false;
	}
}

static void write_digits(const char *s, size_t n, bool groups,
                         struct strbuf *out)
{
	for (size_t i = 0; i < n; i++) {
		bool digit = isdigit((unsigned char)s[i]);

		if (digit) {
			strbuf_addc(out, ' ');
			strbuf_addc(out, s[i]);
		} else if (groups && s[i] == '+') {
			strbuf_add(out, " plus");
		} else if (groups) {
			if (out->len && out->s[out->len - 1] != ',')
				strbuf_addc(out, ',');
		} else {
			strbuf_addc(out, s[i]);
		}
	}
}

static void write_ordinal(const char *s, size_t n, struct strbuf *out)
{
	static const char *const ends[] = {"th", "st", "nd", "rd"};
	size_t last = 0;

	while (n && isspace((unsigned char)s[n - 1]))
		n--;
	strbuf_addn(out, s, n);
	if (!n || !isdigit((unsigned char)s[n - 1]))
		return;
	if (n < 2 || s[n - 2] != '1')
		last = (size_t)(s[n - 1] - '0');
	strbuf_add(out, ends[last < 4 ? last : 0]);
}

/* Numbers of "2026-03-04", or of "20260304". @return how many */
static size_t read_numbers(const char *s, size_t n, uint32_t v[DATE_PARTS])
{
	size_t found = 0, digits = 0;

	for (size_t i = 0; i < n && isdigit((unsigned char)s[i]); i++)
		digits++;
	if (digits == 8 && digits == n) {
		char text[9] = "";

		memcpy(text, s, 8);
		v[2] = (uint32_t)strtoul(text + 6, NULL, 10);
		text[6] = '\0';
		v[1] = (uint32_t)strtoul(text + 4, NULL, 10);
		text[4] = '\0';
		v[0] = (uint32_t)strtoul(text, NULL, 10);
		return DATE_PARTS;
	}
	for (size_t i = 0; i < n && found < DATE_PARTS;) {
		uint32_t value = 0;

		for (digits = 0;
		     i < n && isdigit((unsigned char)s[i]) && digits < 4;
		     digits++)
			value = value * 10 + (uint32_t)(s[i++] - '0');
		if (digits)
			v[found++] = value;
		else
			i++;
	}
	return found;
}

static void write_month(uint32_t month, struct strbuf *out)
{
	static const char *const names[] = {"January", "February", "March",
	                                    "April",   "May",      "June",
	                                    "July",    "August",   "September",
	                                    "October", "November", "December"};

	if (month >= 1 && month <= 12)
		strbuf_addf(out, "%s ", names[month - 1]);
}

/* In any order of the parts, said as "March 4th, 2026" */
static bool write_date(const char *format, const char *s, size_t n,
                       struct strbuf *out)
{
	uint32_t numbers[DATE_PARTS], year = 0, month = 0, day = 0;
	size_t found = read_numbers(s, n, numbers);
	char text[16];

	if (!*format)
		format = "mdy";
	if (found == 0 || strcmp(format, "yyyymmdd") == 0)
		format = "ymd";
	if (strlen(format) != found)
		return false;
	for (size_t i = 0; i < found; i++) {
		if (format[i] == 'y')
			year = numbers[i];
		else if (format[i] == 'm')
			month = numbers[i];
		else if (format[i] == 'd')
			day = numbers[i];
	}
	if (month > 12 || day > 31)
		return false;
	write_month(month, out);
	if (day) {
		(void)snprintf(text, sizeof(text), "%u", day);
		write_ordinal(text, strlen(text), out);
	}
	if (year)
		strbuf_addf(out, "%s%u", day ? ", " : "", year);
	return true;
}

void say_as_write(enum say_as as, const char *format, const char *text,
                  size_t n, struct strbuf *out)
{
	switch (as) {
	case SAY_AS_PLAIN: strbuf_addn(out, text, n); break;
	case SAY_AS_CHARACTERS: write_characters(text, n, out); break;
	case SAY_AS_DIGITS: write_digits(text, n, false, out); break;
	case SAY_AS_TELEPHONE: write_digits(text, n, true, out); break;
	case SAY_AS_ORDINAL: write_ordinal(text, n, out); break;
	case SAY_AS_DATE:
		if (!write_date(format, text, n, out))
			strbuf_addn(out, text, n);
		break;
	case SAY_AS_EXPLETIVE: break;
	}
}

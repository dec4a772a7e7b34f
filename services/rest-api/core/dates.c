/*
 * dates.c - filters that are dates
 *
 * Pure: no I/O.
 */
#include "dates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "store/time.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, DAY = 24 * 60 * MINUTE };
enum { NAME_SIZE = 40, OFFSET_MAX = 14 * 60 };
enum { YEAR_MIN = 1970, YEAR_MAX = 9999 };

/* Exactly @p n digits at *@p at; moves behind them. */
static bool take_number(const char **at, int n, int least, int most, int *out)
{
	int v = 0;

	for (; n > 0; n--, (*at)++) {
		if (**at < '0' || **at > '9')
			return false;
		v = v * 10 + (**at - '0');
	}
	*out = v;
	return v >= least && v <= most;
}

static bool take(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

/* Text of an instant that exists: there is no 30 February. */
static bool to_ms(int year, int month, int day, int second, uint64_t *out)
{
	char text[TIME_TEXT_SIZE], again[TIME_TEXT_SIZE];

	(void)snprintf(text, sizeof(text), "%04d-%02d-%02dT00:00:00.000Z", year,
	               month, day);
	*out = time_parse(text);
	time_text(*out, again);
	*out += (uint64_t)second * SECOND;
	return strcmp(text, again) == 0;
}

/* "18:30", "18:30:15", "18:30:15.248" */
static bool take_time(const char **at, int *second)
{
	int hour, minute, s = 0;

	if (!take_number(at, 2, 0, 23, &hour) || !take(at, ':') ||
	    !take_number(at, 2, 0, 59, &minute))
		return false;
	if (take(at, ':')) {
		if (!take_number(at, 2, 0, 60, &s))
			return false;
		if (take(at, '.'))
			*at += strspn(*at, "0123456789");
	}
	*second = (hour * 60 + minute) * 60 + s;
	return true;
}

/* "Z", "+02:00", " -0230", " GMT", nothing. A plus that a client forgot to escape
 * in a URL comes as a blank. */
static bool take_offset(const char **at, int *minutes)
{
	int sign, hour, minute;

	*minutes = 0;
	if (**at == ' ' && strchr("+-G", (*at)[1]))
		(*at)++;
	if (!**at || take(at, 'Z') || take(at, 'z'))
		return true;
	if (strcmp(*at, "GMT") == 0) {
		*at += 3;
		return true;
	}
	sign = **at == '-' ? -1 : 1;
	if (!strchr("+- ", *(*at)++) || !take_number(at, 2, 0, 14, &hour))
		return false;
	(void)take(at, ':');
	if (!take_number(at, 2, 0, 59, &minute))
		return false;
	*minutes = sign * (hour * 60 + minute);
	return hour * 60 + minute <= OFFSET_MAX;
}

/* What follows the day, to the end */
static bool read_clock(const char *at, int year, int month, int day,
                       struct span *out)
{
	int second, minutes;
	int64_t ms;

	if (!take_time(&at, &second) ||
	    !to_ms(year, month, day, second, &out->from) ||
	    !take_offset(&at, &minutes) || *at)
		return false;
	ms = (int64_t)out->from - (int64_t)minutes * MINUTE;
	if (ms < 0)
		return false;
	out->from = (uint64_t)ms;
	out->until = out->from + SECOND;
	return true;
}

/* "Sun, 22 Nov 2026 18:30:15 +0000" */
static bool read_words(const char *at, struct span *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int day, year, month = 0;
	const char *comma = strchr(at, ',');
	char name[4];

	at = comma ? comma + 1 : at;
	at += strspn(at, " ");
	if (!take_number(&at, at[0] && at[1] == ' ' ? 1 : 2, 1, 31, &day) ||
	    !take(&at, ' ') || strlen(at) < 4)
		return false;
	memcpy(name, at, 3);
	name[3] = '\0';
	for (int i = 0; i < 12; i++)
		if (strncmp(name, months + 3 * (size_t)i, 3) == 0)
			month = i + 1;
	at += 3;
	if (!month || !take(&at, ' ') ||
	    !take_number(&at, 4, YEAR_MIN, YEAR_MAX, &year) || !take(&at, ' '))
		return false;
	return read_clock(at, year, month, day, out);
}

bool dates_read(const char *text, struct span *out)
{
	const char *at = text;
	int year, month, day;

	if (!take_number(&at, 4, YEAR_MIN, YEAR_MAX, &year))
		return read_words(text, out);
	if (!take(&at, '-') || !take_number(&at, 2, 1, 12, &month) ||
	    !take(&at, '-') || !take_number(&at, 2, 1, 31, &day))
		return false;
	if (*at)
		return strchr("Tt ", *at) &&
		       read_clock(at + 1, year, month, day, out);
	if (!to_ms(year, month, day, 0, &out->from))
		return false;
	out->until = out->from + DAY;
	return true;
}

void dates_narrow(struct span *out, const struct span *other)
{
	if (other->from > out->from)
		out->from = other->from;
	if (other->until && (!out->until || other->until < out->until))
		out->until = other->until;
}

static struct span day_of(uint64_t ms)
{
	ms -= ms % DAY;
	return (struct span){ms, ms + DAY};
}

/* @param kind "", "<" or ">", the end of the parameter's name */
static bool narrow_by(const struct fields *params, const char *name,
                      const char *kind, struct span *out)
{
	char full[NAME_SIZE];
	const char *value;
	struct span said;

	(void)snprintf(full, sizeof(full), "%s%s", name, kind);
	value = fields_get(params, full);
	if (!value || !*value)
		return true;
	if (!dates_read(value, &said))
		return false;
	if (*kind == '<')
		said = (struct span){0, said.from + SECOND};
	else if (*kind == '>')
		said.until = 0;
	else
		said = day_of(said.from);
	dates_narrow(out, &said);
	return true;
}

bool dates_filter(const struct fields *params, const char *name,
                  struct span *out)
{
	return narrow_by(params, name, "", out) &&
	       narrow_by(params, name, "<", out) &&
	       narrow_by(params, name, ">", out);
}

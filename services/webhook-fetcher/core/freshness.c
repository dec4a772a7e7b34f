/*
 * freshness.c - how long a response may be used again (RFC 9111)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "freshness.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What the headers say, as far as it matters */
struct said {
	bool no_store, no_cache, vary_all;
	bool max_age_said, expires_said;
	uint64_t max_age_s, age_s;
	uint64_t expires, date; /* [s since 1970] */
};

/* --- dates ----------------------------------------------------------------- */

/* Days since 1970 of a day in the Gregorian calendar */
static uint64_t days_of(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month <= 2 ? year - 1 : year;
	unsigned m = month <= 2 ? month + 9 : month - 3;

	return (uint64_t)y * 365 + y / 4 - y / 100 + y / 400 +
	       (m * 153 + 2) / 5 + day - 1 - 719468;
}

static unsigned month_of(const char *name)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	for (unsigned i = 0; i < 12; i++) {
		if (strncasecmp(names + (size_t)3 * i, name, 3) == 0)
			return i + 1;
	}
	return 0;
}

/* The words and numbers of a date, in their order */
enum { PARTS = 7, PART_SIZE = 12 };

static bool split(char parts[PARTS][PART_SIZE], const char *text)
{
	static const char between[] = " ,-:";

	for (size_t i = 0; i < PARTS; i++) {
		size_t n;

		text += strspn(text, between);
		n = strcspn(text, between);
		if (n == 0 || n >= PART_SIZE)
			return false;
		memcpy(parts[i], text, n);
		parts[i][n] = '\0';
		text += n;
	}
	return true;
}

/* 9999 is out of every range */
static unsigned number_of(const char *part)
{
	size_t n = strspn(part, "0123456789");

	return n > 0 && n <= 4 && part[n] == '\0'
	               ? (unsigned)strtoul(part, NULL, 10)
	               : 9999;
}

struct date {
	unsigned year, month, day, hour, minute, second;
};

/* RFC 9110 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37
 * GMT", and asctime()'s "Sun Nov  6 08:49:37 1994" */
static bool scan_date(struct date *d, const char *text)
{
	char parts[PARTS][PART_SIZE];
	bool asctime_form;
	char(*time)[PART_SIZE];

	if (!split(parts, text))
		return false;
	asctime_form = !isdigit((unsigned char)parts[1][0]);
	time = parts + (asctime_form ? 3 : 4);
	d->day = number_of(parts[asctime_form ? 2 : 1]);
	d->month = month_of(parts[asctime_form ? 1 : 2]);
	d->year = number_of(parts[asctime_form ? 6 : 3]);
	d->hour = number_of(time[0]);
	d->minute = number_of(time[1]);
	d->second = number_of(time[2]);
	if (d->year < 100)
		d->year += d->year < 70 ? 2000 : 1900;
	return d->month > 0 && d->year >= 1970 && d->year < 9999 &&
	       d->day >= 1 && d->day <= 31 && d->hour <= 23 &&
	       d->minute <= 59 && d->second <= 60;
}

uint64_t freshness_date(const char *text)
{
	struct date d;

	if (!scan_date(&d, text))
		return 0;
	return days_of(d.year, d.month, d.day) * 86400 + d.hour * 3600UL +
	       d.minute * 60UL + d.second;
}

/* --- headers --------------------------------------------------------------- */

/* Is it that directive? *value is what stands behind "=", "" when nothing */
static bool is_directive(const char *text, size_t n, const char *name,
                         const char **value)
{
	size_t skip = strlen(name);

	if (n < skip || strncasecmp(text, name, skip) != 0)
		return false;
	while (skip < n && text[skip] == ' ')
		skip++;
	if (skip < n && text[skip] != '=')
		return false;
	*value = skip < n ? text + skip + 1 : "";
	return true;
}

static uint64_t seconds_of(const char *text)
{
	text += strspn(text, " \"");
	/* RFC 9111 4.2.1: what is no number is stale */
	return isdigit((unsigned char)text[0]) ? strtoull(text, NULL, 10) : 0;
}

static void read_directive(struct said *s, const char *text, size_t n)
{
	const char *value;

	if (is_directive(text, n, "no-store", &value))
		s->no_store = true;
	else if (is_directive(text, n, "no-cache", &value))
		s->no_cache = true;
	else if (is_directive(text, n, "max-age", &value)) {
		s->max_age_said = true;
		s->max_age_s = seconds_of(value);
	}
}

/* A comma within quotes is no separator: no-cache="a, b" */
static size_t directive_end(const char *text)
{
	bool quoted = false;
	size_t n = 0;

	while (text[n] && (quoted || text[n] != ',')) {
		quoted ^= text[n] == '"';
		n++;
	}
	return n;
}

static void read_control(struct said *s, const char *value)
{
	while (*value) {
		size_t n;

		value += strspn(value, " \t,");
		n = directive_end(value);
		read_directive(s, value, n);
		value += n;
	}
}

static void keep(char to[FRESHNESS_VALIDATOR_MAX], const char *value)
{
	/* half a validator is none */
	if ((size_t)snprintf(to, FRESHNESS_VALIDATOR_MAX, "%s", value) >=
	    FRESHNESS_VALIDATOR_MAX)
		to[0] = '\0';
}

static void read_header(struct freshness *f, struct said *s, const char *name,
                        const char *value)
{
	if (strcasecmp(name, "cache-control") == 0) {
		read_control(s, value);
	} else if (strcasecmp(name, "expires") == 0) {
		s->expires_said = true;
		s->expires = freshness_date(value);
	} else if (strcasecmp(name, "date") == 0) {
		s->date = freshness_date(value);
	} else if (strcasecmp(name, "age") == 0) {
		s->age_s = seconds_of(value);
	} else if (strcasecmp(name, "vary") == 0) {
		s->vary_all |= strchr(value, '*') != NULL;
	} else if (strcasecmp(name, "etag") == 0) {
		keep(f->etag, value);
	} else if (strcasecmp(name, "last-modified") == 0) {
		keep(f->last_modified, value);
	}
}

static void read_line(struct freshness *f, struct said *s, char *line)
{
	char *value = strchr(line, ':');

	if (!value)
		return;
	*value++ = '\0';
	read_header(f, s, line, value + strspn(value, " \t"));
}

static uint64_t lifetime_s(const struct said *s, uint64_t wall_s)
{
	uint64_t from = s->date ? s->date : wall_s;

	if (s->no_store || s->no_cache || s->vary_all)
		return 0;
	if (s->max_age_said)
		return s->max_age_s;
	return s->expires_said && s->expires > from ? s->expires - from : 0;
}

void freshness_read(struct freshness *f, const char *headers, uint64_t wall_ms)
{
	char *copy = strdup(headers);
	char *save = NULL;
	struct said s = {0};
	uint64_t life;

	memset(f, 0, sizeof(*f));
	if (!copy)
		return;
	for (char *line = strtok_r(copy, "\r\n", &save); line;
	     line = strtok_r(NULL, "\r\n", &save))
		read_line(f, &s, line);
	free(copy);
	f->no_store = s.no_store;
	life = lifetime_s(&s, wall_ms / 1000);
	life = life > s.age_s ? life - s.age_s : 0;
	f->fresh_ms = life > FRESHNESS_MAX_MS / 1000 ? FRESHNESS_MAX_MS
	                                             : (uint32_t)life * 1000;
}

/*
 * usage.c - usage records: which days a record is about, and what they sum up to
 *
 * Pure: no I/O.
 */
#include "usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dates.h"
#include "store/time.h"

/* --- days ------------------------------------------------------------------------ */

enum { DAY_MS = 24 * 3600 * 1000, OFFSET_MAX = 40000, NAME_MAX_BYTES = 80 };
enum { MONTH_TEXT = 7, YEAR_TEXT = 4, LONGEST_MONTH = 31, LONGEST_YEAR = 366 };

void usage_day_text(int64_t day, char out[USAGE_TEXT_SIZE])
{
	char text[TIME_TEXT_SIZE];

	time_text(day > 0 ? (uint64_t)day * DAY_MS : 0, text);
	(void)snprintf(out, USAGE_TEXT_SIZE, "%.10s", text);
}

bool usage_day_read(const char *text, int64_t today, int64_t *day)
{
	struct span span;
	char *end;
	long n;

	if (*text == '+' || *text == '-') {
		n = strtol(text, &end, 10);
		if (end == text || end - text > 6 || strcmp(end, "days") != 0 ||
		    n > OFFSET_MAX || n < -OFFSET_MAX)
			return false;
		*day = today + n;
		return true;
	}
	if (strlen(text) != USAGE_TEXT_SIZE - 1 || !dates_read(text, &span))
		return false;
	*day = (int64_t)(span.from / DAY_MS);
	return true;
}

/* The first day of the month or year (@p of: length of its text) of a day */
static int64_t first_of(int64_t day, int of)
{
	char text[USAGE_TEXT_SIZE], first[2 * USAGE_TEXT_SIZE];
	int64_t out = day;

	usage_day_text(day, text);
	(void)snprintf(first, sizeof(first), "%.*s%s", of, text,
	               of == MONTH_TEXT ? "-01" : "-01-01");
	(void)usage_day_read(first, day, &out);
	return out;
}

static int64_t last_of(int64_t day, int of)
{
	int longest = of == MONTH_TEXT ? LONGEST_MONTH : LONGEST_YEAR;

	return first_of(first_of(day, of) + longest, of) - 1;
}

/* The n-th before the one that the last day is in, within the whole */
static bool nth_before(const struct usage_days *whole, int of, size_t n,
                       struct usage_days *out)
{
	int64_t first = first_of(whole->last, of);

	for (; n > 0 && first > whole->first; n--)
		first = first_of(first - 1, of);
	if (n > 0)
		return false;
	out->first = first;
	out->last = last_of(first, of);
	return true;
}

static void within(const struct usage_days *whole, struct usage_days *out)
{
	if (out->first < whole->first)
		out->first = whole->first;
	if (out->last > whole->last)
		out->last = whole->last;
}

bool usage_record(enum usage_period period, const struct usage_days *whole,
                  int64_t today, size_t n, struct usage_days *out)
{
	bool many = period == USAGE_DAILY || period == USAGE_MONTHLY ||
	            period == USAGE_YEARLY;

	if (whole->last < whole->first || (n > 0 && !many))
		return false;
	*out = *whole;
	switch (period) {
	case USAGE_ALL: break;
	case USAGE_DAILY:
		if (n > (uint64_t)(whole->last - whole->first))
			return false;
		out->first = out->last = whole->last - (int64_t)n;
		break;
	case USAGE_MONTHLY:
		if (!nth_before(whole, MONTH_TEXT, n, out))
			return false;
		break;
	case USAGE_YEARLY:
		if (!nth_before(whole, YEAR_TEXT, n, out))
			return false;
		break;
	case USAGE_TODAY: out->first = out->last = today; break;
	case USAGE_YESTERDAY: out->first = out->last = today - 1; break;
	case USAGE_THIS_MONTH:
		out->first = first_of(today, MONTH_TEXT);
		out->last = today;
		break;
	case USAGE_LAST_MONTH:
		out->last = first_of(today, MONTH_TEXT) - 1;
		out->first = first_of(out->last, MONTH_TEXT);
		break;
	}
	within(whole, out);
	return out->first <= out->last;
}

bool usage_part(const struct usage_days *days, int64_t today, int64_t *at,
                char out[USAGE_TEXT_SIZE])
{
	int64_t end;

	if (*at > days->last)
		return false;
	usage_day_text(*at, out);
	end = last_of(*at, MONTH_TEXT);
	if (first_of(*at, MONTH_TEXT) != *at ||
	    (end > days->last && days->last < today)) {
		++*at;
		return true;
	}
	out[MONTH_TEXT] = '\0';
	*at = end + 1;
	return true;
}

/* --- sums ------------------------------------------------------------------------ */

enum {
	LOCAL = 1,
	MOBILE = 2,
	TOLL_FREE = 4,
	OUTBOUND = 8,
	SIP_IN = 16,
	SIP_OUT = 32,
	RECORDINGS = 64,
	TRANSCRIPTIONS = 128
};

enum {
	INBOUND = LOCAL | MOBILE | TOLL_FREE,
	SIP = SIP_IN | SIP_OUT,
	CALLS = INBOUND | OUTBOUND | SIP,
	ALL = CALLS | RECORDINGS | TRANSCRIPTIONS
};

/* As store/usage.h counts them: the n-th is the bit n */
static const char *const leafs[USAGE_LEAFS] = {
	"calls-inbound-local", "calls-inbound-mobile", "calls-inbound-tollfree",
	"calls-outbound",      "calls-sip-inbound",    "calls-sip-outbound",
	"recordings",          "transcriptions",
};

// clang-format off
const struct usage_category usage_categories[] = {
	{"calls", CALLS, "Voice Minutes", "calls", "minutes"},
	{"calls-inbound", INBOUND, "Inbound Voice Minutes", "calls", "minutes"},
	{"calls-inbound-local", LOCAL, "Inbound Local Voice Minutes", "calls", "minutes"},
	{"calls-inbound-mobile", MOBILE, "Inbound Mobile Voice Minutes", "calls", "minutes"},
	{"calls-inbound-tollfree", TOLL_FREE, "Inbound Toll-Free Voice Minutes", "calls", "minutes"},
	{"calls-outbound", OUTBOUND, "Outbound Voice Minutes", "calls", "minutes"},
	{"calls-sip", SIP, "SIP Minutes", "calls", "minutes"},
	{"calls-sip-inbound", SIP_IN, "Inbound SIP Minutes", "calls", "minutes"},
	{"calls-sip-outbound", SIP_OUT, "Outbound SIP Minutes", "calls", "minutes"},
	{"recordings", RECORDINGS, "Recordings", "recordings", "minutes"},
	{"transcriptions", TRANSCRIPTIONS, "Transcriptions", "transcriptions", "minutes"},
	{"totalprice", ALL, "Total Price", NULL, NULL},
	{0},
};
// clang-format on

const struct usage_category *usage_category(const char *name)
{
	static const struct usage_category other = {"", 0, "", "", ""};
	size_t len = strlen(name);

	for (const struct usage_category *c = usage_categories; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	if (len == 0 || len > NAME_MAX_BYTES ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != len)
		return NULL;
	return &other;
}

void usage_add(struct usage_sums *sums, const char *field, const char *value)
{
	const char *blank = strchr(field, ' ');
	size_t len = blank ? (size_t)(blank - field) : 0;
	uint64_t n = strtoull(value, NULL, 10);

	for (size_t i = 0; i < USAGE_LEAFS && blank; i++) {
		if (strlen(leafs[i]) != len ||
		    strncmp(leafs[i], field, len) != 0)
			continue;
		if (strcmp(blank, " count") == 0)
			sums->count[i] += n;
		else if (strcmp(blank, " usage") == 0)
			sums->used[i] += n;
		else if (strcmp(blank, " price") == 0)
			sums->price[i] += n;
	}
}

struct usage_total usage_total(const struct usage_category *category,
                               const struct usage_sums *sums)
{
	struct usage_total t = {0, 0, 0};

	for (size_t i = 0; i < USAGE_LEAFS; i++) {
		if (!(category->leafs & (1U << i)))
			continue;
		t.count += sums->count[i];
		t.used += sums->used[i];
		t.price += sums->price[i];
	}
	return t;
}

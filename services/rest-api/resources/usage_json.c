/*
 * usage_json.c - a usage record as JSON
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "base/form.h"
#include "base/strbuf.h"
#include "loop/loop.h"
#include "store/time.h"
#include "usage.h"

enum { UNITS = 100000 };

static const struct period {
	const char *pattern, *link;
	enum usage_period period;
} periods[] = {
	{"Usage/Records", NULL, USAGE_ALL},
	{"Usage/Records/AllTime", "all_time", USAGE_ALL},
	{"Usage/Records/Daily", "daily", USAGE_DAILY},
	{"Usage/Records/LastMonth", "last_month", USAGE_LAST_MONTH},
	{"Usage/Records/Monthly", "monthly", USAGE_MONTHLY},
	{"Usage/Records/ThisMonth", "this_month", USAGE_THIS_MONTH},
	{"Usage/Records/Today", "today", USAGE_TODAY},
	{"Usage/Records/Yearly", "yearly", USAGE_YEARLY},
	{"Usage/Records/Yesterday", "yesterday", USAGE_YESTERDAY},
};

enum usage_period usage_period_of(const char *pattern)
{
	size_t i = 0;

	while (i + 1 < sizeof(periods) / sizeof(periods[0]) &&
	       strcmp(periods[i].pattern, pattern) != 0)
		i++;
	return periods[i].period;
}

static const struct usage_category *category_of(const struct usage_page *p,
                                                size_t record)
{
	return p->only ? usage_category(p->only)
	               : &usage_categories[record % p->n_categories];
}

void usage_money(uint64_t amount, char out[USAGE_MONEY_SIZE])
{
	(void)snprintf(out, USAGE_MONEY_SIZE, "%" PRIu64 ".%05" PRIu64,
	               amount / UNITS, amount % UNITS);
}

static json_t *link_json(const struct ask *q, const char *pattern,
                         const char *category, const struct usage_days *days)
{
	char first[USAGE_TEXT_SIZE], last[USAGE_TEXT_SIZE];
	struct strbuf b = {0}, query = {0};
	json_t *link;

	form_add(&query, "Category", category);
	if (days) {
		usage_day_text(days->first, first);
		usage_day_text(days->last, last);
		form_add(&query, "StartDate", first);
		form_add(&query, "EndDate", last);
	}
	strbuf_addf(&b, "/2010-04-01/Accounts/%s/%s.json?%s", ask_account(q),
	            pattern, strbuf_str(&query));
	link = json_string(strbuf_str(&b));
	strbuf_close(&b);
	strbuf_close(&query);
	return link;
}

static json_t *links_json(const struct ask *q, const char *category)
{
	json_t *links = json_object();

	for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++)
		if (periods[i].link)
			(void)json_object_set_new(links, periods[i].link,
			                          link_json(q,
			                                    periods[i].pattern,
			                                    category, NULL));
	return links;
}

static void add_sums(const struct usage_page *p, const struct usage_category *c,
                     const struct usage_sums *sums, json_t *json)
{
	struct usage_total t = usage_total(c, sums);
	char count[USAGE_MONEY_SIZE], used[USAGE_MONEY_SIZE],
		cost[USAGE_MONEY_SIZE], unit[USAGE_CURRENCY_SIZE];
	bool price = !c->usage_unit;

	for (size_t i = 0; i < sizeof(unit); i++)
		unit[i] = (char)(p->currency[i] >= 'A' && p->currency[i] <= 'Z'
		                         ? p->currency[i] + ('a' - 'A')
		                         : p->currency[i]);
	(void)snprintf(count, sizeof(count), "%" PRIu64, t.count);
	usage_money(t.price, cost);
	(void)snprintf(used, sizeof(used), "%" PRIu64, t.used);
	(void)json_object_set_new(json, "count",
	                          price ? json_null() : json_string(count));
	(void)json_object_set_new(json, "count_unit",
	                          json_string(price ? "" : c->count_unit));
	(void)json_object_set_new(json, "usage",
	                          json_string(price ? cost : used));
	(void)json_object_set_new(json, "usage_unit",
	                          json_string(price ? unit : c->usage_unit));
	(void)json_object_set_new(json, "price",
	                          json_string(t.price ? cost : "0"));
	(void)json_object_set_new(json, "price_unit", json_string(unit));
}

json_t *usage_json(const struct ask *q, const struct usage_page *p,
                   size_t record, const struct usage_days *days,
                   const struct usage_sums *sums)
{
	const struct usage_category *c = category_of(p, record);
	const char *name = p->only ? p->only : c->name;
	char first[USAGE_TEXT_SIZE], last[USAGE_TEXT_SIZE],
		as_of[TIME_TEXT_SIZE];
	json_t *json;

	usage_day_text(days->first, first);
	usage_day_text(days->last, last);
	time_text(loop_wall_ms(), as_of);
	(void)snprintf(as_of + strlen("2026-11-30T10:20:30"), sizeof("+00:00"),
	               "+00:00");
	json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "account_sid",
	                 ask_account(q), "api_version", "2010-04-01",
	                 "category", name, "description", c->description,
	                 "start_date", first, "end_date", last, "as_of", as_of);
	add_sums(p, c, sums, json);
	(void)json_object_set_new(json, "uri",
	                          link_json(q, q->route->pattern, name, days));
	(void)json_object_set_new(json, "subresource_uris",
	                          links_json(q, name));
	return json;
}

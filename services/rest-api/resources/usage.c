/*
 * usage.c - Usage Records (contract 6.7)
 *
 * What was used is counted where it ends (store/usage.h), by day and by month.
 *
 *     since when? ─► the records of a page ─► their months and days ─► sums
 */
#include "usage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../app.h"
#include "ask.h"
#include "base/strbuf.h"
#include "core/error.h"
#include "loop/loop.h"
#include "resources.h"
#include "store/redis.h"
#include "store/usage.h"

enum { DAY_MS = 24 * 3600 * 1000, KEY_SIZE = 64 };

/* usage:{AC…}, what follows it in each key: a flat hash each */
static struct redis_script sums_script = {
	.source = "local out = {}\n"
		  "for i, part in ipairs(ARGV) do\n"
		  "  out[i] = redis.call('HGETALL', KEYS[1] .. part)\n"
		  "end\n"
		  "return out\n",
};

static void free_page(struct ask *q)
{
	struct usage_page *p = q->more;

	free(p->sums);
	free(p->owner);
	p->sums = NULL;
	p->owner = NULL;
}

static void answer_page(struct ask *q)
{
	struct usage_page *p = q->more;
	json_t *list = json_array();
	size_t n0 = p->first / p->n_categories;

	for (size_t i = p->first; i < p->first + p->n; i++) {
		size_t n = i / p->n_categories;
		struct usage_days days;

		if (usage_record(p->period, &p->whole, p->today, n, &days))
			(void)json_array_append_new(
				list,
				usage_json(q, p, i, &days, &p->sums[n - n0]));
	}
	free_page(q);
	/* Records have no sids: pages are counted, a next one has a token. */
	ask_list(q, "usage_records", list, p->more ? ask_account(q) : NULL);
}

/* --- sums -------------------------------------------------------------------------- */

static void on_sums(void *arg, int err, const redisReply *reply)
{
	struct ask *q = arg;
	struct usage_page *p = q->more;

	if (!err && reply->type != REDIS_REPLY_ARRAY)
		err = EPROTO;
	if (err) {
		free_page(q);
		ask_fail_errno(q, err);
		return;
	}
	for (size_t i = 0; i < reply->elements; i++) {
		const redisReply *hash = reply->element[i];

		for (size_t k = 0; k + 1 < hash->elements; k += 2)
			usage_add(&p->sums[p->owner[i]], hash->element[k]->str,
			          hash->element[k + 1]->str);
	}
	answer_page(q);
}

/* Keys as texts, one after another, each ended by NUL */
struct keys {
	struct strbuf text;
	size_t n, cap;
	bool failed;
};

static void add_key(struct usage_page *p, struct keys *k, const char *scope,
                    const char *part, size_t owner)
{
	char text[KEY_SIZE];

	if (k->n == k->cap) {
		size_t cap = k->cap ? 2 * k->cap : KEY_SIZE;
		size_t *more = realloc(p->owner, cap * sizeof(*more));

		if (!more) {
			k->failed = true;
			return;
		}
		p->owner = more;
		k->cap = cap;
	}
	(void)snprintf(text, sizeof(text), "%s:%s", scope, part);
	strbuf_addn(&k->text, text, strlen(text) + 1);
	p->owner[k->n++] = owner;
}

static void add_keys(struct usage_page *p, struct keys *k, size_t n,
                     size_t owner)
{
	char part[USAGE_TEXT_SIZE];
	struct usage_days days;
	int64_t at;

	if (!usage_record(p->period, &p->whole, p->today, n, &days))
		return;
	at = days.first;
	while (usage_part(&days, p->today, &at, part)) {
		add_key(p, k, "", part, owner);
		if (p->subaccounts)
			add_key(p, k, ":subaccounts", part, owner);
	}
}

static int ask_keys(struct ask *q, const struct keys *k)
{
	const char **argv = calloc(k->n + 1, sizeof(*argv));
	const char *at = strbuf_str(&k->text);
	char key[KEY_SIZE];
	int err = ENOMEM;

	if (argv && !k->failed && !k->text.failed) {
		(void)snprintf(key, sizeof(key), "usage:{%s}", ask_account(q));
		argv[0] = key;
		for (size_t i = 0; i < k->n; i++, at += strlen(at) + 1)
			argv[1 + i] = at;
		err = records_eval(q->app->db, &sums_script, (int)k->n + 1,
		                   argv, on_sums, q);
	}
	free(argv);
	return err;
}

static void ask_sums(struct ask *q)
{
	struct usage_page *p = q->more;
	size_t n0 = p->first / p->n_categories;
	struct keys keys = {.n = 0};
	int err = ENOMEM;

	p->n_sums = p->n ? (p->first + p->n - 1) / p->n_categories - n0 + 1 : 0;
	p->sums = calloc(p->n_sums + 1, sizeof(*p->sums));
	for (size_t i = 0; i < p->n_sums && p->sums; i++)
		add_keys(p, &keys, n0 + i, i);
	if (p->sums)
		err = ask_keys(q, &keys);
	strbuf_close(&keys.text);
	if (!err)
		return;
	free_page(q);
	ask_fail_errno(q, err);
}

/* --- which records ------------------------------------------------------------------ */

/* Since when there is an account, or what it used. @return [day] */
static int64_t since(const struct ask *q, const struct usage_page *p,
                     const char *month)
{
	char text[USAGE_TEXT_SIZE];
	int64_t first = p->today, day;

	(void)snprintf(text, sizeof(text), "%.10s",
	               fields_text(&q->account, "date_created"));
	if (usage_day_read(text, p->today, &day) && day < first)
		first = day;
	(void)snprintf(text, sizeof(text), "%.7s-01", month);
	if (usage_day_read(text, p->today, &day) && day < first)
		first = day;
	return first;
}

static void choose_days(struct usage_page *p, int64_t first)
{
	if (p->period == USAGE_DAILY && first < p->today - USAGE_DAYS)
		first = p->today - USAGE_DAYS;
	if (p->whole.first < first)
		p->whole.first = first;
	if (p->whole.last > p->today)
		p->whole.last = p->today;
}

static void choose_records(struct ask *q, struct usage_page *p)
{
	struct usage_days days;
	size_t i;

	p->first = q->page.number * q->page.size;
	for (i = p->first; i <= p->first + q->page.size; i++) {
		if (!usage_record(p->period, &p->whole, p->today,
		                  i / p->n_categories, &days))
			break;
	}
	p->n = i - p->first;
	p->more = p->n > q->page.size;
	if (p->more)
		p->n--;
}

static void on_account(void *arg, int err, const redisReply *reply)
{
	struct usage_account account;
	struct ask *q = arg;
	struct usage_page *p = q->more;

	if (!err)
		err = usage_account_read(reply, &account);
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	(void)snprintf(p->currency, sizeof(p->currency), "%.3s",
	               account.currency);
	choose_days(p, since(q, p, account.since));
	choose_records(q, p);
	ask_sums(q);
}

/* @return NULL, or the parameter that makes no sense */
static const char *read_filters(struct ask *q, struct usage_page *p)
{
	const char *category = fields_text(&q->params, "Category");
	const char *subaccounts = fields_text(&q->params, "IncludeSubaccounts");
	const char *start = fields_text(&q->params, "StartDate");
	const char *end = fields_text(&q->params, "EndDate");

	p->whole = (struct usage_days){0, p->today};
	p->subaccounts = strcasecmp(subaccounts, "false") != 0;
	for (const struct usage_category *c = usage_categories; c->name; c++)
		p->n_categories++;
	if (*category && !usage_category(category))
		return "Category";
	if (*category) {
		p->only = category;
		p->n_categories = 1;
	}
	if (*subaccounts && p->subaccounts &&
	    strcasecmp(subaccounts, "true") != 0)
		return "IncludeSubaccounts";
	if (*start && !usage_day_read(start, p->today, &p->whole.first))
		return "StartDate";
	if (*end && !usage_day_read(end, p->today, &p->whole.last))
		return "EndDate";
	return NULL;
}

void usage_list(struct ask *q)
{
	struct usage_page *p = calloc(1, sizeof(*p));
	const char *wrong;
	int err;

	q->more = p;
	if (!p) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	p->today = (int64_t)(loop_wall_ms() / DAY_MS);
	p->period = usage_period_of(q->route->pattern);
	wrong = read_filters(q, p);
	if (wrong) {
		ask_fail(q, ERROR_PARAMETER, wrong);
		return;
	}
	err = usage_account(q, ask_account(q), on_account);
	if (err)
		ask_fail_errno(q, err);
}

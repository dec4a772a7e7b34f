/*
 * records_list.c - a page of a list
 *
 * One call of the script looks at some hundred records, so that Redis is never busy
 * for long; it is called again behind the last of them until the page is full, the
 * list is at its end, or RECORDS_SCAN_MAX were looked at.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/page.h"
#include "records.h"
#include "records_fill.h"
#include "records_lua.h"

enum { KEY_SIZE = 320, NUMBER = 24 };
enum { LOOK_AT_ONCE = 400, TAKE_AT_ONCE = 200 }; /* by one call: about 3 ms */

/* What the script is told, in this order */
enum word {
	W_INDEX,
	W_SIDS,
	W_AFTER, /* from here on until W_HEAD: other ones in each call */
	W_RANK,
	W_SKIP,
	W_WANT,
	W_LOOK,
	W_HEAD,
	W_TAIL,
	W_FROM,
	W_UNTIL,
	W_FILTERS
};
enum { WORDS_MAX = W_FILTERS + 3 * RECORDS_FILTERS_MAX };

struct list {
	struct records_db *db; /* borrowed */
	records_list_h *handler;
	void *arg;
	char *words[WORDS_MAX]; /* owned */
	int n;                  /* of them */
	size_t size;            /* records that are wanted */
	size_t scan;            /* that may still be looked at */
	struct records page;
};

static void list_free(struct list *l)
{
	for (int i = 0; i < l->n; i++)
		free(l->words[i]);
	for (size_t i = 0; l->page.v && i < l->page.n; i++)
		fields_close(&l->page.v[i]);
	free(l->page.v);
	free(l);
}

static void answer(struct list *l, int err)
{
	l->handler(l->arg, err, &l->page);
	list_free(l);
}

/* --- the words ------------------------------------------------------------------ */

static int set(struct list *l, int i, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return ENOMEM;
	free(l->words[i]);
	l->words[i] = copy;
	if (i >= l->n)
		l->n = i + 1;
	return 0;
}

static int set_number(struct list *l, int i, unsigned long long v)
{
	char text[NUMBER];

	(void)snprintf(text, sizeof(text), "%llu", v);
	return set(l, i, text);
}

static int set_filter(struct list *l, const struct records_filter *f)
{
	static const char *const tests[] = {
		[TEST_IS] = "is",         [TEST_NOT] = "not",
		[TEST_FROM] = "from",     [TEST_UNTIL] = "until",
		[TEST_DIGITS] = "digits", [TEST_WORD] = "word",
	};
	int err = set(l, l->n, f->field);

	if (!err)
		err = set(l, l->n, tests[f->test]);
	return err ? err : set(l, l->n, f->value);
}

static int set_query(struct list *l, const struct records_query *query)
{
	const struct page *page = query->page;
	char sids[KEY_SIZE];
	int err;

	(void)snprintf(sids, sizeof(sids), "sids:{%s}", query->account_sid);
	err = set(l, W_INDEX, query->index) || set(l, W_SIDS, sids) ||
	      set(l, W_AFTER, page->after) || set(l, W_RANK, "") ||
	      set_number(l, W_SKIP,
	                 (unsigned long long)page->number * page->size) ||
	      set(l, W_WANT, "") || set(l, W_LOOK, "") ||
	      set(l, W_HEAD, query->head ? query->head : "") ||
	      set(l, W_TAIL, query->tail ? query->tail : "") ||
	      set_number(l, W_FROM, query->from) ||
	      set_number(l, W_UNTIL, query->until);
	for (size_t i = 0; i < query->n_filters && !err; i++)
		err = set_filter(l, &query->filters[i]);
	return err ? ENOMEM : 0;
}

/* --- calls ---------------------------------------------------------------------- */

static void on_part(void *arg, int err, const redisReply *reply);

static int ask(struct list *l)
{
	size_t want = l->size - l->page.n, look = LOOK_AT_ONCE;

	if (want > TAKE_AT_ONCE)
		want = TAKE_AT_ONCE;
	if (l->n == W_FILTERS)
		look = want;
	if (look > l->scan)
		look = l->scan;
	l->scan -= look;
	if (set_number(l, W_WANT, want) || set_number(l, W_LOOK, look))
		return ENOMEM;
	return records_eval(l->db, &records_list_script, l->n,
	                    (const char *const *)l->words, on_part, l);
}

/* {last, rank, skip, "more" or "", hash, hash …} */
static int take(struct list *l, const redisReply *reply)
{
	int err;

	if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 4 ||
	    reply->elements - 4 > l->size - l->page.n)
		return EPROTO;
	err = set(l, W_AFTER, reply->element[0]->str) ||
	      set(l, W_RANK, reply->element[1]->str) ||
	      set(l, W_SKIP, reply->element[2]->str);
	if (err)
		return ENOMEM;
	(void)snprintf(l->page.last, sizeof(l->page.last), "%s",
	               l->words[W_AFTER]);
	l->page.more = reply->element[3]->len > 0;
	for (size_t i = 4; i < reply->elements && !err; i++)
		err = records_fill(l->db, &l->page.v[l->page.n++],
		                   reply->element[i]);
	return err;
}

static void on_part(void *arg, int err, const redisReply *reply)
{
	struct list *l = arg;

	if (!err)
		err = take(l, reply);
	if (!err && l->page.more && l->page.n < l->size && l->scan > 0) {
		err = ask(l);
		if (!err)
			return;
	}
	answer(l, err);
}

int records_list(struct records_db *db, const struct records_query *query,
                 records_list_h *handler, void *arg)
{
	struct list *l = calloc(1, sizeof(*l));
	int err = ENOMEM;

	if (!l)
		return ENOMEM;
	l->db = db;
	l->handler = handler;
	l->arg = arg;
	l->size = query->page->size;
	l->scan = RECORDS_SCAN_MAX;
	l->page.v = calloc(l->size + 1, sizeof(*l->page.v));
	if (l->page.v)
		err = set_query(l, query);
	if (!err)
		err = ask(l);
	if (err)
		list_free(l);
	return err;
}

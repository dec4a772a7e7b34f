/*
 * stock.c - what carriers bring: numbers that an account can take
 *
 *     carriers ─► their ranges ─► the next that fit ─► which are free? ─► enough?
 *                                        └────────────────no───────────────┘
 */
#include "stock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "adapters/records.h"
#include "adapters/records_lua.h"
#include "app.h"
#include "ask.h"
#include "store/redis.h"

enum { BATCH = 500 }; /* numbers that Redis is asked about at once */

/* --- all carriers --------------------------------------------------------------- */

struct asking {
	struct ask *ask;
	stock_carriers_h *next;
};

static void on_carriers(void *arg, int err, const redisReply *reply)
{
	struct asking *a = arg;
	struct ask *q = a->ask;
	stock_carriers_h *next = a->next;
	size_t n = err ? 0 : reply->elements;
	struct stock_carrier *v = err ? NULL : calloc(n + 1, sizeof(*v));

	free(a);
	if (!v) {
		ask_fail_errno(q, err ? err : ENOMEM);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const redisReply *r = reply->element[i];

		v[i] = (struct stock_carrier){
			redis_text_at(r, 0), redis_text_at(r, 1),
			redis_text_at(r, 2), redis_text_at(r, 3),
			redis_text_at(r, 4)};
	}
	next(q, v, n);
	free(v);
}

void stock_carriers(struct ask *q, stock_carriers_h *next)
{
	struct asking *a = malloc(sizeof(*a));
	int err = a ? 0 : ENOMEM;

	if (a) {
		*a = (struct asking){q, next};
		err = records_eval(q->app->db, &records_carriers_script, 1,
		                   (const char *[]){"carriers"}, on_carriers,
		                   a);
	}
	if (err) {
		free(a);
		ask_fail_errno(q, err);
	}
}

/* --- what an account can take from ---------------------------------------------- */

/* What a search holds; q->more meanwhile */
struct search {
	struct inventory inventory;
	struct inventory_filter filter;
	struct inventory_cursor cursor;
	char batch[BATCH][NUMBER_SIZE_MAX];
	size_t n_batch, want;
	stock_h *then;
	stock_found_h *next;
	struct stock_found found;
};

/* @return whether there was memory; else it was answered */
static bool begin(struct ask *q, const struct search *with)
{
	struct search *s = calloc(1, sizeof(*s));

	if (!s) {
		ask_fail_errno(q, ENOMEM);
		return false;
	}
	s->filter = with->filter;
	s->want = with->want < STOCK_FOUND_MAX ? with->want : STOCK_FOUND_MAX;
	s->then = with->then;
	s->next = with->next;
	free(q->more);
	q->more = s;
	return true;
}

static bool is_theirs(const struct ask *q, const struct stock_carrier *c)
{
	return !*c->account_sid ||
	       strcmp(c->account_sid, ask_account(q)) == 0 ||
	       strcmp(c->account_sid,
	              fields_text(&q->account, "owner_account_sid")) == 0;
}

static void on_stock(struct ask *q, const struct stock_carrier *v, size_t n)
{
	struct search *s = q->more;

	for (size_t i = 0; i < n; i++)
		if (is_theirs(q, &v[i]))
			inventory_add(&s->inventory, v[i].numbers);
	s->then(q, &s->inventory);
}

void stock(struct ask *q, stock_h *next)
{
	if (begin(q, &(struct search){.then = next}))
		stock_carriers(q, on_stock);
}

/* --- free numbers --------------------------------------------------------------- */

static void search(struct ask *q);

static void on_taken(void *arg, int err, const redisReply *reply)
{
	struct ask *q = arg;
	struct search *s = q->more;
	struct stock_found *f = &s->found;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	for (size_t i = 0; i < reply->elements && i < s->n_batch; i++)
		if (reply->element[i]->integer == 0 && f->n < s->want)
			memcpy(f->v[f->n++], s->batch[i], NUMBER_SIZE_MAX);
	if (f->n < s->want && s->n_batch == BATCH)
		search(q);
	else
		s->next(q, f);
}

static void search(struct ask *q)
{
	struct search *s = q->more;
	const char *argv[BATCH + 1] = {"numbers"};
	int err;

	s->n_batch = inventory_next(&s->inventory, &s->filter, &s->cursor,
	                            s->batch, BATCH);
	if (s->n_batch == 0) {
		s->next(q, &s->found);
		return;
	}
	for (size_t i = 0; i < s->n_batch; i++)
		argv[i + 1] = s->batch[i];
	err = records_eval(q->app->db, &records_taken_script,
	                   (int)s->n_batch + 1, argv, on_taken, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_inventory(struct ask *q, const struct inventory *inventory)
{
	(void)inventory;
	search(q);
}

void stock_find(struct ask *q, const struct inventory_filter *filter,
                size_t want, stock_found_h *next)
{
	if (begin(q, &(struct search){.filter = *filter,
	                              .want = want,
	                              .then = on_inventory,
	                              .next = next}))
		stock_carriers(q, on_stock);
}

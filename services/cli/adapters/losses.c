/*
 * losses.c - what a file is about to take away that no file has given
 */
#include "losses.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"

#include "store.h"

enum { AT_ONCE = 500 }; /* records that are asked for in one go */

struct search {
	struct store *store;
	const struct model *model;
	struct losses *found;
	redisReply *changes; /* of the API since the last load */
	char **changed;      /* keys that they name, borrowed of it, sorted */
	size_t n_changed;
	char loaded[64];     /* date of the last load; "" = unknown */
	struct strbuf asked; /* keys whose records are awaited, each with its
	                        zero */
	size_t n;            /* of them */
};

static const char *text(const redisReply *r, size_t i)
{
	return i < r->elements && r->element[i]->str ? r->element[i]->str : "";
}

static int add(struct losses_list *l, const char *key, const char *name)
{
	struct strbuf b = {0};

	if (l->n++ >= LOSSES_SHOWN)
		return 0;
	strbuf_addf(&b, *name ? "%s (%s)" : "%s", key, name);
	l->v[l->n - 1] = strbuf_take(&b);
	return l->v[l->n - 1] ? 0 : ENOMEM;
}

/* --- what the API changed ---------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* An entry is its id and [key, k, key, k …]. */
static const redisReply *keys_of(const redisReply *entry)
{
	return entry->elements == 2 ? entry->element[1] : entry;
}

/* A mapping has no date: that a domain was changed so is told by the log only,
 * which has about the last 10,000. */
static int read_changes(struct search *s)
{
	size_t n = 0;

	s->changes = store_ask(s->store, "XRANGE config:changes - +");
	if (!s->changes)
		return ENOTCONN;
	for (size_t i = 0; i < s->changes->elements; i++)
		n += keys_of(s->changes->element[i])->elements / 2;
	s->changed = calloc(n + 1, sizeof(*s->changed));
	if (!s->changed)
		return ENOMEM;
	for (size_t i = 0; i < s->changes->elements; i++) {
		const redisReply *r = keys_of(s->changes->element[i]);

		for (size_t k = 1; k < r->elements; k += 2)
			s->changed[s->n_changed++] = r->element[k]->str;
	}
	qsort(s->changed, s->n_changed, sizeof(*s->changed), compare);
	return 0;
}

static bool was_changed(const struct search *s, const char *key)
{
	return bsearch(&key, s->changed, s->n_changed, sizeof(*s->changed),
	               compare) != NULL;
}

/* --- each record ---------------------------------------------------------------------- */

/* @p r: what each record says of itself, see FIELDS */
static int judge(struct search *s, const char *key, const redisReply *r)
{
	const char *sid = text(r, 0), *account = text(r, 1);
	bool in_file = hash_find(&s->model->sids, sid) != NULL;

	if (!*sid && !*account)
		return 0; /* there is none */
	if (s->loaded[0] && strcmp(text(r, 3), s->loaded) == 0 &&
	    strcmp(text(r, 4), s->loaded) == 0 && !was_changed(s, key))
		return 0; /* as the file before has given it */
	if (!in_file)
		return add(&s->found->removed, key, text(r, 2));
	return s->loaded[0] ? add(&s->found->put_back, key, text(r, 2)) : 0;
}

#define FIELDS "sid account_sid friendly_name date_created date_updated"

static int take_all(struct search *s)
{
	const char *key = strbuf_str(&s->asked);
	int err = 0;

	for (; s->n > 0 && !err; s->n--, key += strlen(key) + 1) {
		redisReply *r = store_take(s->store);

		err = r ? judge(s, key, r) : ENOTCONN;
		if (r)
			freeReplyObject(r);
	}
	strbuf_close(&s->asked);
	return err;
}

static int look(struct search *s, const char *key)
{
	int err = s->n == AT_ONCE ? take_all(s) : 0;

	if (err)
		return err;
	strbuf_addn(&s->asked, key, strlen(key) + 1);
	if (s->asked.failed)
		return ENOMEM;
	s->n++;
	return store_send(s->store, "HMGET %s " FIELDS, key);
}

static int look_of(struct search *s, const char *prefix, const char *account)
{
	char key[128];

	(void)snprintf(key, sizeof(key), "%s%s", prefix, account);
	return look(s, key);
}

static int look_at_account(struct search *s, const char *account)
{
	redisReply *r = store_ask(s->store, "HVALS sids:{%s}", account);
	int err = r ? look_of(s, "account:", account) : ENOTCONN;

	for (size_t i = 0; !err && i < r->elements; i++)
		err = look(s, r->element[i]->str);
	if (r)
		freeReplyObject(r);
	if (!err)
		err = look_of(s, "dialing-permissions:", account);
	return err ? err : take_all(s);
}

int losses_find(struct store *store, const struct model *m, struct losses *l)
{
	struct search s = {.store = store, .model = m, .found = l};
	redisReply *r = store_ask(store, "HGET config:file loaded");
	int err = r ? 0 : ENOTCONN;

	if (r && r->type == REDIS_REPLY_STRING)
		(void)snprintf(s.loaded, sizeof(s.loaded), "%s", r->str);
	if (r)
		freeReplyObject(r);
	if (!err)
		err = read_changes(&s);
	r = err ? NULL : store_ask(store, "SMEMBERS accounts");
	if (!err && !r)
		err = ENOTCONN;
	for (size_t i = 0; !err && i < r->elements; i++)
		err = look_at_account(&s, r->element[i]->str);
	if (r)
		freeReplyObject(r);
	strbuf_close(&s.asked);
	free(s.changed);
	if (s.changes)
		freeReplyObject(s.changes);
	return err;
}

static void print_list(const struct losses_list *l, FILE *out)
{
	for (size_t i = 0; i < l->n && i < LOSSES_SHOWN; i++)
		(void)fprintf(out, "    %s\n", l->v[i]);
	if (l->n > LOSSES_SHOWN)
		(void)fprintf(out, "    and %zu more\n", l->n - LOSSES_SHOWN);
}

void losses_print(const struct losses *l, const char *path, FILE *out)
{
	if (l->removed.n)
		(void)fprintf(out, "removed, for %s does not name it:\n", path);
	print_list(&l->removed, out);
	if (l->put_back.n)
		(void)fprintf(out, "put back as %s has it:\n", path);
	print_list(&l->put_back, out);
}

static void close_list(struct losses_list *l)
{
	for (size_t i = 0; i < LOSSES_SHOWN; i++)
		free(l->v[i]);
}

void losses_close(struct losses *l)
{
	close_list(&l->removed);
	close_list(&l->put_back);
	*l = (struct losses){0};
}

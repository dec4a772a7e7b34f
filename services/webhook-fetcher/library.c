/*
 * library.c - the audio that is kept: found, begun, forgotten
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "base/sid.h"
#include "base/strbuf.h"
#include "loop/loop.h"
#include "media_impl.h"

enum { SWEEP_MS = 1000 };

/* --- entities -------------------------------------------------------------- */

static void forget_entity(struct media *m, struct entity *e)
{
	if (m->current == e)
		m->current = NULL;
	if (m->coming == e)
		m->coming = NULL;
	TAILQ_REMOVE(&m->entities, e, link);
	m->library->bytes -= e->blob.len;
	blob_close(&e->blob);
	free(e);
}

struct entity *library_find(struct media *m, const char *version)
{
	struct entity *e;

	TAILQ_FOREACH (e, &m->entities, link) {
		if (strcmp(e->version, version) == 0)
			return e;
	}
	return NULL;
}

/* The same in every instance where the server names its entity; else nobody
 * but us can go on with it. */
static void make_version(const struct media *m, struct entity *e)
{
	const struct freshness *f = &e->freshness;
	struct strbuf text = {0};
	uint64_t a, b;

	if (f->etag[0] == '"') {
		strbuf_add(&text, f->etag);
	} else if (f->last_modified[0]) {
		strbuf_add(&text, f->last_modified);
	} else {
		sid_make("ME", e->version);
		return;
	}
	strbuf_add(&text, m->key);
	a = hash_bytes(strbuf_str(&text), text.len, 1);
	b = hash_bytes(strbuf_str(&text), text.len, 2);
	strbuf_close(&text);
	(void)snprintf(e->version, sizeof(e->version), "%016llx%016llx",
	               (unsigned long long)a, (unsigned long long)b);
}

struct entity *library_begin(struct media *m, const struct client_head *head)
{
	const struct settings *settings = m->library->app->settings;
	struct entity *e = calloc(1, sizeof(*e));
	struct entity *same;

	if (!e)
		return NULL;
	if (blob_init(&e->blob, settings->media_directory)) {
		free(e);
		return NULL;
	}
	freshness_read(&e->freshness, head->cache, loop_wall_ms());
	(void)snprintf(e->type, sizeof(e->type), "%s", head->content_type);
	e->read_at = loop_now_ms();
	e->fresh_until = e->read_at + e->freshness.fresh_ms;
	make_version(m, e);
	same = library_find(m, e->version);
	if (same)
		forget_entity(m, same);
	TAILQ_INSERT_HEAD(&m->entities, e, link);
	m->coming = e;
	return e;
}

/* --- media ------------------------------------------------------------------ */

struct media *library_media(struct library *l, const struct media_question *q)
{
	struct strbuf key = {0};
	struct hash_entry *h;
	struct media *m;

	strbuf_add(&key, q->account_sid);
	strbuf_addc(&key, ' ');
	strbuf_add(&key, q->url);
	if (key.failed)
		return NULL;
	h = hash_find(&l->table, strbuf_str(&key));
	if (h) {
		strbuf_close(&key);
		return hash_object(h, struct media, hash);
	}
	m = calloc(1, sizeof(*m));
	if (!m) {
		strbuf_close(&key);
		return NULL;
	}
	m->library = l;
	m->key = strbuf_take(&key);
	TAILQ_INIT(&m->entities);
	TAILQ_INIT(&m->waiters);
	hash_add(&l->table, &m->hash, m->key);
	return m;
}

void library_drop(struct media *m, struct waiter *w)
{
	TAILQ_REMOVE(&m->waiters, w, link);
	m->n_waiters--;
	free(w);
}

static bool may_be_asked_about(const struct entity *e)
{
	return e->freshness.etag[0] || e->freshness.last_modified[0];
}

/* --- keeping --------------------------------------------------------------- */

static void forget_media(struct media *m)
{
	struct entity *e, *next_e;
	struct waiter *w, *next_w;

	hash_remove(&m->library->table, &m->hash);
	for (e = TAILQ_FIRST(&m->entities); e; e = next_e) {
		next_e = TAILQ_NEXT(e, link);
		forget_entity(m, e);
	}
	for (w = TAILQ_FIRST(&m->waiters); w; w = next_w) {
		next_w = TAILQ_NEXT(w, link);
		library_drop(m, w);
	}
	free(m->key);
	free(m);
}

/* Replaced ones, and those that nobody may use again */
static void forget_old(struct media *m, uint64_t now)
{
	struct entity *e, *next;

	for (e = TAILQ_FIRST(&m->entities); e; e = next) {
		next = TAILQ_NEXT(e, link);
		if (e == m->coming || now - e->read_at < MEDIA_UNREAD_MS)
			continue;
		if (e != m->current ||
		    (now >= e->fresh_until && !may_be_asked_about(e)))
			forget_entity(m, e);
	}
}

static void forget_longest_unread(struct library *l)
{
	struct hash_iter it = hash_iter(&l->table);
	struct media *oldest = NULL;
	struct hash_entry *h;

	while ((h = hash_next(&it))) {
		struct media *m = hash_object(h, struct media, hash);

		if (m->current && !m->fetching &&
		    (!oldest || m->current->read_at < oldest->current->read_at))
			oldest = m;
	}
	if (oldest)
		forget_entity(oldest, oldest->current);
}

static void on_timer(void *arg)
{
	struct library *l = arg;
	struct hash_iter it = hash_iter(&l->table);
	uint64_t now = loop_now_ms();
	struct hash_entry *h;
	size_t before = 0;

	while ((h = hash_next(&it))) {
		struct media *m = hash_object(h, struct media, hash);

		forget_old(m, now);
		if (TAILQ_EMPTY(&m->entities) && !m->fetching)
			forget_media(m);
	}
	while (l->bytes > l->bytes_max && l->bytes != before) {
		before = l->bytes;
		forget_longest_unread(l);
	}
	timer_start(l->timer, SWEEP_MS);
}

int library_alloc(struct library **lp, struct app *app)
{
	struct library *l = calloc(1, sizeof(*l));
	struct blob probe = {.fd = -1};
	int err = ENOMEM;

	if (!l)
		return ENOMEM;
	l->app = app;
	l->bytes_max = (size_t)app->settings->media_mb * 1024 * 1024;
	err = blob_init(&probe, app->settings->media_directory);
	blob_close(&probe);
	if (err)
		log_error(app->log, "TRESTLE_MEDIA_CACHE=%s: %s",
		          app->settings->media_directory, strerror(err));
	if (!err)
		err = hash_init(&l->table) ? ENOMEM : 0;
	if (!err)
		err = timer_alloc(&l->timer, app->loop, on_timer, l);
	if (err) {
		library_free(l);
		return err;
	}
	timer_start(l->timer, SWEEP_MS);
	*lp = l;
	return 0;
}

void library_free(struct library *l)
{
	struct hash_iter it;
	struct hash_entry *h;

	if (!l)
		return;
	timer_free(l->timer);
	if (l->table.slots) {
		it = hash_iter(&l->table);
		while ((h = hash_next(&it)))
			forget_media(hash_object(h, struct media, hash));
		hash_close(&l->table);
	}
	free(l);
}

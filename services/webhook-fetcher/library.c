/*
 * library.c - the audio that is kept: found, begun, forgotten
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "adapters/shelf.h"
#include "app.h"
#include "base/descriptors.h"
#include "base/log.h"
#include "base/sid.h"
#include "base/strbuf.h"
#include "loop/loop.h"
#include "media_impl.h"

enum { SWEEP_MS = 1000 };

/* --- entities -------------------------------------------------------------- */

static const char *directory_of(const struct media *m)
{
	return m->library->app->settings->media_directory;
}

static void unname(const struct media *m, struct entity *e)
{
	if (e->named && !m->library->closing)
		shelf_drop(directory_of(m), m->key, e->blob.fd);
	e->named = false;
}

static void forget_entity(struct media *m, struct entity *e)
{
	if (m->current == e)
		m->current = NULL;
	if (m->coming == e)
		m->coming = NULL;
	TAILQ_REMOVE(&m->entities, e, link);
	m->library->bytes -= e->blob.len;
	m->library->entities--;
	unname(m, e);
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
	struct entity *e = calloc(1, sizeof(*e));
	struct entity *same;

	if (!e)
		return NULL;
	if (blob_init(&e->blob, directory_of(m), LABEL_SIZE)) {
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
	m->library->entities++;
	m->coming = e;
	return e;
}

static bool may_be_asked_about(const struct entity *e)
{
	return e->freshness.etag[0] || e->freshness.last_modified[0];
}

void library_keep(struct media *m, struct entity *e)
{
	struct label label = {.bytes = e->blob.len};
	uint64_t now = loop_now_ms();

	if (e->blob.fd < 0)
		return;
	if (e->freshness.no_store ||
	    (e->fresh_until <= now && !may_be_asked_about(e))) {
		unname(m, e);
		return;
	}
	if (e->fresh_until > now)
		label.fresh_until_ms = loop_wall_ms() + e->fresh_until - now;
	memcpy(label.key, m->key, sizeof(label.key));
	memcpy(label.version, e->version, sizeof(label.version));
	memcpy(label.type, e->type, sizeof(label.type));
	memcpy(label.etag, e->freshness.etag, sizeof(label.etag));
	memcpy(label.last_modified, e->freshness.last_modified,
	       sizeof(label.last_modified));
	if (shelf_keep(directory_of(m), e->blob.fd, &label, e->named) == 0)
		e->named = true;
	else /* a full disk: it is used as long as we live */
		unname(m, e);
}

/* --- media ------------------------------------------------------------------ */

/* Of account and URL, which may be a secret and is written on no disk
 * @return was there memory? */
static bool make_key(const struct media_question *q, char key[LABEL_KEY_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	struct strbuf text = {0};
	unsigned n = 0;
	bool made;

	strbuf_add(&text, q->account_sid);
	strbuf_addc(&text, ' ');
	strbuf_add(&text, q->url);
	made = !text.failed &&
	       EVP_Digest(text.s, text.len, sum, &n, EVP_sha256(), NULL) == 1;
	strbuf_close(&text);
	for (unsigned i = 0; made && i < n; i++)
		(void)snprintf(key + (size_t)2 * i, 3, "%02x", sum[i]);
	return made;
}

static struct media *media_of(struct library *l, const char *key)
{
	struct hash_entry *h = hash_find(&l->table, key);
	struct media *m;

	if (h)
		return hash_object(h, struct media, hash);
	m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	m->library = l;
	memcpy(m->key, key, sizeof(m->key));
	TAILQ_INIT(&m->entities);
	TAILQ_INIT(&m->waiters);
	hash_add(&l->table, &m->hash, m->key);
	return m;
}

struct media *library_media(struct library *l, const struct media_question *q)
{
	char key[LABEL_KEY_SIZE];

	return make_key(q, key) ? media_of(l, key) : NULL;
}

void library_drop(struct media *m, struct waiter *w)
{
	TAILQ_REMOVE(&m->waiters, w, link);
	m->n_waiters--;
	free(w);
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

static void make_room(struct library *l)
{
	size_t before = 0; /* entities */

	while ((l->bytes > l->bytes_max || l->entities > l->entities_max) &&
	       l->entities != before) {
		before = l->entities;
		forget_longest_unread(l);
	}
}

static void on_timer(void *arg)
{
	struct library *l = arg;
	struct hash_iter it = hash_iter(&l->table);
	uint64_t now = loop_now_ms();
	struct hash_entry *h;

	while ((h = hash_next(&it))) {
		struct media *m = hash_object(h, struct media, hash);

		forget_old(m, now);
		if (TAILQ_EMPTY(&m->entities) && !m->fetching)
			forget_media(m);
	}
	make_room(l);
	timer_start(l->timer, SWEEP_MS);
}

/* --- over restarts --------------------------------------------------------- */

static void on_found(void *arg, int fd, const struct label *label,
                     uint64_t age_ms)
{
	struct library *l = arg;
	struct media *m = media_of(l, label->key);
	struct entity *e = m && !m->current ? calloc(1, sizeof(*e)) : NULL;
	uint64_t wall = loop_wall_ms(), now = loop_now_ms();

	if (!e) {
		close(fd);
		return;
	}
	blob_take(&e->blob, fd, LABEL_SIZE, label->bytes);
	e->whole = e->named = true;
	e->read_at = now > age_ms ? now - age_ms : 0;
	if (label->fresh_until_ms > wall)
		e->fresh_until = now + (label->fresh_until_ms - wall);
	if (e->fresh_until > now + FRESHNESS_MAX_MS)
		e->fresh_until = now; /* the clock was set back */
	memcpy(e->version, label->version, sizeof(e->version));
	memcpy(e->type, label->type, sizeof(e->type));
	memcpy(e->freshness.etag, label->etag, sizeof(e->freshness.etag));
	memcpy(e->freshness.last_modified, label->last_modified,
	       sizeof(e->freshness.last_modified));
	TAILQ_INSERT_HEAD(&m->entities, e, link);
	m->current = e;
	l->bytes += e->blob.len;
	l->entities++;
}

static void load(struct library *l)
{
	const char *directory = l->app->settings->media_directory;

	if (directory[0] == '\0')
		return;
	shelf_load(directory, l->entities_max, on_found, l);
	make_room(l);
	log_info(l->app->log, "%zu files of audio, %zu MB, in %s", l->entities,
	         l->bytes / 1000000, directory);
}

/* Half of the descriptors are for connections. */
static size_t entities_max(void)
{
	size_t half = descriptors_max() / 2;

	return half < MEDIA_ENTITIES_MAX ? half : MEDIA_ENTITIES_MAX;
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
	l->entities_max = entities_max();
	err = blob_init(&probe, app->settings->media_directory, 0);
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
	load(l);
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
	l->closing = true;
	timer_free(l->timer);
	if (l->table.slots) {
		it = hash_iter(&l->table);
		while ((h = hash_next(&it)))
			forget_media(hash_object(h, struct media, hash));
		hash_close(&l->table);
	}
	free(l);
}

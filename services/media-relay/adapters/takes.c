/*
 * takes.c - what is played from elsewhere: the table, and what is kept
 */
#include "takes_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "loop/loop.h"

static void free_take(struct take *take)
{
	if (!take)
		return;
	timer_free(take->pause);
	clip_free(take->clip);
	free(take->key);
	free(take->account_sid);
	free(take->call_sid);
	free(take->what);
	free(take->voice);
	free(take->language);
	free(take->version);
	free(take);
}

int takes_alloc(struct takes **tp, const struct takes_config *cfg)
{
	const struct studio_config studio = {
		.loop = cfg->loop,
		.on_hungry = take_on_hungry,
		.on_failed = take_on_failed,
		.on_closed = take_on_closed,
	};
	struct takes *t = calloc(1, sizeof(*t));
	int err = ENOMEM;

	if (!t)
		return ENOMEM;
	t->cfg = *cfg;
	TAILQ_INIT(&t->all);
	if (hash_init(&t->table) == 0)
		err = studio_alloc(&t->studio, &studio);
	if (err)
		takes_free(t);
	else
		*tp = t;
	return err;
}

static void remove_take(struct take *take)
{
	struct takes *t = take->takes;

	take_unlist(take);
	if (take->before)
		take->before->needed--;
	TAILQ_REMOVE(&t->all, take, link);
	t->figures.n--;
	free_take(take);
}

void takes_free(struct takes *t)
{
	struct take *take, *next;

	if (!t)
		return;
	TAILQ_FOREACH (take, &t->all, link)
		take_stop(take);
	studio_free(t->studio);
	for (take = TAILQ_FIRST(&t->all); take; take = next) {
		next = TAILQ_NEXT(take, link);
		remove_take(take);
	}
	if (t->table.slots)
		hash_close(&t->table);
	free(t);
}

void take_unlist(struct take *take)
{
	if (take->listed)
		hash_remove(&take->takes->table, &take->hash);
	take->listed = false;
}

/* --- finding and making ---------------------------------------------------- */

static char *key_of(const struct take_order *o)
{
	struct strbuf key = {0};

	/* The parts do not contain a line's end, but for the last one. */
	strbuf_add(&key, o->speech ? "speech\n" : "url\n");
	strbuf_addc(&key, (char)('0' + o->codec));
	strbuf_addc(&key, (char)('0' + o->ptime_ms / 10));
	strbuf_addc(&key, '\n');
	strbuf_add(&key, o->speech ? o->voice : o->account_sid);
	strbuf_addc(&key, '\n');
	strbuf_add(&key, o->speech ? o->language : "");
	strbuf_addc(&key, '\n');
	strbuf_add(&key, o->what);
	return strbuf_take(&key);
}

static struct take *make(struct takes *t, enum codec codec, uint32_t ptime_ms)
{
	struct take *take = calloc(1, sizeof(*take));

	if (!take)
		return NULL;
	take->takes = t;
	take->clip = clip_alloc(codec, ptime_ms);
	if (!take->clip) {
		free(take);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&t->all, take, link);
	t->figures.n++;
	return take;
}

static bool copy_texts(struct take *take, const struct take_order *o)
{
	take->speech = o->speech;
	take->account_sid = strdup(o->account_sid);
	take->call_sid = strdup(o->call_sid);
	take->what = strdup(o->what);
	take->voice = strdup(o->voice);
	take->language = strdup(o->language);
	take->version = strdup("");
	take->log =
		(struct log){take->takes->cfg.log, "call_sid", take->call_sid};
	return take->account_sid && take->call_sid && take->what &&
	       take->voice && take->language && take->version;
}

static int state_of(const struct take *take)
{
	return atomic_load_explicit(&take->clip->state, memory_order_acquire);
}

/* May it be played as it is? */
static bool good(const struct take *take)
{
	switch (state_of(take)) {
	case CLIP_WHOLE:
		return take->speech || loop_now_ms() < take->fresh_until_ms;
	case CLIP_GROWS: return true;
	default: /* broken: try anew */ return false;
	}
}

/* @param before it was whole, and is to be asked for again; or NULL */
static struct clip *begin(struct takes *t, const struct take_order *o,
                          char *key, struct take *before)
{
	struct take *take = make(t, o->codec, o->ptime_ms);

	if (!take || !copy_texts(take, o)) {
		free(key);
		if (take)
			remove_take(take);
		return NULL;
	}
	take->key = key;
	if (before && state_of(before) == CLIP_WHOLE && before->version[0]) {
		take->before = before;
		before->needed++;
	}
	hash_add(&t->table, &take->hash, take->key);
	take->listed = true;
	take->loading = true;
	t->figures.loading++;
	t->figures.misses++;
	take_load(take);
	return take->clip;
}

struct clip *takes_get(struct takes *t, const struct take_order *order)
{
	char *key = key_of(order);
	struct hash_entry *h = key ? hash_find(&t->table, key) : NULL;
	struct take *take = h ? hash_object(h, struct take, hash) : NULL;

	if (!key)
		return NULL;
	if (take && good(take)) {
		free(key);
		t->figures.hits++;
		TAILQ_REMOVE(&t->all, take, link);
		TAILQ_INSERT_TAIL(&t->all, take, link);
		return take->clip;
	}
	if (t->figures.loading >= TAKES_LOADING_MAX ||
	    t->figures.bytes > 2 * t->cfg.size_max) {
		free(key);
		return takes_broken(t, 12400,
		                    "Too much is played at the same time.");
	}
	if (take)
		take_unlist(take);
	return begin(t, order, key, take);
}

struct clip *takes_broken(struct takes *t, uint32_t error, const char *why)
{
	struct take *take = make(t, CODEC_OTHER, 20);

	if (!take)
		return NULL;
	clip_break(take->clip, error, why);
	return take->clip;
}

/* --- keeping --------------------------------------------------------------- */

static size_t size_of(const struct take *take)
{
	return atomic_load_explicit(&take->clip->size, memory_order_relaxed);
}

static bool in_use(const struct take *take)
{
	return take->loading || take->needed || !clip_unshared(take->clip);
}

/* It is not freed here: who asked for it may not have its share yet. */
void take_loaded(struct take *take)
{
	if (take->loading)
		take->takes->figures.loading--;
	take->loading = false;
	if (take->before)
		take->before->needed--;
	take->before = NULL;
}

void takes_sweep(struct takes *t)
{
	size_t bytes = 0;
	struct take *take, *next;

	TAILQ_FOREACH (take, &t->all, link)
		bytes += size_of(take);
	for (take = TAILQ_FIRST(&t->all); take; take = next) {
		next = TAILQ_NEXT(take, link);
		if (in_use(take) ||
		    (take->listed && state_of(take) == CLIP_WHOLE &&
		     bytes <= t->cfg.size_max))
			continue;
		t->figures.evicted += take->listed;
		bytes -= size_of(take);
		remove_take(take);
	}
	t->figures.bytes = bytes;
}

void takes_figures(const struct takes *t, struct takes_figures *out)
{
	*out = t->figures;
}

/*
 * clips.c - the audio of sentences: in memory, on disk, or made now
 *
 *     memory -> disk -> HTTP engine -> embedded engine -> disk, memory
 */
#include "clips.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "adapters/disk.h"
#include "adapters/pool.h"
#include "adapters/voice_http.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "loop/loop.h"

/* So long a stand-in is heard in place of an HTTP engine that failed */
enum { STAND_IN_MS = 60 * 1000 };

struct waiter {
	SLIST_ENTRY(waiter) link;
	clip_h *handler;
	void *arg;
};

struct clip {
	struct hash_entry entry;
	TAILQ_ENTRY(clip) used; /* the longest ago first */
	char key[PLAN_KEY_SIZE];
	struct clips *clips;
	struct plan_part part; /* to make it; its text is ours */
	char http_voice[VOICE_NAME_SIZE];
	uint8_t *v;
	size_t n;
	bool ready;
	bool stand_in;
	uint64_t stale_at; /* of a stand-in */
	uint64_t asked_us;
	SLIST_HEAD(, waiter) waiters;
};

struct clips {
	struct clips_config cfg;
	struct hash table;
	TAILQ_HEAD(clip_list, clip) ready;
	size_t memory;
	struct metric *from_memory, *from_disk, *made, *made_http, *failed;
	struct metric *seconds, *bytes;
};

static uint64_t now_us(void)
{
	return loop_now_ms() * 1000;
}

/* --- clips in memory ------------------------------------------------------- */

static void clip_free(struct clip *clip)
{
	struct clips *c = clip->clips;
	struct waiter *w;

	hash_remove(&c->table, &clip->entry);
	if (clip->ready) {
		TAILQ_REMOVE(&c->ready, clip, used);
		c->memory -= clip->n;
	}
	while ((w = SLIST_FIRST(&clip->waiters))) {
		SLIST_REMOVE_HEAD(&clip->waiters, link);
		free(w);
	}
	free((char *)(uintptr_t)clip->part.text);
	free(clip->v);
	free(clip);
}

/* The newest is never dropped: somebody is about to read it. */
static void drop_oldest(struct clips *c)
{
	while (c->memory > c->cfg.memory_max) {
		struct clip *oldest = TAILQ_FIRST(&c->ready);

		if (oldest == TAILQ_LAST(&c->ready, clip_list))
			break;
		clip_free(oldest);
	}
	metric_set(c->bytes, (double)c->memory);
}

static struct clip *find(struct clips *c, const char *key)
{
	struct hash_entry *e = hash_find(&c->table, key);
	struct clip *clip = e ? hash_object(e, struct clip, entry) : NULL;

	if (clip && clip->ready && clip->stand_in &&
	    loop_now_ms() >= clip->stale_at) {
		clip_free(clip);
		return NULL;
	}
	return clip;
}

bool clips_find(struct clips *c, const char *key, struct clip_audio *out)
{
	struct clip *clip = find(c, key);

	if (!clip || !clip->ready)
		return false;
	TAILQ_REMOVE(&c->ready, clip, used);
	TAILQ_INSERT_TAIL(&c->ready, clip, used);
	*out = (struct clip_audio){clip->v, clip->n, clip->stand_in};
	return true;
}

static void tell(struct clip *clip, int err)
{
	struct waiter *w;

	while ((w = SLIST_FIRST(&clip->waiters))) {
		SLIST_REMOVE_HEAD(&clip->waiters, link);
		w->handler(w->arg, err);
		free(w);
	}
}

static void fail(struct clip *clip, int err)
{
	metric_add(clip->clips->failed, 1);
	tell(clip, err);
	clip_free(clip);
}

static void keep(struct clip *clip, const void *pcm, size_t n)
{
	struct clips *c = clip->clips;

	clip->v = malloc(n ? n : 1);
	if (!clip->v) {
		fail(clip, ENOMEM);
		return;
	}
	if (n)
		memcpy(clip->v, pcm, n);
	clip->n = n;
	clip->ready = true;
	c->memory += n;
	TAILQ_INSERT_TAIL(&c->ready, clip, used);
	metric_observe_us(c->seconds, now_us() - clip->asked_us);
	tell(clip, 0);
	drop_oldest(c);
}

/* --- making one ------------------------------------------------------------ */

static void on_stored(void *arg, int err, const void *data, size_t n)
{
	struct clip *clip = arg;

	if (err)
		log_warn(clip->clips->cfg.log,
		         "a sentence can not be kept: %s; see "
		         "TRESTLE_SPEECH_CACHE",
		         strerror(err));
	keep(clip, data, n);
}

static void store(struct clip *clip, const void *pcm, size_t n)
{
	const struct disk_audio audio = {PLAN_RATE, pcm, n};

	if (clip->stand_in || disk_store(clip->clips->cfg.disk, clip->key,
	                                 &audio, on_stored, clip))
		keep(clip, pcm, n);
}

static void on_spoken(void *arg, int err, const void *pcm, size_t n)
{
	struct clip *clip = arg;

	if (err) {
		fail(clip, err);
		return;
	}
	metric_add(clip->clips->made, 1);
	store(clip, pcm, n);
}

static void speak_embedded(struct clip *clip)
{
	int err = EIO;

	if (*clip->part.voice.name)
		err = pool_speak(clip->clips->cfg.pool, &clip->part, on_spoken,
		                 clip);
	if (err)
		fail(clip, err);
}

static void on_http(void *arg, int err, const void *pcm, size_t n)
{
	struct clip *clip = arg;

	if (err) {
		clip->stand_in = true;
		clip->stale_at = loop_now_ms() + STAND_IN_MS;
		speak_embedded(clip);
		return;
	}
	metric_add(clip->clips->made_http, 1);
	store(clip, pcm, n);
}

static void make(struct clip *clip)
{
	struct clips *c = clip->clips;

	if (clip->part.engine != ENGINE_HTTP)
		speak_embedded(clip);
	else if (!c->cfg.http || voice_http_speak(c->cfg.http, clip->http_voice,
	                                          &clip->part, on_http, clip))
		on_http(clip, EIO, NULL, 0);
}

static void on_loaded(void *arg, int err, const void *data, size_t n)
{
	struct clip *clip = arg;

	if (err) {
		make(clip);
		return;
	}
	metric_add(clip->clips->from_disk, 1);
	keep(clip, data, n);
}

static struct clip *clip_alloc(struct clips *c, const struct plan *plan,
                               const struct plan_part *part)
{
	struct clip *clip = calloc(1, sizeof(*clip));

	if (!clip)
		return NULL;
	clip->clips = c;
	clip->part = *part;
	clip->part.text = strdup(part->text);
	if (!clip->part.text) {
		free(clip);
		return NULL;
	}
	clip->asked_us = now_us();
	SLIST_INIT(&clip->waiters);
	memcpy(clip->key, part->key, sizeof(clip->key));
	memcpy(clip->http_voice, plan->http_voice, sizeof(clip->http_voice));
	hash_add(&c->table, &clip->entry, clip->key);
	return clip;
}

/* --- from outside ---------------------------------------------------------- */

static int wait_for(struct clip *clip, clip_h *handler, void *arg)
{
	struct waiter *w;

	if (!handler)
		return 0;
	w = malloc(sizeof(*w));
	if (!w)
		return ENOMEM;
	w->handler = handler;
	w->arg = arg;
	SLIST_INSERT_HEAD(&clip->waiters, w, link);
	return 0;
}

int clips_get(struct clips *c, const struct plan *plan,
              const struct plan_part *part, clip_h *handler, void *arg)
{
	struct clip *clip = find(c, part->key);
	int err;

	if (clip && clip->ready) {
		metric_add(c->from_memory, 1);
		if (handler)
			handler(arg, 0);
		return 0;
	}
	if (clip)
		return wait_for(clip, handler, arg);
	clip = clip_alloc(c, plan, part);
	if (!clip)
		return ENOMEM;
	err = wait_for(clip, handler, arg);
	if (err) {
		clip_free(clip);
		return err;
	}
	if (disk_load(c->cfg.disk, clip->key, on_loaded, clip))
		make(clip);
	return 0;
}

/* --- all of them ----------------------------------------------------------- */

static void add_metrics(struct clips *c)
{
	static const char name[] = "trestle_sentences_total";
	static const char help[] = "sentences by where their audio came from";
	struct metrics *m = c->cfg.metrics;

	c->from_memory = metrics_counter(m, name, "from=\"memory\"", help);
	c->from_disk = metrics_counter(m, name, "from=\"disk\"", help);
	c->made = metrics_counter(m, name, "from=\"embedded\"", help);
	c->made_http = metrics_counter(m, name, "from=\"http\"", help);
	c->failed = metrics_counter(m, name, "from=\"nowhere\"", help);
	c->seconds = metrics_histogram(m, "trestle_sentence_seconds", NULL,
	                               "from when a sentence that was not in "
	                               "memory is wanted until it "
	                               "is there");
	c->bytes = metrics_gauge(m, "trestle_sentences_bytes", NULL,
	                         "audio in memory");
}

int clips_alloc(struct clips **cp, const struct clips_config *cfg)
{
	struct clips *c = calloc(1, sizeof(*c));

	if (!c || hash_init(&c->table)) {
		free(c);
		return ENOMEM;
	}
	c->cfg = *cfg;
	TAILQ_INIT(&c->ready);
	add_metrics(c);
	*cp = c;
	return 0;
}

void clips_free(struct clips *c)
{
	struct hash_iter it;
	struct hash_entry *e;

	if (!c)
		return;
	it = hash_iter(&c->table);
	while ((e = hash_next(&it)))
		clip_free(hash_object(e, struct clip, entry));
	hash_close(&c->table);
	free(c);
}

/*
 * clip.c - audio made ready to be sent: encoded packets of one codec
 *
 * Pure: no I/O, no log, no clock. A chunk is written, then linked (release);
 * who finds the link (acquire) finds the chunk whole.
 */
#include "clip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t ticks(enum codec codec, uint32_t ms)
{
	/* G.722's RTP clock is 8000 by mistake of RFC 1890, Opus' 48000 */
	return (codec == CODEC_OPUS ? 48 : 8) * ms;
}

struct clip *clip_alloc(enum codec codec, uint32_t frame_ms)
{
	struct clip *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->codec = codec;
	c->frame_ms = frame_ms;
	c->frame_ticks = ticks(codec, frame_ms);
	atomic_init(&c->shares, 1);
	atomic_init(&c->state, CLIP_GROWS);
	return c;
}

void clip_free(struct clip *c)
{
	struct clip_chunk *chunk;

	if (!c)
		return;
	chunk = atomic_load_explicit(&c->first, memory_order_relaxed);
	while (chunk) {
		struct clip_chunk *next = atomic_load_explicit(
			&chunk->next, memory_order_relaxed);

		free(chunk);
		chunk = next;
	}
	free(c);
}

void clip_share(struct clip *c)
{
	atomic_fetch_add_explicit(&c->shares, 1, memory_order_relaxed);
}

void clip_drop(struct clip *c)
{
	atomic_fetch_sub_explicit(&c->shares, 1, memory_order_release);
}

bool clip_unshared(const struct clip *c)
{
	return atomic_load_explicit(&c->shares, memory_order_acquire) == 1;
}

int clip_append(struct clip *c, const uint8_t *bytes, const uint32_t *starts,
                size_t n)
{
	size_t head = sizeof(struct clip_chunk) + (n + 1) * sizeof(*starts);
	struct clip_chunk *chunk;

	if (n == 0)
		return 0;
	chunk = malloc(head + starts[n]);
	if (!chunk)
		return ENOMEM;
	atomic_init(&chunk->next, NULL);
	chunk->n = n;
	chunk->bytes = memcpy((uint8_t *)chunk + head, bytes, starts[n]);
	memcpy(chunk->starts, starts, (n + 1) * sizeof(*starts));
	atomic_store_explicit(c->last ? &c->last->next : &c->first, chunk,
	                      memory_order_release);
	c->last = chunk;
	atomic_fetch_add_explicit(&c->size, head + starts[n],
	                          memory_order_relaxed);
	atomic_fetch_add_explicit(&c->ms, (uint32_t)n * c->frame_ms,
	                          memory_order_relaxed);
	return 0;
}

int clip_copy(struct clip *c, const struct clip *from)
{
	const struct clip_chunk *chunk =
		atomic_load_explicit(&from->first, memory_order_acquire);
	int err = 0;

	while (chunk && !err) {
		err = clip_append(c, chunk->bytes, chunk->starts, chunk->n);
		chunk = atomic_load_explicit(&chunk->next,
		                             memory_order_acquire);
	}
	return err;
}

void clip_warn(struct clip *c, uint32_t warning, const char *why)
{
	c->warning = warning;
	(void)snprintf(c->warns, sizeof(c->warns), "%s", why);
}

void clip_end(struct clip *c)
{
	atomic_store_explicit(&c->state, CLIP_WHOLE, memory_order_release);
}

void clip_break(struct clip *c, uint32_t error, const char *why)
{
	c->error = error;
	(void)snprintf(c->why, sizeof(c->why), "%s", why);
	atomic_store_explicit(&c->state, CLIP_BROKEN, memory_order_release);
}

void clip_rewind(struct clip_reader *r, const struct clip *c)
{
	*r = (struct clip_reader){.clip = c};
}

/* Go to the next chunk. The state is asked first: when it says that nothing
 * follows, what there is can be seen. */
static enum clip_read next_chunk(struct clip_reader *r)
{
	int state = atomic_load_explicit(&r->clip->state, memory_order_acquire);
	const struct clip_chunk *next = atomic_load_explicit(
		r->chunk ? &r->chunk->next : &r->clip->first,
		memory_order_acquire);

	if (!next)
		return state == CLIP_GROWS   ? CLIP_LATER
		       : state == CLIP_WHOLE ? CLIP_OVER
		                             : CLIP_FAILED;
	r->chunk = next;
	r->at = 0;
	return CLIP_FRAME;
}

enum clip_read clip_next(struct clip_reader *r, const uint8_t **payload,
                         size_t *len)
{
	enum clip_read found = CLIP_FRAME;

	if (!r->chunk || r->at == r->chunk->n)
		found = next_chunk(r);
	if (found != CLIP_FRAME)
		return found;
	*payload = r->chunk->bytes + r->chunk->starts[r->at];
	*len = r->chunk->starts[r->at + 1] - r->chunk->starts[r->at];
	r->at++;
	return CLIP_FRAME;
}

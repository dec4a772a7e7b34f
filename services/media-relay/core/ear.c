/*
 * ear.c - an RTP stream to linear samples at a steady pace
 *
 * Pure: no I/O, no clock, no log.
 */
#include "ear.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "decoder.h"

enum { CODECS = CODEC_EVENT };
enum { WAITING_MAX = 4 * EAR_FRAME_MAX + DECODER_PACKET_MS * 16 };
enum { QUIET = 200 };     /* mean magnitude of silence */
enum { IMPATIENT = 100 }; /* frames (2 s) that silence is waited for */

struct ear {
	uint32_t rate;
	struct decoder *decoders[CODECS]; /* owned; by codec, NULL = not yet */
	enum codec codec;                 /* of the last packet */
	size_t packet;                    /* its samples */
	size_t owed; /* samples that were made up for one that was late */
	size_t spare_frames; /* that the delay is too long by more than one */
	size_t n;            /* samples that wait */
	int16_t waiting[WAITING_MAX];
	struct ear_counters counters;
	struct jitter jitter;
};

int ear_alloc(struct ear **ep, uint32_t rate)
{
	struct ear *e;

	if (rate != 8000 && rate != 16000)
		return EINVAL;
	e = calloc(1, sizeof(*e));
	if (!e)
		return ENOMEM;
	e->rate = rate;
	jitter_init(&e->jitter);
	*ep = e;
	return 0;
}

void ear_free(struct ear *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < CODECS; i++)
		decoder_free(e->decoders[i]);
	free(e);
}

uint32_t ear_rate(const struct ear *e)
{
	return e->rate;
}

void ear_put(struct ear *e, const struct jitter_packet *p, bool fresh,
             uint64_t now_us)
{
	if (decoder_rate(p->codec) == 0)
		return;
	if (!e->decoders[p->codec] &&
	    decoder_alloc(&e->decoders[p->codec], p->codec, e->rate))
		return;
	jitter_put(&e->jitter, p, fresh, now_us);
}

static size_t room(const struct ear *e)
{
	return WAITING_MAX - e->n;
}

static void decode(struct ear *e, const struct jitter_packet *p)
{
	struct decoder *d = e->decoders[p->codec];
	size_t n = decoder_decode(d, p->payload, p->len, e->waiting + e->n,
	                          room(e));

	e->codec = p->codec;
	e->owed = 0;
	if (n > 0)
		e->packet = n;
	e->n += n;
	e->counters.decoded++;
}

/* @param next the packet after the lost one; its payload may be NULL */
static void conceal(struct ear *e, size_t n, const struct jitter_packet *next)
{
	struct decoder *d = e->decoders[e->codec];
	bool usable = next->payload && next->codec == e->codec;

	if (!d)
		return;
	e->n += decoder_conceal(d, n, usable ? next->payload : NULL, next->len,
	                        e->waiting + e->n, room(e));
	e->counters.concealed++;
}

/* @return false when there is no more to be had now */
static bool fetch(struct ear *e, size_t wanted, uint64_t now_us)
{
	struct jitter_packet p;

	switch (jitter_get(&e->jitter, now_us, &p)) {
	case JITTER_PACKET: decode(e, &p); return true;
	case JITTER_LOST:
		/* what filled the wait for it need not be filled again */
		if (e->owed >= e->packet)
			e->owed -= e->packet;
		else
			conceal(e, e->packet, &p);
		return true;
	case JITTER_NONE:
		conceal(e, wanted, &p);
		e->owed += wanted;
		return false;
	case JITTER_IDLE: break;
	}
	e->owed = 0;
	return false;
}

/* @return true when a frame is there, if only of concealment */
static bool fill(struct ear *e, size_t frame, uint64_t now_us)
{
	size_t before = e->n;

	while (e->n < frame) {
		if (fetch(e, frame - e->n, now_us))
			continue;
		if (e->n == before && before == 0)
			return false;
		break;
	}
	if (e->n < frame) {
		memset(e->waiting + e->n, 0,
		       (frame - e->n) * sizeof(e->waiting[0]));
		e->n = frame;
	}
	return true;
}

static void shift(struct ear *e, size_t frame, int16_t *out)
{
	memcpy(out, e->waiting, frame * sizeof(*out));
	e->n -= frame;
	memmove(e->waiting, e->waiting + frame, e->n * sizeof(*out));
}

static bool quiet(const int16_t *x, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (uint64_t)(x[i] < 0 ? -x[i] : x[i]);
	return sum < n * QUIET;
}

/* Too much waits: this frame flows into the next one, best where it is quiet. */
static void shorten(struct ear *e, size_t frame, uint64_t now_us, int16_t *out)
{
	int16_t next[EAR_FRAME_MAX];

	if (!quiet(out, frame) && ++e->spare_frames < IMPATIENT)
		return;
	if (!fill(e, frame, now_us))
		return;
	shift(e, frame, next);
	for (size_t i = 0; i < frame; i++)
		out[i] = (int16_t)(((int)out[i] * (int)(frame - i) +
		                    (int)next[i] * (int)i) /
		                   (int)frame);
	e->spare_frames = 0;
	e->counters.left_out++;
	jitter_shortened(&e->jitter);
}

bool ear_take(struct ear *e, uint64_t now_us, int16_t out[EAR_FRAME_MAX])
{
	size_t frame = e->rate * EAR_FRAME_MS / 1000;

	if (!fill(e, frame, now_us)) {
		memset(out, 0, frame * sizeof(*out));
		return false;
	}
	shift(e, frame, out);
	if (jitter_taken(&e->jitter) * e->packet >= frame)
		shorten(e, frame, now_us, out);
	return true;
}

void ear_count(const struct ear *e, struct ear_counters *out)
{
	*out = e->counters;
	out->late = e->jitter.late;
}

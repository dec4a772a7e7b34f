/*
 * transcoder.c - what one phone says, in a codec that the other understands
 *
 * Only where a packet came that the listener has no codec for; it ends when
 * one comes that can be passed on. Decoded by a tap of the leg that speaks,
 * at the pace of the tap's clock.
 */
#include <stdlib.h>
#include <string.h>

#include "adapters/worker.h"
#include "core/decoder.h"
#include "core/encoder.h"

enum { SAMPLES_MAX = PTIME_MAX_MS * 16 + AUDIO_FRAME_MAX };

struct transcoder {
	struct worker *worker;
	struct worker_leg *from, *to; /* borrowed: same session */
	struct audio_tap tap;
	struct encoder *encoder;
	enum codec codec; /* that the listener is sent */
	size_t frame;     /* samples of a packet */
	uint32_t ticks;   /* the same in the RTP clock */
	size_t n;
	int16_t samples[SAMPLES_MAX]; /* that wait for a whole packet */
	uint8_t packet[ENCODER_PACKET_MAX];
};

static void send_packet(struct transcoder *t)
{
	struct worker *w = t->worker;
	size_t len =
		encoder_encode(t->encoder, t->samples, t->frame, t->packet);

	t->n -= t->frame;
	memmove(t->samples, t->samples + t->frame,
	        t->n * sizeof(t->samples[0]));
	if (len > 0 && leg_make(&t->to->leg, t->packet, len, t->ticks,
	                        w->now_us, &w->outputs[0]))
		packets_send(w, t->to);
}

static void take(void *arg, const struct audio_frame *f)
{
	struct transcoder *t = arg;

	/* Who says nothing is heard to say nothing. */
	if (!f->in_heard) {
		if (t->n > 0)
			stream_detach(&t->to->leg.stream);
		t->n = 0;
		return;
	}
	memcpy(t->samples + t->n, f->in, f->n * sizeof(*f->in));
	t->n += f->n;
	while (t->n >= t->frame)
		send_packet(t);
}

/* Opus knows no packets of 30 or 50 ms that are one frame (RFC 6716 2.1.4). */
static uint32_t packet_ms(const struct worker_leg *to, enum codec codec)
{
	uint32_t ms = to->leg.spec.ptime_ms;

	return codec == CODEC_OPUS && (ms == 30 || ms == 50) ? 20 : ms;
}

/* The rate at which least is to be converted. */
static uint32_t choose_rate(enum codec from, enum codec to)
{
	uint32_t rate = decoder_rate(from);

	return encoder_takes(to, rate) ? rate : encoder_rate(to);
}

static struct transcoder *make(struct worker *w, struct worker_leg *from,
                               struct worker_leg *to, enum codec codec)
{
	const struct format *f = leg_spec_audio(&to->leg.spec);
	struct transcoder *t = calloc(1, sizeof(*t));
	uint32_t rate = choose_rate(codec, f->codec);
	uint32_t ms = packet_ms(to, f->codec);

	if (!t || encoder_alloc(&t->encoder, f->codec, rate)) {
		free(t);
		return NULL;
	}
	t->worker = w;
	t->from = from;
	t->to = to;
	t->codec = f->codec;
	t->frame = rate / 1000 * ms;
	t->ticks = f->rate / 1000 * ms;
	t->tap = (struct audio_tap){
		.rate = rate, .in = true, .take = take, .arg = t};
	if (audio_tap_add(w, from, &t->tap)) {
		encoder_free(t->encoder);
		free(t);
		return NULL;
	}
	return t;
}

bool transcoder_start(struct worker *w, struct worker_leg *from,
                      struct worker_leg *to, const struct leg_input *in)
{
	const struct format *f = leg_spec_audio(&to->leg.spec);
	enum codec codec;

	if (to->transcoder)
		return true;
	codec = from->leg.spec.formats[from->leg.format_of[in->rtp.type] - 1]
	                .codec;
	if (!f || decoder_rate(codec) == 0 || encoder_rate(f->codec) == 0)
		return false;
	to->transcoder = make(w, from, to, codec);
	if (!to->transcoder)
		return false;
	stream_detach(&to->leg.stream);
	to->leg.transcoded = true;
	/* this packet, too, is heard */
	audio_received(from, in);
	return true;
}

void transcoder_apply(struct worker_leg *to)
{
	const struct transcoder *t = to->transcoder;
	const struct format *f = leg_spec_audio(&to->leg.spec);

	/* If it is needed after that the next packet says so. */
	if (t && (to->leg.peer != &t->from->leg || !f || f->codec != t->codec ||
	          t->ticks != f->rate / 1000 * packet_ms(to, f->codec)))
		transcoder_stop(to);
}

void transcoder_stop(struct worker_leg *to)
{
	struct transcoder *t = to->transcoder;

	if (!t)
		return;
	audio_tap_remove(t->from, &t->tap);
	encoder_free(t->encoder);
	free(t);
	to->transcoder = NULL;
	to->leg.transcoded = false;
	stream_detach(&to->leg.stream);
}

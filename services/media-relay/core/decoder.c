/*
 * decoder.c - packets of a codec to linear samples: G.711 by table, G.722 by
 * spandsp, Opus by libopus
 *
 * Lost packets: Opus conceals by itself, the others by spandsp's plc.
 * Pure: no I/O, no clock, no log.
 */
#include "decoder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <opus/opus.h>
#include <spandsp.h>

#include "g711.h"
#include "resampler.h"

enum { G722_BITS = 64000 };
enum { OPUS_STEPS = 400 };   /* a second: Opus conceals whole 2.5 ms */
enum { NATURAL_MAX = 2000 }; /* samples of a packet before the resampler */

struct decoder {
	enum codec codec;
	uint32_t natural; /* rate that the codec gives [Hz] */
	uint32_t rate;    /* that is asked for */
	int16_t *g711;    /* owned: 256 samples */
	g722_decode_state_t *g722;
	OpusDecoder *opus;
	plc_state_t *plc;
	bool concealed;                  /* what was given last was made up */
	int16_t recent[PLC_HISTORY_LEN]; /* what was given before that */
	struct resampler *resampler;     /* NULL: the rates are the same */
	int16_t before[NATURAL_MAX];     /* what goes into it */
};

uint32_t decoder_rate(enum codec codec)
{
	switch (codec) {
	case CODEC_PCMU:
	case CODEC_PCMA: return 8000;
	case CODEC_G722:
	case CODEC_OPUS: return 16000;
	case CODEC_OTHER:
	case CODEC_EVENT: break;
	}
	return 0;
}

/* The rate to decode at, so that little is left for the resampler. */
static uint32_t natural_rate(enum codec codec, uint32_t rate)
{
	uint32_t best = decoder_rate(codec);

	return codec == CODEC_OPUS || rate < best ? rate : best;
}

static int alloc_g711(struct decoder *d)
{
	d->g711 = calloc(256, sizeof(*d->g711));
	if (!d->g711)
		return ENOMEM;
	for (unsigned i = 0; i < 256; i++)
		d->g711[i] = d->codec == CODEC_PCMU
		                     ? g711_from_ulaw((uint8_t)i)
		                     : g711_from_alaw((uint8_t)i);
	return 0;
}

static int alloc_codec(struct decoder *d)
{
	int problem = OPUS_OK;

	if (d->codec == CODEC_OPUS) {
		d->opus = opus_decoder_create((opus_int32)d->natural, 1,
		                              &problem);
		return d->opus && problem == OPUS_OK ? 0 : ENOMEM;
	}
	d->plc = plc_init(NULL);
	if (!d->plc)
		return ENOMEM;
	if (d->codec != CODEC_G722)
		return alloc_g711(d);
	d->g722 = g722_decode_init(NULL, G722_BITS,
	                           d->natural == 8000 ? G722_SAMPLE_RATE_8000
	                                              : 0);
	return d->g722 ? 0 : ENOMEM;
}

int decoder_alloc(struct decoder **dp, enum codec codec, uint32_t rate)
{
	struct decoder *d;
	int err;

	if (decoder_rate(codec) == 0 ||
	    (rate != 8000 && rate != 16000 && rate != 48000))
		return EINVAL;
	d = calloc(1, sizeof(*d));
	if (!d)
		return ENOMEM;
	d->codec = codec;
	d->rate = rate;
	d->natural = natural_rate(codec, rate);
	err = alloc_codec(d);
	if (!err && d->natural != rate)
		err = resampler_alloc(&d->resampler, d->natural, rate);
	if (err)
		decoder_free(d);
	else
		*dp = d;
	return err;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	free(d->g711);
	if (d->g722)
		(void)g722_decode_free(d->g722);
	if (d->opus)
		opus_decoder_destroy(d->opus);
	if (d->plc)
		(void)plc_free(d->plc);
	resampler_free(d->resampler);
	free(d);
}

/* spandsp 0.0.6 keeps its history with overlapping memcpy(), but when it comes
 * in one piece: so it gets ours, when it is needed. */
static void keep(struct decoder *d, int16_t *samples, size_t n)
{
	if (n == 0)
		return;
	if (d->concealed) /* it softens the step from what was made up */
		(void)plc_rx(d->plc, samples, (int)n);
	d->concealed = false;
	if (n >= PLC_HISTORY_LEN) {
		memcpy(d->recent, samples + n - PLC_HISTORY_LEN,
		       sizeof(d->recent));
		return;
	}
	memmove(d->recent, d->recent + n,
	        (PLC_HISTORY_LEN - n) * sizeof(*samples));
	memcpy(d->recent + PLC_HISTORY_LEN - n, samples, n * sizeof(*samples));
}

static size_t draw_out(struct decoder *d, int16_t *out, size_t n)
{
	int16_t history[PLC_HISTORY_LEN];

	if (n == 0)
		return 0;
	if (!d->concealed) {
		memcpy(history, d->recent, sizeof(history));
		(void)plc_rx(d->plc, history, PLC_HISTORY_LEN);
	}
	d->concealed = true;
	return (size_t)plc_fillin(d->plc, out, (int)n);
}

static size_t decode(struct decoder *d, const uint8_t *payload, size_t len,
                     int16_t *out, size_t max)
{
	size_t a_byte = d->natural / 8000; /* samples, of all but Opus */
	int n;

	if (d->opus) {
		n = len > 0 ? opus_decode(d->opus, payload, (opus_int32)len,
		                          out, (int)max, 0)
		            : 0;
		return n > 0 ? (size_t)n : 0;
	}
	if (len > max / a_byte)
		len = max / a_byte;
	n = (int)len;
	if (d->g722)
		n = g722_decode(d->g722, out, payload, (int)len);
	else
		for (size_t i = 0; i < len; i++)
			out[i] = d->g711[payload[i]];
	keep(d, out, (size_t)n);
	return (size_t)n;
}

size_t decoder_decode(struct decoder *d, const uint8_t *payload, size_t len,
                      int16_t *out, size_t max)
{
	size_t n;

	if (!d->resampler)
		return decode(d, payload, len, out, max);
	n = decode(d, payload, len, d->before, NATURAL_MAX);
	return resampler_run(d->resampler, d->before, n, out, max);
}

static size_t conceal(struct decoder *d, size_t n, const uint8_t *payload,
                      size_t len, int16_t *out, size_t max)
{
	size_t step = d->natural / OPUS_STEPS;
	int made;

	if (!d->opus)
		return draw_out(d, out, n < max ? n : max);
	n = (n + step - 1) / step * step;
	if (n > max)
		n = max / step * step;
	made = opus_decode(d->opus, payload, (opus_int32)(payload ? len : 0),
	                   out, (int)n, payload != NULL);
	if (made < 0 && payload)
		made = opus_decode(d->opus, NULL, 0, out, (int)n, 0);
	return made > 0 ? (size_t)made : 0;
}

size_t decoder_conceal(struct decoder *d, size_t n, const uint8_t *payload,
                       size_t len, int16_t *out, size_t max)
{
	size_t wanted;

	if (!d->resampler)
		return conceal(d, n, payload, len, out, max);
	wanted = n * d->natural / d->rate;
	wanted = conceal(d, wanted, payload, len, d->before, NATURAL_MAX);
	return resampler_run(d->resampler, d->before, wanted, out, max);
}

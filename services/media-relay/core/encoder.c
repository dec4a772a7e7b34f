/*
 * encoder.c - linear samples to packets of a codec: G.711 by arithmetic, G.722
 * by spandsp, Opus by libopus
 *
 * Pure: no I/O, no clock, no log.
 */
#include "encoder.h"

#include <errno.h>
#include <stdlib.h>

#include <opus/opus.h>
#include <spandsp.h>

#include "g711.h"

enum { G722_BITS = 64000 };
enum { OPUS_COMPLEXITY = 2 }; /* of 10: enough for speech */

struct encoder {
	enum codec codec;
	bool narrow; /* its input has 8 kHz */
	g722_encode_state_t *g722;
	OpusEncoder *opus;
};

uint32_t encoder_rate(enum codec codec)
{
	switch (codec) {
	case CODEC_PCMU:
	case CODEC_PCMA:
	case CODEC_OPUS: return 8000;
	case CODEC_G722: return 16000;
	case CODEC_OTHER:
	case CODEC_EVENT: break;
	}
	return 0;
}

bool encoder_takes(enum codec codec, uint32_t rate)
{
	bool wide = codec == CODEC_G722 || codec == CODEC_OPUS;

	return encoder_rate(codec) > 0 &&
	       (rate == 8000 || (wide && rate == 16000));
}

int encoder_alloc(struct encoder **ep, enum codec codec, uint32_t rate)
{
	struct encoder *e = calloc(1, sizeof(*e));
	int problem = OPUS_OK;
	int err = ENOMEM;

	if (!e)
		goto out;
	e->codec = codec;
	e->narrow = rate == 8000;
	if (codec == CODEC_G722) {
		e->g722 = g722_encode_init(NULL, G722_BITS,
		                           rate == 8000 ? G722_SAMPLE_RATE_8000
		                                        : 0);
		if (!e->g722)
			goto out;
	}
	if (codec == CODEC_OPUS) {
		e->opus = opus_encoder_create((opus_int32)rate, 1,
		                              OPUS_APPLICATION_VOIP, &problem);
		if (!e->opus || problem != OPUS_OK)
			goto out;
		(void)opus_encoder_ctl(e->opus,
		                       OPUS_SET_COMPLEXITY(OPUS_COMPLEXITY));
	}
	err = 0;
out:
	if (err)
		encoder_free(e);
	else
		*ep = e;
	return err;
}

void encoder_free(struct encoder *e)
{
	if (!e)
		return;
	if (e->g722)
		(void)g722_encode_free(e->g722);
	if (e->opus)
		opus_encoder_destroy(e->opus);
	free(e);
}

size_t encoder_encode(struct encoder *e, const int16_t *samples, size_t n,
                      uint8_t out[ENCODER_PACKET_MAX])
{
	int len = 0;

	switch (e->codec) {
	case CODEC_PCMU:
	case CODEC_PCMA:
		if (n > ENCODER_PACKET_MAX)
			return 0;
		for (size_t i = 0; i < n; i++)
			out[i] = e->codec == CODEC_PCMU
			                 ? g711_to_ulaw(samples[i])
			                 : g711_to_alaw(samples[i]);
		return n;
	case CODEC_G722:
		if ((e->narrow ? n : n / 2) > ENCODER_PACKET_MAX)
			return 0;
		len = g722_encode(e->g722, out, samples, (int)n);
		break;
	case CODEC_OPUS:
		len = opus_encode(e->opus, samples, (int)n, out,
		                  ENCODER_PACKET_MAX);
		break;
	case CODEC_OTHER:
	case CODEC_EVENT: break;
	}
	return len > 0 ? (size_t)len : 0;
}

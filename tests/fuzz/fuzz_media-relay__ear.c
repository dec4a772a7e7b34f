/*
 * fuzz_media-relay__ear.c - packets of audio from anywhere, to be decoded
 *
 * The input is a sequence of: a byte that says which codec, if the stream is
 * new and if 20 ms are taken, a byte for the number, one for the timestamp and
 * one for the length, the payload. Every decoder meets it, the jitter buffer in
 * front, and behind it whatever listens.
 */
#include <assert.h>
#include <stdlib.h>

#include "core/ear.h"
#include "core/inband.h"
#include "core/listen.h"
#include "core/machine.h"

static const struct {
	enum codec codec;
	uint32_t rate;
} codecs[] = {{CODEC_PCMU, 8000},
              {CODEC_PCMA, 8000},
              {CODEC_G722, 8000},
              {CODEC_OPUS, 48000}};

struct listeners {
	struct inband *inband;
	struct machine machine;
	struct utterance utterance;
};

static void listen(struct listeners *l, const int16_t *samples, size_t n)
{
	struct key_press key;

	inband_put(l->inband, samples, n);
	while ((key = inband_take(l->inband)).digit != '\0')
		assert(key.duration_ms <= EVENT_PRESS_MAX_MS);
	(void)machine_put(&l->machine, samples);
	(void)utterance_put(&l->utterance, samples, n, 20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct machine_spec patient = {.until_end = true};
	const struct listen_spec spec = {"L", 500, 0};
	struct listeners l = {0};
	struct ear *ear = NULL;
	struct jitter_packet p = {0};
	int16_t out[EAR_FRAME_MAX];
	uint64_t now_us = 1000000;
	uint32_t rate = size > 0 && data[0] & 1 ? 16000 : 8000;

	if (ear_alloc(&ear, rate) || inband_alloc(&l.inband))
		abort();
	machine_init(&l.machine, &patient);
	utterance_init(&l.utterance, &spec);
	while (size >= 4) {
		uint8_t how = data[0];
		size_t n = (size_t)data[3] * (how & 64 ? 5 : 1);

		p.codec = codecs[how & 3].codec;
		p.rate = codecs[how & 3].rate;
		p.seq = (uint16_t)(p.seq + (int8_t)data[1]);
		p.ts += (uint32_t)((int8_t)data[2] * 80);
		p.len = n < size - 4 ? n : size - 4;
		p.payload = data + 4;
		now_us += (how & 32 ? 20000 : 2000);
		ear_put(ear, &p, (how & 8) != 0, now_us);
		if (how & 16) {
			(void)ear_take(ear, now_us, out);
			listen(&l, out, MACHINE_FRAME);
		}
		data += 4 + p.len;
		size -= 4 + p.len;
	}
	inband_free(l.inband);
	ear_free(ear);
	return 0;
}

/*
 * media-relay__transcode.c - what it costs to transcode a call
 *
 *     media-relay__transcode [seconds]     (of audio, each codec pair: 20)
 *
 * All that a transcoded call needs beside the relaying of its packets: jitter
 * buffer, decoder, a change of rate where there is one, encoder, both ways,
 * with a made-up voice. CPU time of this process; one core.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/decoder.h"
#include "core/ear.h"
#include "core/encoder.h"
#include "core/resampler.h"

enum { FRAME_US = EAR_FRAME_MS * 1000, PER_S = 50 };

static const struct {
	const char *name;
	enum codec codec;
	uint32_t clock;
} codecs[] = {{"PCMU", CODEC_PCMU, 8000},
              {"PCMA", CODEC_PCMA, 8000},
              {"G722", CODEC_G722, 8000},
              {"opus", CODEC_OPUS, 48000}};

enum { CODECS = sizeof(codecs) / sizeof(codecs[0]) };

/* One second of packets of a codec, said again and again. */
struct speech {
	size_t len[PER_S];
	uint8_t packets[PER_S][ENCODER_PACKET_MAX];
};

static struct speech speeches[CODECS];

static double cpu_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int16_t voice(double t)
{
	double s = 0;

	for (int h = 1; h < 20; h++)
		s += sin(2 * M_PI * (120 + 10 * sin(3 * t)) * h * t) /
		     (1 + fabs(h - 5.0));
	return (int16_t)(1500 * s * (0.55 + 0.45 * sin(2 * M_PI * 4 * t)));
}

static void prepare(size_t c)
{
	uint32_t rate = decoder_rate(codecs[c].codec);
	int16_t frame[EAR_FRAME_MAX];
	struct encoder *e;

	if (encoder_alloc(&e, codecs[c].codec, rate))
		abort();
	for (size_t i = 0; i < PER_S; i++) {
		size_t from = i * rate / PER_S;

		for (size_t k = 0; k < rate / PER_S; k++)
			frame[k] = voice((double)(from + k) / rate);
		speeches[c].len[i] = encoder_encode(e, frame, rate / PER_S,
		                                    speeches[c].packets[i]);
	}
	encoder_free(e);
}

/* @return CPU time of a second of audio, one way [us] */
static double one_way(size_t from, size_t to, unsigned seconds)
{
	uint32_t rate = decoder_rate(codecs[from].codec);
	uint32_t rate_out = encoder_takes(codecs[to].codec, rate)
	                            ? rate
	                            : encoder_rate(codecs[to].codec);
	struct resampler *r = NULL;
	struct encoder *e;
	struct ear *ear;
	uint8_t out[ENCODER_PACKET_MAX];
	int16_t heard[EAR_FRAME_MAX];
	int16_t other[EAR_FRAME_MAX];
	double before;

	if (ear_alloc(&ear, rate) ||
	    encoder_alloc(&e, codecs[to].codec, rate_out) ||
	    resampler_alloc(&r, rate, rate_out))
		abort();
	before = cpu_us();
	for (uint32_t i = 0; i < seconds * PER_S; i++) {
		struct jitter_packet p = {
			.codec = codecs[from].codec,
			.seq = (uint16_t)i,
			.ts = i * codecs[from].clock / PER_S,
			.rate = codecs[from].clock,
			.len = speeches[from].len[i % PER_S],
			.payload = speeches[from].packets[i % PER_S]};
		int16_t *samples = heard;

		ear_put(ear, &p, false, (uint64_t)i * FRAME_US);
		(void)ear_take(ear, (uint64_t)i * FRAME_US + 1000, heard);
		if (rate != rate_out) {
			(void)resampler_run(r, heard, rate / PER_S, other,
			                    EAR_FRAME_MAX);
			samples = other;
		}
		(void)encoder_encode(e, samples, rate_out / PER_S, out);
	}
	before = cpu_us() - before;
	resampler_free(r);
	encoder_free(e);
	ear_free(ear);
	return before / seconds;
}

int main(int argc, char **argv)
{
	unsigned seconds = argc > 1 ? (unsigned)atoi(argv[1]) : 20;

	for (size_t i = 0; i < CODECS; i++)
		prepare(i);
	for (size_t i = 0; i < CODECS; i++) {
		for (size_t k = i + 1; k < CODECS; k++) {
			double there = one_way(i, k, seconds);
			double back = one_way(k, i, seconds);

			printf("  %s - %s: %6.1f and %6.1f us of CPU for 20 ms "
			       "each way, %5.0f calls a core\n",
			       codecs[i].name, codecs[k].name, there / PER_S,
			       back / PER_S, 1e6 / (there + back));
		}
	}
	return 0;
}

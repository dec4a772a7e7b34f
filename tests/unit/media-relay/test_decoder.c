/*
 * test_decoder.c - samples to packets and back, lost packets, other rates
 */
#include "unit/test.h"

#include <math.h>

#include "core/decoder.h"
#include "core/encoder.h"
#include "core/resampler.h"

enum { SECOND = 50 }; /* packets */

static void sine(int16_t *out, size_t n, double hz, uint32_t rate, size_t from)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (int16_t)(8000 * sin(2 * M_PI * hz *
		                              (double)(from + i) / rate));
}

/* Amplitude of one frequency (Goertzel by hand). */
static double amplitude(const int16_t *x, size_t n, double hz, uint32_t rate)
{
	double re = 0;
	double im = 0;

	for (size_t i = 0; i < n; i++) {
		double w = 2 * M_PI * hz * (double)i / rate;

		re += x[i] * cos(w);
		im += x[i] * sin(w);
	}
	return 2 * sqrt(re * re + im * im) / (double)n;
}

/* One second of 440 Hz there and back; every @p lost-th packet is lost. */
static double round_trip(enum codec codec, uint32_t from, uint32_t to,
                         size_t lost)
{
	static int16_t all[48000 + DECODER_SAMPLES_MAX];
	struct encoder *e;
	struct decoder *d;
	uint8_t packet[ENCODER_PACKET_MAX];
	int16_t frame[320];
	size_t made = 0;

	assert_int_equal(0, encoder_alloc(&e, codec, from));
	assert_int_equal(0, decoder_alloc(&d, codec, to));
	for (size_t i = 0; i < SECOND; i++) {
		size_t len;

		sine(frame, from / 50, 440, from, i * from / 50);
		len = encoder_encode(e, frame, from / 50, packet);
		assert_true(len > 0 && len <= 320);
		if (lost > 0 && i % lost == lost - 1)
			made += decoder_conceal(d, to / 50, NULL, 0, all + made,
			                        DECODER_SAMPLES_MAX);
		else
			made += decoder_decode(d, packet, len, all + made,
			                       DECODER_SAMPLES_MAX);
	}
	assert_int_equal(to, made);
	encoder_free(e);
	decoder_free(d);
	return amplitude(all + to / 2, to / 4, 440, to);
}

static const struct {
	enum codec codec;
	uint32_t rate;
} inputs[] = {{CODEC_PCMU, 8000},  {CODEC_PCMA, 8000}, {CODEC_G722, 8000},
              {CODEC_G722, 16000}, {CODEC_OPUS, 8000}, {CODEC_OPUS, 16000}};
static const uint32_t rates[] = {8000, 16000, 48000};

static void a_tone_survives_each_codec_at_each_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(inputs); i++) {
		for (size_t k = 0; k < N_OF(rates); k++) {
			double a = round_trip(inputs[i].codec, inputs[i].rate,
			                      rates[k], 0);

			if (a < 6500 || a > 9000)
				fail_msg("codec %d %u to %u: %f",
				         (int)inputs[i].codec, inputs[i].rate,
				         rates[k], a);
		}
	}
}

static void a_tenth_of_the_packets_is_not_missed(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(inputs); i++) {
		double a =
			round_trip(inputs[i].codec, inputs[i].rate, 8000, 10);

		if (a < 6000)
			fail_msg("codec %d: %f", (int)inputs[i].codec, a);
	}
}

static void concealment_fades_to_silence(void **state)
{
	struct decoder *d;
	uint8_t packet[160];
	int16_t out[DECODER_SAMPLES_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(packet); i++)
		packet[i] = (uint8_t)(i * 7);
	assert_int_equal(0, decoder_alloc(&d, CODEC_PCMU, 8000));
	assert_int_equal(160, decoder_decode(d, packet, 160, out, N_OF(out)));
	for (int i = 0; i < 10; i++)
		assert_int_equal(
			160, decoder_conceal(d, 160, NULL, 0, out, N_OF(out)));
	for (int i = 0; i < 160; i++)
		assert_int_equal(0, out[i]);
	decoder_free(d);
}

static void bytes_that_are_no_payload_do_no_harm(void **state)
{
	struct decoder *d;
	uint8_t packet[1488];
	int16_t out[DECODER_SAMPLES_MAX];

	(void)state;
	memset(packet, 0xff, sizeof(packet));
	for (enum codec c = CODEC_PCMU; c <= CODEC_OPUS; c++) {
		assert_int_equal(0, decoder_alloc(&d, c, 16000));
		assert_int_equal(0, decoder_decode(d, packet, 0, out, 100));
		for (size_t n = 1; n <= sizeof(packet); n++)
			assert_true(decoder_decode(d, packet, n, out, 100) <=
			            100);
		decoder_free(d);
	}
	assert_int_equal(EINVAL, decoder_alloc(&d, CODEC_EVENT, 8000));
	assert_int_equal(EINVAL, decoder_alloc(&d, CODEC_PCMU, 11025));
}

static void a_file_of_any_rate_is_resampled(void **state)
{
	static const uint32_t from[] = {8000, 11025, 22050, 44100, 48000};
	static int16_t in[48000];
	static int16_t out[16002];
	struct resampler *r;

	(void)state;
	for (size_t i = 0; i < N_OF(from); i++) {
		size_t made = 0;
		size_t part = from[i] / 10;

		sine(in, from[i], 440, from[i], 0);
		assert_int_equal(0, resampler_alloc(&r, from[i], 16000));
		resampler_skip(r);
		for (size_t at = 0; at < from[i]; at += part) {
			size_t n = from[i] - at < part ? from[i] - at : part;

			made += resampler_run(r, in + at, n, out + made,
			                      N_OF(out) - made);
		}
		assert_in_range(made, 15900, 16001);
		assert_in_range((size_t)amplitude(out + 4000, 8000, 440, 16000),
		                7800, 8200);
		resampler_free(r);
	}
	assert_int_equal(EINVAL, resampler_alloc(&r, 0, 8000));
	assert_int_equal(EINVAL, resampler_alloc(&r, 8000, 1000000));
}

TEST_MAIN(cmocka_unit_test(a_tone_survives_each_codec_at_each_rate),
          cmocka_unit_test(a_tenth_of_the_packets_is_not_missed),
          cmocka_unit_test(concealment_fades_to_silence),
          cmocka_unit_test(bytes_that_are_no_payload_do_no_harm),
          cmocka_unit_test(a_file_of_any_rate_is_resampled))

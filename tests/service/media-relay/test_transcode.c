/*
 * test_transcode.c - two phones without a common codec hear each other
 */
#include <math.h>

#include "core/decoder.h"
#include "core/encoder.h"
#include "core/telephone_event.h"
#include "loop/loop.h"

#include "fixture.h"
#include "unit/test.h"

enum { PACKETS = 60 };
enum { ATTEMPTS = 4, LATE_MS = 15 }; /* a busy machine is no phone */

struct side {
	const char *name;
	enum codec codec;
	uint32_t type, rate, ticks;
};

static const struct side sides[] = {
	{"PCMU", CODEC_PCMU, 0, 8000, 160},
	{"PCMA", CODEC_PCMA, 8, 8000, 160},
	{"G722", CODEC_G722, 9, 8000, 160},
	{"opus", CODEC_OPUS, 111, 48000, 960},
};

static void set_codec(struct fixture *f, unsigned leg, const struct side *s)
{
	Trestle__Codec *c = &f->call.codecs[leg][0];

	c->name = (char *)(uintptr_t)s->name;
	c->payload_type = s->type;
	c->rate = s->rate;
}

static double amplitude(const int16_t *x, size_t n, double hz)
{
	double re = 0;
	double im = 0;

	for (size_t i = 0; i < n; i++) {
		re += x[i] * cos(2 * M_PI * hz * (double)i / 8000);
		im += x[i] * sin(2 * M_PI * hz * (double)i / 8000);
	}
	return 2 * sqrt(re * re + im * im) / (double)n;
}

/* What B hears in a second of a tone that A says. */
struct heard {
	size_t packets, n;
	int16_t samples[8000 * 4];
	uint16_t seq;
	uint32_t ts, ssrc;
};

static void take(struct fixture *f, struct decoder *d, const struct side *to,
                 struct heard *h)
{
	const struct rtp *r = &f->b.got;

	assert_int_equal(to->type, r->type);
	if (h->packets++ > 0) {
		assert_int_equal(h->ssrc, r->ssrc);
		assert_int_equal((uint16_t)(h->seq + 1), r->seq);
		assert_int_equal(h->ts + to->ticks, r->ts);
		assert_false(r->marker);
	}
	h->ssrc = r->ssrc;
	h->seq = r->seq;
	h->ts = r->ts;
	h->n += decoder_decode(d, r->payload, r->payload_len, h->samples + h->n,
	                       N_OF(h->samples) - h->n);
}

/* @return how late the latest packet left [ms] */
static uint64_t talk(struct fixture *f, const struct side *from,
                     const struct side *to, struct heard *h)
{
	uint32_t rate = encoder_rate(from->codec);
	int16_t tone[320];
	uint8_t packet[ENCODER_PACKET_MAX];
	struct encoder *e;
	struct decoder *d;
	uint64_t next = loop_now_ms();
	uint64_t late = 0;

	memset(h, 0, sizeof(*h));
	assert_int_equal(0, encoder_alloc(&e, from->codec, rate));
	assert_int_equal(0, decoder_alloc(&d, to->codec, 8000));
	for (uint32_t i = 0; i < PACKETS; i++, next += 20) {
		uint32_t at = i * rate / 50;

		if (loop_now_ms() > next + late)
			late = loop_now_ms() - next;
		for (uint32_t k = 0; k < rate / 50; k++)
			tone[k] = (int16_t)(8000 * sin(2 * M_PI * 440 *
			                               (at + k) / rate));
		phone_send(&f->a, (uint8_t)from->type, packet,
		           encoder_encode(e, tone, rate / 50, packet));
		f->a.ts += from->ticks - 160;
		while (loop_now_ms() < next + 20) {
			if (phone_hears(&f->b, 5))
				take(f, d, to, h);
		}
	}
	encoder_free(e);
	decoder_free(d);
	return late;
}

static void hear(void **state, const struct side *from, const struct side *to)
{
	static struct heard h;
	struct fixture *f;
	uint64_t late;
	double a;

	for (int attempt = 0;; attempt++) {
		f = fixture_begin(state);
		set_codec(f, 0, from);
		set_codec(f, 1, to);
		fixture_put(f);
		late = talk(f, from, to, &h);
		if (late <= LATE_MS || attempt == ATTEMPTS - 1)
			break; /* the machine let us keep time, or never does */
		fixture_end(f);
	}
	assert_in_range(h.packets, PACKETS - 10, PACKETS);
	a = amplitude(h.samples + h.n / 2, 3200, 440);
	if (a < 6000 || a > 9500)
		fail_msg("%s to %s: %f", from->name, to->name, a);
	fixture_end(f);
}

static void each_codec_is_heard_as_each_other(void **state)
{
	for (size_t i = 0; i < N_OF(sides); i++) {
		for (size_t k = 0; k < N_OF(sides); k++) {
			if (i != k)
				hear(state, &sides[i], &sides[k]);
		}
	}
}

/* The listener's first codec is not the speaker's, but it has that one too. */
static void what_the_listener_has_is_passed_on(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct side alaw = sides[1];
	struct rtp first;

	set_codec(f, 0, &sides[0]);
	set_codec(f, 1, &alaw);
	fixture_put(f);
	for (int i = 0; i < 10; i++) {
		phone_send(&f->a, 0, "\x55\x55\x55\x55", 4);
		world_pass(&f->world, 5);
	}
	set_codec(f, 0, &alaw);
	fixture_put(f);
	while (phone_hears(&f->b, 100))
		;
	phone_send(&f->a, 8, "hello", 5);
	assert_true(phone_hears(&f->b, 1000));
	first = f->b.got;
	assert_int_equal(5, first.payload_len);
	assert_memory_equal("hello", first.payload, 5);
	phone_send(&f->a, 8, "again", 5);
	assert_true(phone_hears(&f->b, 1000));
	assert_int_equal(first.ssrc, f->b.got.ssrc);
	assert_int_equal((uint16_t)(first.seq + 1), f->b.got.seq);
	assert_int_equal(first.ts + 160, f->b.got.ts);
	fixture_end(f);
}

/* Keys pass beside the audio: one timestamp, marked at the start only. */
static void keys_pass_beside(void **state)
{
	static struct heard h;
	struct fixture *f = fixture_begin(state);
	struct telephone_event e = {.code = 7, .volume = 10};
	uint8_t payload[EVENT_PAYLOAD];
	uint32_t ts = 0;

	set_codec(f, 1, &sides[3]);
	f->call.legs[0].want_digits = true;
	fixture_put(f);
	(void)talk(f, &sides[0], &sides[3], &h);
	while (phone_hears(&f->b, 150))
		;
	f->a.marker = true;
	for (unsigned i = 1; i <= 6; i++) {
		e.end = i > 3;
		e.duration = (uint16_t)(160 * (i > 3 ? 4 : i));
		telephone_event_write(payload, &e);
		phone_send(&f->a, 101, payload, sizeof(payload));
		f->a.ts -= 160;
		f->a.marker = false;
		assert_true(phone_hears(&f->b, 1000));
		assert_int_equal(110, f->b.got.type);
		assert_int_equal(i == 1, f->b.got.marker);
		if (i > 1)
			assert_int_equal(ts, f->b.got.ts);
		ts = f->b.got.ts;
		assert_memory_equal(payload, f->b.got.payload, 4);
	}
	assert_true(world_wait_events(&f->world, 1, 1000));
	assert_int_equal('7', f->world.events[0].digit);
	fixture_end(f);
	assert_int_equal(1, f->world.n_events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_codec_is_heard_as_each_other),
		cmocka_unit_test(what_the_listener_has_is_passed_on),
		cmocka_unit_test(keys_pass_beside),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

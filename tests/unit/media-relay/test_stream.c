/*
 * test_stream.c - one steady stream, whatever its sources do
 */
#include "unit/test.h"

#include "core/stream.h"

static const uint32_t chance[2] = {0xabad1dea, 0x12345678};

static struct stream make(void)
{
	struct stream s;

	stream_init(&s, chance, 8000);
	return s;
}

static struct rtp relay(struct stream *s, uint16_t seq, uint32_t ts,
                        struct stream_input in)
{
	struct rtp r = {.seq = seq, .ts = ts, .ssrc = 5, .payload_len = 160};

	if (in.rate == 0)
		in.rate = in.rate_out = 8000;
	stream_relay(s, &in, &r);
	assert_int_equal(chance[0], r.ssrc);
	return r;
}

#define AT_MS(ms) (1000000 + (ms)*1000ULL)

static void numbers_of_one_source_are_only_shifted(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 65534, 0xffffff00U,
	              (struct stream_input){.now_us = AT_MS(0), .fresh = true});
	struct rtp b = relay(&s, 65535, 0xffffffa0U,
	                     (struct stream_input){.now_us = AT_MS(20)});
	struct rtp c =
		relay(&s, 1, 0xe0, (struct stream_input){.now_us = AT_MS(60)});

	(void)state;
	assert_true(a.marker);
	assert_false(b.marker);
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 160, b.ts);
	assert_int_equal((uint16_t)(b.seq + 2), c.seq); /* loss stays visible */
	assert_int_equal(b.ts + 320, c.ts);
	c = relay(
		&s, 0, 0x40,
		(struct stream_input){.now_us = AT_MS(61), .reordered = true});
	assert_int_equal((uint16_t)(b.seq + 1), c.seq);
	assert_int_equal(b.ts + 160, c.ts);
}

static void a_new_source_goes_on_by_the_clock_with_a_marker(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp b;

	(void)state;
	stream_detach(&s);
	b = relay(&s, 40000, 77777,
	          (struct stream_input){.now_us = AT_MS(500)});
	assert_true(b.marker);
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 4000, b.ts);
}

static void a_quick_change_never_repeats_a_timestamp(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp b =
		relay(&s, 9, 5,
	              (struct stream_input){.now_us = AT_MS(1), .fresh = true});

	(void)state;
	assert_int_equal(a.ts + 160, b.ts);
}

static void a_timestamp_jump_is_absorbed(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp b = relay(&s, 11, 0x80000000U,
	                     (struct stream_input){.now_us = AT_MS(20)});
	struct rtp c = relay(&s, 12, 0x80000000U + 160,
	                     (struct stream_input){.now_us = AT_MS(40)});

	(void)state;
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 160, b.ts);
	assert_true(b.marker);
	assert_int_equal(a.ts + 320, c.ts);
	assert_false(c.marker);
}

static void silence_suppression_keeps_its_timestamps(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp b = relay(&s, 11, 1000 + 80000,
	                     (struct stream_input){.now_us = AT_MS(10050)});

	(void)state;
	assert_int_equal(a.ts + 80000, b.ts);
	assert_false(b.marker);
}

static void a_packet_left_out_leaves_no_gap(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 0, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp skipped = {.seq = 11};
	struct rtp late = {.seq = 9};
	struct rtp b;

	(void)state;
	stream_skip(&s, &skipped);
	stream_skip(&s, &late); /* was not sent here: nothing to close */
	b = relay(&s, 12, 320, (struct stream_input){.now_us = AT_MS(40)});
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
}

static void a_keypress_keeps_one_timestamp(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp b;

	(void)state;
	for (uint16_t i = 0; i < 400; i++) { /* 8 s */
		b = relay(&s, (uint16_t)(11 + i), 1160,
		          (struct stream_input){.now_us = AT_MS(20 + 20ULL * i),
		                                .event = true});
		assert_int_equal(a.ts + 160, b.ts);
		assert_false(b.marker);
	}
	b = relay(&s, 411, 1160 + 400 * 160,
	          (struct stream_input){.now_us = AT_MS(20 + 400 * 20)});
	assert_int_equal(a.ts + 401 * 160, b.ts);
}

static void a_keypress_of_another_clock_gets_a_time_of_ours(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct stream_input in = {.now_us = AT_MS(40),
	                          .event = true,
	                          .rate = 48000,
	                          .rate_out = 8000};
	struct rtp b = relay(&s, 11, 999999, in);
	struct rtp c;

	(void)state;
	assert_int_equal(a.ts + 320, b.ts);
	in.now_us += 20000;
	c = relay(&s, 12, 999999, in);
	assert_int_equal(b.ts, c.ts);
	in.now_us += 200000;
	c = relay(&s, 13, 999999 + 9600, in);
	assert_int_equal(a.ts + 320 + 1760, c.ts);
}

static void made_packets_follow_each_other_exactly(void **state)
{
	struct stream s = make();
	struct rtp r = {.payload_len = 160};
	struct rtp a =
		relay(&s, 10, 0, (struct stream_input){.now_us = AT_MS(0)});

	(void)state;
	stream_detach(&s);
	for (uint16_t i = 0; i < 100; i++) {
		/* paced with a wobble that must not show */
		stream_make(&s, 160, 1020000 + 20000ULL * i + i % 7, &r);
		assert_int_equal(i == 0, r.marker);
		assert_int_equal((uint16_t)(a.seq + 1 + i), r.seq);
		assert_int_equal(a.ts + 160U * (i + 1U), r.ts);
	}
	a = relay(&s, 500, 12,
	          (struct stream_input){.now_us = AT_MS(20 + 2000)});
	assert_int_equal((uint16_t)(r.seq + 1), a.seq);
	assert_true(a.marker);
}

static void after_a_restart_the_numbers_only_grow(void **state)
{
	struct stream s = make();
	struct rtp a =
		relay(&s, 10, 1000, (struct stream_input){.now_us = AT_MS(0)});
	struct rtp b;

	(void)state;
	/* written down at once, gone for 6 s, on another monotonic clock */
	stream_resume(&s, 6000000, 5000);
	b = relay(&s, 99, 0, (struct stream_input){.now_us = 25000});
	assert_in_range((uint16_t)(b.seq - a.seq), 300, 2999);
	assert_int_equal(a.ts + 48000 + 160, b.ts);
	assert_true(b.marker);
	stream_resume(&s, 600000000, 25000);
	a = relay(&s, 1, 0, (struct stream_input){.now_us = 45000});
	assert_in_range((uint16_t)(a.seq - b.seq), 1, 2999);
}

/* E09: jumps, restarts, other sources and drops at random. Between two packets
 * that the source did not reorder, the number grows by what the source lost,
 * and the timestamp stays near the clock. */
static void hostile_sources_never_break_the_stream(void **state)
{
	struct stream s = make();
	uint64_t now = 1000000;
	uint16_t seq = 0;
	uint32_t ts = 0;
	struct rtp before =
		relay(&s, seq, ts, (struct stream_input){.now_us = now});
	uint32_t first = before.ts;

	(void)state;
	srand(5);
	for (int i = 0; i < 100000; i++) {
		struct stream_input in = {0};
		struct rtp r;

		now += 20000;
		in.now_us = now;
		seq++;
		ts += 160;
		switch (rand() % 40) {
		case 0:
			seq = (uint16_t)rand();
			in.fresh = true;
			break;
		case 1: ts = (uint32_t)rand() * 3U; break;
		case 2: stream_detach(&s); break;
		default: break;
		}
		r = relay(&s, seq, ts, in);
		assert_int_equal((uint16_t)(before.seq + 1), r.seq);
		assert_true((int32_t)(r.ts - before.ts) > -16001);
		assert_in_range(r.ts - first - 160U * (unsigned)(i + 1) + 16160,
		                0, 2 * 16160);
		before = r;
	}
}

TEST_MAIN(cmocka_unit_test(numbers_of_one_source_are_only_shifted),
          cmocka_unit_test(a_new_source_goes_on_by_the_clock_with_a_marker),
          cmocka_unit_test(a_quick_change_never_repeats_a_timestamp),
          cmocka_unit_test(a_timestamp_jump_is_absorbed),
          cmocka_unit_test(silence_suppression_keeps_its_timestamps),
          cmocka_unit_test(a_packet_left_out_leaves_no_gap),
          cmocka_unit_test(a_keypress_keeps_one_timestamp),
          cmocka_unit_test(a_keypress_of_another_clock_gets_a_time_of_ours),
          cmocka_unit_test(made_packets_follow_each_other_exactly),
          cmocka_unit_test(after_a_restart_the_numbers_only_grow),
          cmocka_unit_test(hostile_sources_never_break_the_stream))

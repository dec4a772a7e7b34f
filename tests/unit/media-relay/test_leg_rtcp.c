/*
 * test_leg_rtcp.c - what a leg does by itself: clips, reports, silence
 */
#include "unit/test.h"

#include "call.h"
#include "core/leg_rtcp.h"

static void a_clip_is_paced_and_ends_once(void **state)
{
	static const uint8_t bytes[12] = "abcdefghijkl";
	static const uint32_t starts[] = {0, 4, 8, 12};
	const struct clip clip = {CODEC_PCMU, 20, 160, false, 3, bytes, starts};
	struct call c;
	struct leg_output out = {.head_len = 0};
	unsigned n = 0;

	(void)state;
	call_make(&c);
	c.b.player.play_id = 9;
	leg_start(&c.b, &clip, 0, c.now_us);
	assert_false(leg_play_ended(&c.b));
	for (uint64_t us = 0; us < 100000; us += 5000) {
		while (leg_play(&c.b, c.now_us + us, &out)) {
			assert_true(n < 3);
			assert_int_equal(4, out.payload_len);
			assert_memory_equal(&bytes[4UL * n], out.payload, 4);
			assert_int_equal(n * 20000, us);
			n++;
		}
	}
	assert_int_equal(3, n);
	assert_true(leg_play_ended(&c.b));
	assert_false(leg_play_ended(&c.b));
}

static void a_tone_goes_round_and_a_stall_is_not_made_up_for(void **state)
{
	static const uint8_t bytes[8] = "abcdefgh";
	static const uint32_t starts[] = {0, 4, 8};
	const struct clip clip = {CODEC_PCMU, 20, 160, true, 2, bytes, starts};
	struct call c;
	struct leg_output out = {.head_len = 0};
	unsigned n = 0;

	(void)state;
	call_make(&c);
	leg_start(&c.b, &clip, 0, c.now_us);
	for (uint64_t ms = 0; ms < 1000; ms += 5) {
		while (leg_play(&c.b, c.now_us + ms * 1000, &out))
			n++;
	}
	assert_int_equal(50, n);
	assert_false(leg_play_ended(&c.b));
	n = 0;
	while (leg_play(&c.b, c.now_us + 9000000, &out))
		n++;
	assert_int_equal(1, n);
}

static void a_clip_goes_on_unheard_while_nobody_can_be_sent_to(void **state)
{
	static const uint8_t bytes[4] = "abcd";
	static const uint32_t starts[] = {0, 4};
	const struct clip clip = {CODEC_PCMU, 20, 160, false, 1, bytes, starts};
	struct call c;
	struct leg_output out;

	(void)state;
	call_make(&c);
	c.b.target.family = ADDRESS_NONE;
	leg_start(&c.b, &clip, 0, c.now_us);
	/* a while it waits for the first packets of a phone behind NAT */
	assert_false(leg_play(&c.b, c.now_us, &out));
	assert_false(leg_play(&c.b, c.now_us + LEG_WAIT_US - 1, &out));
	assert_false(leg_play_ended(&c.b));
	assert_false(leg_play(&c.b, c.now_us + LEG_WAIT_US, &out));
	assert_true(leg_play_ended(&c.b));
	leg_start(&c.b, &clip, 0, c.now_us);
	assert_false(leg_play(&c.b, c.now_us, &out));
	c.b.target = call_phone(2, 5000);
	assert_true(leg_play(&c.b, c.now_us + 500000, &out));
	assert_true(leg_play_ended(&c.b));
}

static void muxed_rtcp_comes_from_the_source_of_the_rtp(void **state)
{
	struct call c;
	uint8_t p[RTCP_OUT_MAX];
	struct rtcp_own own = {.ssrc = 7, .cname = "a"};
	struct leg_rtcp_input in = {.data = p, .muxed = true};
	struct leg_spec s;

	(void)state;
	call_make(&c);
	s = c.a.spec;
	s.rtcp_mux = true;
	leg_apply(&c.a, &s, &call_policy);
	in.len = rtcp_write(p, &own);
	in.from = call_phone(1, 5000);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	call_latch(&c);
	leg_aim(&c.a, &call_policy);
	assert_int_equal(DROP_NOT, leg_rtcp_receive(&c.a, &in));
	in.from = call_phone(1, 5001);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	assert_int_equal(5000, c.a.rtcp_target.port);
}

static void reports_measure_the_round_trip(void **state)
{
	struct call c;
	struct leg_rtcp_input rtcp = {.from = call_phone(1, 5001)};
	uint8_t p[RTCP_OUT_MAX];
	struct rtcp_own own = {.ssrc = 7, .cname = "a", .has_block = true};
	struct rtcp_report r;
	size_t n;

	(void)state;
	call_make(&c);
	call_latch(&c);
	leg_aim(&c.a, &call_policy);
	assert_int_equal(0, leg_rtcp_report(&c.a, p, c.now_us, 0, 0));
	n = leg_rtcp_report(&c.a, p, c.now_us + 3000000, 5ULL << 32, 0);
	assert_true(rtcp_parse(&r, p, n, 7));
	assert_int_equal(0xaaaa, r.sender);
	assert_false(r.has_sr); /* it was sent nothing yet */
	assert_true(r.has_block);
	assert_int_equal(3, r.block.highest);
	assert_int_equal(5001, c.a.rtcp_target.port);
	/* 2 s later it says: your report of second 5, half a second ago */
	own.block = (struct rtcp_block){.ssrc = 0xaaaa,
	                                .lsr = 5 << 16,
	                                .dlsr = 1 << 15,
	                                .jitter = 80,
	                                .lost = 3};
	rtcp.len = rtcp_write(p, &own);
	rtcp.data = p;
	rtcp.now_us = c.now_us + 5000000;
	rtcp.now_ntp = 7 << 16;
	assert_int_equal(DROP_NOT, leg_rtcp_receive(&c.a, &rtcp));
	assert_true(rtcp.latched);
	assert_int_equal(1500000, c.a.round_trip_us);
	assert_int_equal(10000, c.a.remote_jitter_us);
	assert_int_equal(3, c.a.remote_lost);
}

static void foreign_rtcp_changes_nothing(void **state)
{
	struct call c;
	uint8_t p[RTCP_OUT_MAX];
	struct rtcp_own own = {.ssrc = 7, .cname = "a", .bye = true};
	struct rtcp_own other = {.ssrc = 8, .cname = "a", .bye = true};
	struct leg_rtcp_input in = {.data = p};

	(void)state;
	call_make(&c);
	call_latch(&c);
	in.len = rtcp_write(p, &other);
	in.from = call_phone(1, 5001);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	in.len = rtcp_write(p, &own);
	in.from = call_phone(3, 5001);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	in.from = call_phone(1, 5000);
	in.muxed = true; /* was not negotiated */
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	in.len = 4;
	assert_int_equal(DROP_INVALID, leg_rtcp_receive(&c.a, &in));
	assert_int_equal(5000, c.a.latch.source.port);
	assert_int_equal(ADDRESS_NONE, c.a.rtcp_source.family);
	/* the right one latches, and then only it counts; a BYE ends nothing */
	in.muxed = false;
	in.len = rtcp_write(p, &own);
	in.from = call_phone(1, 5501);
	assert_int_equal(DROP_NOT, leg_rtcp_receive(&c.a, &in));
	in.from = call_phone(1, 5601);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	assert_true(c.a.latch.latched);
}

static void silence_is_told_once_and_not_on_hold(void **state)
{
	struct call c;
	uint64_t now;
	struct leg_spec held;

	(void)state;
	call_make(&c);
	call_latch(&c);
	now = c.now_us / 1000;
	assert_false(leg_timed_out(&c.a, now + 59999, 60000));
	assert_true(leg_timed_out(&c.a, now + 60000, 60000));
	assert_false(leg_timed_out(&c.a, now + 120000, 60000));
	held = c.b.spec;
	held.direction = DIRECTION_NONE;
	leg_apply(&c.b, &held, &call_policy);
	assert_false(leg_timed_out(&c.b, now + 600000, 60000));
	held.direction = DIRECTION_BOTH;
	leg_apply(&c.b, &held, &call_policy);
	assert_false(leg_timed_out(&c.b, now + 610000, 60000));
	assert_true(leg_timed_out(&c.b, now + 660001, 60000));
}

TEST_MAIN(cmocka_unit_test(a_clip_is_paced_and_ends_once),
          cmocka_unit_test(a_tone_goes_round_and_a_stall_is_not_made_up_for),
          cmocka_unit_test(a_clip_goes_on_unheard_while_nobody_can_be_sent_to),
          cmocka_unit_test(muxed_rtcp_comes_from_the_source_of_the_rtp),
          cmocka_unit_test(reports_measure_the_round_trip),
          cmocka_unit_test(foreign_rtcp_changes_nothing),
          cmocka_unit_test(silence_is_told_once_and_not_on_hold))

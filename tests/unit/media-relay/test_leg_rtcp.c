/*
 * test_leg_rtcp.c - what a leg does by itself: reports, silence
 */
#include "unit/test.h"

#include "call.h"
#include "core/leg_rtcp.h"

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

TEST_MAIN(cmocka_unit_test(muxed_rtcp_comes_from_the_source_of_the_rtp),
          cmocka_unit_test(reports_measure_the_round_trip),
          cmocka_unit_test(foreign_rtcp_changes_nothing),
          cmocka_unit_test(silence_is_told_once_and_not_on_hold))

/*
 * test_leg.c - packets from one leg to another
 */
#include "unit/test.h"

#include "call.h"

static void audio_is_relayed_with_the_listeners_payload_type(void **state)
{
	struct call c;
	struct leg_input in;
	struct rtp r;

	(void)state;
	call_make(&c);
	call_latch(&c);
	assert_int_equal(DROP_NOT, call_send(&c, &in, 0, call_phone(1, 5000)));
	r = call_passed(&c, &in);
	assert_int_equal(96, r.type);
	assert_int_equal(0xbbbb, r.ssrc);
	assert_int_equal(160, r.payload_len);
	assert_int_equal(0x55, r.payload[0]);
	assert_true(r.marker);
	assert_int_equal(DROP_NOT, call_send(&c, &in, 0, call_phone(1, 5000)));
	assert_int_equal((uint16_t)(r.seq + 1), call_passed(&c, &in).seq);
}

static void wrong_sources_never_pass(void **state)
{
	struct call c;
	struct leg_input in;

	(void)state;
	call_make(&c);
	call_latch(&c);
	assert_int_equal(DROP_SOURCE,
	                 call_send(&c, &in, 0, call_phone(3, 5000)));
	assert_int_equal(DROP_SOURCE,
	                 call_send(&c, &in, 0, call_phone(1, 5002)));
	assert_int_equal(DROP_SOURCE,
	                 call_send(&c, &in, 0, call_phone(99, 30000)));
	assert_int_equal(DROP_SOURCE,
	                 call_send(&c, &in, 77, call_phone(1, 5002)));
	assert_int_equal(4, c.a.dropped);
}

static void types_that_were_not_negotiated_leave_no_gap(void **state)
{
	struct call c;
	struct leg_input in;
	struct leg_output out;
	struct rtp a;
	struct rtp b;

	(void)state;
	call_make(&c);
	call_latch(&c);
	assert_int_equal(DROP_NOT, call_send(&c, &in, 0, call_phone(1, 5000)));
	a = call_passed(&c, &in);
	assert_int_equal(DROP_TYPE,
	                 call_send(&c, &in, 13, call_phone(1, 5000)));
	leg_skip(&c.b, &in);
	/* PCMA is A's, but not B's */
	assert_int_equal(DROP_NOT, call_send(&c, &in, 8, call_phone(1, 5000)));
	assert_int_equal(DROP_CODEC, leg_send(&c.b, &in, &out));
	assert_int_equal(DROP_NOT, call_send(&c, &in, 0, call_phone(1, 5000)));
	b = call_passed(&c, &in);
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 480, b.ts);
}

static void duplicates_are_dropped(void **state)
{
	struct call c;
	struct leg_input in;

	(void)state;
	call_make(&c);
	call_latch(&c);
	c.seq--;
	assert_int_equal(DROP_DUPLICATE,
	                 call_send(&c, &in, 0, call_phone(1, 5000)));
}

static void a_flood_is_cut_to_the_negotiated_rate(void **state)
{
	struct call c;
	struct leg_input in;
	unsigned passed_n = 0;

	(void)state;
	call_make(&c);
	call_latch(&c);
	for (int i = 0; i < 10000; i++) { /* 1 ms apart: 10 s */
		c.now_us -= 19000;
		passed_n +=
			call_send(&c, &in, 0, call_phone(1, 5000)) == DROP_NOT;
	}
	assert_in_range(passed_n, 10 * LEG_RATE_MIN,
	                10 * LEG_RATE_MIN + LEG_RATE_BURST + 1);
}

static void keys_are_heard_and_translated(void **state)
{
	struct call c;
	struct leg_input in;
	struct rtp r;
	struct telephone_event e = {5, true, 10, 800};

	(void)state;
	call_make(&c);
	call_latch(&c);
	call_send(&c, &in, 101, call_phone(1, 5000));
	/* the press: 100 ms, seen again with its payload */
	telephone_event_write(c.packet + RTP_HEADER, &e);
	c.packet[3]++;
	in = (struct leg_input){.from = call_phone(1, 5000),
	                        .now_us = c.now_us,
	                        .data = c.packet,
	                        .len = RTP_HEADER + EVENT_PAYLOAD};
	assert_int_equal(DROP_NOT, leg_receive(&c.a, &in, &call_policy));
	assert_int_equal('5', in.key.digit);
	assert_int_equal(100, in.key.duration_ms);
	r = call_passed(&c, &in);
	assert_int_equal(110, r.type);
	assert_int_equal(4, r.payload_len);
	assert_true(telephone_event_parse(&e, r.payload, r.payload_len));
	assert_int_equal(4800, e.duration);
	assert_true(e.end);
}

static void hold_stops_audio_and_leaves_no_gap(void **state)
{
	struct call c;
	struct leg_input in;
	struct leg_spec held;
	struct rtp a;
	struct rtp b;

	(void)state;
	call_make(&c);
	call_latch(&c);
	call_send(&c, &in, 0, call_phone(1, 5000));
	a = call_passed(&c, &in);
	held = c.a.spec;
	held.direction = DIRECTION_SEND;
	leg_apply(&c.a, &held, &call_policy);
	for (int i = 0; i < 50; i++)
		assert_int_equal(DROP_HELD,
		                 call_send(&c, &in, 0, call_phone(1, 5000)));
	held.direction = DIRECTION_BOTH;
	leg_apply(&c.a, &held, &call_policy);
	assert_int_equal(DROP_NOT, call_send(&c, &in, 0, call_phone(1, 5000)));
	b = call_passed(&c, &in);
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 51 * 160, b.ts);
	assert_true(b.marker);
}

static void bad_sdp_addresses_are_never_sent_to(void **state)
{
	static const uint8_t bad[][4] = {
		{127, 0, 0, 1}, {0, 0, 0, 0},  {169, 254, 169, 254},
		{224, 0, 0, 1}, {10, 0, 0, 1}, {255, 255, 255, 255},
		{20, 0, 0, 99},
	};
	struct call c;

	(void)state;
	call_make(&c);
	for (size_t i = 0; i < N_OF(bad); i++) {
		struct leg_spec s = c.b.spec;
		struct leg_input in;
		struct leg_output out;

		memcpy(s.offer.sdp.ip, bad[i], 4);
		s.offer.sdp.port = 30004;
		leg_apply(&c.b, &s, &call_policy);
		assert_int_equal(ADDRESS_NONE, c.b.target.family);
		assert_int_equal(ADDRESS_NONE, c.b.rtcp_target.family);
		(void)call_send(&c, &in, 0, call_phone(1, 5000));
		assert_int_equal(DROP_HELD, leg_send(&c.b, &in, &out));
	}
}

static void a_phone_behind_nat_is_sent_to_once_it_was_heard(void **state)
{
	struct call c;
	struct leg_spec s;
	struct leg_input in;

	(void)state;
	call_make(&c);
	s = c.a.spec;
	s.offer.sdp = (struct address){ADDRESS_IP4, 5000, {192, 168, 1, 2}};
	s.offer.sources[0] = call_phone(1, 0);
	s.offer.n_sources = 1;
	leg_apply(&c.a, &s, &call_policy);
	assert_int_equal(ADDRESS_NONE, c.a.target.family);
	for (int i = 0; i < 3; i++)
		(void)call_send(&c, &in, 0, call_phone(1, 61234));
	assert_true(in.latched);
	leg_aim(&c.a, &call_policy);
	assert_int_equal(61234, c.a.target.port);
	/* where its RTCP is, nobody knows yet */
	assert_int_equal(ADDRESS_NONE, c.a.rtcp_target.family);
}

static void an_ip4_relay_sends_nothing_to_ip6(void **state)
{
	struct address_policy only = call_policy;
	struct address six = {ADDRESS_IP6, 5000, {0x2a, 1}};

	(void)state;
	assert_true(address_sendable(&only, &six));
	only.only_ip4 = true;
	assert_false(address_sendable(&only, &six));
}

static void a_restored_leg_goes_on_where_it_was(void **state)
{
	struct call c;
	struct leg_input in;
	struct leg_memory a;
	struct leg_memory b;
	struct rtp before;
	struct rtp after;

	(void)state;
	call_make(&c);
	call_latch(&c);
	(void)call_send(&c, &in, 0, call_phone(1, 5000));
	before = call_passed(&c, &in);
	leg_remember(&c.a, &a);
	leg_remember(&c.b, &b);
	call_make(&c);
	leg_restore(&c.a, &a, &call_policy, 1000000, c.now_us);
	leg_restore(&c.b, &b, &call_policy, 1000000, c.now_us);
	c.seq = 500; /* no probation */
	assert_int_equal(DROP_NOT, call_send(&c, &in, 0, call_phone(1, 5000)));
	after = call_passed(&c, &in);
	assert_int_equal(before.ssrc, after.ssrc);
	assert_in_range((uint16_t)(after.seq - before.seq), 1, 2999);
	assert_in_range(after.ts - before.ts, 8000, 8400);
	assert_int_equal(5000, c.a.target.port);
}

static void listeners_come_and_go(void **state)
{
	struct call c;

	(void)state;
	call_make(&c);
	assert_ptr_equal(&c.b, c.a.listeners);
	leg_attach(&c.a, &c.a); /* echo */
	assert_ptr_equal(&c.a, c.a.listeners);
	assert_ptr_equal(&c.b, c.a.listeners->next_listener);
	leg_attach(&c.b, NULL);
	assert_null(c.a.listeners->next_listener);
	leg_attach(&c.a, NULL);
	assert_null(c.a.listeners);
	assert_null(c.b.listeners);
}

TEST_MAIN(cmocka_unit_test(audio_is_relayed_with_the_listeners_payload_type),
          cmocka_unit_test(wrong_sources_never_pass),
          cmocka_unit_test(types_that_were_not_negotiated_leave_no_gap),
          cmocka_unit_test(duplicates_are_dropped),
          cmocka_unit_test(a_flood_is_cut_to_the_negotiated_rate),
          cmocka_unit_test(keys_are_heard_and_translated),
          cmocka_unit_test(hold_stops_audio_and_leaves_no_gap),
          cmocka_unit_test(bad_sdp_addresses_are_never_sent_to),
          cmocka_unit_test(a_phone_behind_nat_is_sent_to_once_it_was_heard),
          cmocka_unit_test(an_ip4_relay_sends_nothing_to_ip6),
          cmocka_unit_test(a_restored_leg_goes_on_where_it_was),
          cmocka_unit_test(listeners_come_and_go))

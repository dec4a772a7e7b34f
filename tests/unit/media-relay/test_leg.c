/*
 * test_leg.c - packets from one leg to another
 */
#include "unit/test.h"

#include "core/leg.h"
#include "core/leg_rtcp.h"

static const struct address_policy policy = {
	.allowed = {{{ADDRESS_IP4, 0, {20, 0, 0, 0}}, 8}},
	.n_allowed = 1,
	.own = {{ADDRESS_IP4, 0, {20, 0, 0, 99}}},
	.n_own = 1,
	.port_min = 30000,
	.port_max = 39999,
};

static const struct format pcmu = {CODEC_PCMU, 0, 1, 8000, "PCMU"};
static const struct format pcmu96 = {CODEC_PCMU, 96, 1, 8000, "PCMU"};
static const struct format pcma = {CODEC_PCMA, 8, 1, 8000, "PCMA"};
static const struct format event101 = {CODEC_EVENT, 101, 1, 8000,
                                       "telephone-event"};
static const struct format event110 = {CODEC_EVENT, 110, 1, 48000,
                                       "telephone-event"};

/* Two phones, A at 20.0.0.1:5000 and B at 20.0.0.2:5000 */
struct call {
	struct leg a, b;
	uint64_t now_us;
	uint16_t seq;
	uint32_t ts;
	uint8_t packet[400];
};

static struct leg_spec spec(const char *name, unsigned host,
                            const struct format *formats, size_t n)
{
	struct leg_spec s = {.source = SOURCE_LEG,
	                     .ptime_ms = 20,
	                     .n_formats = n,
	                     .expect_media = true};

	(void)snprintf(s.name, sizeof(s.name), "%s", name);
	memcpy(s.formats, formats, n * sizeof(*formats));
	s.offer.sdp =
		(struct address){ADDRESS_IP4, 5000, {20, 0, 0, (uint8_t)host}};
	return s;
}

static void make(struct call *c)
{
	const uint32_t chance_a[2] = {0xaaaa, 1};
	const uint32_t chance_b[2] = {0xbbbb, 2};
	const struct format of_a[] = {pcmu, pcma, event101};
	const struct format of_b[] = {pcmu96, event110};
	struct leg_spec a = spec("CAa", 1, of_a, 3);
	struct leg_spec b = spec("CAb", 2, of_b, 2);

	memset(c, 0, sizeof(*c));
	c->now_us = 1000000000;
	leg_init(&c->a, 1, chance_a, c->now_us);
	leg_init(&c->b, 2, chance_b, c->now_us);
	leg_apply(&c->a, &a, &policy);
	leg_apply(&c->b, &b, &policy);
	leg_attach(&c->a, &c->b);
	leg_attach(&c->b, &c->a);
}

/* A sends the next packet, 20 ms after the one before. */
static enum drop send_type(struct call *c, struct leg_input *in, uint8_t type,
                           struct address from)
{
	struct rtp r = {
		.type = type, .seq = ++c->seq, .ts = c->ts += 160, .ssrc = 7};

	c->now_us += 20000;
	rtp_write(c->packet, &r);
	memset(c->packet + RTP_HEADER, 0x55, 160);
	*in = (struct leg_input){.from = from,
	                         .now_us = c->now_us,
	                         .data = c->packet,
	                         .len = RTP_HEADER + 160};
	return leg_receive(&c->a, in, &policy);
}

static struct address phone(unsigned host, unsigned port)
{
	return (struct address){
		ADDRESS_IP4, (uint16_t)port, {20, 0, 0, (uint8_t)host}};
}

static void latch(struct call *c)
{
	struct leg_input in;

	assert_int_equal(DROP_PROBATION, send_type(c, &in, 0, phone(1, 5000)));
	assert_int_equal(DROP_PROBATION, send_type(c, &in, 0, phone(1, 5000)));
	assert_int_equal(DROP_NOT, send_type(c, &in, 0, phone(1, 5000)));
	assert_true(in.latched);
}

static struct rtp passed(struct call *c, struct leg_input *in)
{
	static uint8_t whole[RTP_PACKET_MAX];
	struct leg_output out;
	struct rtp r;

	assert_int_equal(DROP_NOT, leg_send(&c->b, in, &out));
	memcpy(whole, out.head, out.head_len);
	memcpy(whole + out.head_len, out.payload, out.payload_len);
	assert_true(rtp_parse(&r, whole, out.head_len + out.payload_len));
	return r;
}

static void audio_is_relayed_with_the_listeners_payload_type(void **state)
{
	struct call c;
	struct leg_input in;
	struct rtp r;

	(void)state;
	make(&c);
	latch(&c);
	assert_int_equal(DROP_NOT, send_type(&c, &in, 0, phone(1, 5000)));
	r = passed(&c, &in);
	assert_int_equal(96, r.type);
	assert_int_equal(0xbbbb, r.ssrc);
	assert_int_equal(160, r.payload_len);
	assert_int_equal(0x55, r.payload[0]);
	assert_true(r.marker);
	assert_int_equal(DROP_NOT, send_type(&c, &in, 0, phone(1, 5000)));
	assert_int_equal((uint16_t)(r.seq + 1), passed(&c, &in).seq);
}

static void wrong_sources_never_pass(void **state)
{
	struct call c;
	struct leg_input in;

	(void)state;
	make(&c);
	latch(&c);
	assert_int_equal(DROP_SOURCE, send_type(&c, &in, 0, phone(3, 5000)));
	assert_int_equal(DROP_SOURCE, send_type(&c, &in, 0, phone(1, 5002)));
	assert_int_equal(DROP_SOURCE, send_type(&c, &in, 0, phone(99, 30000)));
	assert_int_equal(DROP_SOURCE, send_type(&c, &in, 77, phone(1, 5002)));
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
	make(&c);
	latch(&c);
	assert_int_equal(DROP_NOT, send_type(&c, &in, 0, phone(1, 5000)));
	a = passed(&c, &in);
	assert_int_equal(DROP_TYPE, send_type(&c, &in, 13, phone(1, 5000)));
	leg_skip(&c.b, &in);
	/* PCMA is A's, but not B's */
	assert_int_equal(DROP_NOT, send_type(&c, &in, 8, phone(1, 5000)));
	assert_int_equal(DROP_CODEC, leg_send(&c.b, &in, &out));
	assert_int_equal(DROP_NOT, send_type(&c, &in, 0, phone(1, 5000)));
	b = passed(&c, &in);
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 480, b.ts);
}

static void duplicates_are_dropped(void **state)
{
	struct call c;
	struct leg_input in;

	(void)state;
	make(&c);
	latch(&c);
	c.seq--;
	assert_int_equal(DROP_DUPLICATE, send_type(&c, &in, 0, phone(1, 5000)));
}

static void a_flood_is_cut_to_the_negotiated_rate(void **state)
{
	struct call c;
	struct leg_input in;
	unsigned passed_n = 0;

	(void)state;
	make(&c);
	latch(&c);
	for (int i = 0; i < 10000; i++) { /* 1 ms apart: 10 s */
		c.now_us -= 19000;
		passed_n += send_type(&c, &in, 0, phone(1, 5000)) == DROP_NOT;
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
	make(&c);
	latch(&c);
	send_type(&c, &in, 101, phone(1, 5000));
	/* the press: 100 ms, seen again with its payload */
	telephone_event_write(c.packet + RTP_HEADER, &e);
	c.packet[3]++;
	in = (struct leg_input){.from = phone(1, 5000),
	                        .now_us = c.now_us,
	                        .data = c.packet,
	                        .len = RTP_HEADER + EVENT_PAYLOAD};
	assert_int_equal(DROP_NOT, leg_receive(&c.a, &in, &policy));
	assert_int_equal('5', in.key.digit);
	assert_int_equal(100, in.key.duration_ms);
	r = passed(&c, &in);
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
	make(&c);
	latch(&c);
	send_type(&c, &in, 0, phone(1, 5000));
	a = passed(&c, &in);
	held = c.a.spec;
	held.direction = DIRECTION_SEND;
	leg_apply(&c.a, &held, &policy);
	for (int i = 0; i < 50; i++)
		assert_int_equal(DROP_HELD,
		                 send_type(&c, &in, 0, phone(1, 5000)));
	held.direction = DIRECTION_BOTH;
	leg_apply(&c.a, &held, &policy);
	assert_int_equal(DROP_NOT, send_type(&c, &in, 0, phone(1, 5000)));
	b = passed(&c, &in);
	assert_int_equal((uint16_t)(a.seq + 1), b.seq);
	assert_int_equal(a.ts + 51 * 160, b.ts);
	assert_true(b.marker);
}

/* E10 */
static void bad_sdp_addresses_are_never_sent_to(void **state)
{
	static const uint8_t bad[][4] = {
		{127, 0, 0, 1}, {0, 0, 0, 0},  {169, 254, 169, 254},
		{224, 0, 0, 1}, {10, 0, 0, 1}, {255, 255, 255, 255},
		{20, 0, 0, 99},
	};
	struct call c;

	(void)state;
	make(&c);
	for (size_t i = 0; i < N_OF(bad); i++) {
		struct leg_spec s = c.b.spec;
		struct leg_input in;
		struct leg_output out;

		memcpy(s.offer.sdp.ip, bad[i], 4);
		s.offer.sdp.port = 30004;
		leg_apply(&c.b, &s, &policy);
		assert_int_equal(ADDRESS_NONE, c.b.target.family);
		assert_int_equal(ADDRESS_NONE, c.b.rtcp_target.family);
		(void)send_type(&c, &in, 0, phone(1, 5000));
		assert_int_equal(DROP_HELD, leg_send(&c.b, &in, &out));
	}
}

static void a_phone_behind_nat_is_sent_to_once_it_was_heard(void **state)
{
	struct call c;
	struct leg_spec s;
	struct leg_input in;

	(void)state;
	make(&c);
	s = c.a.spec;
	s.offer.sdp = (struct address){ADDRESS_IP4, 5000, {192, 168, 1, 2}};
	s.offer.sources[0] = phone(1, 0);
	s.offer.n_sources = 1;
	leg_apply(&c.a, &s, &policy);
	assert_int_equal(ADDRESS_NONE, c.a.target.family);
	for (int i = 0; i < 3; i++)
		(void)send_type(&c, &in, 0, phone(1, 61234));
	assert_true(in.latched);
	leg_aim(&c.a, &policy);
	assert_int_equal(61234, c.a.target.port);
	/* where its RTCP is, nobody knows yet */
	assert_int_equal(ADDRESS_NONE, c.a.rtcp_target.family);
}

static void a_clip_is_paced_and_ends_once(void **state)
{
	static const uint8_t bytes[12] = "abcdefghijkl";
	static const uint32_t starts[] = {0, 4, 8, 12};
	const struct clip clip = {CODEC_PCMU, 20, 160, false, 3, bytes, starts};
	struct call c;
	struct leg_output out = {.head_len = 0};
	unsigned n = 0;

	(void)state;
	make(&c);
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
	make(&c);
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
	make(&c);
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
	c.b.target = phone(2, 5000);
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
	make(&c);
	s = c.a.spec;
	s.rtcp_mux = true;
	leg_apply(&c.a, &s, &policy);
	in.len = rtcp_write(p, &own);
	in.from = phone(1, 5000);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	latch(&c);
	leg_aim(&c.a, &policy);
	assert_int_equal(DROP_NOT, leg_rtcp_receive(&c.a, &in));
	in.from = phone(1, 5001);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	assert_int_equal(5000, c.a.rtcp_target.port);
}

static void an_ip4_relay_sends_nothing_to_ip6(void **state)
{
	struct address_policy only = policy;
	struct address six = {ADDRESS_IP6, 5000, {0x2a, 1}};

	(void)state;
	assert_true(address_sendable(&only, &six));
	only.only_ip4 = true;
	assert_false(address_sendable(&only, &six));
}

static void reports_measure_the_round_trip(void **state)
{
	struct call c;
	struct leg_rtcp_input rtcp = {.from = phone(1, 5001)};
	uint8_t p[RTCP_OUT_MAX];
	struct rtcp_own own = {.ssrc = 7, .cname = "a", .has_block = true};
	struct rtcp_report r;
	size_t n;

	(void)state;
	make(&c);
	latch(&c);
	leg_aim(&c.a, &policy);
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
	make(&c);
	latch(&c);
	in.len = rtcp_write(p, &other);
	in.from = phone(1, 5001);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	in.len = rtcp_write(p, &own);
	in.from = phone(3, 5001);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	in.from = phone(1, 5000);
	in.muxed = true; /* was not negotiated */
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	in.len = 4;
	assert_int_equal(DROP_INVALID, leg_rtcp_receive(&c.a, &in));
	assert_int_equal(5000, c.a.latch.source.port);
	assert_int_equal(ADDRESS_NONE, c.a.rtcp_source.family);
	/* the right one latches, and then only it counts; a BYE ends nothing */
	in.muxed = false;
	in.len = rtcp_write(p, &own);
	in.from = phone(1, 5501);
	assert_int_equal(DROP_NOT, leg_rtcp_receive(&c.a, &in));
	in.from = phone(1, 5601);
	assert_int_equal(DROP_SOURCE, leg_rtcp_receive(&c.a, &in));
	assert_true(c.a.latch.latched);
}

static void silence_is_told_once_and_not_on_hold(void **state)
{
	struct call c;
	uint64_t now;
	struct leg_spec held;

	(void)state;
	make(&c);
	latch(&c);
	now = c.now_us / 1000;
	assert_false(leg_timed_out(&c.a, now + 59999, 60000));
	assert_true(leg_timed_out(&c.a, now + 60000, 60000));
	assert_false(leg_timed_out(&c.a, now + 120000, 60000));
	held = c.b.spec;
	held.direction = DIRECTION_NONE;
	leg_apply(&c.b, &held, &policy);
	assert_false(leg_timed_out(&c.b, now + 600000, 60000));
	held.direction = DIRECTION_BOTH;
	leg_apply(&c.b, &held, &policy);
	assert_false(leg_timed_out(&c.b, now + 610000, 60000));
	assert_true(leg_timed_out(&c.b, now + 660001, 60000));
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
	make(&c);
	latch(&c);
	(void)send_type(&c, &in, 0, phone(1, 5000));
	before = passed(&c, &in);
	leg_remember(&c.a, &a);
	leg_remember(&c.b, &b);
	make(&c);
	leg_restore(&c.a, &a, &policy, 1000000, c.now_us);
	leg_restore(&c.b, &b, &policy, 1000000, c.now_us);
	c.seq = 500; /* no probation */
	assert_int_equal(DROP_NOT, send_type(&c, &in, 0, phone(1, 5000)));
	after = passed(&c, &in);
	assert_int_equal(before.ssrc, after.ssrc);
	assert_in_range((uint16_t)(after.seq - before.seq), 1, 2999);
	assert_in_range(after.ts - before.ts, 8000, 8400);
	assert_int_equal(5000, c.a.target.port);
}

static void listeners_come_and_go(void **state)
{
	struct call c;

	(void)state;
	make(&c);
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
          cmocka_unit_test(a_clip_is_paced_and_ends_once),
          cmocka_unit_test(a_tone_goes_round_and_a_stall_is_not_made_up_for),
          cmocka_unit_test(a_clip_goes_on_unheard_while_nobody_can_be_sent_to),
          cmocka_unit_test(muxed_rtcp_comes_from_the_source_of_the_rtp),
          cmocka_unit_test(an_ip4_relay_sends_nothing_to_ip6),
          cmocka_unit_test(reports_measure_the_round_trip),
          cmocka_unit_test(foreign_rtcp_changes_nothing),
          cmocka_unit_test(silence_is_told_once_and_not_on_hold),
          cmocka_unit_test(a_restored_leg_goes_on_where_it_was),
          cmocka_unit_test(listeners_come_and_go))

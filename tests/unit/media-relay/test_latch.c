/*
 * test_latch.c - from which address RTP is accepted, and attacks on that
 */
#include "unit/test.h"

#include "core/latch.h"

#define OK   LATCH_ACCEPTED
#define NEW  LATCH_CHANGED
#define WAIT LATCH_WAITING
#define NO   LATCH_FOREIGN

static struct address host(unsigned last, unsigned port)
{
	struct address a = {ADDRESS_IP4, (uint16_t)port, {20, 0, 0, 0}};

	a.ip[3] = (uint8_t)last;
	return a;
}

/* SDP says 20.0.0.1:4000, the signalling comes from 20.0.0.2. */
static struct latch expecting(void)
{
	struct latch l = {0};
	struct latch_offer offer = {
		.sdp = host(1, 4000), .sources = {host(2, 0)}, .n_sources = 1};

	latch_offer(&l, &offer);
	return l;
}

static enum latch_verdict put(struct latch *l, struct address from,
                              uint32_t ssrc, uint16_t seq, uint64_t ms)
{
	struct latch_packet p = {from, ssrc, seq * 160U, seq, 8000, ms};

	return latch_packet(l, &p);
}

static struct latch latched(struct address from, uint32_t ssrc)
{
	struct latch l = expecting();

	for (uint16_t i = 0; i < 3; i++)
		(void)put(&l, from, ssrc, (uint16_t)(100 + i), 20UL * i);
	assert_true(l.latched);
	return l;
}

static void three_in_a_row_latch(void **state)
{
	struct latch l = expecting();

	(void)state;
	assert_int_equal(WAIT, put(&l, host(1, 4000), 7, 65535, 0));
	assert_int_equal(WAIT, put(&l, host(1, 4000), 7, 0, 20));
	assert_int_equal(NEW, put(&l, host(1, 4000), 7, 1, 40));
	assert_int_equal(OK, put(&l, host(1, 4000), 7, 2, 60));
}

static void a_gap_starts_probation_again(void **state)
{
	struct latch l = expecting();

	(void)state;
	(void)put(&l, host(1, 4000), 7, 1, 0);
	(void)put(&l, host(1, 4000), 7, 2, 20);
	assert_int_equal(WAIT, put(&l, host(1, 4000), 7, 4, 40));
	assert_int_equal(WAIT, put(&l, host(1, 4000), 7, 5, 60));
	assert_int_equal(NEW, put(&l, host(1, 4000), 7, 6, 80));
}

static void another_ssrc_starts_probation_again(void **state)
{
	struct latch l = expecting();

	(void)state;
	(void)put(&l, host(1, 4000), 7, 1, 0);
	(void)put(&l, host(1, 4000), 7, 2, 20);
	assert_int_equal(WAIT, put(&l, host(1, 4000), 8, 3, 40));
}

static void a_nat_may_change_the_port_and_the_signalling_ip_counts(void **s)
{
	(void)s;
	(void)latched(host(1, 61000), 7);
	(void)latched(host(2, 1234), 7);
}

static void foreign_ips_never_latch(void **state)
{
	struct latch l = expecting();

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(NO, put(&l, host(3, 4000), 7, (uint16_t)i, i));
	assert_false(l.latched);
}

static void any_source_latches_from_anywhere(void **state)
{
	struct latch l = {0};
	struct latch_offer offer = {.sdp = host(1, 4000), .any = true};

	(void)state;
	latch_offer(&l, &offer);
	(void)put(&l, host(9, 9), 7, 1, 0);
	(void)put(&l, host(9, 9), 7, 2, 20);
	assert_int_equal(NEW, put(&l, host(9, 9), 7, 3, 40));
}

static void the_sdp_address_wins_over_a_competitor(void **state)
{
	struct latch l = expecting();

	(void)state;
	/* the attacker shares the allowed IP and is first */
	assert_int_equal(WAIT, put(&l, host(1, 6666), 9, 1, 0));
	assert_int_equal(WAIT, put(&l, host(1, 6666), 9, 2, 1));
	assert_int_equal(WAIT, put(&l, host(1, 4000), 7, 1, 2));
	for (unsigned i = 3; i < 20; i++)
		assert_int_equal(WAIT,
		                 put(&l, host(1, 6666), 9, (uint16_t)i, i));
	assert_int_equal(WAIT, put(&l, host(1, 4000), 7, 2, 22));
	assert_int_equal(NEW, put(&l, host(1, 4000), 7, 3, 42));
	assert_int_equal(NO, put(&l, host(1, 6666), 9, 20, 43));
}

static void equal_competitors_need_a_longer_run(void **state)
{
	struct latch l = expecting();
	enum latch_verdict v = WAIT;
	unsigned n = 0;

	(void)state;
	(void)put(&l, host(2, 1000), 9, 50, 0);
	for (; v == WAIT && n < 50; n++) {
		v = put(&l, host(1, 5000), 7, (uint16_t)n, 1 + n);
		if (n % 4 == 0)
			(void)put(&l, host(2, 1000), 9, (uint16_t)(n * 7),
			          1 + n);
	}
	assert_int_equal(NEW, v);
	assert_int_equal(LATCH_CONTEST, n);
}

static void once_latched_other_ports_are_foreign(void **state)
{
	struct latch l = latched(host(1, 4000), 7);

	(void)state;
	/* E02: right SSRC, sequence and time, even the right IP */
	for (uint16_t i = 103; i < 200; i++)
		assert_int_equal(NO, put(&l, host(1, 4002), 7, i,
		                         40 + 20U * (i - 102U)));
	assert_int_equal(OK, put(&l, host(1, 4000), 7, 103, 60));
}

static void the_source_may_change_its_ssrc(void **state)
{
	struct latch l = latched(host(1, 4000), 7);

	(void)state;
	assert_int_equal(OK, put(&l, host(1, 4000), 99, 5, 60));
}

static void a_stream_goes_on_from_another_port_after_silence(void **state)
{
	struct latch l = latched(host(1, 4000), 7); /* seq 102 at 40 ms */

	(void)state;
	assert_int_equal(NO, put(&l, host(1, 5000), 7, 150, 2039));
	assert_int_equal(WAIT, put(&l, host(1, 5000), 7, 202, 2040));
	assert_int_equal(WAIT, put(&l, host(1, 5000), 7, 203, 2060));
	assert_int_equal(NEW, put(&l, host(1, 5000), 7, 204, 2080));
	assert_int_equal(NO, put(&l, host(1, 4000), 7, 205, 2100));
}

static void silence_lets_in_no_other_stream(void **state)
{
	struct latch l = latched(host(1, 4000), 7);
	struct latch_packet back = {host(1, 5000), 7,    101 * 160,
	                            103,           8000, 3000};
	struct latch_packet far = {host(1, 5000), 7,    102 * 160 + 80000,
	                           103,           8000, 3000};

	(void)state;
	assert_int_equal(NO, put(&l, host(1, 5000), 8, 110, 3000));
	assert_int_equal(NO, put(&l, host(1, 5000), 7, 102, 3000));
	assert_int_equal(NO, put(&l, host(1, 5000), 7, 102 + 3001, 3000));
	assert_int_equal(NO, put(&l, host(3, 5000), 7, 110, 3000));
	assert_int_equal(NO, latch_packet(&l, &back));
	assert_int_equal(NO, latch_packet(&l, &far));
}

static void the_same_offer_changes_nothing(void **state)
{
	struct latch l = latched(host(1, 4000), 7);
	struct latch_offer offer = l.offer;

	(void)state;
	latch_offer(&l, &offer);
	assert_false(l.armed);
	assert_int_equal(NO, put(&l, host(1, 5000), 8, 1, 60));
}

static void a_new_offer_lets_the_new_source_take_over(void **state)
{
	struct latch l = latched(host(1, 4000), 7);
	struct latch_offer offer = l.offer;

	(void)state;
	offer.sdp = host(1, 4010);
	latch_offer(&l, &offer);
	/* stragglers of the old source are still heard, and do not win */
	for (uint16_t i = 0; i < 5; i++)
		assert_int_equal(OK, put(&l, host(1, 4000), 7,
		                         (uint16_t)(103 + i), 60 + i));
	assert_int_equal(WAIT, put(&l, host(1, 4010), 8, 1, 70));
	assert_int_equal(WAIT, put(&l, host(1, 4010), 8, 2, 90));
	assert_int_equal(NEW, put(&l, host(1, 4010), 8, 3, 110));
	assert_int_equal(NO, put(&l, host(1, 4000), 7, 109, 111));
}

static void a_source_that_did_not_move_is_strict_again(void **state)
{
	struct latch l = latched(host(1, 4000), 7);
	struct latch_offer offer = l.offer;

	(void)state;
	offer.sdp = host(1, 4010);
	latch_offer(&l, &offer);
	for (unsigned i = 0; i < LATCH_OLD_PACKETS; i++)
		assert_int_equal(OK, put(&l, host(1, 4000), 7,
		                         (uint16_t)(103 + i), 60 + 20U * i));
	assert_int_equal(NO, put(&l, host(1, 4010), 8, 1, 700));
}

static void an_offer_that_excludes_the_source_unlatches(void **state)
{
	struct latch l = latched(host(1, 4000), 7);
	struct latch_offer offer = {.sdp = host(5, 4000)};

	(void)state;
	latch_offer(&l, &offer);
	assert_false(l.latched);
	assert_int_equal(NO, put(&l, host(1, 4000), 7, 103, 60));
}

static void a_restored_source_is_accepted_at_once(void **state)
{
	struct latch l = expecting();
	struct address from = host(1, 61000);

	(void)state;
	latch_restore(&l, &from, 0);
	assert_int_equal(OK, put(&l, from, 7, 5000, 10));
	assert_int_equal(NO, put(&l, host(1, 61002), 7, 5001, 20));
}

/*
 * E01: a sprayer hits the port with random headers from every port of foreign
 * IPs, before and during the call. Nothing of it is ever accepted, and the
 * phone latches within five packets all the same.
 */
static void a_spray_neither_gets_in_nor_keeps_the_phone_out(void **state)
{
	(void)state;
	srand(2);
	for (int round = 0; round < 200; round++) {
		struct latch l = expecting();
		unsigned tries = 0;

		for (unsigned i = 0; i < 1000; i++) {
			struct latch_packet p = {
				.from = host(3U + (unsigned)rand() % 250,
			                     (unsigned)rand() % 65536),
				.ssrc = (uint32_t)(rand() % 3),
				.seq = (uint16_t)(i / 10),
				.rate = 8000,
				.now_ms = i * 2UL,
			};

			assert_int_equal(NO, latch_packet(&l, &p));
			if (i % 10 != 0 || l.latched)
				continue;
			tries++;
			(void)put(&l, host(2, 777), 7, (uint16_t)(i / 10),
			          i * 2UL);
		}
		assert_true(l.latched);
		assert_int_equal(3, tries);
	}
}

/* Whatever came: what was accepted is from the source, and every source was
 * allowed and proved itself. */
static void check_rules(const struct latch *before, const struct latch *l,
                        struct address from, enum latch_verdict v)
{
	switch (v) {
	case LATCH_ACCEPTED:
		assert_true(before->latched);
		assert_true(address_equal(&before->source, &from));
		break;
	case LATCH_CHANGED: assert_true(latch_allows(l, &from)); break;
	case LATCH_WAITING:
	case LATCH_FOREIGN:
		assert_int_equal(before->latched, l->latched);
		assert_int_equal(before->source.port, l->source.port);
		break;
	}
	if (from.ip[3] > 2)
		assert_int_equal(LATCH_FOREIGN, v);
}

static void random_traffic_keeps_the_rules(void **state)
{
	(void)state;
	srand(3);
	for (int round = 0; round < 300; round++) {
		struct latch l = expecting();
		uint64_t now = 0;

		for (int i = 0; i < 500; i++) {
			struct address from =
				host(1U + (unsigned)rand() % 4,
			             4000U + (unsigned)rand() % 3);
			struct latch before = l;
			enum latch_verdict v;

			now += (uint64_t)(rand() % 50 ? rand() % 30 : 2500);
			v = put(&l, from, (uint32_t)(rand() % 2),
			        (uint16_t)(now / 20), now);
			check_rules(&before, &l, from, v);
		}
	}
}

TEST_MAIN(cmocka_unit_test(three_in_a_row_latch),
          cmocka_unit_test(a_gap_starts_probation_again),
          cmocka_unit_test(another_ssrc_starts_probation_again),
          cmocka_unit_test(
		  a_nat_may_change_the_port_and_the_signalling_ip_counts),
          cmocka_unit_test(foreign_ips_never_latch),
          cmocka_unit_test(any_source_latches_from_anywhere),
          cmocka_unit_test(the_sdp_address_wins_over_a_competitor),
          cmocka_unit_test(equal_competitors_need_a_longer_run),
          cmocka_unit_test(once_latched_other_ports_are_foreign),
          cmocka_unit_test(the_source_may_change_its_ssrc),
          cmocka_unit_test(a_stream_goes_on_from_another_port_after_silence),
          cmocka_unit_test(silence_lets_in_no_other_stream),
          cmocka_unit_test(the_same_offer_changes_nothing),
          cmocka_unit_test(a_new_offer_lets_the_new_source_take_over),
          cmocka_unit_test(a_source_that_did_not_move_is_strict_again),
          cmocka_unit_test(an_offer_that_excludes_the_source_unlatches),
          cmocka_unit_test(a_restored_source_is_accepted_at_once),
          cmocka_unit_test(a_spray_neither_gets_in_nor_keeps_the_phone_out),
          cmocka_unit_test(random_traffic_keeps_the_rules))

/*
 * test_rtcp.c - RTCP, ours and theirs, good and bad
 */
#include "unit/test.h"

#include "core/rtcp.h"

static struct rtcp_own full(void)
{
	struct rtcp_own own = {
		.ssrc = 0x11223344,
		.cname = "abc@trestle",
		.sender = true,
		.ntp = 0x0102030405060708,
		.ts = 9,
		.packets = 10,
		.octets = 11,
		.has_block = true,
		.block = {.ssrc = 5,
	                  .fraction = 6,
	                  .lost = -2,
	                  .highest = 8,
	                  .jitter = 9,
	                  .lsr = 10,
	                  .dlsr = 11},
	};

	return own;
}

static void a_report_reads_back(void **state)
{
	uint8_t p[RTCP_OUT_MAX];
	struct rtcp_own own = full();
	size_t n = rtcp_write(p, &own);
	struct rtcp_report r;

	(void)state;
	assert_int_equal(0, n % 4);
	assert_true(rtcp_parse(&r, p, n, 5));
	assert_int_equal(0x11223344, r.sender);
	assert_true(r.has_sr);
	assert_int_equal(0x03040506, r.sr_ntp);
	assert_true(r.has_block);
	assert_int_equal(6, r.block.fraction);
	assert_int_equal(-2, r.block.lost);
	assert_int_equal(8, r.block.highest);
	assert_int_equal(9, r.block.jitter);
	assert_int_equal(10, r.block.lsr);
	assert_int_equal(11, r.block.dlsr);
	assert_false(r.bye);
	assert_true(rtcp_parse(&r, p, n, 6));
	assert_false(r.has_block); /* it is about another stream */
}

static void a_receiver_that_leaves_says_rr_and_bye(void **state)
{
	uint8_t p[RTCP_OUT_MAX];
	struct rtcp_own own = {.ssrc = 1, .bye = true};
	struct rtcp_report r;
	size_t n;

	(void)state;
	own.cname = "a name that is much longer than what there is room for";
	n = rtcp_write(p, &own);
	assert_true(n <= RTCP_OUT_MAX);
	assert_int_equal(201, p[1]);
	assert_true(rtcp_parse(&r, p, n, 5));
	assert_false(r.has_sr);
	assert_true(r.bye);
}

static void every_length_of_cname_is_padded_right(void **state)
{
	static const char name[] = "0123456789012345678901234567890123456789";

	(void)state;
	for (size_t i = 0; i < sizeof(name); i++) {
		uint8_t p[RTCP_OUT_MAX];
		struct rtcp_own own = full();
		struct rtcp_report r;
		size_t n;

		own.cname = name + i;
		own.bye = true;
		n = rtcp_write(p, &own);
		assert_int_equal(0, n % 4);
		assert_true(rtcp_parse(&r, p, n, 5) && r.bye);
	}
}

/* E03 */
static void malformed_packets_are_refused_whole(void **state)
{
	static const struct {
		const char *what;
		uint8_t p[40];
		size_t n;
	} rows[] = {
		{"nothing", {0x80, 200}, 0},
		{"four bytes", {0x80, 201, 0, 0}, 4},
		{"RR without SSRC", {0x80, 201, 0, 0, 0, 0, 0, 0}, 8},
		{"SDES first", {0x81, 202, 0, 1, 0, 0, 0, 0}, 8},
		{"BYE alone", {0x81, 203, 0, 1, 0, 0, 0, 0}, 8},
		{"version 1", {0x40, 201, 0, 1, 0, 0, 0, 0}, 8},
		{"length past the end", {0x80, 201, 0, 2, 0, 0, 0, 0}, 8},
		{"huge length", {0x80, 201, 0xff, 0xff, 0, 0, 0, 0}, 8},
		{"SR without sender info", {0x80, 200, 0, 1, 0, 0, 0, 0}, 8},
		{"31 blocks and room for none",
	         {0x9f, 201, 0, 1, 0, 0, 0, 0},
	         8},
		{"trailing bytes", {0x80, 201, 0, 1, 0, 0, 0, 0, 1}, 9},
		{"second packet is cut",
	         {0x80, 201, 0, 1, 0, 0, 0, 0, 0x81, 202, 0, 4},
	         12},
		{"second is no RTCP",
	         {0x80, 201, 0, 1, 0, 0, 0, 0, 0x80, 0, 0, 0},
	         12},
		{"padding of 0", {0xa0, 201, 0, 1, 0, 0, 0, 0}, 8},
		{"padding longer than the packet",
	         {0xa0, 201, 0, 1, 0, 0, 0, 8},
	         8},
		{"BYE counts more than it has",
	         {0x80, 201, 0, 1, 0, 0, 0, 0, 0x82, 203, 0, 1, 0, 0, 0, 0},
	         16},
	};
	struct rtcp_report r;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (rtcp_parse(&r, rows[i].p, rows[i].n, 0))
			fail_msg("accepted: %s", rows[i].what);
	}
}

static void a_bye_of_another_stream_is_not_the_senders(void **state)
{
	const uint8_t p[] = {0x80, 201, 0, 1, 0, 0, 0, 1,
	                     0x81, 203, 0, 1, 0, 0, 0, 2};
	struct rtcp_report r;

	(void)state;
	assert_true(rtcp_parse(&r, p, sizeof(p), 0));
	assert_false(r.bye);
}

static void endless_compounds_are_refused(void **state)
{
	uint8_t p[4 * (RTCP_PACKETS_MAX + 3)] = {0x80, 201, 0, 1};
	struct rtcp_report r;

	(void)state;
	for (size_t i = 8; i + 4 <= sizeof(p); i += 4) {
		p[i] = 0x80;
		p[i + 1] = 202;
	}
	assert_false(rtcp_parse(&r, p, sizeof(p), 0));
	assert_true(rtcp_parse(&r, p, 4UL * (RTCP_PACKETS_MAX + 1), 0));
}

static void the_round_trip_is_what_the_rfc_says(void **state)
{
	/* RFC 3550 figure 2: LSR b705:2000, DLSR 5:4000, A b710:8000 -> 6.125 s */
	struct rtcp_block b = {.lsr = 0xb7052000, .dlsr = 0x00054000};

	(void)state;
	assert_int_equal(6125000, rtcp_round_trip_us(&b, 0xb7108000));
	assert_int_equal(0, rtcp_round_trip_us(&b, 0xb7052000));
	b.lsr = 0;
	assert_int_equal(0, rtcp_round_trip_us(&b, 0xb7108000));
}

static void random_packets_never_read_past_the_end(void **state)
{
	(void)state;
	srand(6);
	for (int i = 0; i < 300000; i++) {
		size_t n = 4U * (size_t)(rand() % 20);
		uint8_t *p = malloc(n + 1);
		struct rtcp_report r;

		assert_non_null(p);
		for (size_t k = 0; k < n; k++)
			p[k] = (uint8_t)(k % 4 == 2 ? 0 : rand() % 16);
		for (size_t k = 0; k + 1 < n;
		     k += 4UL * (unsigned)(1 + rand() % 7)) {
			p[k] = (uint8_t)(0x80 | (rand() % 64));
			p[k + 1] = (uint8_t)(200 + rand() % 5);
		}
		(void)rtcp_parse(&r, p, n, 0);
		free(p);
	}
}

TEST_MAIN(cmocka_unit_test(a_report_reads_back),
          cmocka_unit_test(a_receiver_that_leaves_says_rr_and_bye),
          cmocka_unit_test(every_length_of_cname_is_padded_right),
          cmocka_unit_test(malformed_packets_are_refused_whole),
          cmocka_unit_test(a_bye_of_another_stream_is_not_the_senders),
          cmocka_unit_test(endless_compounds_are_refused),
          cmocka_unit_test(the_round_trip_is_what_the_rfc_says),
          cmocka_unit_test(random_packets_never_read_past_the_end))

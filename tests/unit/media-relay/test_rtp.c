/*
 * test_rtp.c - the RTP header
 */
#include "unit/test.h"

#include "core/rtp.h"

static void a_written_header_reads_back(void **state)
{
	uint8_t p[RTP_HEADER + 3] = {[12] = 1, 2, 3};
	struct rtp in = {.type = 101,
	                 .marker = true,
	                 .seq = 0xfedc,
	                 .ts = 0x89abcdef,
	                 .ssrc = 0x76543210};
	struct rtp out;

	(void)state;
	rtp_write(p, &in);
	assert_true(rtp_parse(&out, p, sizeof(p)));
	assert_int_equal(in.type, out.type);
	assert_true(out.marker);
	assert_int_equal(in.seq, out.seq);
	assert_int_equal(in.ts, out.ts);
	assert_int_equal(in.ssrc, out.ssrc);
	assert_int_equal(3, out.payload_len);
	assert_ptr_equal(p + 12, out.payload);
}

static void csrc_extension_and_padding_are_skipped(void **state)
{
	/* 1 CSRC, extension of one word, two bytes of payload, padding 2 */
	uint8_t p[] = {0xb1, 0, 0,    1,    0, 0, 0, 2, 0, 0, 0,   3,   9, 9,
	               9,    9, 0xbe, 0xde, 0, 1, 7, 7, 7, 7, 'h', 'i', 0, 2};
	struct rtp r;

	(void)state;
	assert_true(rtp_parse(&r, p, sizeof(p)));
	assert_int_equal(2, r.payload_len);
	assert_memory_equal("hi", r.payload, 2);
}

static void malformed_packets_are_refused(void **state)
{
	static const struct {
		const char *what;
		uint8_t p[20];
		size_t n;
	} rows[] = {
		{"empty", {0x80}, 0},
		{"short", {0x80}, 11},
		{"version 1", {0x40}, 12},
		{"version 3", {0xc0}, 12},
		{"CSRCs do not fit", {0x82}, 16},
		{"extension header does not fit", {0x90}, 14},
		{"extension does not fit", {0x90, [15] = 2}, 20},
		{"huge extension", {0x90, [14] = 0xff, [15] = 0xff}, 20},
		{"padding 0", {0xa0}, 16},
		{"padding longer than the packet", {0xa0, [15] = 200}, 16},
		{"padding into the header", {0xa0, [15] = 5}, 16},
	};
	struct rtp r;

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (rtp_parse(&r, rows[i].p, rows[i].n))
			fail_msg("accepted: %s", rows[i].what);
	}
}

static void oversized_packets_are_refused(void **state)
{
	static uint8_t p[RTP_PACKET_MAX + 1] = {0x80};
	struct rtp r;

	(void)state;
	assert_true(rtp_parse(&r, p, RTP_PACKET_MAX));
	assert_false(rtp_parse(&r, p, RTP_PACKET_MAX + 1));
}

static void rtcp_is_told_apart(void **state)
{
	const uint8_t sr[2] = {0x80, 200};
	const uint8_t pcmu[2] = {0x80, 0x80};
	const uint8_t dynamic[2] = {0x80, 0xe5};

	(void)state;
	assert_true(rtp_is_rtcp(sr, 2));
	assert_false(rtp_is_rtcp(sr, 1));
	assert_false(rtp_is_rtcp(pcmu, 2));
	assert_false(rtp_is_rtcp(dynamic, 2));
}

static void random_bytes_never_read_past_the_packet(void **state)
{
	srand(1);
	(void)state;
	for (int i = 0; i < 200000; i++) {
		size_t n = (size_t)(rand() % 64);
		uint8_t *p = malloc(n + 1); /* exact: ASan sees overruns */
		struct rtp r;

		assert_non_null(p);
		for (size_t k = 0; k < n; k++)
			p[k] = (uint8_t)rand();
		if (n > 0)
			p[0] = (uint8_t)(0x80 | (p[0] & 0x3f));
		if (rtp_parse(&r, p, n)) {
			assert_true(r.payload >= p + RTP_HEADER);
			assert_true(r.payload + r.payload_len <= p + n);
		}
		free(p);
	}
}

TEST_MAIN(cmocka_unit_test(a_written_header_reads_back),
          cmocka_unit_test(csrc_extension_and_padding_are_skipped),
          cmocka_unit_test(malformed_packets_are_refused),
          cmocka_unit_test(oversized_packets_are_refused),
          cmocka_unit_test(rtcp_is_told_apart),
          cmocka_unit_test(random_bytes_never_read_past_the_packet))

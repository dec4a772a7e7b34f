/*
 * test_stats.c - loss, jitter, duplicates and MOS
 */
#include "unit/test.h"

#include "core/stats.h"

static void packets_are_told_apart(void **state)
{
	static const struct {
		const char *what;
		uint16_t seq;
		enum stats_verdict verdict;
	} rows[] = {
		{"first", 65530, STATS_RESTART},
		{"next", 65531, STATS_NEXT},
		{"again", 65531, STATS_DUPLICATE},
		{"over the end, with a gap", 2, STATS_NEXT},
		{"in the gap", 65535, STATS_REORDERED},
		{"in the gap, again", 65535, STATS_DUPLICATE},
		{"a wide gap", 2 + 3000, STATS_NEXT},
		{"too old to know", 2 + 3000 - 64, STATS_LATE},
		{"just known", 2 + 3000 - 63, STATS_REORDERED},
		{"a jump ahead", 3002 + 3001, STATS_RESTART},
		{"after it", 6004, STATS_NEXT},
		{"a jump back", 6004 - 101, STATS_RESTART},
	};
	struct stats s = {0};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		if (stats_packet(&s, 7, rows[i].seq) != rows[i].verdict)
			fail_msg("%s", rows[i].what);
	}
	assert_int_equal(STATS_RESTART, stats_packet(&s, 8, 5905));
}

static void loss_counts_gaps_but_not_reordering(void **state)
{
	struct stats s = {0};

	(void)state;
	for (uint32_t i = 65000; i < 67000; i++) {
		if (i % 10 != 0)
			(void)stats_packet(&s, 7, (uint16_t)i);
	}
	assert_int_equal(1999, stats_expected(&s)); /* 65001 to 66999 */
	assert_int_equal(1800, stats_received(&s));
	assert_int_equal(199, stats_lost(&s));
	assert_int_equal(65536 + 66999 % 65536, stats_highest(&s));
	(void)stats_packet(&s, 7, (uint16_t)66990);
	assert_int_equal(198, stats_lost(&s));
	(void)stats_packet(&s, 7, (uint16_t)66990);
	assert_int_equal(198, stats_lost(&s));
}

static void figures_add_up_over_a_change_of_ssrc(void **state)
{
	struct stats s = {0};

	(void)state;
	(void)stats_packet(&s, 1, 10);
	(void)stats_packet(&s, 1, 13);
	(void)stats_packet(&s, 2, 500);
	(void)stats_packet(&s, 2, 502);
	assert_int_equal(7, stats_expected(&s));
	assert_int_equal(4, stats_received(&s));
	assert_int_equal(3, stats_lost(&s));
}

static void the_fraction_is_of_the_last_interval(void **state)
{
	struct stats s = {0};

	(void)state;
	for (uint16_t i = 0; i < 100; i++) {
		if (i % 4)
			(void)stats_packet(&s, 1, i);
	}
	/* 1 to 99: 75 of 99 came */
	assert_int_equal((24 * 256 - 1) / 99, stats_fraction_lost(&s));
	for (uint16_t i = 100; i < 200; i++)
		(void)stats_packet(&s, 1, i);
	assert_int_equal(0, stats_fraction_lost(&s));
	assert_int_equal(0, stats_fraction_lost(&s));
}

static void even_arrivals_have_no_jitter(void **state)
{
	struct stats s = {0};

	(void)state;
	for (uint32_t i = 0; i < 500; i++)
		stats_timing(&s, 0xfffff000U + i * 160, 8000,
		             1000000 + i * 20000ULL);
	assert_int_equal(0, stats_jitter_us(&s));
}

static void jitter_follows_rfc_3550_a8(void **state)
{
	struct stats s = {0};
	double want = 0;

	(void)state;
	/* every other packet is 5 ms late: |D| is 40 ticks each time */
	for (uint32_t i = 0; i < 400; i++) {
		stats_timing(&s, i * 160, 8000,
		             1000000 + i * 20000ULL + (i & 1) * 5000ULL);
		if (i > 0)
			want += (40 - want) / 16;
	}
	assert_in_range(stats_jitter_us(&s), (unsigned)(want * 125) - 150,
	                (unsigned)(want * 125) + 150);
}

static void a_new_timestamp_base_is_not_jitter(void **state)
{
	struct stats s = {0};

	(void)state;
	for (uint32_t i = 0; i < 50; i++)
		stats_timing(&s, (i < 25 ? 0 : 0x80000000U) + i * 160, 8000,
		             i * 20000ULL);
	assert_int_equal(0, stats_jitter_us(&s));
}

static void mos_is_near_what_g107_gives(void **state)
{
	static const struct {
		struct mos_input in;
		uint32_t low, high;
	} rows[] = {
		{{CODEC_PCMU, 0, 0, 0, 0, 20}, 0, 0},
		{{CODEC_PCMU, 1000, 0, 0, 0, 20}, 435, 445},
		{{CODEC_PCMA, 1000, 10, 0, 0, 20}, 430, 440},
		{{CODEC_PCMU, 1000, 50, 0, 0, 20}, 385, 415},
		{{CODEC_G722, 1000, 50, 0, 0, 20}, 300, 390},
		{{CODEC_PCMU, 1000, 0, 0, 200000, 20}, 430, 441},
		{{CODEC_PCMU, 1000, 0, 0, 800000, 20}, 250, 370},
		{{CODEC_PCMU, 1000, 1000, 0, 0, 20}, 100, 200},
		{{CODEC_PCMU, 1000, 2000, 4000000000U, 4000000000U, 20},
	         100,
	         100},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_in_range(mos_x100(&rows[i].in), rows[i].low,
		                rows[i].high);
}

static void mos_falls_with_loss(void **state)
{
	uint32_t before = 500;

	(void)state;
	for (uint64_t lost = 0; lost <= 1000; lost += 10) {
		struct mos_input in = {CODEC_OPUS, 1000, lost, 0, 0, 20};
		uint32_t now = mos_x100(&in);

		assert_true(now <= before && now >= 100);
		before = now;
	}
}

TEST_MAIN(cmocka_unit_test(packets_are_told_apart),
          cmocka_unit_test(loss_counts_gaps_but_not_reordering),
          cmocka_unit_test(figures_add_up_over_a_change_of_ssrc),
          cmocka_unit_test(the_fraction_is_of_the_last_interval),
          cmocka_unit_test(even_arrivals_have_no_jitter),
          cmocka_unit_test(jitter_follows_rfc_3550_a8),
          cmocka_unit_test(a_new_timestamp_base_is_not_jitter),
          cmocka_unit_test(mos_is_near_what_g107_gives),
          cmocka_unit_test(mos_falls_with_loss))

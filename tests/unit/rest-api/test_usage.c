/*
 * test_usage.c - usage records: their days, their sums
 */
#include "unit/test.h"

#include "core/usage.h"

enum { NONE = -1 };

static int64_t day(const char *text)
{
	int64_t out = NONE;

	assert_true(usage_day_read(text, 0, &out));
	return out;
}

static void days_are_dates_or_so_many_from_today(void **state)
{
	const int64_t today = day("2026-03-01");
	static const char *const wrong[] = {
		"",
		"x",
		"2026-02-29",
		"2026-1-01",
		"-x",
		"-days",
		"-3",
		"+3day",
		"2026-02-28T00:00:00Z",
		"30days",
		"-99999999days",
	};
	int64_t out;

	(void)state;
	assert_true(usage_day_read("-1days", today, &out));
	assert_int_equal(day("2026-02-28"), out);
	assert_true(usage_day_read("+2days", today, &out));
	assert_int_equal(day("2026-03-03"), out);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(usage_day_read(wrong[i], today, &out));
}

static const struct {
	enum usage_period period;
	size_t n;
	const char *first, *last; /* NULL: there is none */
} records[] = {
	{USAGE_ALL, 0, "2024-12-30", "2026-03-01"},
	{USAGE_ALL, 1, NULL, NULL},
	{USAGE_DAILY, 0, "2026-03-01", "2026-03-01"},
	{USAGE_DAILY, 1, "2026-02-28", "2026-02-28"},
	{USAGE_DAILY, 426, "2024-12-30", "2024-12-30"},
	{USAGE_DAILY, 427, NULL, NULL},
	{USAGE_MONTHLY, 0, "2026-03-01", "2026-03-01"},
	{USAGE_MONTHLY, 1, "2026-02-01", "2026-02-28"},
	{USAGE_MONTHLY, 15, "2024-12-30", "2024-12-31"},
	{USAGE_MONTHLY, 16, NULL, NULL},
	{USAGE_YEARLY, 0, "2026-01-01", "2026-03-01"},
	{USAGE_YEARLY, 1, "2025-01-01", "2025-12-31"},
	{USAGE_YEARLY, 2, "2024-12-30", "2024-12-31"},
	{USAGE_YEARLY, 3, NULL, NULL},
	{USAGE_TODAY, 0, "2026-03-01", "2026-03-01"},
	{USAGE_YESTERDAY, 0, "2026-02-28", "2026-02-28"},
	{USAGE_THIS_MONTH, 0, "2026-03-01", "2026-03-01"},
	{USAGE_LAST_MONTH, 0, "2026-02-01", "2026-02-28"},
	{USAGE_LAST_MONTH, 1, NULL, NULL},
};

static void records_are_within_what_is_asked_for(void **state)
{
	const struct usage_days whole = {day("2024-12-30"), day("2026-03-01")};
	const struct usage_days none = {day("2026-03-02"), day("2026-03-01")};
	struct usage_days out;

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		bool is = usage_record(records[i].period, &whole, whole.last,
		                       records[i].n, &out);

		assert_int_equal(records[i].first != NULL, is);
		if (!is)
			continue;
		assert_int_equal(day(records[i].first), out.first);
		assert_int_equal(day(records[i].last), out.last);
	}
	assert_false(usage_record(USAGE_ALL, &none, none.last, 0, &out));
}

static void whole_months_are_one_part(void **state)
{
	static const char *const parts[] = {
		"2026-01-30",
		"2026-01-31",
		"2026-02",
		"2026-03-01",
	};
	const struct usage_days some = {day("2026-01-30"), day("2026-03-01")};
	char out[USAGE_TEXT_SIZE];
	int64_t at = some.first;

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		assert_true(usage_part(&some, day("2026-06-01"), &at, out));
		assert_string_equal(parts[i], out);
	}
	assert_false(usage_part(&some, day("2026-06-01"), &at, out));
	/* nothing follows today: this month is whole */
	at = day("2026-03-01");
	assert_true(usage_part(&some, day("2026-03-01"), &at, out));
	assert_string_equal("2026-03", out);
	assert_false(usage_part(&some, day("2026-03-01"), &at, out));
}

static void a_category_is_the_sum_of_its_parts(void **state)
{
	struct usage_sums sums = {0};
	struct usage_total t;

	(void)state;
	usage_add(&sums, "calls-sip-inbound count", "2");
	usage_add(&sums, "calls-sip-inbound usage", "3");
	usage_add(&sums, "calls-sip-outbound price", "850");
	usage_add(&sums, "calls-outbound count", "1");
	usage_add(&sums, "calls-outbound price", "5");
	usage_add(&sums, "recordings count", "7");
	usage_add(&sums, "something count", "9");
	usage_add(&sums, "recordings", "9");
	t = usage_total(usage_category("calls-sip"), &sums);
	assert_int_equal(2, t.count);
	assert_int_equal(3, t.used);
	assert_int_equal(850, t.price);
	t = usage_total(usage_category("calls"), &sums);
	assert_int_equal(3, t.count);
	t = usage_total(usage_category("totalprice"), &sums);
	assert_int_equal(855, t.price);
	t = usage_total(usage_category("sms"), &sums);
	assert_int_equal(0, t.count);
	assert_null(usage_category("No such"));
	assert_null(usage_category(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_are_dates_or_so_many_from_today),
		cmocka_unit_test(records_are_within_what_is_asked_for),
		cmocka_unit_test(whole_months_are_one_part),
		cmocka_unit_test(a_category_is_the_sum_of_its_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

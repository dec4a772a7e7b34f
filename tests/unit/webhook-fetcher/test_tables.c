/*
 * test_tables.c - circuit breaker, lanes, kept replies
 */
#include "core/breaker.h"
#include "core/lanes.h"
#include "core/replies.h"
#include "unit/oom.h"
#include "unit/test.h"

static void five_timeouts_in_a_row_open_the_breaker_for_ten_s(void **state)
{
	struct breaker *b;

	(void)state;
	assert_int_equal(0, breaker_alloc(&b));
	for (int i = 0; i < 4; i++)
		breaker_report(b, "h", true, 1000);
	assert_true(breaker_allows(b, "h", 1000));
	breaker_report(b, "h", true, 1000);
	assert_int_equal(1, breaker_n_open(b));
	assert_false(breaker_allows(b, "h", 10999));
	assert_true(breaker_allows(b, "other", 10999));
	assert_true(breaker_allows(b, "h", 11000));
	assert_false(breaker_allows(b, "h", 11000)); /* one probe only */
	breaker_report(b, "h", true, 12000);
	assert_false(breaker_allows(b, "h", 21999));
	assert_true(breaker_allows(b, "h", 22000));
	breaker_report(b, "h", false, 22001);
	assert_int_equal(0, breaker_n_open(b));
	assert_true(breaker_allows(b, "h", 22001));
	assert_true(breaker_allows(b, "h", 22001));
	breaker_free(b);
}

static void an_answer_between_timeouts_starts_the_count_anew(void **state)
{
	struct breaker *b;

	(void)state;
	assert_int_equal(0, breaker_alloc(&b));
	for (int i = 0; i < 20; i++)
		breaker_report(b, "h", i % 5 != 4, 1000);
	assert_true(breaker_allows(b, "h", 1000));
	breaker_free(b);
}

static void the_breaker_forgets_the_oldest_of_too_many_hosts(void **state)
{
	struct breaker *b;
	char name[16];

	(void)state;
	assert_int_equal(0, breaker_alloc(&b));
	for (int i = 0; i < 5; i++)
		breaker_report(b, "first", true, 1000);
	for (int i = 0; i < BREAKER_HOSTS_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		breaker_report(b, name, true, 1000);
	}
	assert_true(breaker_allows(b, "first", 1000));
	assert_int_equal(0, breaker_n_open(b));
	breaker_free(b);
}

static void a_lane_runs_two_queues_one_and_refuses_the_fourth(void **state)
{
	struct lane_item i1 = {0}, i2 = {0}, i3 = {0}, i4 = {0}, o = {0};
	struct lanes *l;

	(void)state;
	assert_int_equal(0, lanes_alloc(&l, 2, 1));
	assert_int_equal(LANES_RUN, lanes_enter(l, "a", &i1));
	assert_int_equal(LANES_RUN, lanes_enter(l, "a", &i2));
	assert_int_equal(LANES_WAIT, lanes_enter(l, "a", &i3));
	assert_int_equal(LANES_FULL, lanes_enter(l, "a", &i4));
	assert_int_equal(LANES_RUN, lanes_enter(l, "other", &o));
	assert_int_equal(1, lanes_n_waiting(l));
	assert_ptr_equal(&i3, lanes_leave(l, &i1));
	assert_int_equal(0, lanes_n_waiting(l));
	assert_int_equal(LANES_WAIT, lanes_enter(l, "a", &i4));
	assert_null(lanes_leave(l, &i4)); /* gave up waiting */
	assert_null(lanes_leave(l, &i2));
	assert_null(lanes_leave(l, &i3));
	assert_null(lanes_leave(l, &i3)); /* twice is harmless */
	assert_null(lanes_leave(l, &o));
	assert_int_equal(LANES_RUN, lanes_enter(l, "a", &i1));
	lanes_free(l);
}

static const struct reply reply = {.status = 200,
                                   .body_len = 4,
                                   .content_type = "text/xml",
                                   .url = "http://a/",
                                   .text = "",
                                   .body = (const unsigned char *)"abcd"};

static void a_key_has_an_owner_then_a_reply_for_a_minute(void **state)
{
	const struct kept *kept;
	struct replies *r;
	int owner;

	(void)state;
	assert_int_equal(0, replies_alloc(&r));
	assert_null(replies_find(r, "k", 0));
	assert_int_equal(0, replies_begin(r, "k", &owner, 0));
	kept = replies_find(r, "k", 100000);
	assert_non_null(kept);
	assert_ptr_equal(&owner, kept->owner);
	replies_end(r, "k", &reply, 100000);
	kept = replies_find(r, "k", 159999);
	assert_non_null(kept);
	assert_null(kept->owner);
	assert_int_equal(200, kept->reply->status);
	assert_string_equal("text/xml", kept->reply->content_type);
	assert_memory_equal("abcd", kept->reply->body, 4);
	assert_null(replies_find(r, "k", 160000));
	assert_int_equal(0, replies_begin(r, "k", &owner, 160000));
	replies_forget(r, "k");
	assert_null(replies_find(r, "k", 160000));
	replies_end(r, "k", &reply, 0); /* nobody asked: nothing is kept */
	assert_null(replies_find(r, "k", 160000));
	replies_free(r);
}

static void kept_replies_have_a_limit(void **state)
{
	struct replies *r;
	char key[16];
	int owner;

	(void)state;
	assert_int_equal(0, replies_alloc(&r));
	for (int i = 0; i < REPLIES_MAX + 10; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_int_equal(0, replies_begin(r, key, &owner, 0));
		replies_end(r, key, &reply, 0);
	}
	assert_null(replies_find(r, "0", 0));
	assert_non_null(replies_find(r, key, 0));
	replies_free(r);
}

static void running_out_of_memory_is_survived(void **state)
{
	struct breaker *b = NULL;
	struct lanes *l = NULL;
	struct replies *r = NULL;

	(void)state;
	OOM_EACH(breaker_alloc(&b), breaker_free(b));
	OOM_EACH(lanes_alloc(&l, 1, 1), lanes_free(l));
	OOM_EACH(replies_alloc(&r), replies_free(r));
}

TEST_MAIN(cmocka_unit_test(five_timeouts_in_a_row_open_the_breaker_for_ten_s),
          cmocka_unit_test(an_answer_between_timeouts_starts_the_count_anew),
          cmocka_unit_test(the_breaker_forgets_the_oldest_of_too_many_hosts),
          cmocka_unit_test(a_lane_runs_two_queues_one_and_refuses_the_fourth),
          cmocka_unit_test(a_key_has_an_owner_then_a_reply_for_a_minute),
          cmocka_unit_test(kept_replies_have_a_limit),
          cmocka_unit_test(running_out_of_memory_is_survived))

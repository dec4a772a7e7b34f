/*
 * test_replay.c - nonce counts: each is good for one request
 */
#include "core/replay.h"

#include <string.h>

#include "core/nonce.h"
#include "unit/oom.h"
#include "unit/test.h"

static const struct nonce nonce = {.issued_ms = 1000, .id = 42};

struct step {
	uint32_t nc;
	uint64_t response;
	uint64_t now_ms;
	enum replay_verdict verdict;
};

struct row {
	const char *name;
	struct step steps[6];
};

// clang-format off
static const struct row rows[] = {
	{"counts that grow are new",
	 {{1, 11, 0, REPLAY_NEW}, {2, 12, 0, REPLAY_NEW}, {900, 13, 0, REPLAY_NEW}}},
	{"the same request a moment later is a retransmission",
	 {{1, 11, 0, REPLAY_NEW}, {1, 11, 3999, REPLAY_RESENT}}},
	{"the same request later is a replay",
	 {{1, 11, 0, REPLAY_NEW}, {1, 11, 4000, REPLAY_USED}}},
	{"the same count with another response is a replay",
	 {{1, 11, 0, REPLAY_NEW}, {1, 12, 1, REPLAY_USED}}},
	{"only the latest request is retransmitted",
	 {{1, 11, 0, REPLAY_NEW}, {2, 12, 0, REPLAY_NEW}, {1, 11, 1, REPLAY_USED}}},
	{"counts may come out of order within the window",
	 {{70, 1, 0, REPLAY_NEW}, {7, 2, 0, REPLAY_NEW}, {8, 3, 0, REPLAY_NEW},
	  {7, 4, 0, REPLAY_USED}, {6, 5, 0, REPLAY_USED}}},
	{"a leap over the window forgets what was below it",
	 {{1, 1, 0, REPLAY_NEW}, {65, 2, 0, REPLAY_NEW}, {1, 3, 0, REPLAY_USED},
	  {2, 4, 0, REPLAY_NEW}}},
	{"the last count works",
	 {{UINT32_MAX, 1, 0, REPLAY_NEW}, {UINT32_MAX, 2, 0, REPLAY_USED},
	  {UINT32_MAX - 1, 3, 0, REPLAY_NEW}}},
};
// clang-format on

static void each_row_is_judged_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct replay *r;

		assert_int_equal(0, replay_alloc(&r, 4));
		for (size_t k = 0; k < 6 && rows[i].steps[k].nc; k++) {
			const struct step *s = &rows[i].steps[k];
			enum replay_verdict got = replay_check(
				r, &nonce, s->nc, s->response, s->now_ms);

			if (got != s->verdict)
				fail_msg("%s: step %zu: %d instead of %d",
				         rows[i].name, k, got, s->verdict);
		}
		replay_free(r);
	}
}

static void forgetting_a_nonce_never_lets_a_replay_through(void **state)
{
	struct replay *r;

	(void)state;
	assert_int_equal(0, replay_alloc(&r, 8));
	for (uint64_t i = 1; i <= 100; i++) {
		struct nonce n = {.issued_ms = i, .id = i * 8 + i % 3};

		assert_int_equal(REPLAY_NEW, replay_check(r, &n, 1, i, i));
	}
	for (uint64_t i = 1; i <= 100; i++) {
		struct nonce n = {.issued_ms = i, .id = i * 8 + i % 3};
		enum replay_verdict got = replay_check(r, &n, 1, i + 7, 9000);

		assert_int_equal(i <= 92 ? REPLAY_TOO_OLD : REPLAY_USED, got);
	}
	replay_free(r);
}

static void a_known_nonce_stays_good_while_others_are_forgotten(void **state)
{
	/* first used late, though issued early */
	struct nonce early = {.issued_ms = 1, .id = 5};
	struct replay *r;

	(void)state;
	assert_int_equal(0, replay_alloc(&r, 2));
	for (uint64_t i = 10; i < 12; i++) {
		struct nonce n = {.issued_ms = 100, .id = i};

		assert_int_equal(REPLAY_NEW, replay_check(r, &n, 1, i, 0));
	}
	assert_int_equal(REPLAY_NEW, replay_check(r, &early, 1, 1, 0));
	assert_int_equal(REPLAY_NEW, replay_check(r, &early, 2, 2, 0));
	replay_free(r);
}

static void a_table_survives_without_memory(void **state)
{
	struct replay *r;

	(void)state;
	OOM_EACH(replay_alloc(&r, 16), replay_free(r));
}

TEST_MAIN(cmocka_unit_test(each_row_is_judged_as_it_says),
          cmocka_unit_test(forgetting_a_nonce_never_lets_a_replay_through),
          cmocka_unit_test(a_known_nonce_stays_good_while_others_are_forgotten),
          cmocka_unit_test(a_table_survives_without_memory))

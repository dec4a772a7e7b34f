/*
 * test_state.c - where a job may go, and what is done for one that waits
 */
#include "core/state.h"

#include "unit/test.h"

static void what_waits_for_its_turn_is_not_run_before_it(void **state)
{
	(void)state;
	assert_false(state_may(JOB_WAITING, JOB_RUNNING));
	assert_true(state_may(JOB_WAITING, JOB_READY));
	assert_true(state_may(JOB_READY, JOB_RUNNING));
	assert_true(state_may(JOB_PARKED, JOB_RUNNING));
}

static void what_is_done_stays_done(void **state)
{
	(void)state;
	for (int to = 0; to < JOB_STATES; to++)
		assert_false(state_may(JOB_DONE, (enum job_state)to));
}

static void the_sweep_touches_only_what_nobody_else_has(void **state)
{
	(void)state;
	for (int s = 0; s < JOB_STATES; s++) {
		for (int timed = 0; timed < 2; timed++) {
			enum job_due want = JOB_LEAVE;

			if (s == JOB_PARKED)
				want = JOB_AGAIN;
			else if (s == JOB_WAITING && timed)
				want = JOB_EXPIRE;
			assert_int_equal(
				want, state_due((enum job_state)s, timed != 0));
		}
	}
}

TEST_MAIN(cmocka_unit_test(what_waits_for_its_turn_is_not_run_before_it),
          cmocka_unit_test(what_is_done_stays_done),
          cmocka_unit_test(the_sweep_touches_only_what_nobody_else_has))

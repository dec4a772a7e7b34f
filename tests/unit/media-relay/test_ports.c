/*
 * test_ports.c - port pairs and their quarantine
 */
#include "unit/test.h"

#include "core/ports.h"
#include "unit/oom.h"

static struct ports *make(uint16_t min, uint16_t max)
{
	struct ports *p = NULL;

	assert_int_equal(0, ports_alloc(&p, min, max));
	return p;
}

static void only_whole_even_odd_pairs_are_used(void **state)
{
	struct ports *p = make(30001, 30006);
	uint16_t a = ports_take(p, 0, 0);
	uint16_t b = ports_take(p, 0, 0);

	(void)state;
	assert_int_equal(2, ports_total(p));
	assert_int_equal(30002 + 30004, a + b);
	assert_int_equal(0, a % 2);
	assert_int_equal(0, ports_take(p, 0, 0));
	ports_free(p);
}

static void a_range_without_a_pair_is_invalid(void **state)
{
	struct ports *p = NULL;

	(void)state;
	assert_int_equal(EINVAL, ports_alloc(&p, 30001, 30002));
	assert_int_equal(EINVAL, ports_alloc(&p, 30001, 20000));
	assert_int_equal(EINVAL, ports_alloc(&p, 0, 1));
	assert_null(p);
}

static void the_whole_port_space_works(void **state)
{
	struct ports *p = make(0, 65535);

	(void)state;
	assert_int_equal(32767, ports_total(p));
	assert_int_equal(0, ports_take_exact(p, 65534));
	ports_free(p);
}

static void a_released_pair_rests_for_a_minute(void **state)
{
	struct ports *p = make(30000, 30001);

	(void)state;
	assert_int_equal(30000, ports_take(p, 0, 5));
	ports_give(p, 30000, 1000);
	assert_int_equal(0, ports_taken(p));
	assert_int_equal(0, ports_take(p, 60999, 5));
	assert_int_equal(30000, ports_take(p, 61000, 5));
	ports_free(p);
}

static void after_a_restart_a_pair_is_taken_by_its_number(void **state)
{
	struct ports *p = make(30000, 30003);

	(void)state;
	assert_int_equal(0, ports_take_exact(p, 30002));
	assert_int_equal(EBUSY, ports_take_exact(p, 30002));
	assert_int_equal(EINVAL, ports_take_exact(p, 30001));
	assert_int_equal(EINVAL, ports_take_exact(p, 29998));
	assert_int_equal(EINVAL, ports_take_exact(p, 30004));
	ports_give(p, 30002, 0);
	assert_int_equal(0, ports_take_exact(p, 30002));
	assert_int_equal(30000, ports_take(p, 0, 0));
	assert_int_equal(0, ports_take(p, 70000, 0));
	ports_free(p);
}

static void giving_back_what_was_not_taken_does_nothing(void **state)
{
	struct ports *p = make(30000, 30001);

	(void)state;
	ports_give(p, 30000, 0);
	ports_give(p, 1234, 0);
	assert_int_equal(30000, ports_take(p, 0, 0));
	ports_free(p);
}

static void no_pair_is_ever_given_twice_or_too_early(void **state)
{
	enum { N = 50 };
	struct ports *p = make(40000, 40000 + 2 * N - 1);
	uint64_t rest_until[N] = {0};
	int taken[N] = {0};
	uint64_t now = 0;

	(void)state;
	srand(4);
	for (int i = 0; i < 200000; i++) {
		size_t k = (size_t)(rand() % N);

		now += (uint64_t)(rand() % 1500);
		if (taken[k]) {
			ports_give(p, (uint16_t)(40000 + 2 * k), now);
			taken[k] = 0;
			rest_until[k] = now + PORTS_QUARANTINE_MS;
		} else if (rand() % 20 == 0) {
			k = (size_t)(rand() % N);
			assert_int_equal(
				taken[k] ? EBUSY : 0,
				ports_take_exact(p, (uint16_t)(40000 + 2 * k)));
			taken[k] = 1;
		} else {
			uint16_t port = ports_take(p, now, (uint32_t)rand());

			if (port == 0)
				continue;
			k = (port - 40000U) / 2;
			assert_false(taken[k]);
			assert_true(now >= rest_until[k]);
			taken[k] = 1;
		}
	}
	ports_free(p);
}

static void allocation_survives_lack_of_memory(void **state)
{
	struct ports *p;

	(void)state;
	OOM_EACH(ports_alloc(&p, 30000, 30099), ports_free(p));
}

TEST_MAIN(cmocka_unit_test(only_whole_even_odd_pairs_are_used),
          cmocka_unit_test(a_range_without_a_pair_is_invalid),
          cmocka_unit_test(the_whole_port_space_works),
          cmocka_unit_test(a_released_pair_rests_for_a_minute),
          cmocka_unit_test(after_a_restart_a_pair_is_taken_by_its_number),
          cmocka_unit_test(giving_back_what_was_not_taken_does_nothing),
          cmocka_unit_test(no_pair_is_ever_given_twice_or_too_early),
          cmocka_unit_test(allocation_survives_lack_of_memory))

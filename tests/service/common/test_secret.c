/*
 * test_secret.c - the installation's secret in a real Redis
 */
#include "store/secret.h"

#include "base/log.h"
#include "loop/loop.h"
#include "service/harness.h"
#include "store/redis.h"
#include "unit/test.h"

struct fixture {
	struct redis_server server;
	struct loop *loop;
	struct redis *redis;
	struct secret *secret;
	struct secret *other;
};

static const struct log quiet = {NULL, "svc", "test"};

static bool up(void *arg)
{
	return redis_up(((struct fixture *)arg)->redis);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_set_level(LOG_ERROR);
	redis_server_start(&f->server, 0);
	assert_int_equal(0, loop_alloc(&f->loop));
	assert_int_equal(
		0, redis_alloc(&f->redis, f->loop, &quiet, f->server.url));
	assert_true(run_until(f->loop, up, f, 5000));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	secret_free(f->secret);
	secret_free(f->other);
	redis_free(f->redis);
	loop_free(f->loop);
	redis_server_stop(&f->server);
	free(f);
	return 0;
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

static bool both_known(void *arg)
{
	struct fixture *f = arg;

	return secret_bytes(f->secret) && secret_bytes(f->other);
}

static void all_processes_have_the_same_secret(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		0, secret_alloc(&f->secret, f->loop, f->redis, NULL, NULL));
	assert_int_equal(
		0, secret_alloc(&f->other, f->loop, f->redis, NULL, NULL));
	assert_true(run_until(f->loop, both_known, f, 3000));
	assert_memory_equal(secret_bytes(f->secret), secret_bytes(f->other),
	                    SECRET_SIZE);
	redis_cli(&f->server, "STRLEN secret", "64");
}

static void who_starts_on_an_emptied_redis_has_the_same_secret(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		0, secret_alloc(&f->secret, f->loop, f->redis, NULL, NULL));
	f->other = f->secret;
	assert_true(run_until(f->loop, both_known, f, 3000));
	redis_cli(&f->server, "FLUSHALL", NULL);
	(void)run_until(f->loop, never, f, 2500);
	redis_cli(&f->server, "STRLEN secret", "64");
	f->other = NULL;
	assert_int_equal(
		0, secret_alloc(&f->other, f->loop, f->redis, NULL, NULL));
	assert_true(run_until(f->loop, both_known, f, 3000));
	assert_memory_equal(secret_bytes(f->secret), secret_bytes(f->other),
	                    SECRET_SIZE);
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

TEST_MAIN(WITH(all_processes_have_the_same_secret),
          WITH(who_starts_on_an_emptied_redis_has_the_same_secret))

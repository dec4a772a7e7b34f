/*
 * test_redis.c - the connection to Redis, with a real one
 */
#include "store/redis.h"

#include <signal.h>

#include "base/log.h"
#include "loop/loop.h"
#include "service/harness.h"
#include "store/redis_url.h"
#include "unit/test.h"

struct fixture {
	struct redis_server server;
	struct loop *loop;
	struct redis *redis;
	int ups;
	int replies;
	int listens;
	int err;
	char text[256];
};

static const struct log quiet = {NULL, "svc", "test"};

static void on_up(void *arg)
{
	((struct fixture *)arg)->ups++;
}

static bool is_up(void *arg)
{
	return redis_up(((struct fixture *)arg)->redis);
}

static bool is_down(void *arg)
{
	return !redis_up(((struct fixture *)arg)->redis);
}

static bool one_reply(void *arg)
{
	return ((struct fixture *)arg)->replies == 1;
}

static void on_reply(void *arg, int err, const redisReply *reply)
{
	struct fixture *f = arg;

	f->replies++;
	f->err = err;
	if (reply && reply->str)
		(void)snprintf(f->text, sizeof(f->text), "%s", reply->str);
	else if (reply && reply->type == REDIS_REPLY_INTEGER)
		(void)snprintf(f->text, sizeof(f->text), "%lld",
		               reply->integer);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	log_set_level(LOG_ERROR);
	redis_server_start(&f->server, 0);
	assert_int_equal(0, loop_alloc(&f->loop));
	assert_int_equal(
		0, redis_alloc(&f->redis, f->loop, &quiet, f->server.url));
	redis_on_up(f->redis, on_up, f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	redis_free(f->redis);
	loop_free(f->loop);
	redis_server_stop(&f->server);
	free(f);
	return 0;
}

static void wait_up(struct fixture *f)
{
	assert_true(run_until(f->loop, is_up, f, 5000));
}

static void wait_reply(struct fixture *f, int err)
{
	assert_true(run_until(f->loop, one_reply, f, 5000));
	assert_int_equal(err, f->err);
	f->replies = 0;
}

static void before_the_connection_commands_fail_at_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ENOTCONN,
	                 redis_command(f->redis, on_reply, f, "PING"));
	wait_up(f);
	assert_int_equal(1, f->ups);
}

static void commands_are_answered_in_order(void **state)
{
	struct fixture *f = *state;
	const char *argv[] = {"GET", "key"};

	wait_up(f);
	assert_int_equal(0, redis_command(f->redis, NULL, NULL, "SET %s %b",
	                                  "key", "a b", (size_t)3));
	assert_int_equal(0, redis_argv(f->redis, on_reply, f, 2, argv, NULL));
	assert_int_equal(0, f->replies);
	wait_reply(f, 0);
	assert_string_equal("a b", f->text);
}

static void an_error_of_redis_is_eproto(void **state)
{
	struct fixture *f = *state;

	wait_up(f);
	assert_int_equal(0, redis_command(f->redis, on_reply, f, "NONSENSE"));
	wait_reply(f, EPROTO);
	assert_memory_equal("ERR", f->text, 3);
}

static void a_script_survives_that_redis_forgets_it(void **state)
{
	static struct redis_script script = {
		.source = "redis.call('INCRBY', KEYS[1], ARGV[1]) "
			  "return redis.call('GET', KEYS[1]) .. '\\r\\n'"};
	struct fixture *f = *state;
	const char *argv[] = {"n", "2"};

	wait_up(f);
	for (int i = 1; i <= 3; i++) {
		char want[8];

		(void)snprintf(want, sizeof(want), "%d\r\n", 2 * i);
		assert_int_equal(0, redis_eval(f->redis, &script, on_reply, f,
		                               1, 2, argv, NULL));
		wait_reply(f, 0);
		assert_string_equal(want, f->text);
		if (i == 2)
			redis_cli(&f->server, "SCRIPT FLUSH", "OK");
	}
	redis_cli(&f->server, "INFO commandstats",
	          "cmdstat_eval:calls=2"); /* EVALSHA otherwise */
}

static void a_cancelled_command_calls_nobody(void **state)
{
	struct fixture *f = *state;
	int other = 0;

	wait_up(f);
	assert_int_equal(0, redis_command(f->redis, on_reply, &other, "PING"));
	redis_cancel(f->redis, &other);
	assert_int_equal(0, redis_command(f->redis, on_reply, f, "PING"));
	wait_reply(f, 0);
}

static void it_reconnects_after_redis_was_killed(void **state)
{
	struct fixture *f = *state;

	wait_up(f);
	assert_int_equal(0, redis_command(f->redis, on_reply, f, "PING"));
	redis_server_stop(&f->server);
	assert_true(run_until(f->loop, is_down, f, 5000));
	assert_int_equal(ENOTCONN, redis_command(f->redis, NULL, NULL, "PING"));
	redis_server_start(&f->server, f->server.port);
	wait_up(f);
	assert_int_equal(2, f->ups);
	assert_int_equal(1, f->replies);
}

static void open_commands_fail_when_the_connection_is_lost(void **state)
{
	struct fixture *f = *state;

	wait_up(f);
	kill(f->server.pid, SIGSTOP);
	assert_int_equal(0, redis_command(f->redis, on_reply, f, "PING"));
	redis_server_stop(&f->server);
	wait_reply(f, ENOTCONN);
}

static void a_stuck_redis_is_a_timeout_and_then_a_new_connection(void **state)
{
	struct fixture *f = *state;
	uint64_t start;

	wait_up(f);
	kill(f->server.pid, SIGSTOP);
	start = loop_now_ms();
	assert_int_equal(0, redis_command(f->redis, on_reply, f, "PING"));
	wait_reply(f, ETIMEDOUT);
	assert_true(loop_now_ms() - start >= REDIS_TIMEOUT_MS);
	assert_true(loop_now_ms() - start < REDIS_TIMEOUT_MS + 500);
	assert_false(redis_up(f->redis));
	kill(f->server.pid, SIGCONT);
	wait_up(f);
}

static void on_message(void *arg, const char *payload)
{
	struct fixture *f = arg;

	if (!*payload) { /* we listen now */
		f->listens++;
		return;
	}
	f->replies++;
	(void)snprintf(f->text, sizeof(f->text), "%s", payload);
}

static bool heard(void *arg)
{
	struct fixture *f = arg;

	/* Who listens is only known to Redis: say it until it is heard. */
	(void)redis_command(f->redis, NULL, NULL, "PUBLISH config 7");
	return f->replies > 1;
}

static void a_subscription_survives_a_reconnect(void **state)
{
	struct fixture *f = *state;
	int cancelled = 0;

	assert_int_equal(0, redis_subscribe(f->redis, "config", on_message, f));
	assert_int_equal(
		0, redis_subscribe(f->redis, "config", on_message, &cancelled));
	redis_cancel(f->redis, &cancelled);
	assert_true(run_until(f->loop, heard, f, 5000));
	assert_string_equal("7", f->text);
	assert_true(f->listens > 0);
	redis_server_stop(&f->server);
	assert_true(run_until(f->loop, is_down, f, 5000));
	redis_server_start(&f->server, f->server.port);
	f->replies = f->listens = 0;
	assert_true(run_until(f->loop, heard, f, 5000));
	assert_true(f->listens > 0);
}

static void names_passwords_and_databases_are_in_the_url(void **state)
{
	struct fixture *f = *state;
	char url[128];

	redis_cli(&f->server, "ACL SETUSER me on >p@ss ~* &* +@all", "OK");
	redis_cli(&f->server, "CONFIG SET requirepass s%cret", "OK");
	redis_free(f->redis);
	(void)snprintf(url, sizeof(url), "redis://me:p%%40ss@localhost:%u/3",
	               f->server.port);
	assert_int_equal(0, redis_alloc(&f->redis, f->loop, &quiet, url));
	wait_up(f);
	assert_int_equal(0, redis_command(f->redis, on_reply, f, "ACL WHOAMI"));
	wait_reply(f, 0);
	assert_string_equal("me", f->text);
	assert_int_equal(0,
	                 redis_command(f->redis, on_reply, f, "CLIENT INFO"));
	wait_reply(f, 0);
	assert_non_null(strstr(f->text, " db=3 "));
	redis_free(f->redis);
	(void)snprintf(url, sizeof(url), "redis://:s%%25cret@127.0.0.1:%u",
	               f->server.port);
	assert_int_equal(0, redis_alloc(&f->redis, f->loop, &quiet, url));
	wait_up(f);
}

static void a_bad_url_is_refused(void **state)
{
	static const char *const urls[] = {
		"",
		"localhost",
		"http://localhost",
		"redis://",
		"redis://:1",
		"redis://a:0",
		"redis://a:65536",
		"redis://a:1x",
		"redis://a/x",
		"redis://me@a",
		"redis://[::1",
		"redis://[]",
		"redis://[::1]1",
		"redis://:%zz@a",
		"redis://:%00@a",
	};
	struct redis_url url;

	(void)state;
	for (size_t i = 0; i < N_OF(urls); i++)
		assert_int_equal(EINVAL, redis_url_parse(urls[i], &url));
	assert_int_equal(0, redis_url_parse("redis://[::1]:7/2", &url));
	assert_string_equal("::1", url.host);
	assert_int_equal(7, url.port);
	assert_int_equal(2, url.db);
}

#define WITH_REDIS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

TEST_MAIN(WITH_REDIS(before_the_connection_commands_fail_at_once),
          WITH_REDIS(commands_are_answered_in_order),
          WITH_REDIS(an_error_of_redis_is_eproto),
          WITH_REDIS(a_script_survives_that_redis_forgets_it),
          WITH_REDIS(a_cancelled_command_calls_nobody),
          WITH_REDIS(it_reconnects_after_redis_was_killed),
          WITH_REDIS(open_commands_fail_when_the_connection_is_lost),
          WITH_REDIS(a_stuck_redis_is_a_timeout_and_then_a_new_connection),
          WITH_REDIS(a_subscription_survives_a_reconnect),
          WITH_REDIS(names_passwords_and_databases_are_in_the_url),
          cmocka_unit_test(a_bad_url_is_refused))

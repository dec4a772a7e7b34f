/*
 * test_recording_kept.c - how long a recording is there, and its record
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "recorded.h"
#include "unit/test.h"

enum { SOON_MS = 1000 };

#define UNKNOWN "RE99999999999999999999999999999999"

static void stop(struct recorded *r)
{
	recorded_stop(r);
	assert_non_null(recorded_event(
		r, TRESTLE__MEDIA_EVENT__TYPE__RECORDING_ENDED, SOON_MS));
}

static bool is_forgotten(void *arg)
{
	const struct recorded *r = arg;
	char command[160], answer[8] = "";
	FILE *f;

	(void)snprintf(command, sizeof(command),
	               "redis-cli -u %s EXISTS recording:{%s}",
	               r->f->world.redis_server.url, r->sid);
	f = popen(command, "r"); // NOLINT(cert-env33-c): by our words
	assert_non_null(f);
	(void)!fgets(answer, sizeof(answer), f);
	(void)pclose(f);
	return answer[0] == '0';
}

static void a_deleted_one_is_remembered_for_40_days(void **state)
{
	struct fixture *f = fixture_begin(state);
	long long forty = (long long)time(NULL) + 40 * 86400LL + 30;
	struct recorded r;
	char words[160];

	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 300);
	/* not before it is finished */
	assert_true(world_remove(&f->world, r.sid));
	assert_string_equal(r.sid, f->world.recording);
	stop(&r);
	assert_true(world_remove(&f->world, r.sid));
	assert_string_equal("", f->world.recording);
	assert_false(recorded_exists(&r, ".wav"));
	(void)snprintf(words, sizeof(words), "HGET recording:{%s} status",
	               r.sid);
	redis_cli(&f->world.redis_server, words, "deleted");
	(void)snprintf(words, sizeof(words),
	               "HEXISTS recording:{%s} date_deleted", r.sid);
	redis_cli(&f->world.redis_server, words, "1");
	redis_cli(&f->world.redis_server,
	          "ZCARD recordings:{" RECORDED_CALL "}", "1");
	/* nothing is made of what was never there */
	assert_true(world_remove(&f->world, r.sid));
	assert_true(world_remove(&f->world, UNKNOWN));
	assert_string_equal("", f->world.recording);
	redis_cli(&f->world.redis_server, "EXISTS recording:{" UNKNOWN "}",
	          "0");
	assert_false(world_remove(&f->world, "RE../../etc/passwd"));
	/* nor does a relay that comes back write it anew */
	(void)process_stop(f->world.relay, SIGKILL);
	world_start_relay(&f->world, NULL);
	world_wait_relay(&f->world);
	world_pass(&f->world, 500);
	redis_cli(&f->world.redis_server, words, "1");
	(void)snprintf(words, sizeof(words), "HGET recording:{%s} status",
	               r.sid);
	redis_cli(&f->world.redis_server, words, "deleted");
	/* 40 days later */
	(void)snprintf(words, sizeof(words),
	               "ZCOUNT recordings:deleted %lld %lld", forty - 60,
	               forty);
	redis_cli(&f->world.redis_server, words, "1");
	(void)snprintf(words, sizeof(words), "ZADD recordings:deleted 1 %s",
	               r.sid);
	redis_cli(&f->world.redis_server, words, "0");
	assert_true(world_run(&f->world, is_forgotten, &r, 8000));
	redis_cli(&f->world.redis_server,
	          "ZCARD recordings:{" RECORDED_CALL "}", "0");
	redis_cli(&f->world.redis_server,
	          "ZCARD recordings:{" RECORDED_ACCOUNT "}", "0");
	redis_cli(&f->world.redis_server, "EXISTS recordings:deleted", "0");
	fixture_end(f);
}

static void one_that_was_kept_long_enough_goes(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;
	char words[160];

	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 300);
	stop(&r);
	assert_true(recorded_exists(&r, ".wav"));
	(void)snprintf(words, sizeof(words),
	               "ZADD recordings:{" RECORDED_ACCOUNT "} %lld %s",
	               (long long)time(NULL) - 3 * 86400LL, r.sid);
	redis_cli(&f->world.redis_server, "SADD accounts " RECORDED_ACCOUNT,
	          "1");
	(void)process_stop(f->world.relay, SIGKILL);
	world_start_relay(&f->world, "TRESTLE_RECORDINGS_KEEP_DAYS=4");
	/* it tells of it anew when it is back: after that, and before it looks */
	world_pass(&f->world, 1500);
	redis_cli(&f->world.redis_server, words, "0");
	world_pass(&f->world, 4000);
	assert_true(recorded_exists(&r, ".wav"));
	(void)process_stop(f->world.relay, SIGKILL);
	world_start_relay(&f->world, "TRESTLE_RECORDINGS_KEEP_DAYS=2");
	world_pass(&f->world, 1500);
	redis_cli(&f->world.redis_server, words, "0");
	assert_true(world_run(&f->world, is_forgotten, &r, 12000));
	assert_false(recorded_exists(&r, ".wav"));
	redis_cli(&f->world.redis_server,
	          "ZCARD recordings:{" RECORDED_ACCOUNT "}", "0");
	redis_cli(&f->world.redis_server,
	          "ZCARD recordings:{" RECORDED_CALL "}", "0");
	redis_cli(&f->world.redis_server, "EXISTS recordings:deleted", "0");
	fixture_end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_deleted_one_is_remembered_for_40_days),
		cmocka_unit_test(one_that_was_kept_long_enough_goes),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

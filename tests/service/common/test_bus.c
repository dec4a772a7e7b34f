/*
 * test_bus.c - requests and replies over a real bus, found by a real Redis
 *
 * Several buses share the loop of the test; the one that must stand still or
 * die is a process of its own.
 */
#include "bus_fixture.h"

#include <signal.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

static void a_request_finds_an_instance_and_gets_its_reply(void **state)
{
	struct fixture *f = *state;
	const struct peer *peer;

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	ask_for(f, &plain);
	wait_reply(f, 0, 1000);
	assert_string_equal("alice@example.com", f->text);
	assert_string_equal("idem-1", f->servers[0].key);
	assert_string_equal("CA0123456789abcdef0123456789abcdef",
	                    f->servers[0].call_sid);
	peer = peers_find(bus_peers(f->client), "registrar", "registrar-1");
	assert_non_null(peer);
	assert_string_equal("127.0.0.1:5070", peer->sip);
	redis_cli(&f->redis_server, "HGET service:registrar:registrar-1 sip",
	          "127.0.0.1:5070");
}

static void signals_are_left_alone(void **state)
{
	const int signals[] = {SIGINT, SIGTERM};
	struct sigaction now;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(0, sigaction(signals[i], NULL, &now));
		assert_ptr_equal(SIG_DFL, now.sa_handler);
	}
}

static void a_reply_may_come_later(void **state)
{
	struct fixture *f = *state;

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	f->servers[0].later = true;
	ask_for(f, &plain);
	assert_true(run_until(f->loop, one_request, f, 1000));
	lookup_reply(f->servers[0].bus, &f->servers[0].from, "late");
	wait_reply(f, 0, 1000);
	assert_string_equal("late", f->text);
	/* A second answer to the same request finds nobody. */
	lookup_reply(f->servers[0].bus, &f->servers[0].from, "again");
	ask_for(f, &plain);
	assert_true(run_until(f->loop, one_request, f, 1000));
}

static void nobody_there_is_told_from_the_loop(void **state)
{
	struct fixture *f = *state;

	ask_for(f, &plain);
	wait_reply(f, EHOSTUNREACH, 1000);
}

static void a_silent_instance_is_a_timeout(void **state)
{
	struct fixture *f = *state;
	struct bus_req req = {.service = "registrar", .timeout_ms = 50};

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	f->servers[0].silent = true;
	ask_for(f, &req);
	wait_reply(f, ETIMEDOUT, 1000);
}

static void a_cancelled_request_calls_nobody(void **state)
{
	struct fixture *f = *state;

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	ask_for(f, &plain);
	bus_cancel(f->client, f);
	assert_true(run_until(f->loop, one_request, f, 1000));
	assert_false(run_until(f->loop, one_reply, f, 50));
	ask_for(f, &plain);
	wait_reply(f, 0, 1000);
}

static void a_request_whose_instance_dies_goes_to_another(void **state)
{
	struct fixture *f = *state;
	int dead, other;

	open_server(f, 0);
	open_server(f, 1);
	assert_true(run_until(f->loop, two_alive, f, 5000));
	f->servers[0].silent = f->servers[1].silent = true;
	ask_for(f, &retried);
	assert_true(run_until(f->loop, one_request, f, 1000));
	dead = f->servers[0].requests ? 0 : 1;
	other = 1 - dead;
	close_server(f, dead);
	f->servers[other].silent = false;
	wait_reply(f, 0, 4000);
	assert_int_equal(1, f->servers[other].requests);
	assert_string_equal("idem-1", f->servers[other].key);
}

static void without_retry_the_death_of_an_instance_ends_it(void **state)
{
	struct fixture *f = *state;
	struct bus_req req = plain;

	req.timeout_ms = 8000;
	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	f->servers[0].silent = true;
	ask_for(f, &req);
	assert_true(run_until(f->loop, one_request, f, 1000));
	close_server(f, 0);
	wait_reply(f, EHOSTUNREACH, 4000);
}

static void a_retried_request_waits_for_a_restarted_instance(void **state)
{
	struct fixture *f = *state;
	struct bus_req req = retried;

	req.instance = "registrar-1";
	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	f->servers[0].silent = true;
	ask_for(f, &req);
	assert_true(run_until(f->loop, one_request, f, 1000));
	close_server(f, 0);
	f->servers[0].silent = false;
	open_server(f, 0);
	wait_reply(f, 0, 6000);
	assert_int_equal(2, f->servers[0].requests);
}

static void an_overloaded_instance_is_left_for_another(void **state)
{
	struct fixture *f = *state;

	open_server(f, 0);
	open_server(f, 1);
	assert_true(run_until(f->loop, two_alive, f, 5000));
	f->servers[0].overload = true;
	for (int i = 0; i < 8; i++) {
		ask_for(f, &retried);
		wait_reply(f, 0, 1000);
		assert_int_equal(TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY, f->body);
	}
	assert_int_equal(8, f->servers[1].requests);
	assert_true(f->servers[0].requests > 0);
	f->servers[1].overload = true;
	ask_for(f, &retried);
	wait_reply(f, 0, 1000);
	assert_int_equal(TRESTLE__ENVELOPE__BODY_REFUSAL, f->body);
	assert_int_equal(TRESTLE__REFUSAL__REASON__OVERLOADED, f->reason);
}

static bool one_drains(void *arg)
{
	struct fixture *f = arg;
	const struct peer *peer =
		peers_find(bus_peers(f->client), "registrar", "registrar-1");

	return peer && peer->draining;
}

static void a_draining_instance_gets_nothing_new(void **state)
{
	struct fixture *f = *state;
	struct bus_req req = plain;
	char key[16];

	open_server(f, 0);
	open_server(f, 1);
	assert_true(run_until(f->loop, two_alive, f, 5000));
	bus_set_load(f->servers[0].bus, 0, true);
	assert_true(run_until(f->loop, one_drains, f, 2000));
	req.key = key;
	for (int i = 0; i < 8; i++) {
		(void)snprintf(key, sizeof(key), "k%d", i);
		ask_for(f, &req);
		wait_reply(f, 0, 1000);
	}
	assert_int_equal(0, f->servers[0].requests);
	bus_set_load(f->servers[1].bus, 0, true);
	close_server(f, 1);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	ask_for(f, &req);
	wait_reply(f, 0, 1000); /* all that is left drains: better than none */
}

static bool no_redis(void *arg)
{
	return !redis_up(((struct fixture *)arg)->redis);
}

static void the_known_set_stands_while_redis_is_away(void **state)
{
	struct fixture *f = *state;

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	redis_server_stop(&f->redis_server);
	assert_true(run_until(f->loop, no_redis, f, 5000));
	assert_false(run_until(f->loop, none_alive, f, 4000));
	ask_for(f, &plain);
	wait_reply(f, 0, 1000);
}

/* A bus of its own process, which is this program again: ZeroMQ does not live
 * through a fork(). Runs until it is killed. */
__attribute__((constructor)) static void serve_alone(void)
{
	const char *url = getenv("TEST_BUS_REDIS");
	struct fixture f = {0};

	if (!url)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	assert_int_equal(0, loop_alloc(&f.loop));
	assert_int_equal(0, redis_alloc(&f.redis, f.loop, &quiet, url));
	open_server(&f, 0);
	loop_run(f.loop);
	_exit(0);
}

static pid_t start_server(struct fixture *f)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	setenv("TEST_BUS_REDIS", f->redis_server.url, 1);
	execl("/proc/self/exe", "test_bus", (char *)NULL);
	_exit(1);
}

static void a_process_that_stands_still_is_dead_until_it_goes_on(void **state)
{
	struct fixture *f = *state;
	pid_t pid = start_server(f);
	uint64_t start;

	assert_true(run_until(f->loop, one_alive, f, 5000));
	ask_for(f, &plain);
	wait_reply(f, 0, 1000);
	kill(pid, SIGSTOP);
	start = loop_now_ms();
	assert_true(run_until(f->loop, none_alive, f, 5000));
	assert_in_range(loop_now_ms() - start, 900, 2200);
	kill(pid, SIGCONT);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	ask_for(f, &plain);
	wait_reply(f, 0, 1000);
	(void)process_stop(pid, SIGKILL);
}

TEST_MAIN(WITH(a_request_finds_an_instance_and_gets_its_reply),
          WITH(signals_are_left_alone), WITH(a_reply_may_come_later),
          WITH(nobody_there_is_told_from_the_loop),
          WITH(a_silent_instance_is_a_timeout),
          WITH(a_cancelled_request_calls_nobody),
          WITH(a_request_whose_instance_dies_goes_to_another),
          WITH(without_retry_the_death_of_an_instance_ends_it),
          WITH(a_retried_request_waits_for_a_restarted_instance),
          WITH(an_overloaded_instance_is_left_for_another),
          WITH(a_draining_instance_gets_nothing_new),
          WITH(the_known_set_stands_while_redis_is_away),
          WITH(a_process_that_stands_still_is_dead_until_it_goes_on))

/*
 * test_service.c - the skeleton of a process: starts, tells, drains, ends
 */
#include "base/service.h"

#include <signal.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "loop/loop.h"
#include "service/harness.h"
#include "unit/test.h"

struct conf {
	uint32_t work;
};

static const struct conf_item items[] = {
	{"T_WORK", CONF_UINT, offsetof(struct conf, work), "0", 0, 1000,
         "how often it is asked before it is drained"},
	{0},
};

static bool drained(void *arg)
{
	struct conf *conf = arg;

	if (conf->work == 0)
		return true;
	conf->work--;
	return false;
}

/* The main() of a service with nothing in it */
static int serve(int argc, char **argv)
{
	static const char *const relays[] = {"media-relay", NULL};
	struct conf conf = {0};
	struct service_description description = {
		.name = getenv("T_SERVICE"),
		.purpose = "a test",
		.items = items,
		.conf = &conf,
	};
	struct service *s;

	if (strcmp(description.name, "registrar") != 0)
		description.wants = description.needs = relays;
	if (service_alloc(&s, &description, argc, argv) != 0)
		return 1;
	service_on_drain(s, drained, &conf);
	if (service_open(s, "127.0.0.1:5070", NULL, NULL) != 0) {
		service_free(s);
		return 1;
	}
	service_run(s);
	service_free(s);
	return 0;
}

struct fixture {
	struct redis_server redis;
	uint16_t http;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char port[8];

	redis_server_start(&f->redis, 0);
	f->http = free_port();
	(void)snprintf(port, sizeof(port), "%u", f->http);
	setenv("TRESTLE_REDIS", f->redis.url, 1);
	setenv("TRESTLE_HTTP_PORT", port, 1);
	setenv("TRESTLE_ADDRESS", "127.0.0.1", 1);
	setenv("T_SERVICE", "registrar", 1);
	setenv("TRESTLE_INSTANCE", "registrar-1", 1);
	setenv("TRESTLE_LOG", "error", 1);
	setenv("T_WORK", "0", 1);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	redis_server_stop(&f->redis);
	free(f);
	return 0;
}

static pid_t start(const char *option)
{
	char *argv[] = {"test", (char *)option, NULL};
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(serve(option ? 2 : 1, argv));
	}
	return pid;
}

static int end(pid_t pid)
{
	int status = 0;

	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void it_is_healthy_announced_and_ends_when_it_is_asked(void **state)
{
	struct fixture *f = *state;
	pid_t pid = start(NULL);
	char body[32768];

	wait_healthy(f->http);
	assert_int_equal(200,
	                 http_get(f->http, "/healthz", body, sizeof(body)));
	assert_string_equal("ok\n", body);
	assert_int_equal(200,
	                 http_get(f->http, "/metrics", body, sizeof(body)));
	assert_non_null(strstr(body, "# TYPE trestle_bus_sent_total counter"));
	assert_int_equal(404, http_get(f->http, "/", NULL, 0));
	redis_cli(&f->redis, "HGET service:registrar:registrar-1 sip",
	          "127.0.0.1:5070");
	assert_int_equal(0, process_stop(pid, SIGTERM));
}

static void it_finishes_its_work_before_it_ends(void **state)
{
	struct fixture *f = *state;
	uint64_t since;
	char body[64];
	pid_t pid;

	setenv("T_WORK", "5", 1); /* asked every 100 ms */
	pid = start(NULL);
	wait_healthy(f->http);
	since = loop_now_ms();
	kill(pid, SIGTERM);
	while (http_get(f->http, "/healthz", body, sizeof(body)) == 200)
		;
	assert_string_equal("draining\n", body);
	assert_int_equal(0, end(pid));
	assert_in_range(loop_now_ms() - since, 400, 2000);
}

static void a_second_signal_ends_it_at_once(void **state)
{
	struct fixture *f = *state;
	char body[64];
	pid_t pid;

	setenv("T_WORK", "1000", 1);
	pid = start(NULL);
	wait_healthy(f->http);
	kill(pid, SIGTERM);
	while (http_get(f->http, "/healthz", body, sizeof(body)) == 200)
		;
	assert_int_equal(0, process_stop(pid, SIGINT));
}

static void without_redis_it_runs_and_says_so(void **state)
{
	struct fixture *f = *state;
	char body[64] = "";
	pid_t pid;

	redis_server_stop(&f->redis);
	pid = start(NULL);
	while (http_get(f->http, "/healthz", body, sizeof(body)) != 503)
		;
	assert_string_equal("Redis is away\n", body);
	redis_server_start(&f->redis, f->redis.port);
	wait_healthy(f->http);
	assert_int_equal(0, process_stop(pid, SIGTERM));
}

static void wait_health(uint16_t port, int status, const char *text)
{
	uint64_t end = loop_now_ms() + 5000;
	char body[64] = "";
	int got;

	do {
		got = http_get(port, "/healthz", body, sizeof(body));
		assert_true(loop_now_ms() < end);
	} while (got != status || strcmp(body, text) != 0);
}

static pid_t start_as(const char *service, uint16_t port)
{
	char text[8];

	(void)snprintf(text, sizeof(text), "%u", port);
	setenv("TRESTLE_HTTP_PORT", text, 1);
	setenv("TRESTLE_INSTANCE", service, 1);
	setenv("T_SERVICE", service, 1);
	return start(NULL);
}

static void it_is_well_once_it_has_met_whom_it_needs(void **state)
{
	struct fixture *f = *state;
	uint16_t http = free_port();
	pid_t pid = start_as("call-controller", f->http), relay;
	char page[32768];

	wait_health(f->http, 503, "looking for a media-relay\n");
	relay = start_as("media-relay", http);
	wait_health(f->http, 200, "ok\n");

	/* To lose it again is no reason to be killed. */
	assert_int_equal(-SIGKILL, process_stop(relay, SIGKILL));
	wait_health(f->http, 200, "ok, but there is no media-relay\n");
	assert_int_equal(200,
	                 http_get(f->http, "/metrics", page, sizeof(page)));
	assert_non_null(
		strstr(page, "trestle_bus_peers{service=\"media-relay\"} 0"));

	redis_server_stop(&f->redis);
	do {
		assert_int_equal(
			200, http_get(f->http, "/metrics", page, sizeof(page)));
	} while (!strstr(page, "trestle_redis_up 0"));
	assert_int_equal(200,
	                 http_get(f->http, "/healthz", page, sizeof(page)));
	assert_int_equal(0, process_stop(pid, SIGTERM));
}

static void wrong_settings_end_it_before_it_starts(void **state)
{
	static const char *const wrong[][2] = {
		{"TRESTLE_REDIS", "localhost"},
		{"TRESTLE_HTTP_PORT", "x"},
		{"TRESTLE_LOG", "loud"},
		{"TRESTLE_ADDRESS", "203.0.113.1"}, /* not of this machine */
		{"TRESTLE_ADDRESS", "nope"},
		{"T_WORK", "-1"},
	};

	for (size_t i = 0; i < N_OF(wrong); i++) {
		teardown(state);
		setup(state);
		setenv(wrong[i][0], wrong[i][1], 1);
		assert_int_equal(1, end(start(NULL)));
	}
	teardown(state);
	setup(state);
	assert_int_equal(0, end(start("--help")));
	assert_int_equal(2, end(start("--nonsense")));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

TEST_MAIN(WITH(it_is_healthy_announced_and_ends_when_it_is_asked),
          WITH(it_finishes_its_work_before_it_ends),
          WITH(a_second_signal_ends_it_at_once),
          WITH(without_redis_it_runs_and_says_so),
          WITH(it_is_well_once_it_has_met_whom_it_needs),
          WITH(wrong_settings_end_it_before_it_starts))

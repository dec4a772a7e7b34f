/*
 * test_bus.c - requests and replies over a real bus, found by a real Redis
 *
 * Several buses share the loop of the test; the one that must stand still or
 * die is a process of its own.
 */
#include "bus/bus.h"

#include <signal.h>
#include <unistd.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <zmq.h>

#include "base/log.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "loop/loop.h"
#include "service/harness.h"
#include "store/redis.h"
#include "unit/test.h"

enum { SERVERS = 2 };

struct server {
	struct bus *bus;
	int requests;
	char key[32];
	char call_sid[40];
	bool silent;   /* does not answer */
	bool overload; /* refuses */
	bool later;    /* keeps `from` for the test */
	struct bus_return from;
};

struct fixture {
	struct redis_server redis_server;
	struct loop *loop;
	struct redis *redis;
	struct metrics *metrics;
	struct bus *client;
	struct server servers[SERVERS];
	int replies;
	int err;
	int body;
	int reason;
	char text[64];
};

static const struct log quiet = {NULL, "svc", "test"};
static const char *const wants[] = {"registrar", NULL};

static void lookup_reply(struct bus *bus, const struct bus_return *to,
                         const char *text)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupReply reply = TRESTLE__LOOKUP_REPLY__INIT;

	reply.domain_sid = (char *)text;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY;
	env.lookup_reply = &reply;
	bus_reply(bus, to, &env);
}

static void serve(void *arg, const struct bus_return *from,
                  const Trestle__Envelope *env)
{
	struct server *s = arg;

	s->requests++;
	s->from = *from;
	(void)snprintf(s->key, sizeof(s->key), "%s", env->key);
	(void)snprintf(s->call_sid, sizeof(s->call_sid), "%s", env->call_sid);
	if (s->overload)
		bus_refuse(s->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "busy");
	else if (!s->silent && !s->later)
		lookup_reply(s->bus, from, env->lookup_request->aor);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct fixture *f = arg;

	f->replies++;
	f->err = err;
	f->body = reply ? (int)reply->body_case : -1;
	if (f->body == TRESTLE__ENVELOPE__BODY_REFUSAL)
		f->reason = (int)reply->refusal->reason;
	if (f->body == TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY)
		(void)snprintf(f->text, sizeof(f->text), "%s",
		               reply->lookup_reply->domain_sid);
}

static struct bus_config config(struct fixture *f, const char *service,
                                const char *instance)
{
	return (struct bus_config){
		.loop = f->loop,
		.redis = f->redis,
		.log = &quiet,
		.metrics = f->metrics,
		.service = service,
		.instance = instance,
		.address = "127.0.0.1",
		.sip = "127.0.0.1:5070",
		.http = "",
	};
}

static void open_server(struct fixture *f, int i)
{
	static const char *const names[] = {"registrar-1", "registrar-2"};
	struct bus_config cfg = config(f, "registrar", names[i]);

	cfg.on_request = serve;
	cfg.arg = &f->servers[i];
	assert_int_equal(0, bus_alloc(&f->servers[i].bus, &cfg));
}

static void close_server(struct fixture *f, int i)
{
	bus_free(f->servers[i].bus);
	f->servers[i].bus = NULL;
}

static bool redis_is_up(void *arg)
{
	return redis_up(((struct fixture *)arg)->redis);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct bus_config cfg;

	log_set_level(LOG_ERROR);
	redis_server_start(&f->redis_server, 0);
	assert_int_equal(0, loop_alloc(&f->loop));
	assert_int_equal(0, metrics_alloc(&f->metrics));
	assert_int_equal(0, redis_alloc(&f->redis, f->loop, &quiet,
	                                f->redis_server.url));
	assert_true(run_until(f->loop, redis_is_up, f, 5000));
	cfg = config(f, "call-controller", "call-controller-1");
	cfg.wants = wants;
	assert_int_equal(0, bus_alloc(&f->client, &cfg));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bus_free(f->client);
	for (int i = 0; i < SERVERS; i++)
		bus_free(f->servers[i].bus);
	redis_free(f->redis);
	metrics_free(f->metrics);
	loop_free(f->loop);
	redis_server_stop(&f->redis_server);
	free(f);
	return 0;
}

static int n_alive(const struct fixture *f)
{
	const struct peers *peers = bus_peers(f->client);
	const struct peer *peer;
	int n = 0;

	for (size_t i = 0; (peer = peers_nth(peers, "registrar", i)); i++)
		n += peer->alive;
	return n;
}

static bool none_alive(void *arg)
{
	return n_alive(arg) == 0;
}

static bool one_alive(void *arg)
{
	return n_alive(arg) == 1;
}

static bool two_alive(void *arg)
{
	return n_alive(arg) == 2;
}

static bool one_reply(void *arg)
{
	return ((struct fixture *)arg)->replies == 1;
}

static bool one_request(void *arg)
{
	struct fixture *f = arg;

	return f->servers[0].requests + f->servers[1].requests >= 1;
}

static void ask_for(struct fixture *f, const struct bus_req *req)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest lookup = TRESTLE__LOOKUP_REQUEST__INIT;

	lookup.aor = "alice@example.com";
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &lookup;
	env.key = "idem-1";
	env.call_sid = "CA0123456789abcdef0123456789abcdef";
	f->replies = 0;
	assert_int_equal(0, bus_request(f->client, req, &env, on_reply, f));
	assert_int_equal(0, f->replies);
}

static void wait_reply(struct fixture *f, int err, uint32_t ms)
{
	assert_true(run_until(f->loop, one_reply, f, ms));
	assert_int_equal(err, f->err);
}

static const struct bus_req plain = {.service = "registrar",
                                     .timeout_ms = 3000};
static const struct bus_req retried = {
	.service = "registrar", .timeout_ms = 8000, .retry = true};

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

/* --- what is not ours ---------------------------------------------------- */

struct raw {
	struct fixture *f;
	void *context, *socket;
	Trestle__Envelope *reply;
};

static void open_raw(struct raw *raw, struct fixture *f)
{
	const struct peer *peer;

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	peer = peers_nth(bus_peers(f->client), "registrar", 0);
	raw->f = f;
	raw->reply = NULL;
	raw->context = zmq_ctx_new();
	raw->socket = zmq_socket(raw->context, ZMQ_DEALER);
	assert_int_equal(0, zmq_connect(raw->socket, peer->endpoint));
}

static void close_raw(struct raw *raw)
{
	int none = 0;

	if (raw->reply)
		trestle__envelope__free_unpacked(raw->reply, NULL);
	zmq_setsockopt(raw->socket, ZMQ_LINGER, &none, sizeof(none));
	zmq_close(raw->socket);
	zmq_ctx_term(raw->context);
}

static bool raw_replied(void *arg)
{
	struct raw *raw = arg;
	uint8_t buffer[4096];
	int n = zmq_recv(raw->socket, buffer, sizeof(buffer), ZMQ_DONTWAIT);

	if (n > 0)
		raw->reply = trestle__envelope__unpack(NULL, (size_t)n, buffer);
	return raw->reply != NULL;
}

static void an_unknown_version_is_refused_politely(void **state)
{
	struct raw raw;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	uint8_t buffer[256];
	size_t n;

	open_raw(&raw, *state);
	env.version = 99;
	env.id = 7;
	n = trestle__envelope__pack(&env, buffer);
	zmq_send(raw.socket, buffer, n, 0);
	assert_true(run_until(raw.f->loop, raw_replied, &raw, 2000));
	assert_int_equal(7, raw.reply->reply_to);
	assert_int_equal(TRESTLE__ENVELOPE__BODY_REFUSAL, raw.reply->body_case);
	assert_int_equal(TRESTLE__REFUSAL__REASON__UNSUPPORTED,
	                 raw.reply->refusal->reason);
	close_raw(&raw);
}

static bool garbage_counted(void *arg)
{
	struct strbuf out = {0};
	bool found;

	metrics_print(((struct raw *)arg)->f->metrics, &out);
	found = strstr(out.s, "trestle_bus_garbage_total 3\n") != NULL;
	strbuf_close(&out);
	return found;
}

static void garbage_is_dropped_and_counted(void **state)
{
	struct raw raw;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	uint8_t buffer[256];
	size_t n;

	open_raw(&raw, *state);
	log_set_level(LOG_ERROR);
	zmq_send(raw.socket, "\xff\xff\xff", 3, 0);
	zmq_send(raw.socket, "a", 1, ZMQ_SNDMORE);
	zmq_send(raw.socket, "b", 1, 0); /* several parts */
	env.version = BUS_VERSION;
	env.reply_to = 5; /* an answer that nobody asked for */
	n = trestle__envelope__pack(&env, buffer);
	zmq_send(raw.socket, buffer, n, 0);
	assert_true(run_until(raw.f->loop, garbage_counted, &raw, 2000));
	assert_int_equal(0, raw.f->servers[0].requests);
	ask_for(raw.f, &plain);
	wait_reply(raw.f, 0, 1000);
	close_raw(&raw);
}

static void a_message_that_is_too_large_is_not_sent(void **state)
{
	struct fixture *f = *state;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest lookup = TRESTLE__LOOKUP_REQUEST__INIT;
	char *large = calloc(1, BUS_MESSAGE_MAX + 1);

	open_server(f, 0);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	memset(large, 'a', BUS_MESSAGE_MAX);
	lookup.aor = large;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &lookup;
	assert_int_equal(0, bus_request(f->client, &plain, &env, on_reply, f));
	wait_reply(f, EMSGSIZE, 1000);
	free(large);
}

/* --- CURVE --------------------------------------------------------------- */

static struct bus *open_keyed(struct fixture *f, const char *service,
                              const char *public_key, const char *secret_key)
{
	struct bus_config cfg = config(f, service, service);
	struct bus *bus = NULL;

	cfg.curve_public = public_key;
	cfg.curve_secret = secret_key;
	cfg.wants = strcmp(service, "registrar") == 0 ? NULL : wants;
	cfg.on_request = serve;
	cfg.arg = &f->servers[0];
	assert_int_equal(0, bus_alloc(&bus, &cfg));
	return bus;
}

static void with_keys_only_holders_of_the_key_are_let_in(void **state)
{
	struct fixture *f = *state;
	char public_key[41], secret_key[41], other_public[41], other_secret[41];
	struct bus *open = f->client;
	struct bus *stranger;

	zmq_curve_keypair(public_key, secret_key);
	zmq_curve_keypair(other_public, other_secret);
	f->servers[0].bus = open_keyed(f, "registrar", public_key, secret_key);
	f->client = open_keyed(f, "fetcher", public_key, secret_key);
	stranger = open_keyed(f, "stranger", other_public, other_secret);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	ask_for(f, &plain);
	wait_reply(f, 0, 1000);
	bus_free(f->client);
	f->client = open;
	assert_false(run_until(f->loop, one_alive, f, 500));
	bus_free(open);
	f->client = stranger;
	assert_false(run_until(f->loop, one_alive, f, 500));
}

/* Knows the public key of the server, as its serverkey; has a pair of its own:
 * only the ZAP handler keeps it out. */
static void a_client_with_a_pair_of_its_own_is_not_let_in(void **state)
{
	struct fixture *f = *state;
	char public_key[41], secret_key[41], own_public[41], own_secret[41];
	const struct peer *peer;
	struct raw raw = {.f = f};
	bool allowed;

	zmq_curve_keypair(public_key, secret_key);
	zmq_curve_keypair(own_public, own_secret);
	f->servers[0].bus = open_keyed(f, "registrar", public_key, secret_key);
	bus_free(f->client);
	f->client = open_keyed(f, "fetcher", public_key, secret_key);
	assert_true(run_until(f->loop, one_alive, f, 5000));
	peer = peers_nth(bus_peers(f->client), "registrar", 0);
	raw.context = zmq_ctx_new();
	for (int i = 0; i < 2; i++) {
		Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
		uint8_t buffer[64];
		size_t n;

		allowed = i == 0;
		raw.socket = zmq_socket(raw.context, ZMQ_DEALER);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_SERVERKEY, public_key, 41);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_PUBLICKEY,
		               allowed ? public_key : own_public, 41);
		zmq_setsockopt(raw.socket, ZMQ_CURVE_SECRETKEY,
		               allowed ? secret_key : own_secret, 41);
		assert_int_equal(0, zmq_connect(raw.socket, peer->endpoint));
		env.version = 99;
		env.id = 7;
		n = trestle__envelope__pack(&env, buffer);
		zmq_send(raw.socket, buffer, n, 0);
		assert_int_equal(allowed, run_until(f->loop, raw_replied, &raw,
		                                    allowed ? 3000 : 500));
		if (allowed) {
			trestle__envelope__free_unpacked(raw.reply, NULL);
			raw.reply = NULL;
			zmq_close(raw.socket);
		}
	}
	close_raw(&raw);
}

static void half_a_key_pair_or_a_wrong_one_is_refused(void **state)
{
	struct fixture *f = *state;
	struct bus_config cfg = config(f, "registrar", "registrar-9");
	char public_key[41], secret_key[41], other[41];
	struct bus *bus;

	zmq_curve_keypair(public_key, secret_key);
	zmq_curve_keypair(other, secret_key);
	cfg.curve_public = public_key;
	assert_int_equal(EINVAL, bus_alloc(&bus, &cfg));
	cfg.curve_secret = secret_key;
	assert_int_equal(EINVAL, bus_alloc(&bus, &cfg));
	cfg.curve_secret = "short";
	assert_int_equal(EINVAL, bus_alloc(&bus, &cfg));
}

#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

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
          WITH(a_process_that_stands_still_is_dead_until_it_goes_on),
          WITH(an_unknown_version_is_refused_politely),
          WITH(garbage_is_dropped_and_counted),
          WITH(a_message_that_is_too_large_is_not_sent),
          WITH(with_keys_only_holders_of_the_key_are_let_in),
          WITH(a_client_with_a_pair_of_its_own_is_not_let_in),
          WITH(half_a_key_pair_or_a_wrong_one_is_refused))

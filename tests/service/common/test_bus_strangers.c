/*
 * test_bus_strangers.c - messages and peers that are not ours, on a real bus
 */
#include "bus_fixture.h"

#include <zmq.h>

#include "base/log.h"
#include "base/metrics.h"
#include "base/strbuf.h"
#include "unit/test.h"

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

TEST_MAIN(WITH(an_unknown_version_is_refused_politely),
          WITH(garbage_is_dropped_and_counted),
          WITH(a_message_that_is_too_large_is_not_sent),
          WITH(with_keys_only_holders_of_the_key_are_let_in),
          WITH(a_client_with_a_pair_of_its_own_is_not_let_in),
          WITH(half_a_key_pair_or_a_wrong_one_is_refused))

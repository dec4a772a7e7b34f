/*
 * bus_fixture.c - a client and two servers on the bus
 */
#include "bus_fixture.h"

#include "base/log.h"
#include "base/metrics.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

const struct log quiet = {NULL, "svc", "test"};
const char *const wants[] = {"registrar", NULL};

void lookup_reply(struct bus *bus, const struct bus_return *to,
                  const char *text)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupReply reply = TRESTLE__LOOKUP_REPLY__INIT;

	reply.domain_sid = (char *)text;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY;
	env.lookup_reply = &reply;
	bus_reply(bus, to, &env);
}

void serve(void *arg, const struct bus_return *from,
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

void on_reply(void *arg, int err, const Trestle__Envelope *reply)
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

struct bus_config config(struct fixture *f, const char *service,
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

void open_server(struct fixture *f, int i)
{
	static const char *const names[] = {"registrar-1", "registrar-2"};
	struct bus_config cfg = config(f, "registrar", names[i]);

	cfg.on_request = serve;
	cfg.arg = &f->servers[i];
	assert_int_equal(0, bus_alloc(&f->servers[i].bus, &cfg));
}

void close_server(struct fixture *f, int i)
{
	bus_free(f->servers[i].bus);
	f->servers[i].bus = NULL;
}

static bool redis_is_up(void *arg)
{
	return redis_up(((struct fixture *)arg)->redis);
}

int setup(void **state)
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

int teardown(void **state)
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

bool none_alive(void *arg)
{
	return n_alive(arg) == 0;
}

bool one_alive(void *arg)
{
	return n_alive(arg) == 1;
}

bool two_alive(void *arg)
{
	return n_alive(arg) == 2;
}

bool one_reply(void *arg)
{
	return ((struct fixture *)arg)->replies == 1;
}

bool one_request(void *arg)
{
	struct fixture *f = arg;

	return f->servers[0].requests + f->servers[1].requests >= 1;
}

void ask_for(struct fixture *f, const struct bus_req *req)
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

void wait_reply(struct fixture *f, int err, uint32_t ms)
{
	assert_true(run_until(f->loop, one_reply, f, ms));
	assert_int_equal(err, f->err);
}

const struct bus_req plain = {.service = "registrar", .timeout_ms = 3000};
const struct bus_req retried = {
	.service = "registrar", .timeout_ms = 8000, .retry = true};

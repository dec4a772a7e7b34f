/*
 * asker.c - a call-controller that asks the registrar
 */
#include "asker.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "bus/bus.h"
#include "bus/peers.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

static struct loop *loop;
static struct redis *redis;
static struct bus *bus;

struct seen seen;

static bool has_reply(void *arg)
{
	(void)arg;
	return seen.there;
}

static void copy(char *out, size_t size, const char *text)
{
	(void)snprintf(out, size, "%s", text);
}

static void read_authorize(const Trestle__AuthorizeReply *r)
{
	seen.verdict = (int)r->verdict;
	seen.status = r->status;
	seen.code = r->error_code;
	seen.n_challenges = r->n_challenges;
	for (size_t i = 0; i < r->n_challenges && i < 2; i++)
		copy(seen.challenges[i], 512, r->challenges[i]);
	copy(seen.domain, sizeof(seen.domain), r->domain_name);
	copy(seen.user, sizeof(seen.user), r->username);
	copy(seen.carrier, sizeof(seen.carrier), r->carrier_sid);
	copy(seen.number, sizeof(seen.number), r->number);
	copy(seen.caller, sizeof(seen.caller), r->caller);
	seen.n_lists = r->n_lists;
	if (r->n_lists > 0)
		copy(seen.list, sizeof(seen.list), r->lists[0]);
}

static void read_lookup(const Trestle__LookupReply *r)
{
	seen.domain_known = r->domain_known;
	seen.user_known = r->user_known;
	seen.n_bindings = r->n_bindings;
	if (r->n_bindings == 0)
		return;
	copy(seen.contact, sizeof(seen.contact), r->bindings[0]->contact);
	copy(seen.source, sizeof(seen.source), r->bindings[0]->source_ip);
	copy(seen.transport, sizeof(seen.transport), r->bindings[0]->transport);
	copy(seen.instance, sizeof(seen.instance), r->bindings[0]->instance);
	if (r->bindings[0]->n_path > 0)
		copy(seen.path, sizeof(seen.path), r->bindings[0]->path[0]);
	seen.q = r->bindings[0]->q;
	seen.expires = r->bindings[0]->expires;
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	(void)arg;
	seen.there = true;
	seen.err = err;
	seen.verdict = -1;
	if (err)
		return;
	if (reply->body_case == TRESTLE__ENVELOPE__BODY_AUTHORIZE_REPLY)
		read_authorize(reply->authorize_reply);
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY)
		read_lookup(reply->lookup_reply);
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_BINDINGS_REMOVED)
		seen.verdict = (int)reply->bindings_removed->n;
}

static void ask(Trestle__Envelope *env)
{
	const struct bus_req req = {.service = "registrar", .timeout_ms = 3000};

	memset(&seen, 0, sizeof(seen));
	assert_int_equal(0, bus_request(bus, &req, env, on_reply, NULL));
	assert_true(run_until(loop, has_reply, NULL, 4000));
	assert_int_equal(0, seen.err);
}

void asker_authorize(const char *uri, const char *source, const char *transport,
                     const char *credentials)
{
	asker_authorize_from("sip:0114420718387500@example.org", uri, source,
	                     transport, credentials);
}

void asker_authorize_from(const char *from, const char *uri, const char *source,
                          const char *transport, const char *credentials)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AuthorizeRequest r = TRESTLE__AUTHORIZE_REQUEST__INIT;
	char *list[] = {(char *)credentials};

	r.method = "INVITE";
	r.request_uri = (char *)uri;
	r.from_uri = (char *)from;
	r.source_ip = (char *)source;
	r.source_port = 5060;
	r.transport = (char *)transport;
	r.n_credentials = credentials ? 1 : 0;
	r.credentials = list;
	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST;
	env.authorize_request = &r;
	ask(&env);
}

void asker_simulate(const char *uri, const char *from, const char *source,
                    const char *carrier)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AuthorizeRequest r = TRESTLE__AUTHORIZE_REQUEST__INIT;

	r.method = "INVITE";
	r.request_uri = (char *)uri;
	r.from_uri = (char *)from;
	r.source_ip = (char *)source;
	r.transport = "udp";
	r.simulate = true;
	r.carrier_sid = (char *)carrier;
	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST;
	env.authorize_request = &r;
	ask(&env);
}

void asker_look_up(const char *aor)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest r = TRESTLE__LOOKUP_REQUEST__INIT;

	r.aor = (char *)aor;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &r;
	ask(&env);
}

int asker_remove(const char *aor, const char *sid)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__BindingsRemove r = TRESTLE__BINDINGS_REMOVE__INIT;

	r.aor = (char *)aor;
	r.registration = (char *)sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_BINDINGS_REMOVE;
	env.bindings_remove = &r;
	ask(&env);
	return seen.verdict;
}

static bool registrar_is_alive(void *arg)
{
	(void)arg;
	return peers_pick(bus_peers(bus), "registrar", NULL) != NULL;
}

void asker_open(const struct fixture *f)
{
	static const char *const wants[] = {"registrar", NULL};
	static const struct log log = {NULL, "svc", "test"};
	struct bus_config config = {.service = "call-controller",
	                            .instance = "call-controller-1",
	                            .address = "127.0.0.1",
	                            .sip = "",
	                            .http = "",
	                            .wants = wants,
	                            .log = &log};

	assert_int_equal(0, loop_alloc(&loop));
	assert_int_equal(0, redis_alloc(&redis, loop, &log, f->redis.url));
	config.loop = loop;
	config.redis = redis;
	assert_int_equal(0, bus_alloc(&bus, &config));
	assert_true(run_until(loop, registrar_is_alive, NULL, 10000));
}

void asker_close(void)
{
	bus_free(bus);
	redis_free(redis);
	loop_free(loop);
}

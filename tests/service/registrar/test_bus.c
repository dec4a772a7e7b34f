/*
 * test_bus.c - what a call-controller asks: may it call, and where are they?
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "bus/bus.h"
#include "bus/peers.h"
#include "fixture.h"
#include "loop/loop.h"
#include "phone.h"
#include "store/redis.h"
#include "unit/test.h"

static struct fixture fixture;
static struct loop *loop;
static struct redis *redis;
static struct bus *bus;

/* The last reply, taken apart into texts */
struct seen {
	bool there;
	int err;
	int verdict; /* -1: a refusal */
	unsigned status, code;
	size_t n_challenges;
	char challenges[2][512];
	char domain[64], user[64], carrier[64], number[64], caller[64];
	bool domain_known, user_known;
	size_t n_lists;
	char list[64];
	size_t n_bindings;
	char contact[128], path[128], source[64], transport[8], instance[64];
	unsigned q, expires;
};

static struct seen seen;

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

static void authorize(const char *uri, const char *source,
                      const char *transport, const char *credentials)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AuthorizeRequest r = TRESTLE__AUTHORIZE_REQUEST__INIT;
	char *list[] = {(char *)credentials};

	r.method = "INVITE";
	r.request_uri = (char *)uri;
	r.from_uri = "sip:0114420718387500@example.org";
	r.source_ip = (char *)source;
	r.source_port = 5060;
	r.transport = (char *)transport;
	r.n_credentials = credentials ? 1 : 0;
	r.credentials = list;
	env.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST;
	env.authorize_request = &r;
	ask(&env);
}

static void simulate(const char *uri, const char *from, const char *source,
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

static void look_up(const char *aor)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest r = TRESTLE__LOOKUP_REQUEST__INIT;

	r.aor = (char *)aor;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &r;
	ask(&env);
}

/* How many were removed; -1: refused */
static int removed(const char *aor, const char *sid)
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

static int start(void **state)
{
	static const char *const wants[] = {"registrar", NULL};
	struct bus_config config = {.service = "call-controller",
	                            .instance = "call-controller-1",
	                            .address = "127.0.0.1",
	                            .sip = "",
	                            .http = "",
	                            .wants = wants};
	static const struct log log = {NULL, "svc", "test"};

	(void)state;
	fixture_start(&fixture);
	assert_int_equal(0, loop_alloc(&loop));
	assert_int_equal(0, redis_alloc(&redis, loop, &log, fixture.redis.url));
	config.loop = loop;
	config.redis = redis;
	config.log = &log;
	assert_int_equal(0, bus_alloc(&bus, &config));
	assert_true(run_until(loop, registrar_is_alive, NULL, 10000));
	return 0;
}

static int stop(void **state)
{
	(void)state;
	bus_free(bus);
	redis_free(redis);
	loop_free(loop);
	fixture_stop(&fixture);
	return 0;
}

enum {
	USER = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER,
	CARRIER = TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER,
	CHALLENGE = TRESTLE__AUTHORIZE_REPLY__VERDICT__CHALLENGE,
	REJECT = TRESTLE__AUTHORIZE_REPLY__VERDICT__REJECT,
	DROP = TRESTLE__AUTHORIZE_REPLY__VERDICT__DROP
};

struct row {
	const char *name;
	const char *uri, *source, *transport;
	int verdict;
	unsigned status, code;
};

// clang-format off
static const struct row rows[] = {
	{"a phone is challenged", "sip:+1@a.example", "203.0.113.1", "udp", CHALLENGE, 407, 0},
	{"the host may be in capitals", "sip:+1@A.Example:5060;transport=tcp", "203.0.113.1", "udp", CHALLENGE, 407, 0},
	{"nothing may call from this domain", "sip:+1@none.example", "203.0.113.1", "udp", REJECT, 403, 32200},
	{"in the access list", "sip:+1@open.example", "192.0.2.77", "udp", USER, 0, 0},
	{"not in the access list", "sip:+1@open.example", "203.0.113.1", "udp", REJECT, 403, 32201},
	{"both needed, not in the list", "sip:+1@both.example", "203.0.113.1", "udp", REJECT, 403, 32201},
	{"both needed, in the list", "sip:+1@both.example", "192.0.2.77", "udp", CHALLENGE, 407, 0},
	{"secure, and UDP", "sip:+1@secure.example", "203.0.113.1", "udp", REJECT, 488, 32209},
	{"secure, and TLS", "sip:+1@secure.example", "203.0.113.1", "tls", CHALLENGE, 407, 0},
	{"the account is suspended", "sip:+1@idle.example", "203.0.113.1", "udp", REJECT, 603, 10001},
	{"a carrier's source, our number", "sip:+14155550100@192.0.2.200", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, a national number", "sip:4155550100@192.0.2.200", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, tel:", "tel:+1-415-555-0100", "198.51.100.9", "udp", CARRIER, 0, 0},
	{"a carrier's source, no number of ours", "sip:+14155550199@192.0.2.200", "198.51.100.9", "udp", REJECT, 404, 32101},
	{"a carrier's source, a word", "sip:sales@192.0.2.200", "198.51.100.9", "udp", REJECT, 404, 32101},
	{"a phone at a carrier's address", "sip:+14155550100@a.example", "198.51.100.9", "udp", CHALLENGE, 407, 0},
	{"a URI that is none", "sip:", "203.0.113.1", "udp", REJECT, 400, 32110},
};
// clang-format on

static void each_row_is_judged_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		const struct row *row = &rows[i];

		authorize(row->uri, row->source, row->transport, NULL);
		if (seen.verdict != row->verdict ||
		    seen.status != row->status || seen.code != row->code)
			fail_msg("%s: verdict %d status %u code %u", row->name,
			         seen.verdict, seen.status, seen.code);
		if (row->verdict == CARRIER) {
			assert_string_equal("+14155550100", seen.number);
			assert_string_equal("+4420718387500", seen.caller);
		}
	}
}

struct simulated {
	const char *uri, *from, *source, *carrier;
	int verdict;
	unsigned code;
	const char *list;
};

// clang-format off
static const struct simulated simulated[] = {
	{"sip:+1@a.example", "sip:alice@a.example", "", "", USER, 0, "CL00000000000000000000000000000001"},
	{"sip:+1@a.example", "sip:nobody@a.example", "", "", REJECT, 32202, ""},
	{"sip:+1@open.example", "sip:x@open.example", "192.0.2.77", "", USER, 0, "AL"},
	{"sip:+1@open.example", "sip:x@open.example", "", "", REJECT, 32201, ""},
	{"sip:+1@both.example", "sip:alice@both.example", "192.0.2.77", "", USER, 0, "AL"},
	{"sip:+1@none.example", "sip:x@none.example", "", "", REJECT, 32200, ""},
	{"sip:+1@secure.example", "sip:x@secure.example", "", "", REJECT, 32209, ""},
	{"sip:+14155550100@x.example", "sip:+1@y.example", "198.51.100.9", "", CARRIER, 0, ""},
	{"sip:+14155550199@x.example", "sip:+1@y.example", "198.51.100.9", "", REJECT, 32101, ""},
	{"sip:+1@nowhere.example", "sip:x@y.example", "", "", REJECT, 32002, ""},
	{"sip:+14155550100@x.example", "sip:+1@y.example", "", "BYnone", REJECT, 32002, ""},
};
// clang-format on

/* Five times: who asks too often would hear nothing. */
static void a_simulated_call_is_judged_and_leaves_no_trace(void **state)
{
	(void)state;
	redis_cli(&fixture.redis, "DEL alerts", NULL);
	for (size_t i = 0; i < 5 * N_OF(simulated); i++) {
		const struct simulated *s = &simulated[i % N_OF(simulated)];

		simulate(s->uri, s->from, s->source, s->carrier);
		if (seen.verdict != s->verdict || seen.code != s->code ||
		    strncmp(seen.list, s->list, strlen(s->list)) != 0 ||
		    (seen.n_lists == 0) != !*s->list)
			fail_msg("%s from %s: verdict %d code %u list %s",
			         s->uri, s->from, seen.verdict, seen.code,
			         seen.list);
	}
	redis_cli(&fixture.redis, "EXISTS alerts", "0");
}

static void sign(struct phone *p, const char *method, const char *uri,
                 char *out, size_t size)
{
	for (size_t i = 0; i < seen.n_challenges; i++)
		if (phone_take_nonce(p, seen.challenges[i]))
			break;
	phone_credentials(p, method, uri, out, size);
}

#define URI  "sip:bob@a.example"
#define HERE "203.0.113.2"

static void a_phone_that_signs_in_may_call(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	authorize(URI, HERE, "udp", NULL);
	assert_int_equal(2, seen.n_challenges);
	assert_non_null(strstr(seen.challenges[0], "algorithm=SHA-256"));
	p.sha256 = true;
	sign(&p, "INVITE", URI, credentials, sizeof(credentials));
	authorize(URI, HERE, "udp", credentials);
	assert_int_equal(USER, seen.verdict);
	assert_string_equal("alice", seen.user);
	assert_string_equal("a.example", seen.domain);
	phone_close(&p);
}

static void credentials_of_a_register_do_not_call(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	authorize(URI, HERE, "udp", NULL);
	sign(&p, "REGISTER", URI, credentials, sizeof(credentials));
	authorize(URI, HERE, "udp", credentials);
	assert_int_equal(REJECT, seen.verdict);
	assert_int_equal(403, seen.status);
	assert_int_equal(32202, seen.code);
	phone_close(&p);
}

static void a_wrong_password_is_refused_with_its_code(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	p.password = "guess";
	authorize(URI, HERE, "udp", NULL);
	sign(&p, "INVITE", URI, credentials, sizeof(credentials));
	authorize(URI, HERE, "udp", credentials);
	assert_int_equal(REJECT, seen.verdict);
	assert_int_equal(32202, seen.code);
	authorize("sip:x@a.example", HERE, "udp", credentials);
	assert_int_equal(400, seen.status);
	phone_close(&p);
}

static void a_carrier_may_sign_in_instead(void **state)
{
	char credentials[1024];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "sip.example", "trunk");
	p.realm = "carrier"; /* by whichever name of ours it calls */
	authorize("sip:+14155550100@192.0.2.200", HERE, "udp", NULL);
	assert_int_equal(CHALLENGE, seen.verdict);
	sign(&p, "INVITE", "sip:+14155550100@192.0.2.200", credentials,
	     sizeof(credentials));
	authorize("sip:+14155550100@192.0.2.200", HERE, "udp", credentials);
	assert_int_equal(CARRIER, seen.verdict);
	authorize("sip:+14155550100@sip.example", HERE, "udp", NULL);
	assert_int_equal(CHALLENGE, seen.verdict);
	sign(&p, "INVITE", "sip:+14155550100@sip.example", credentials,
	     sizeof(credentials));
	authorize("sip:+14155550100@sip.example", HERE, "udp", credentials);
	assert_int_equal(CARRIER, seen.verdict);
	assert_string_equal("BY00000000000000000000000000000002", seen.carrier);
	p.password = "guess";
	authorize("sip:+14155550100@sip.example", HERE, "udp", NULL);
	sign(&p, "INVITE", "sip:+14155550100@sip.example", credentials,
	     sizeof(credentials));
	authorize("sip:+14155550100@sip.example", HERE, "udp", credentials);
	assert_int_equal(32202, seen.code);
	phone_close(&p);
}

static void a_look_up_finds_the_latest_device_first(void **state)
{
	struct phone p;

	(void)state;
	look_up("bob@a.example");
	assert_true(seen.domain_known);
	assert_true(seen.user_known);
	assert_int_equal(0, seen.n_bindings);
	phone_open(&p, fixture.sip, "a.example", "bob");
	p.source = "203.0.113.3:5061;transport=tls";
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:b@192.0.2.1>\r\n"));
	(void)usleep(2000); /* times in Redis are in milliseconds */
	assert_int_equal(
		200, phone_register(&p, "Contact: <sip:b@192.0.2.2>;q=0.5;"
	                                "+sip.instance=\"<urn:uuid:5>\"\r\n"
	                                "Path: <sip:tok@192.0.2.9;lr>\r\n"));
	look_up("bob@a.example");
	assert_int_equal(2, seen.n_bindings);
	assert_string_equal("sip:b@192.0.2.2", seen.contact);
	assert_string_equal("<sip:tok@192.0.2.9;lr>", seen.path);
	assert_string_equal("203.0.113.3", seen.source);
	assert_string_equal("tls", seen.transport);
	assert_string_equal("urn:uuid:5", seen.instance);
	assert_int_equal(500, seen.q);
	assert_in_range(seen.expires, 3000, 3600);
	phone_close(&p);
}

static void a_look_up_tells_unknown_from_not_registered(void **state)
{
	(void)state;
	look_up("nobody@a.example");
	assert_true(seen.domain_known);
	assert_false(seen.user_known);
	look_up("bob@elsewhere.example");
	assert_false(seen.domain_known);
	look_up("bob");
	assert_int_equal(-1, seen.verdict);
}

/* AoRs that would be written again should Redis lose them */
static unsigned remembered(void)
{
	static const char name[] = "\ntrestle_registrar_owned_aors ";
	char body[16384];
	const char *at;

	assert_int_equal(
		200, http_get(fixture.http, "/healthz", body, sizeof(body)));
	assert_int_equal(
		200, http_get(fixture.http, "/metrics", body, sizeof(body)));
	at = strstr(body, name);
	assert_non_null(at);
	return (unsigned)strtoul(at + strlen(name), NULL, 10);
}

static void what_is_removed_is_neither_found_nor_written_again(void **state)
{
	unsigned before = remembered();
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "carol");
	for (int i = 1; i <= 2; i++) {
		char contact[64];

		(void)snprintf(contact, sizeof(contact),
		               "Contact: <sip:c@192.0.2.%d>\r\n", i);
		assert_int_equal(200, phone_register(&p, contact));
	}
	assert_int_equal(0, removed("carol@a.example",
	                            "RG00000000000000000000000000000000"));
	assert_int_equal(-1, removed("carol@a.example", "CA1"));
	assert_int_equal(-1, removed("carol", ""));
	look_up("carol@a.example");
	assert_int_equal(2, seen.n_bindings);
	assert_int_equal(before + 1, remembered());
	assert_int_equal(2, removed("carol@a.example", ""));
	assert_int_equal(0, removed("carol@a.example", ""));
	look_up("carol@a.example");
	assert_true(seen.user_known);
	assert_int_equal(0, seen.n_bindings);
	assert_int_equal(before, remembered());
	assert_int_equal(200,
	                 phone_register(&p, "Contact: <sip:c@192.0.2.1>\r\n"));
	look_up("carol@a.example");
	assert_int_equal(1, seen.n_bindings);
	phone_close(&p);
}

/* The last: from now on the users of the account have this realm. */
static void a_look_up_knows_users_by_the_realm_of_the_account(void **state)
{
	(void)state;
	redis_cli(&fixture.redis,
	          "HSET account:AC00000000000000000000000000000001 realm acme",
	          NULL);
	redis_cli(&fixture.redis,
	          "HSET domain:new.example sid "
	          "SD00000000000000000000000000000009 domain_name new.example "
	          "account_sid AC00000000000000000000000000000001 "
	          "sip_registration true registration_credential_lists "
	          "CL00000000000000000000000000000001",
	          NULL);
	redis_cli(&fixture.redis, "SADD domains new.example", NULL);
	redis_cli(&fixture.redis, "INCR config:version", NULL);
	redis_cli(&fixture.redis, "PUBLISH config 9", NULL);
	for (int i = 0; i < 100 && !seen.domain_known; i++)
		look_up("alice@new.example");
	assert_true(seen.user_known);
	look_up("nobody@new.example");
	assert_false(seen.user_known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_judged_as_it_says),
		cmocka_unit_test(
			a_simulated_call_is_judged_and_leaves_no_trace),
		cmocka_unit_test(a_phone_that_signs_in_may_call),
		cmocka_unit_test(credentials_of_a_register_do_not_call),
		cmocka_unit_test(a_wrong_password_is_refused_with_its_code),
		cmocka_unit_test(a_carrier_may_sign_in_instead),
		cmocka_unit_test(a_look_up_finds_the_latest_device_first),
		cmocka_unit_test(a_look_up_tells_unknown_from_not_registered),
		cmocka_unit_test(
			what_is_removed_is_neither_found_nor_written_again),
		cmocka_unit_test(
			a_look_up_knows_users_by_the_realm_of_the_account),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

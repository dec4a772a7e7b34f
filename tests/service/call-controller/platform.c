/*
 * platform.c - what a call-controller has around it, in one test program
 */
#include "platform.h"

#include <signal.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

enum { WAIT_MS = 8000 };

static const char *const ips[] = {"127.0.7.1", "127.0.7.3"};

/* ---- scripts -------------------------------------------------------------- */

static void on_registrar(void *arg, const struct bus_return *from,
                         const Trestle__Envelope *env)
{
	struct platform *p = arg;
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	Trestle__AuthorizeReply a = TRESTLE__AUTHORIZE_REPLY__INIT;
	Trestle__LookupReply l = TRESTLE__LOOKUP_REPLY__INIT;
	Trestle__Binding b[4], *list[4];
	char path[128], *route = path;
	char *challenge = (char *)"Digest realm=\"acme.example\", nonce=\"n\"";

	if (env->body_case == TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST) {
		p->authorizations++;
		reply.body_case = TRESTLE__ENVELOPE__BODY_AUTHORIZE_REPLY;
		reply.authorize_reply = &a;
		a.verdict = p->verdict;
		a.account_sid = (char *)"AC00000000000000000000000000000001";
		a.domain_sid = (char *)"SD00000000000000000000000000000001";
		a.domain_name = (char *)"acme.example";
		a.username = (char *)p->username;
		a.carrier_sid = (char *)"BY00000000000000000000000000000001";
		a.number = (char *)"+15550100";
		if (a.verdict == TRESTLE__AUTHORIZE_REPLY__VERDICT__CARRIER)
			a.caller = (char *)"+15550123";
		a.status = 407;
		a.challenges = &challenge;
		a.n_challenges = 1;
		a.error_code = 32201;
		a.reason = (char *)"source IP Address not in ACL";
	} else {
		snprintf(path, sizeof(path), "<sip:token@%s;lr>",
		         p->edge.address);
		reply.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY;
		reply.lookup_reply = &l;
		p->lookups++;
		l.domain_known = l.user_known = true;
		l.bindings = list;
		for (; l.n_bindings < 4 && p->bindings[l.n_bindings];
		     l.n_bindings++) {
			Trestle__Binding *one = &b[l.n_bindings];

			trestle__binding__init(one);
			one->contact = (char *)p->bindings[l.n_bindings];
			one->path = &route;
			one->n_path = 1;
			one->source_ip = (char *)p->binding_at;
			list[l.n_bindings] = one;
		}
	}
	bus_reply(p->bus[PLAY_REGISTRAR], from, &reply);
}

static const char *param(const Trestle__NotifyRequest *n, const char *name)
{
	for (size_t i = 0; i < n->n_params; i++)
		if (strcmp(n->params[i]->name, name) == 0)
			return n->params[i]->value;
	return "";
}

static void note_params(struct platform *p, const Trestle__FetchRequest *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_params; i++)
		n += (size_t)snprintf(p->params + n, sizeof(p->params) - n,
		                      "%s=%s\n", f->params[i]->name,
		                      f->params[i]->value);
}

static void on_fetcher(void *arg, const struct bus_return *from,
                       const Trestle__Envelope *env)
{
	struct platform *p = arg;
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	Trestle__FetchReply f = TRESTLE__FETCH_REPLY__INIT;
	Trestle__NotifyReply n = TRESTLE__NOTIFY_REPLY__INIT;
	const char *document = p->document;

	if (env->body_case == TRESTLE__ENVELOPE__BODY_FETCH_REQUEST) {
		p->fetches++;
		note_params(p, env->fetch_request);
		reply.body_case = TRESTLE__ENVELOPE__BODY_FETCH_REPLY;
		reply.fetch_reply = &f;
		f.http_status = 200;
		f.content_type = (char *)"text/xml";
		f.url = env->fetch_request->url;
		if (strstr(p->params, "To=+15550100\n"))
			document = p->number_document;
		f.body.data = (uint8_t *)document;
		f.body.len = strlen(document);
	} else {
		snprintf(p->note_url, sizeof(p->note_url), "%s",
		         env->notify_request->url);
		if (p->n_notes < PLATFORM_NOTES_MAX)
			snprintf(p->notes[p->n_notes++], sizeof(p->notes[0]),
			         "%s %s",
			         param(env->notify_request, "CallStatus"),
			         param(env->notify_request, "CallSid"));
		reply.body_case = TRESTLE__ENVELOPE__BODY_NOTIFY_REPLY;
		reply.notify_reply = &n;
		n.entry = (char *)"1-0";
	}
	bus_reply(p->bus[PLAY_FETCHER], from, &reply);
}

static void on_relay(void *arg, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	struct platform *p = arg;
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionState s = TRESTLE__SESSION_STATE__INIT;
	Trestle__LegState legs[16], *list[16];
	Trestle__Quality q = TRESTLE__QUALITY__INIT;
	const Trestle__SessionPut *put = env->session_put;

	if (p->relay_refuses &&
	    env->body_case == TRESTLE__ENVELOPE__BODY_SESSION_PUT) {
		bus_refuse(p->bus[PLAY_RELAY], from,
		           TRESTLE__REFUSAL__REASON__OVERLOADED, "draining");
		return;
	}
	reply.body_case = TRESTLE__ENVELOPE__BODY_SESSION_STATE;
	reply.session_state = &s;
	s.legs = list;
	q.packets_received = 50;
	q.codec = (char *)"PCMU";
	if (env->body_case == TRESTLE__ENVELOPE__BODY_SESSION_PUT) {
		p->puts++;
		p->epoch = env->epoch;
		snprintf(p->session, sizeof(p->session), "%s", put->session);
		s.session = put->session;
		s.version = put->version;
		for (; s.n_legs < put->n_legs && s.n_legs < 16; s.n_legs++) {
			Trestle__LegState *leg = &legs[s.n_legs];

			trestle__leg_state__init(leg);
			leg->leg = put->legs[s.n_legs]->leg;
			leg->local_ip = (char *)"127.0.7.9";
			leg->local_port = 20000 + 2 * (uint32_t)s.n_legs;
			list[s.n_legs] = leg;
		}
	} else {
		p->releases++;
		p->epoch = env->epoch;
		s.session = env->session_release->session;
		trestle__leg_state__init(&legs[0]);
		legs[0].leg = env->call_sid;
		legs[0].quality = &q;
		list[0] = &legs[0];
		s.n_legs = 1;
	}
	bus_reply(p->bus[PLAY_RELAY], from, &reply);
}

/* ---- start and stop --------------------------------------------------------- */

static void open_bus(struct platform *p, int play, const char *service,
                     const char *sip, bus_request_h *on_request)
{
	static const char *const none[] = {NULL};
	static const char *const controllers[] = {"call-controller", NULL};
	static struct log log = {NULL, "svc", "test"};
	struct bus_config cfg = {
		.loop = p->loop,
		.redis = p->redis,
		.log = &log,
		.service = service,
		.instance = service,
		.address = "127.0.7.2",
		.sip = sip,
		.http = "",
		.wants = play == PLAY_EDGE || play == PLAY_API ? controllers
	                                                       : none,
		.on_request = on_request,
		.arg = p,
	};

	assert_int_equal(0, bus_alloc(&p->bus[play], &cfg));
}

static void seed(const struct platform *p)
{
	const struct redis_server *r = &p->redis_server;

	redis_cli(r,
	          "HSET account:AC00000000000000000000000000000001 sid "
	          "AC00000000000000000000000000000001 auth_token t status "
	          "active",
	          NULL);
	redis_cli(r, "SADD accounts AC00000000000000000000000000000001", NULL);
	redis_cli(r,
	          "HSET domain:acme.example sid "
	          "SD00000000000000000000000000000001 domain_name "
	          "acme.example account_sid "
	          "AC00000000000000000000000000000001 voice_url "
	          "http://app.example/voice voice_method POST "
	          "voice_status_callback_url "
	          "http://user:pass@app.example/status call_access_lists "
	          "AL00000000000000000000000000000001 "
	          "voice_status_callback_method POST",
	          NULL);
	redis_cli(r, "SADD domains acme.example", NULL);
	redis_cli(r,
	          "HSET number:+15550100 sid "
	          "PN00000000000000000000000000000001 phone_number +15550100 "
	          "account_sid AC00000000000000000000000000000001 voice_url "
	          "http://app.example/number voice_method POST",
	          NULL);
	redis_cli(r, "SADD numbers +15550100", NULL);
	redis_cli(r,
	          "HSET carrier:BY00000000000000000000000000000001 sid "
	          "BY00000000000000000000000000000001 sources "
	          "192.0.2.0/25 targets []",
	          NULL);
	redis_cli(r, "SADD carriers BY00000000000000000000000000000001", NULL);
	redis_cli(r,
	          "HSET access-list:AL00000000000000000000000000000001 sid "
	          "AL00000000000000000000000000000001 addresses 192.0.2.0/26",
	          NULL);
	redis_cli(r, "SADD access-lists AL00000000000000000000000000000001",
	          NULL);
	redis_cli(r, "INCR config:version", NULL);
}

static bool is_up(void *arg)
{
	struct platform *p = arg;

	return redis_up(p->redis);
}

int platform_open(void **state)
{
	static struct log log = {NULL, "svc", "test"};
	struct platform *p = calloc(1, sizeof(*p));

	log_set_level(LOG_WARN);
	p->verdict = TRESTLE__AUTHORIZE_REPLY__VERDICT__USER;
	p->binding_at = "192.0.2.2";
	p->username = "alice";
	redis_server_start(&p->redis_server, 0);
	seed(p);
	assert_int_equal(0, loop_alloc(&p->loop));
	assert_int_equal(
		0, redis_alloc(&p->redis, p->loop, &log, p->redis_server.url));
	assert_true(run_until(p->loop, is_up, p, WAIT_MS));
	phone_open(&p->edge, p->loop, "127.0.7.2");
	open_bus(p, PLAY_REGISTRAR, "registrar", "", on_registrar);
	open_bus(p, PLAY_FETCHER, "webhook-fetcher", "", on_fetcher);
	open_bus(p, PLAY_RELAY, "media-relay", "", on_relay);
	open_bus(p, PLAY_EDGE, "sip-edge", p->edge.address, NULL);
	open_bus(p, PLAY_API, "rest-api", "", NULL);
	platform_start(p, 0);
	*state = p;
	return 0;
}

int platform_close(void **state)
{
	struct platform *p = *state;

	for (unsigned i = 0; i < 2; i++)
		if (p->controller[i])
			platform_kill(p, i, SIGKILL);
	phone_close(&p->edge);
	for (unsigned i = 0; i < PLAYS; i++)
		bus_free(p->bus[i]);
	redis_free(p->redis);
	loop_free(p->loop);
	redis_server_stop(&p->redis_server);
	free(p);
	return 0;
}

struct options {
	struct platform *p;
	unsigned i;
};

/* Can it take a call: does it know all that it asks? */
static bool answers(struct platform *p, const char *status)
{
	struct phone *edge = &p->edge;
	static unsigned n;

	n++;
	phone_send(edge,
	           "OPTIONS sip:%s SIP/2.0\n"
	           "Via: SIP/2.0/UDP %s;branch=z9hG4bK-o%u\n"
	           "From: <sip:test@test>;tag=t\nTo: <sip:test@test>\n"
	           "Call-ID: options-%u\nCSeq: 1 OPTIONS",
	           edge->peer, edge->address, n, n);
	return phone_has(edge, status, "OPTIONS", 200);
}

void platform_expect_options(struct platform *p, const char *status)
{
	for (unsigned n = 0; n < 50 && !answers(p, status); n++)
		;
	assert_true(phone_has(&p->edge, status, "OPTIONS", 0));
	while (phone_has(&p->edge, "SIP/2.0", "OPTIONS", 0))
		phone_wait(&p->edge, "SIP/2.0", "OPTIONS");
}

static bool is_alive(void *arg)
{
	struct options *o = arg;
	char name[32];
	const struct peer *peer;

	snprintf(name, sizeof(name), "call-controller-%u", o->i + 1);
	peer = peers_find(bus_peers(o->p->bus[PLAY_EDGE]), "call-controller",
	                  name);
	if (!peer || !peer->alive)
		return false;
	peer = peers_find(bus_peers(o->p->bus[PLAY_API]), "call-controller",
	                  name);
	return peer && peer->alive;
}

void platform_start(struct platform *p, unsigned i)
{
	struct options o = {.p = p, .i = i};
	char redis[96], instance[64], address[64], ping[40];
	const char *env[] = {redis,
	                     instance,
	                     address,
	                     "TRESTLE_LOG=info",
	                     "TRESTLE_SIP_PORT=5070",
	                     "TRESTLE_HTTP_PORT=0",
	                     "TRESTLE_DRAIN_SECONDS=10",
	                     ping,
	                     NULL};

	snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s", p->redis_server.url);
	snprintf(instance, sizeof(instance),
	         "TRESTLE_INSTANCE=call-controller-%u", i + 1);
	snprintf(address, sizeof(address), "TRESTLE_ADDRESS=%s", ips[i]);
	snprintf(ping, sizeof(ping), "TRESTLE_CARRIER_PING=%u", p->ping);
	p->controller[i] =
		process_start(TRESTLE_BIN "/trestle-call-controller", env);
	snprintf(p->edge.peer, sizeof(p->edge.peer), "%s:5070", ips[i]);
	platform_expect_options(p, "SIP/2.0 200");
	assert_true(run_until(p->loop, is_alive, &o, WAIT_MS));
}

void platform_kill(struct platform *p, unsigned i, int signal)
{
	process_stop(p->controller[i], signal);
	p->controller[i] = 0;
}

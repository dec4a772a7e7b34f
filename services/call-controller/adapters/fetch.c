/*
 * fetch.c - documents and status callbacks, by a webhook-fetcher
 *
 * Both have an idempotency key, so that asking twice does no harm: the bus
 * asks another fetcher when one dies, and a notification is asked again until
 * some fetcher has stored it.
 */
#include "fetch.h"

#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "bus/copy.h"
#include "loop/loop.h"
#include "snapshot.h"

enum { FETCH_PARAMS_MAX = 256 };
enum { FETCH_MS = 30000 }; /* the fetcher's own limits are below it */
enum { NOTIFY_MS = 3000 };
enum { NOTIFY_TRIES_MAX = 60 };
enum { NOTIFY_AGAIN_MS = 1000 };
enum { NO_FETCHER = 11205 }; /* HTTP connection failure */

struct fetch {
	struct ask ask;
	uint64_t id;
	uint64_t asked_us;
};

struct params {
	Trestle__Param v[FETCH_PARAMS_MAX];
	Trestle__Param *list[FETCH_PARAMS_MAX];
	size_t n;
};

/* protobuf-c has no const; it only reads what it packs. */
static char *text(const char *s)
{
	return (char *)(uintptr_t)(s ? s : "");
}

static void fill_params(struct params *p, const struct cmd_fetch *c)
{
	p->n = 0;
	for (size_t i = 0; i < c->n_params && i < FETCH_PARAMS_MAX; i++) {
		trestle__param__init(&p->v[i]);
		p->v[i].name = text(c->params[i].name);
		p->v[i].value = text(c->params[i].value);
		p->list[i] = &p->v[i];
		p->n++;
	}
}

static void fill_envelope(Trestle__Envelope *env, const struct owned *o,
                          const struct cmd_fetch *c)
{
	trestle__envelope__init(env);
	env->call_sid = text(c->call_sid[0] ? c->call_sid : o->sid);
	env->epoch = o->epoch;
	env->key = text(c->key);
}

/* ---- documents ----------------------------------------------------------------- */

static void on_document(void *arg, int err, const Trestle__Envelope *reply)
{
	struct fetch *f = arg;
	struct app *app = f->ask.app;
	struct event ev = app_event(EV_FETCH_FAILED, 0);
	const Trestle__FetchReply *r;
	char sid[SID_SIZE];

	memcpy(sid, f->ask.call_sid, sizeof(sid));
	ev.fetch_id = f->id;
	metric_observe_us(app->webhook, loop_now_us() - f->asked_us);
	ask_free(&f->ask);
	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_FETCH_REPLY) {
		ev.error_code = NO_FETCHER;
		ev.text = "No webhook-fetcher answered";
		app_step(app, sid, &ev);
		return;
	}
	r = reply->fetch_reply;
	ev.status = r->http_status;
	ev.error_code = r->error_code;
	ev.text = r->error_text;
	ev.url = r->url;
	ev.content_type = r->content_type;
	ev.body = r->body.len ? (const char *)r->body.data : "";
	ev.body_len = r->body.len;
	if (r->error_code == 0)
		ev.type = EV_DOCUMENT;
	app_step(app, sid, &ev);
}

void fetch_document(struct app *app, struct owned *o, const struct command *cmd)
{
	const struct cmd_fetch *c = &cmd->fetch;
	Trestle__Envelope env;
	Trestle__FetchRequest request = TRESTLE__FETCH_REQUEST__INIT;
	struct params params;
	struct event ev = app_event(EV_FETCH_FAILED, 0);
	struct fetch *f = ask_alloc(app, sizeof(*f), o->sid);
	struct bus_req req = {
		.service = "webhook-fetcher",
		.key = o->sid, /* so that cookies are there */
		.timeout_ms = FETCH_MS,
		.retry = true,
	};

	fill_envelope(&env, o, c);
	fill_params(&params, c);
	env.body_case = TRESTLE__ENVELOPE__BODY_FETCH_REQUEST;
	env.fetch_request = &request;
	request.account_sid = text(c->account_sid);
	request.method = text(c->method);
	request.url = text(c->url);
	request.params = params.list;
	request.n_params = params.n;
	request.cookie_scope = o->sid;
	request.first = c->first;
	if (f) {
		f->id = c->id;
		f->asked_us = loop_now_us();
	}
	if (!f || bus_request(app->bus, &req, &env, on_document, f)) {
		if (f)
			ask_free(&f->ask);
		ev.fetch_id = c->id;
		ev.error_code = NO_FETCHER;
		ev.text = "Out of memory";
		app_post(app, o->sid, &ev);
	}
}

/* ---- status callbacks ------------------------------------------------------------ */

struct notify {
	struct ask ask;
	Trestle__Envelope *env; /**< owned */
	unsigned tries;
};

static void close_notify(struct ask *ask)
{
	struct notify *n = (struct notify *)ask;

	if (!n->env)
		return;
	/* the bus put its own name there */
	n->env->sender = (char *)protobuf_c_empty_string;
	trestle__envelope__free_unpacked(n->env, NULL);
}

static void on_stored(void *arg, int err, const Trestle__Envelope *reply);

static void send_notify(void *arg)
{
	struct notify *n = arg;
	struct bus_req req = {
		.service = "webhook-fetcher",
		.key = n->ask.call_sid,
		.timeout_ms = NOTIFY_MS,
		.retry = true,
	};

	n->tries++;
	if (bus_request(n->ask.app->bus, &req, n->env, on_stored, n))
		timer_start(n->ask.timer, NOTIFY_AGAIN_MS);
}

static void on_stored(void *arg, int err, const Trestle__Envelope *reply)
{
	struct notify *n = arg;
	struct log log = {&n->ask.app->log, "call_sid", n->ask.call_sid};

	if (!err && reply->body_case == TRESTLE__ENVELOPE__BODY_NOTIFY_REPLY) {
		ask_free(&n->ask);
	} else if (n->tries < NOTIFY_TRIES_MAX) {
		timer_start(n->ask.timer, NOTIFY_AGAIN_MS);
	} else {
		log_error(&log, "a status callback is lost: no "
		                "webhook-fetcher took it");
		ask_free(&n->ask);
	}
}

void fetch_notify(struct app *app, struct owned *o, const struct command *cmd)
{
	const struct cmd_fetch *c = &cmd->fetch;
	Trestle__Envelope env;
	Trestle__NotifyRequest request = TRESTLE__NOTIFY_REQUEST__INIT;
	struct params params;
	struct notify *n = ask_alloc(app, sizeof(*n), o->sid);

	if (!n)
		goto lost;
	n->ask.close = close_notify;
	fill_envelope(&env, o, c);
	fill_params(&params, c);
	env.body_case = TRESTLE__ENVELOPE__BODY_NOTIFY_REQUEST;
	env.notify_request = &request;
	request.account_sid = text(c->account_sid);
	request.method = text(c->method);
	request.url = text(c->url);
	request.params = params.list;
	request.n_params = params.n;
	n->env = message_copy(&env.base); /* it may have to be sent again */
	if (n->env && !timer_alloc(&n->ask.timer, app->loop, send_notify, n)) {
		send_notify(n);
		/* Its key must not be given to another one after an adoption. */
		snapshot_save_soon(app, o);
		return;
	}
	ask_free(&n->ask);
lost:
	log_error(&o->log, "out of memory: a status callback is lost");
}

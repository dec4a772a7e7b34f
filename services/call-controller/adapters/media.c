/*
 * media.c - the session of a call at a media-relay, over the bus
 *
 * A SessionPut states the whole session, so only the last one matters: it is
 * kept packed, and sent again while its relay does not answer.
 */
#include "media.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "ask.h"
#include "loop/loop.h"
#include "media_pack.h"
#include "store.h"

enum { MEDIA_FIRST_MS = 3000 }; /* any relay: one may die, another takes it */
enum { MEDIA_PUT_MS = 1500 };   /* the one that has the session */
enum { MEDIA_RETRY_MS = 500 };
enum { MEDIA_RETRIES_MAX = 20 }; /* a relay restarts within a second or two */
enum { MEDIA_PORTS_MAX = 32 };
enum { RELEASE_TRIES_MAX = 5 };

struct media {
	char relay[64]; /**< instance; "" until one answered     */
	uint8_t *last;  /**< packed SessionPut envelope          */
	size_t last_len;
	bool asking;       /**< the first answer is still to come   */
	bool newer;        /**< last was replaced meanwhile         */
	unsigned failures; /**< of a known relay, in a row          */
	uint64_t sequence; /**< of the last MediaEvent              */
	struct timer *retry;
	struct owned *owned; /**< borrowed: it frees this first       */
};

struct put {
	struct ask ask;
};

static void send_last(struct media *m);

static void retry(void *arg)
{
	send_last(arg);
}

static struct media *media_of(struct owned *o)
{
	struct media *m = o->media;

	if (m)
		return m;
	m = calloc(1, sizeof(*m));
	if (!m)
		return NULL;
	if (timer_alloc(&m->retry, o->app->loop, retry, m)) {
		free(m);
		return NULL;
	}
	m->owned = o;
	o->media = m;
	return m;
}

void media_forget(struct owned *o)
{
	if (!o->media)
		return;
	timer_free(o->media->retry);
	free(o->media->last);
	free(o->media);
	o->media = NULL;
}

bool media_possible(const struct app *app)
{
	const struct peers *peers = bus_peers(app->bus);
	const struct peer *p;

	for (size_t i = 0; (p = peers_nth(peers, "media-relay", i)); i++)
		if (p->alive && !p->draining)
			return true;
	return false;
}

const char *media_relay(const struct owned *o)
{
	return o->media ? o->media->relay : "";
}

int media_restore(struct owned *o, const char *relay)
{
	struct media *m = media_of(o);

	if (!m)
		return ENOMEM;
	(void)snprintf(m->relay, sizeof(m->relay), "%s", relay);
	return 0;
}

/* ---- the answer ------------------------------------------------------------- */

static void on_ready(struct owned *o, const Trestle__SessionState *state)
{
	struct event ev = app_event(EV_MEDIA_READY, 0);
	struct media_port ports[MEDIA_PORTS_MAX];

	for (size_t i = 0; i < state->n_legs && i < MEDIA_PORTS_MAX; i++) {
		const Trestle__LegState *leg = state->legs[i];

		ports[ev.n_ports++] = (struct media_port){
			.sid = leg->leg,
			.ip = leg->local_ip,
			.port = (uint16_t)leg->local_port,
			.rtcp_port = (uint16_t)leg->local_rtcp_port,
		};
	}
	ev.version = state->version;
	ev.ports = ports;
	app_step(o->app, o->sid, &ev);
}

/* A relay that is silent may be starting again; one that refuses will not do. */
static void on_failure(struct owned *o, bool silent, const char *why)
{
	struct media *m = o->media;
	struct event ev = app_event(EV_MEDIA_FAILED, 0);

	if (silent && m->relay[0] && m->failures++ < MEDIA_RETRIES_MAX) {
		timer_start(m->retry, MEDIA_RETRY_MS);
		return;
	}
	log_warn(&o->log, "media session failed: %s", why);
	if (m->relay[0]) { /* the core puts it anew, to another relay */
		m->relay[0] = 0;
		m->failures = 0;
		ev.type = EV_MEDIA_LOST;
	}
	app_step(o->app, o->sid, &ev);
}

static void on_state(void *arg, int err, const Trestle__Envelope *reply)
{
	struct put *put = arg;
	struct app *app = put->ask.app;
	struct owned *o = app_find(app, put->ask.call_sid);
	struct media *m = o ? o->media : NULL;

	ask_free(&put->ask);
	if (!m)
		return;
	m->asking = false;
	if (!err && reply->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL &&
	    reply->refusal->reason == TRESTLE__REFUSAL__REASON__STALE_EPOCH) {
		log_warn(&o->log, "another controller owns the call now");
		app_forget(app, o);
		return;
	}
	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_SESSION_STATE) {
		on_failure(o, err != 0,
		           err ? strerror(err) : reply->refusal->text);
		return;
	}
	m->failures = 0;
	(void)snprintf(m->relay, sizeof(m->relay), "%s", reply->sender);
	if (m->newer)
		send_last(m);
	on_ready(o, reply->session_state);
}

/* ---- asking ------------------------------------------------------------------ */

static void send_last(struct media *m)
{
	struct owned *o = m->owned;
	struct app *app = o->app;
	struct event failed = app_event(EV_MEDIA_FAILED, 0);
	struct put *put;
	Trestle__Envelope *env;
	struct bus_req req = {
		.service = "media-relay",
		.instance = m->relay[0] ? m->relay : NULL,
		.timeout_ms = m->relay[0] ? MEDIA_PUT_MS : MEDIA_FIRST_MS,
		.retry = m->relay[0] == 0,
	};

	env = trestle__envelope__unpack(NULL, m->last_len, m->last);
	put = ask_alloc(app, sizeof(*put), o->sid);
	m->newer = false;
	m->asking = m->relay[0] == 0;
	if (!env || !put || bus_request(app->bus, &req, env, on_state, put)) {
		if (put)
			ask_free(&put->ask);
		m->asking = false;
		app_post(app, o->sid, &failed);
	}
	if (env) {
		/* the bus put its own name there */
		env->sender = (char *)protobuf_c_empty_string;
		trestle__envelope__free_unpacked(env, NULL);
	}
}

void media_put(struct app *app, struct owned *o, const struct command *cmd)
{
	struct media *m = media_of(o);
	struct event failed = app_event(EV_MEDIA_FAILED, 0);
	uint8_t *packed = NULL;
	size_t len = 0;

	if (!m || media_pack(o, &cmd->media, &packed, &len)) {
		log_error(&o->log, "no media session: too many legs or no "
		                   "memory");
		app_post(app, o->sid, &failed);
		return;
	}
	free(m->last);
	m->last = packed;
	m->last_len = len;
	if (m->asking) /* which relay has it is not known yet */
		m->newer = true;
	else
		send_last(m);
}

/* ---- release ----------------------------------------------------------------- */

/* Repeated without the call, which has ended by then. */
struct release {
	struct ask ask;
	char session[SID_SIZE];
	char relay[64];
	uint64_t epoch;
	unsigned tries;
};

static void send_release(struct release *r);

static void release_again(void *arg)
{
	send_release(arg);
}

static void on_released(void *arg, int err, const Trestle__Envelope *reply)
{
	struct release *r = arg;

	if (err && r->tries < RELEASE_TRIES_MAX) {
		timer_start(r->ask.timer, MEDIA_RETRY_MS);
		return;
	}
	if (!err && reply->body_case == TRESTLE__ENVELOPE__BODY_SESSION_STATE)
		for (size_t i = 0; i < reply->session_state->n_legs; i++)
			store_quality(r->ask.app,
			              reply->session_state->legs[i]);
	ask_free(&r->ask);
}

static void send_release(struct release *r)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionRelease body = TRESTLE__SESSION_RELEASE__INIT;
	struct bus_req req = {
		.service = "media-relay",
		.instance = r->relay,
		.timeout_ms = MEDIA_PUT_MS,
	};

	r->tries++;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_RELEASE;
	env.session_release = &body;
	env.call_sid = r->ask.call_sid;
	env.epoch = r->epoch;
	body.session = r->session;
	if (bus_request(r->ask.app->bus, &req, &env, on_released, r))
		ask_free(&r->ask);
}

void media_release(struct app *app, struct owned *o, const struct command *cmd)
{
	struct release *r;

	if (media_relay(o)[0] == 0)
		return;
	r = ask_alloc(app, sizeof(*r), o->sid);
	if (!r)
		return;
	if (timer_alloc(&r->ask.timer, app->loop, release_again, r)) {
		ask_free(&r->ask);
		return;
	}
	(void)snprintf(r->session, sizeof(r->session), "%s",
	               cmd->media.session);
	(void)snprintf(r->relay, sizeof(r->relay), "%s", media_relay(o));
	r->epoch = o->epoch;
	send_release(r);
}

/* ---- what a relay tells --------------------------------------------------------- */

/* Types of the proto to events of the core; 0 = is not asked for */
static const enum event_type event_types[] = {
	[TRESTLE__MEDIA_EVENT__TYPE__DIGIT] = EV_DIGIT,
	[TRESTLE__MEDIA_EVENT__TYPE__MEDIA_TIMEOUT] = EV_MEDIA_TIMEOUT,
	[TRESTLE__MEDIA_EVENT__TYPE__PLAY_DONE] = EV_PLAY_DONE,
	[TRESTLE__MEDIA_EVENT__TYPE__SESSION_LOST] = EV_MEDIA_LOST,
	[TRESTLE__MEDIA_EVENT__TYPE__PLAY_FAILED] = EV_PLAY_FAILED,
	[TRESTLE__MEDIA_EVENT__TYPE__SPEECH] = EV_SPEECH,
	[TRESTLE__MEDIA_EVENT__TYPE__SPEECH_FAILED] = EV_SPEECH_FAILED,
	[TRESTLE__MEDIA_EVENT__TYPE__VOICE] = EV_VOICE,
	[TRESTLE__MEDIA_EVENT__TYPE__MACHINE] = EV_MACHINE,
	[TRESTLE__MEDIA_EVENT__TYPE__RECORDING_STARTED] = EV_RECORDING_STARTED,
	[TRESTLE__MEDIA_EVENT__TYPE__RECORDING_ENDED] = EV_RECORDING_ENDED,
};

static void on_event(struct owned *o, const Trestle__MediaEvent *in)
{
	struct event ev = app_event(EV_START, 0);
	size_t type = (size_t)in->type;

	if (type < sizeof(event_types) / sizeof(*event_types))
		ev.type = event_types[type];
	if (ev.type == EV_START)
		return;
	ev.sid = in->leg;
	ev.play_id = in->play_id;
	ev.play_index = in->play_index;
	ev.digit = in->digit[0];
	ev.id = in->id;
	ev.text = in->text;
	ev.confidence = in->confidence_x1000;
	ev.final = in->final;
	ev.error_code = in->error_code;
	ev.ended_by = (enum ended_by)in->ended_by;
	ev.length_ms = in->length_ms;
	if (ev.type == EV_MEDIA_LOST)
		o->media->relay[0] = 0;
	app_step(o->app, o->sid, &ev);
}

void media_on_request(void *arg, const struct bus_return *from,
                      const Trestle__Envelope *env)
{
	struct app *app = arg;
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	Trestle__MediaEventAck ack = TRESTLE__MEDIA_EVENT_ACK__INIT;
	const Trestle__MediaEvent *in = env->media_event;
	struct owned *o;

	if (env->body_case != TRESTLE__ENVELOPE__BODY_MEDIA_EVENT) {
		bus_refuse(app->bus, from,
		           TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "a call-controller takes MediaEvent only");
		return;
	}
	o = app_find(app, env->call_sid);
	if (!o || !o->media ||
	    strcmp(call_session(o->call), in->session) != 0) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__NOT_FOUND,
		           "no such call here");
		return;
	}
	reply.body_case = TRESTLE__ENVELOPE__BODY_MEDIA_EVENT_ACK;
	reply.media_event_ack = &ack;
	ack.session = in->session;
	ack.sequence = in->sequence;
	bus_reply(app->bus, from, &reply);
	if (in->sequence <= o->media->sequence) /* was here already */
		return;
	o->media->sequence = in->sequence;
	on_event(o, in);
}

/*
 * create.c - calls that the API places
 *
 *   CallCreate ─► claim `call:{CA…}` ─┬─ was free ─► the call begins
 *                                     └─ taken ────► no second one
 *                                                    ─► ControlReply
 *
 * Who claims the record makes the call: a CallCreate that the bus repeats, to
 * us or to another controller, finds the record and tells its status.
 */
#include "create.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "admit.h"
#include "app.h"
#include "ask.h"
#include "base/metrics.h"
#include "base/service.h"
#include "control.h"
#include "core/caller.h"
#include "core/outgoing.h"
#include "recording_wish.h"
#include "store.h"
#include "store/redis.h"
#include "store/rules.h"
#include "store/tenants.h"

enum { TIMEOUT_S = 60 };          /* contract 6.4 */
enum { TIME_LIMIT_S = 14400 };    /* four hours */
enum { MAX_FORWARDS = 70 };       /* RFC 3261 8.1.1.6 */
enum { REASON_MAX = 4 * 50 + 1 }; /* bytes; contract 1.7: 50 characters */

struct create {
	struct ask ask;
	struct bus_return from;
	struct call *call;       /* owned; NULL once it has begun */
	char reason[REASON_MAX]; /* CallReason, for the record */
};

/* ARGV: sid account_sid owner. Should we die before the first snapshot, who
 * adopts the call finds nothing to go on with, and writes it off. */
static struct redis_script claim_script = {
	.source = "local s = redis.call('HGET', KEYS[1], 'status')\n"
		  "if s then return s end\n"
		  "redis.call('HSET', KEYS[1], 'sid', ARGV[1],\n"
		  "           'account_sid', ARGV[2], 'status', 'queued',\n"
		  "           'owner', ARGV[3], 'epoch', '1')\n"
		  "redis.call('SADD', KEYS[2], ARGV[1])\n"
		  "return 1\n",
};

static void close_create(struct ask *ask)
{
	call_free(((struct create *)ask)->call);
}

/* ---- what is wanted ----------------------------------------------------------- */

static uint32_t or_else(uint32_t value, uint32_t otherwise)
{
	return value ? value : otherwise;
}

static unsigned events_of(const Trestle__CallCreate *c)
{
	static const struct {
		const char *name;
		unsigned event;
	} names[] = {
		{"initiated", NOTIFY_INITIATED},
		{"ringing", NOTIFY_RINGING},
		{"answered", NOTIFY_ANSWERED},
		{"completed", NOTIFY_COMPLETED},
	};
	unsigned events = 0;

	for (size_t i = 0; i < c->n_status_events; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (strcmp(c->status_events[i], names[k].name) == 0)
				events |= names[k].event;
	return events ? events : NOTIFY_COMPLETED;
}

static void fill_detection(struct outgoing_spec *spec,
                           const Trestle__MachineDetection *d)
{
	if (!d)
		return;
	spec->detect = (struct detect){
		.wanted = true,
		.until_end = d->until_end,
		.timeout_ms = or_else(d->timeout, 30) * 1000,
		.speech_ms = or_else(d->speech_ms, 2400),
		.speech_end_ms = or_else(d->speech_end_ms, 1200),
		.silence_ms = or_else(d->silence_ms, 5000),
	};
	spec->detect_async = d->async;
	if (d->async && d->callback) {
		spec->amd_url = d->callback->url;
		spec->amd_method = control_method(d->callback);
	}
}

static struct outgoing_spec spec_of(const Trestle__CallCreate *c,
                                    const char *caller)
{
	struct outgoing_spec spec = {
		.to = c->to,
		.caller = caller,
		.username = c->sip_username,
		.password = c->sip_password,
		.carrier = c->carrier,
		.twiml = c->twiml,
		.send_digits = c->send_digits,
		.timeout_s = or_else(c->timeout, TIMEOUT_S),
		.time_limit_s = or_else(c->time_limit, TIME_LIMIT_S),
		.events = events_of(c),
		.record = c->recording != NULL,
		.verification = c->verification,
		.amd_url = "",
		.amd_method = "POST",
	};

	if (c->recording)
		recording_wish(&spec.recording, "OutboundAPI", c->recording);
	fill_detection(&spec, c->machine_detection);
	return spec;
}

static void fill_hooks(struct call_start *start, const Trestle__CallCreate *c)
{
	start->voice_url = control_url(c->voice);
	start->voice_method = control_method(c->voice);
	start->fallback_url = control_url(c->fallback);
	start->fallback_method = control_method(c->fallback);
	start->status_callback_url = control_url(c->status_callback);
	start->status_callback_method = control_method(c->status_callback);
}

static int make_call(const struct app *app, const Trestle__CallCreate *c,
                     struct call **callp)
{
	struct call_start start = {.sid = c->call_sid};
	char session[SID_SIZE], caller[CALLER_SIZE];
	struct outgoing_spec spec;

	sid_make("MS", session);
	caller_of_api(c->caller_id, c->from, caller);
	spec = spec_of(c, caller);
	if (getrandom(start.seed, sizeof(start.seed), 0) < 0)
		return errno;
	fill_hooks(&start, c);
	start.outgoing = &spec;
	start.session = session;
	start.limit_s =
		rules_call_s(tenants_account(app->tenants, c->account_sid));
	start.account_sid = c->account_sid;
	start.public_url = app->settings->public_url;
	start.direction = "outbound-api";
	start.from = c->from;
	start.to = c->to;
	start.number_sid = c->phone_number_sid;
	start.max_forwards = MAX_FORWARDS;
	return call_alloc(callp, &start);
}

/* ---- begin --------------------------------------------------------------------- */

/* The record was written before this was asked. */
static void on_status(void *arg, int err, const redisReply *reply)
{
	struct create *create = arg;
	struct app *app = create->ask.app;

	if (err || reply->type != REDIS_REPLY_STRING)
		bus_refuse(app->bus, &create->from,
		           TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		           "Redis does not answer");
	else
		control_done(app, &create->from, create->ask.call_sid,
		             reply->str);
	ask_free(&create->ask);
}

static void begin(struct create *create)
{
	struct app *app = create->ask.app;
	struct event ev = app_event(EV_START, 0);
	struct owned *o = app_add(app, create->call, "", 1);

	if (!o) {
		bus_refuse(app->bus, &create->from,
		           TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		store_abandon(app, create->ask.call_sid,
		              service_instance(app->service));
		ask_free(&create->ask);
		return;
	}
	create->call = NULL;
	log_info(&o->log, "placed by the API");
	if (create->reason[0])
		(void)redis_command(app->redis, NULL, NULL,
		                    "HSET call:{%s} call_reason %s", o->sid,
		                    create->reason);
	metric_add(app->calls_total, 1);
	store_begin(app, o);
	app_step(app, create->ask.call_sid, &ev);
	if (redis_command(app->redis, on_status, create,
	                  "HGET call:{%s} status", create->ask.call_sid))
		on_status(create, ENOTCONN, NULL);
}

static void on_claimed(void *arg, int err, const redisReply *reply)
{
	struct create *create = arg;

	if (!err && reply->type == REDIS_REPLY_INTEGER)
		begin(create);
	else
		on_status(create, err, reply);
}

static void claim(struct create *create)
{
	struct app *app = create->ask.app;
	const char *me = service_instance(app->service);
	char key[STORE_KEY_MAX], calls[STORE_KEY_MAX];
	const char *argv[] = {key, calls, create->ask.call_sid,
	                      call_account_sid(create->call), me};

	(void)snprintf(key, sizeof(key), "call:{%s}", create->ask.call_sid);
	(void)snprintf(calls, sizeof(calls), "controller:%s:calls", me);
	if (redis_eval(app->redis, &claim_script, on_claimed, create, 2, 5,
	               argv, NULL))
		on_status(create, ENOTCONN, NULL);
}

static void on_admitted(void *arg, int err, const redisReply *reply)
{
	struct create *create = arg;
	struct app *app = create->ask.app;

	if (admit_granted(app, err, reply)) {
		claim(create);
		return;
	}
	admit_alert(app, call_account_sid(create->call), NULL);
	control_refuse(app, &create->from, ADMIT_REFUSED, ADMIT_TEXT, "");
	ask_free(&create->ask);
}

/* Help is called, however many calls there are. */
static void admit(struct create *create, const char *to)
{
	struct app *app = create->ask.app;
	const char *account_sid = call_account_sid(create->call);
	char number[EMERGENCY_SIZE];

	if (emergency_somewhere(to, number) ||
	    !admit_limited(app, account_sid) ||
	    admit_ask(app, account_sid, create->ask.call_sid, on_admitted,
	              create))
		claim(create);
}

/* @return NULL, or what is wrong with it: rest-api should have seen it */
static const char *invalid(const struct app *app, const Trestle__CallCreate *c)
{
	if (!sid_valid(c->call_sid, "CA"))
		return "call_sid is none";
	if (!tenants_account(app->tenants, c->account_sid))
		return "there is no such account";
	if (strlen(c->twiml) > OUTGOING_TWIML_BYTES_MAX)
		return "twiml is too long";
	if (!c->twiml[0] && !control_url(c->voice)[0])
		return "neither voice nor twiml";
	return NULL;
}

void create_on_request(struct app *app, const struct bus_return *from,
                       const Trestle__Envelope *env)
{
	const Trestle__CallCreate *c = env->call_create;
	const char *refused = app_refuses(app);
	struct create *create = NULL;
	int err = ENOMEM;

	if (refused) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           refused);
		return;
	}
	refused = invalid(app, c);
	if (refused) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           refused);
		return;
	}
	create = ask_alloc(app, sizeof(*create), c->call_sid);
	if (create) {
		create->ask.close = close_create;
		create->from = *from;
		(void)snprintf(create->reason, sizeof(create->reason), "%s",
		               c->call_reason);
		err = make_call(app, c, &create->call);
	}
	if (!err) {
		admit(create, c->to);
		return;
	}
	if (err == EINVAL)
		control_refuse(app, from, 21211, "To can not be called", "");
	else
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           strerror(err));
	if (create)
		ask_free(&create->ask);
}

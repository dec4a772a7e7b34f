/*
 * create.c - calls that the API places
 *
 *   CallCreate ─► a place? ─► now? ─┬─► claim `call:{CA…}` ─┬─ was free ─► it begins
 *                                   │                       └─ taken ────► no second
 *                                   └─► waiting.h                ─► ControlReply
 *
 * Who claims the record makes the call: a CallCreate that the bus repeats, to
 * us or to another controller, finds the record and tells its status.
 */
#include "create.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "app.h"
#include "ask.h"
#include "base/metrics.h"
#include "base/service.h"
#include "bus/copy.h"
#include "control.h"
#include "core/outgoing.h"
#include "store.h"
#include "store/redis.h"
#include "store/rules.h"
#include "store/tenants.h"
#include "waiting.h"

enum { REASON_MAX = 4 * 200 + 1 }; /* bytes of what the API takes */

struct create {
	struct ask ask;
	struct bus_return from;
	struct call *call;         /* owned; NULL once it has begun */
	Trestle__CallCreate *wish; /* of an account whose rate is limited */
	bool waited;               /* nobody is there to be answered */
	char reason[REASON_MAX];   /* CallReason, for the record */
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
	struct create *create = (struct create *)ask;

	call_free(create->call);
	if (create->wish)
		trestle__call_create__free_unpacked(create->wish, NULL);
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
		if (!create->waited)
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
	if (create->waited)
		ask_free(&create->ask);
	else if (redis_command(app->redis, on_status, create,
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

/* ---- must it wait? -------------------------------------------------------------- */

static void on_put(void *arg, int err, const redisReply *reply)
{
	struct create *create = arg;

	if (err || reply->type != REDIS_REPLY_INTEGER) {
		on_status(create, err, reply);
		return;
	}
	control_done(create->ask.app, &create->from, create->ask.call_sid,
	             "queued");
	ask_free(&create->ask);
}

static void on_paced(void *arg, int err, const redisReply *reply)
{
	struct create *create = arg;
	struct app *app = create->ask.app;
	bool told = !err && reply->type == REDIS_REPLY_INTEGER;

	if (!told || reply->integer == 0) {
		claim(create);
	} else if (reply->integer < 0) {
		admit_leave(app, create->wish->account_sid,
		            create->ask.call_sid);
		control_refuse(app, &create->from, WAITING_TOO_MANY,
		               "a day of calls waits already", "");
		ask_free(&create->ask);
	} else if (waiting_put(app, create->wish, (uint64_t)reply->integer,
	                       on_put, create)) {
		on_status(create, ENOTCONN, NULL);
	}
}

static void pace(struct create *create)
{
	if (!create->wish ||
	    waiting_ask(create->ask.app, create->wish->account_sid, on_paced,
	                create))
		claim(create);
}

static void on_admitted(void *arg, int err, const redisReply *reply)
{
	struct create *create = arg;
	struct app *app = create->ask.app;

	if (admit_granted(app, err, reply)) {
		pace(create);
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

	if (emergency_somewhere(to, number))
		claim(create);
	else if (!admit_limited(app, account_sid) ||
	         admit_ask(app, account_sid, create->ask.call_sid, on_admitted,
	                   create))
		pace(create);
}

/* @param created_ms 0, or when one that waited was asked for
 * @return NULL, and why in @p err */
static struct create *make(struct app *app, const Trestle__CallCreate *c,
                           uint64_t created_ms, int *err)
{
	struct create *create = ask_alloc(app, sizeof(*create), c->call_sid);

	*err = ENOMEM;
	if (!create)
		return NULL;
	create->ask.close = close_create;
	create->waited = created_ms > 0;
	(void)snprintf(create->reason, sizeof(create->reason), "%s",
	               c->call_reason);
	*err = create_call(app, c, created_ms, &create->call);
	if (!*err && !create->waited && waiting_limited(app, c->account_sid)) {
		create->wish = message_copy(&c->base);
		*err = create->wish ? 0 : ENOMEM;
	}
	if (!*err)
		return create;
	ask_free(&create->ask);
	return NULL;
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
	struct create *create;
	int err;

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
	create = make(app, c, 0, &err);
	if (create) {
		create->from = *from;
		admit(create, c->to);
	} else if (err == EINVAL) {
		control_refuse(app, from, 21211,
		               "To can not be called: it is "
		               "neither a number nor a SIP URI, or asks "
		               "for secure media, which is not there",
		               "");
	} else {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           strerror(err));
	}
}

int create_waited(struct app *app, const Trestle__CallCreate *c,
                  uint64_t created_ms)
{
	struct create *create;
	int err = EINVAL;

	if (invalid(app, c))
		return err;
	create = make(app, c, created_ms, &err);
	if (create)
		begin(create);
	return err;
}

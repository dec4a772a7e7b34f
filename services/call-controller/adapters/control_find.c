/*
 * control_find.c - the call that the API asks about: here, or where it is
 */
#include "control_find.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "app.h"
#include "ask.h"
#include "base/service.h"
#include "bus/copy.h"
#include "control.h"
#include "core/control.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "waiting.h"

enum { AGAIN_MS = 200 }; /* an owner died, or is about to leave the call */
enum { TRIES_MAX = 20 };
enum { PASS_MS = 3000 };

struct control {
	struct ask ask; /* its call_sid: the call that is asked about */
	struct bus_return from;
	Trestle__Envelope *env; /* owned copy */
	char account_sid[SID_SIZE];
	char status[32];       /* of its record */
	char holder[SID_SIZE]; /* that call, or its parent */
	bool passed;           /* by another controller: not passed on again */
	unsigned tries;
};

static void look(void *arg);

static void close_control(struct ask *ask)
{
	struct control *c = (struct control *)ask;

	if (!c->env)
		return;
	/* the bus may have put its own name there */
	c->env->sender = (char *)protobuf_c_empty_string;
	trestle__envelope__free_unpacked(c->env, NULL);
}

static void refuse(struct control *c, uint32_t code, const char *text)
{
	control_refuse(c->ask.app, &c->from, code, text, c->status);
	ask_free(&c->ask);
}

/* Of a call that is no more. Perhaps an owner that died did what is asked again. */
static void answer_ended(struct control *c)
{
	const Trestle__CallUpdate *u =
		c->env->body_case == TRESTLE__ENVELOPE__BODY_CALL_UPDATE
			? c->env->call_update
			: NULL;
	const struct call_change change = {
		.url = u && u->voice ? u->voice->url : "",
		.twiml = u ? u->twiml : "",
		.status = u ? u->status : "",
	};
	enum call_status status;

	if (!status_parse(c->status, &status) ||
	    !control_is_so(&change, status)) {
		refuse(c, 21220, "the call has ended");
		return;
	}
	control_done(c->ask.app, &c->from, c->ask.call_sid, c->status);
	ask_free(&c->ask);
}

static void again(struct control *c)
{
	if (c->tries++ < TRIES_MAX) {
		timer_start(c->ask.timer, AGAIN_MS);
		return;
	}
	bus_refuse(c->ask.app->bus, &c->from,
	           TRESTLE__REFUSAL__REASON__UNAVAILABLE,
	           "the owner of the call does not answer");
	ask_free(&c->ask);
}

/* ---- to its owner -------------------------------------------------------------- */

static void on_passed(void *arg, int err, const Trestle__Envelope *reply)
{
	struct control *c = arg;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_CONTROL_REPLY) {
		again(c);
		return;
	}
	env.body_case = reply->body_case;
	env.control_reply = reply->control_reply;
	bus_reply(c->ask.app->bus, &c->from, &env);
	ask_free(&c->ask);
}

static void pass(struct control *c, const char *owner)
{
	struct bus_req req = {
		.service = "call-controller",
		.instance = owner,
		.timeout_ms = PASS_MS,
	};

	if (c->passed ||
	    bus_request(c->ask.app->bus, &req, c->env, on_passed, c))
		again(c);
}

static void apply(struct control *c, struct owned *o)
{
	control_apply(c->ask.app, o, &c->from, c->env);
	ask_free(&c->ask);
}

static void go_to(struct control *c, const char *owner)
{
	struct app *app = c->ask.app;
	struct owned *o = app_find(app, c->holder);
	const struct peer *p =
		peers_find(bus_peers(app->bus), "call-controller", owner);
	bool other = strcmp(owner, service_instance(app->service)) != 0;

	if (o) {
		apply(c, o);
	} else if (other && p && p->alive) {
		pass(c, owner);
	} else {
		adopt_call(app->adopt, c->holder);
		again(c);
	}
}

/* ---- who owns it? -------------------------------------------------------------- */

static void on_owner(void *arg, int err, const redisReply *reply)
{
	struct control *c = arg;

	if (err)
		again(c);
	else if (reply->type == REDIS_REPLY_STRING)
		go_to(c, reply->str);
	else
		answer_ended(c);
}

static void ask_owner(struct control *c)
{
	if (redis_command(c->ask.app->redis, on_owner, c,
	                  "HGET call:{%s} owner", c->holder))
		again(c);
}

/* ---- it waits ------------------------------------------------------------------ */

static void on_canceled(void *arg, int err, const redisReply *reply)
{
	struct control *c = arg;

	if (err || reply->type != REDIS_REPLY_INTEGER || reply->integer == 0) {
		again(c); /* it begins now */
		return;
	}
	control_done(c->ask.app, &c->from, c->ask.call_sid, "canceled");
	ask_free(&c->ask);
}

/* A call that waits to be dialled can be canceled, and nothing else. */
static void take_out(struct control *c)
{
	const Trestle__CallUpdate *u =
		c->env->body_case == TRESTLE__ENVELOPE__BODY_CALL_UPDATE
			? c->env->call_update
			: NULL;

	if (!u || !*u->status)
		refuse(c, 21220, "the call waits: it can only be canceled");
	else if (waiting_cancel(c->ask.app, c->account_sid, c->ask.call_sid,
	                        on_canceled, c))
		again(c);
}

static void on_record(void *arg, int err, const redisReply *reply)
{
	struct control *c = arg;
	const char *parent = err ? "" : redis_text_at(reply, 1);

	if (err) {
		again(c);
		return;
	}
	if (strcmp(redis_text_at(reply, 0), c->account_sid) != 0) {
		refuse(c, 20404, "there is no such call");
		return;
	}
	(void)snprintf(c->status, sizeof(c->status), "%s",
	               redis_text_at(reply, 3));
	(void)snprintf(c->holder, sizeof(c->holder), "%s", c->ask.call_sid);
	if (*redis_text_at(reply, 2)) {
		go_to(c, redis_text_at(reply, 2));
	} else if (*parent) {
		(void)snprintf(c->holder, sizeof(c->holder), "%s", parent);
		ask_owner(c);
	} else if (strcmp(c->status, "queued") == 0) {
		take_out(c);
	} else {
		answer_ended(c);
	}
}

static void look(void *arg)
{
	struct control *c = arg;

	if (redis_command(c->ask.app->redis, on_record, c,
	                  "HMGET call:{%s} account_sid parent_call_sid owner "
	                  "status",
	                  c->ask.call_sid))
		again(c);
}

/* ---- begin --------------------------------------------------------------------- */

void control_find(struct app *app, const struct bus_return *from,
                  const Trestle__Envelope *env, const char *call_sid,
                  const char *account_sid)
{
	struct control *c = ask_alloc(app, sizeof(*c), call_sid);

	if (!c)
		goto failed;
	c->ask.close = close_control;
	c->from = *from;
	c->passed = peers_find(bus_peers(app->bus), "call-controller",
	                       env->sender) != NULL;
	(void)snprintf(c->account_sid, sizeof(c->account_sid), "%s",
	               account_sid);
	c->env = message_copy(&env->base);
	if (!c->env || timer_alloc(&c->ask.timer, app->loop, look, c))
		goto failed;
	look(c);
	return;
failed:
	bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
	           "out of memory");
	if (c)
		ask_free(&c->ask);
}

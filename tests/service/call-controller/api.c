/*
 * api.c - what rest-api asks a call-controller
 */
#include "api.h"

#include "base/sid.h"
#include "talk.h"
#include "unit/test.h"

enum { ASK_MS = 5000 };

static void on_reply(void *arg, int err, const Trestle__Envelope *env)
{
	struct api_reply *r = arg;

	r->done = true;
	r->err = err;
	if (err)
		return;
	if (env->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL) {
		r->refused = true;
		snprintf(r->text, sizeof(r->text), "%s", env->refusal->text);
		return;
	}
	assert_int_equal(TRESTLE__ENVELOPE__BODY_CONTROL_REPLY, env->body_case);
	r->code = env->control_reply->code;
	snprintf(r->status, sizeof(r->status), "%s",
	         env->control_reply->status);
	snprintf(r->text, sizeof(r->text), "%s", env->control_reply->text);
	snprintf(r->recording_sid, sizeof(r->recording_sid), "%s",
	         env->control_reply->recording_sid);
	snprintf(r->recording_status, sizeof(r->recording_status), "%s",
	         env->control_reply->recording_status);
}

static bool is_done(void *arg)
{
	return ((const struct api_reply *)arg)->done;
}

struct api_reply api_ask(struct platform *p, Trestle__Envelope *env,
                         const char *instance)
{
	struct api_reply r = {.done = false};
	struct bus_req req = {
		.service = "call-controller",
		.instance = instance,
		.key = env->key,
		.timeout_ms = ASK_MS,
		.retry = true,
	};

	assert_int_equal(
		0, bus_request(p->bus[PLAY_API], &req, env, on_reply, &r));
	assert_true(run_until(p->loop, is_done, &r, ASK_MS + 1000));
	return r;
}

static Trestle__Hook voice = TRESTLE__HOOK__INIT, told = TRESTLE__HOOK__INIT;
static char *events[] = {(char *)"initiated", (char *)"ringing",
                         (char *)"answered", (char *)"completed"};

Trestle__CallCreate api_call(char sid[35])
{
	Trestle__CallCreate c = TRESTLE__CALL_CREATE__INIT;

	sid_make("CA", sid);
	voice.url = (char *)"http://app.example/api";
	told.url = (char *)"http://user:pass@app.example/status";
	c.call_sid = sid;
	c.account_sid = (char *)"AC00000000000000000000000000000001";
	c.to = (char *)"sip:bob@acme.example";
	c.from = (char *)"desk";
	c.voice = &voice;
	c.status_callback = &told;
	c.status_events = events;
	c.n_status_events = 4;
	return c;
}

struct api_reply api_place(struct platform *p, Trestle__CallCreate *call)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.key = env.call_sid = call->call_sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_CREATE;
	env.call_create = call;
	return api_ask(p, &env, NULL);
}

Trestle__CallUpdate api_update(const char *sid)
{
	Trestle__CallUpdate u = TRESTLE__CALL_UPDATE__INIT;

	u.call_sid = (char *)(uintptr_t)sid;
	u.account_sid = (char *)"AC00000000000000000000000000000001";
	return u;
}

struct api_reply api_change(struct platform *p, Trestle__CallUpdate *update,
                            const char *instance)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.call_sid = update->call_sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_UPDATE;
	env.call_update = update;
	return api_ask(p, &env, instance);
}

struct api_reply api_set_status(struct platform *p, const char *sid,
                                const char *status, const char *instance)
{
	Trestle__CallUpdate u = api_update(sid);

	u.status = (char *)(uintptr_t)status;
	return api_change(p, &u, instance);
}

struct api_reply api_delete(struct platform *p, const char *sid)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallDelete d = TRESTLE__CALL_DELETE__INIT;

	d.call_sid = (char *)(uintptr_t)sid;
	d.account_sid = (char *)"AC00000000000000000000000000000001";
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_DELETE;
	env.call_delete = &d;
	return api_ask(p, &env, NULL);
}

void api_ring(struct platform *p, struct talk *d, Trestle__CallCreate *call)
{
	struct api_reply r = api_place(p, call);

	memset(d, 0, sizeof(*d));
	assert_int_equal(0, r.err);
	assert_string_equal("", r.text);
	assert_string_equal("queued", r.status);
	talk_wait_child(p, d);
	assert_string_equal(call->call_sid, d->sid);
}

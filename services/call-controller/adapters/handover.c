/*
 * handover.c - a call goes from one living controller to another
 */
#include "handover.h"

#include "adopt.h"
#include "app.h"
#include "ask.h"
#include "sip.h"

enum { LEAVE_MS = 500 };

int handover_ask(struct app *app, const char *owner, const char *call_sid,
                 bus_reply_h *handler, void *arg)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallLeave body = TRESTLE__CALL_LEAVE__INIT;
	struct bus_req req = {
		.service = "call-controller",
		.instance = owner,
		.timeout_ms = LEAVE_MS,
	};

	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_LEAVE;
	env.call_leave = &body;
	env.call_sid = (char *)call_sid;
	return bus_request(app->bus, &req, &env, handler, arg);
}

void handover_on_leave(struct app *app, const struct bus_return *from,
                       const char *call_sid)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallLeft body = TRESTLE__CALL_LEFT__INIT;
	struct owned *o = app_find(app, call_sid);

	if (ask_open(app, call_sid) || (o && !sip_at_rest(o))) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "the call is not at rest");
		return;
	}
	if (o)
		adopt_release(app->adopt, o);
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_LEFT;
	env.call_left = &body;
	bus_reply(app->bus, from, &env);
}

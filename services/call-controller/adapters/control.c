/*
 * control.c - what the API asks: calls to be placed, changed, forgotten
 */
#include "control.h"

#include <string.h>

#include "app.h"
#include "create.h"

const char *control_url(const Trestle__Hook *hook)
{
	return hook ? hook->url : "";
}

const char *control_method(const Trestle__Hook *hook)
{
	return hook && strcmp(hook->method, "GET") == 0 ? "GET" : "POST";
}

static void reply(struct app *app, const struct bus_return *to,
                  Trestle__ControlReply *body)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.body_case = TRESTLE__ENVELOPE__BODY_CONTROL_REPLY;
	env.control_reply = body;
	bus_reply(app->bus, to, &env);
}

/* protobuf-c has no const; it only reads what it packs. */
static char *text_of(const char *s)
{
	return (char *)(uintptr_t)s;
}

void control_done(struct app *app, const struct bus_return *to,
                  const char *call_sid, const char *status)
{
	Trestle__ControlReply body = TRESTLE__CONTROL_REPLY__INIT;

	body.call_sid = text_of(call_sid);
	body.status = text_of(status);
	reply(app, to, &body);
}

void control_refuse(struct app *app, const struct bus_return *to, uint32_t code,
                    const char *text)
{
	Trestle__ControlReply body = TRESTLE__CONTROL_REPLY__INIT;

	body.code = code;
	body.text = text_of(text);
	reply(app, to, &body);
}

bool control_on_request(struct app *app, const struct bus_return *from,
                        const Trestle__Envelope *env)
{
	if (env->body_case == TRESTLE__ENVELOPE__BODY_CALL_CREATE) {
		create_on_request(app, from, env);
		return true;
	}
	return false;
}

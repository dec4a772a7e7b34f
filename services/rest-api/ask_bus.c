/*
 * ask_bus.c - a request to the API that another process has a part in
 */
#include "ask_bus.h"

#include <errno.h>

#include "app.h"
#include "ask.h"
#include "base/service.h"
#include "core/error.h"

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct ask *q = arg;
	ask_bus_h *handler = q->on_bus;

	q->on_bus = NULL;
	if (err)
		ask_fail(q, ERROR_AWAY, NULL);
	else
		handler(q, reply);
}

void ask_bus(struct ask *q, const struct bus_req *req, Trestle__Envelope *env,
             ask_bus_h *handler)
{
	q->on_bus = handler;
	if (bus_request(service_bus(q->app->service), req, env, on_reply, q))
		on_reply(q, ENOMEM, NULL);
}

void ask_bus_cancel(struct ask *q)
{
	if (!q->on_bus)
		return;
	bus_cancel(service_bus(q->app->service), q);
	on_reply(q, ECANCELED, NULL);
}

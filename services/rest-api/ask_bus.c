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

static void on_one(void *arg, int err, const Trestle__Envelope *reply)
{
	struct ask *q = arg;

	if (!err && reply->body_case != TRESTLE__ENVELOPE__BODY_REFUSAL) {
		q->on_bus(q, reply);
		q->n_replies++;
	}
	if (--q->n_bus > 0)
		return;
	q->on_bus = NULL;
	if (q->n_replies)
		q->next_step(q);
	else
		ask_fail(q, ERROR_AWAY, NULL);
}

void ask_bus_all(struct ask *q, const struct bus_req *req,
                 Trestle__Envelope *env, ask_bus_h *each,
                 void (*done)(struct ask *q))
{
	struct bus *bus = service_bus(q->app->service);
	struct bus_req one = *req;
	const struct peer *peer;

	q->on_bus = each;
	q->next_step = done;
	for (size_t i = 0; (peer = peers_nth(bus_peers(bus), req->service, i));
	     i++) {
		one.instance = peer->instance;
		if (peer->alive && !bus_request(bus, &one, env, on_one, q))
			q->n_bus++;
	}
	if (q->n_bus > 0)
		return;
	q->on_bus = NULL;
	ask_fail(q, ERROR_AWAY, NULL);
}

void ask_bus_cancel(struct ask *q)
{
	if (!q->on_bus)
		return;
	bus_cancel(service_bus(q->app->service), q);
	on_reply(q, ECANCELED, NULL);
}

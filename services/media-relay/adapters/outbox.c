/*
 * outbox.c - MediaEvents to the controller of a session, until acknowledged
 */
#include "outbox.h"

#include "adapters/store.h"
#include "base/service.h"
#include "loop/loop.h"

static void on_retry(void *arg)
{
	outbox_send(arg);
}

int outbox_init(struct app_session *as)
{
	as->backoff_ms = OUTBOX_BACKOFF_MS;
	return timer_alloc(&as->retry, as->app->loop, on_retry, as);
}

void outbox_close(struct app_session *as)
{
	struct bus *bus = service_bus(as->app->service);

	if (bus && as->in_flight)
		bus_cancel(bus, as);
	timer_free(as->retry);
	as->retry = NULL;
}

static void try_later(struct app_session *as)
{
	timer_start(as->retry, as->backoff_ms);
	as->backoff_ms *= 2;
	if (as->backoff_ms > OUTBOX_BACKOFF_MAX_MS)
		as->backoff_ms = OUTBOX_BACKOFF_MAX_MS;
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct app_session *as = arg;

	as->in_flight = false;
	if (err ||
	    reply->body_case != TRESTLE__ENVELOPE__BODY_MEDIA_EVENT_ACK) {
		try_later(as);
		return;
	}
	as->backoff_ms = OUTBOX_BACKOFF_MS;
	if (session_acked(as->state, as->in_flight_sequence))
		store_forget_event(as, as->in_flight_sequence);
	outbox_send(as);
}

static void fill(Trestle__MediaEvent *m, const struct session *s,
                 const struct session_event *ev, char digit[2])
{
	digit[0] = ev->digit;
	digit[1] = '\0';
	m->session = (char *)(uintptr_t)s->id;
	m->sequence = ev->sequence;
	m->type = (Trestle__MediaEvent__Type)ev->type;
	m->leg = (char *)(uintptr_t)ev->leg;
	m->digit = digit;
	m->duration_ms = ev->duration_ms;
	m->play_id = ev->play_id;
	m->play_index = ev->play;
	m->ended_by = (Trestle__MediaEvent__EndedBy)ev->ended_by;
	m->length_ms = ev->length_ms;
	m->error_code = ev->error;
	m->text = ev->speech ? ev->speech : (char *)(uintptr_t)ev->why;
	m->id = (char *)(uintptr_t)ev->id;
	m->confidence_x1000 = ev->confidence_x1000;
	m->final = ev->final;
}

void outbox_send(struct app_session *as)
{
	const struct session *s = as->state;
	struct bus *bus = service_bus(as->app->service);
	struct bus_req req = {.service = "call-controller",
	                      .instance = s->controller,
	                      .timeout_ms = OUTBOX_TIMEOUT_MS};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__MediaEvent event = TRESTLE__MEDIA_EVENT__INIT;
	char digit[2];

	if (as->in_flight || s->n_events == 0)
		return;
	if (!as->app->open || s->controller[0] == '\0') {
		try_later(as);
		return;
	}
	fill(&event, s, &s->events[0], digit);
	env.call_sid = (char *)(uintptr_t)s->call_sid;
	env.epoch = s->epoch;
	env.body_case = TRESTLE__ENVELOPE__BODY_MEDIA_EVENT;
	env.media_event = &event;
	timer_stop(as->retry);
	as->in_flight_sequence = event.sequence;
	as->in_flight = true;
	if (bus_request(bus, &req, &env, on_reply, as)) {
		as->in_flight = false;
		try_later(as);
	}
}

/*
 * create_call.c - the call that a CallCreate asks for
 */
#include "create.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "app.h"
#include "control.h"
#include "core/caller.h"
#include "core/outgoing.h"
#include "recording_wish.h"
#include "store/rules.h"
#include "store/tenants.h"

enum { TIMEOUT_S = 60 };       /* contract 6.4 */
enum { TIME_LIMIT_S = 14400 }; /* four hours */
enum { MAX_FORWARDS = 70 };    /* RFC 3261 8.1.1.6 */

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

int create_call(const struct app *app, const Trestle__CallCreate *c,
                uint64_t created_ms, struct call **callp)
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
	start.created_ms = created_ms;
	start.session = session;
	start.limit_s =
		rules_call_s(tenants_snapshot(app->tenants), c->account_sid);
	start.account_sid = c->account_sid;
	start.public_url = app->settings->public_url;
	start.direction = "outbound-api";
	start.from = c->from;
	start.to = c->to;
	start.number_sid = c->phone_number_sid;
	start.max_forwards = MAX_FORWARDS;
	return call_alloc(callp, &start);
}

/*
 * control.c - media.proto over the bus: commands in, states out
 */
#include "control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/control_plays.h"
#include "adapters/control_recordings.h"
#include "adapters/sockets.h"
#include "base/service.h"
#include "base/sid.h"

typedef Trestle__Refusal__Reason reason_t;

static bool copy(char *to, size_t size, const char *from)
{
	size_t n = strlen(from);

	if (n >= size)
		return false;
	memcpy(to, from, n + 1);
	return true;
}

static bool read_format(struct format *f, const Trestle__Codec *c)
{
	if (c->payload_type > 127 || !copy(f->name, sizeof(f->name), c->name))
		return false;
	f->type = (uint8_t)c->payload_type;
	f->codec = codec_by_name(c->name);
	f->rate = c->rate ? c->rate : 8000;
	f->channels = c->channels ? (uint8_t)c->channels : 1;
	return true;
}

static bool read_formats(struct leg_spec *spec, const Trestle__MediaLeg *m)
{
	if (m->n_codecs > LEG_FORMATS_MAX)
		return false;
	for (size_t i = 0; i < m->n_codecs; i++) {
		if (!read_format(&spec->formats[i], m->codecs[i]))
			return false;
	}
	spec->n_formats = m->n_codecs;
	return true;
}

/* An address that can not be read is one that is not known: the leg hears
 * nothing until its phone has been heard. */
static bool read_offer(struct latch_offer *o, const Trestle__MediaLeg *m)
{
	if (m->remote_port > UINT16_MAX || m->remote_rtcp_port > UINT16_MAX)
		return false;
	(void)address_parse(&o->sdp, m->remote_ip, (uint16_t)m->remote_port);
	for (size_t i = 0; i < m->n_allowed_sources; i++) {
		if (o->n_sources == LATCH_SOURCES_MAX)
			return false;
		if (address_parse(&o->sources[o->n_sources],
		                  m->allowed_sources[i], 0))
			o->n_sources++;
	}
	o->any = m->any_source;
	o->loops = m->loops;
	return true;
}

static uint32_t read_ptime(uint32_t ptime)
{
	if (ptime == 0)
		return PTIME_MS;
	if (ptime < PTIME_MIN_MS)
		return PTIME_MIN_MS;
	if (ptime > PTIME_MAX_MS)
		return PTIME_MAX_MS;
	return ptime / 10 * 10;
}

static const char *read_senses(struct leg_spec *spec,
                               const Trestle__MediaLeg *m)
{
	const Trestle__Detect *d = m->detect;
	const Trestle__Listen *l = m->listen;

	if (d) {
		spec->detects = true;
		spec->detect =
			(struct machine_spec){.until_end = d->until_end,
		                              .timeout_ms = d->timeout_ms,
		                              .speech_ms = d->speech_ms,
		                              .speech_end_ms = d->speech_end_ms,
		                              .silence_ms = d->silence_ms};
	}
	if (!l)
		return NULL;
	if (l->id[0] == '\0' ||
	    !copy(spec->listen.id, sizeof(spec->listen.id), l->id))
		return "the id of a listen is empty or too long";
	spec->listen.silence_ms = l->silence_ms;
	spec->listen.max_ms = l->max_ms;
	return NULL;
}

static const char *read_leg(struct leg_spec *spec, const Trestle__MediaLeg *m)
{
	if (!copy(spec->name, sizeof(spec->name), m->leg) ||
	    !copy(spec->peer, sizeof(spec->peer), m->peer) ||
	    !copy(spec->play, sizeof(spec->play), m->play))
		return "a name is too long";
	if (!read_formats(spec, m))
		return "codecs are out of range";
	if (!read_offer(&spec->offer, m))
		return "addresses are out of range";
	if ((unsigned)m->direction > DIRECTION_NONE ||
	    (unsigned)m->source > SOURCE_LIST)
		return "a direction or source is unknown";
	spec->rtcp_port = (uint16_t)m->remote_rtcp_port;
	spec->rtcp_mux = m->rtcp_mux;
	spec->direction = (enum direction)m->direction;
	spec->source = (enum source)m->source;
	spec->play_id = m->play_id;
	spec->want_digits = m->want_digits;
	spec->keys_stop = m->keys_stop;
	spec->expect_media = m->expect_media;
	spec->ptime_ms = read_ptime(m->ptime);
	return read_senses(spec, m);
}

static const char *read_put(struct app_put *put, const Trestle__SessionPut *m,
                            struct leg_spec *legs)
{
	if (!sid_valid(m->session, "MS"))
		return "session is not MS and 32 hex digits";
	if (strlen(m->account_sid) >= SESSION_ID_SIZE)
		return "account_sid is too long";
	if (strlen(m->controller) >= SESSION_INSTANCE_SIZE)
		return "controller is too long";
	for (size_t i = 0; i < m->n_legs; i++) {
		const char *why = read_leg(&legs[i], m->legs[i]);

		if (!why)
			why = control_read_plays(put, i, m->legs[i]);
		if (why)
			return why;
	}
	return NULL;
}

static reason_t reason_of(enum app_result result)
{
	switch (result) {
	case APP_STALE: return TRESTLE__REFUSAL__REASON__STALE_EPOCH;
	case APP_INVALID: return TRESTLE__REFUSAL__REASON__INVALID;
	case APP_OVERLOADED: return TRESTLE__REFUSAL__REASON__OVERLOADED;
	case APP_DONE:
	case APP_LATER: break;
	}
	return TRESTLE__REFUSAL__REASON__UNKNOWN;
}

static enum app_result obey(struct app *app, struct app_put *put,
                            const Trestle__SessionPut *m,
                            struct app_session **as, const char **why)
{
	struct leg_spec *legs = calloc(m->n_legs + 1, sizeof(*legs));
	struct recording_spec recordings[SESSION_WANTED_MAX];
	enum app_result result = APP_INVALID;

	put->plays = calloc(m->n_legs + 1, sizeof(struct plays *));
	put->prefetch = calloc(m->n_legs + 1, sizeof(struct plays *));
	put->listens = calloc(m->n_legs + 1, sizeof(struct listen_order *));
	put->legs = legs;
	*why = legs && put->plays && put->prefetch && put->listens
	               ? read_put(put, m, legs)
	               : "out of memory";
	put->recordings = recordings;
	put->n_recordings = m->n_recordings;
	if (!*why)
		*why = control_read_recordings(m, recordings);
	if (!*why)
		result = app_put(app, put, as, why);
	put->recordings = NULL; /* they were ours */
	put->n_recordings = 0;
	control_free_plays(put);
	free(legs);
	return result;
}

static void on_put(struct app *app, const struct bus_return *from,
                   const Trestle__Envelope *env)
{
	const Trestle__SessionPut *m = env->session_put;
	struct app_session *as = NULL;
	struct app_put put = {.id = m->session,
	                      .call_sid = env->call_sid,
	                      .account_sid = m->account_sid,
	                      .controller = m->controller,
	                      .epoch = env->epoch,
	                      .version = m->version,
	                      .n = m->n_legs};
	enum app_result result = APP_INVALID;
	const char *why = "too many legs";

	if (m->n_recordings > SESSION_WANTED_MAX)
		why = "too many recordings";
	else if (m->n_legs <= SESSION_LEGS_MAX)
		result = obey(app, &put, m, &as, &why);
	if (result == APP_DONE)
		control_reply(as, from, false);
	else
		bus_refuse(service_bus(app->service), from, reason_of(result),
		           why);
}

static void reply_unknown(struct app *app, const struct bus_return *from,
                          const char *id)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionState state = TRESTLE__SESSION_STATE__INIT;

	state.session = (char *)(uintptr_t)id;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_STATE;
	env.session_state = &state;
	bus_reply(service_bus(app->service), from, &env);
}

static void on_release(struct app *app, const struct bus_return *from,
                       const Trestle__Envelope *env)
{
	const char *id = env->session_release->session;
	struct app_session *as = NULL;
	enum app_result result = app_release(app, id, env->epoch, from, &as);

	switch (result) {
	case APP_DONE:
		if (as)
			control_reply(as, from, true);
		else /* the same answer each time: it is not there */
			reply_unknown(app, from, id);
		break;
	case APP_LATER: break;
	case APP_STALE:
	case APP_INVALID:
	case APP_OVERLOADED:
		bus_refuse(service_bus(app->service), from, reason_of(result),
		           "not released");
		break;
	}
}

void control_request(void *arg, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	struct app *app = arg;

	if (env->body_case == TRESTLE__ENVELOPE__BODY_SESSION_PUT)
		on_put(app, from, env);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_SESSION_RELEASE)
		on_release(app, from, env);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_RECORDING_DELETE)
		control_delete_recording(app, from, env->recording_delete);
	else
		bus_refuse(service_bus(app->service), from,
		           TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "media-relay takes SessionPut, SessionRelease and "
		           "RecordingDelete");
}

/* --- states ---------------------------------------------------------------- */

struct leg_reply {
	Trestle__LegState state;
	Trestle__Quality quality;
	struct figures figures;
	char remote[ADDRESS_TEXT];
};

static void fill_quality(struct leg_reply *r, const struct session_leg *leg)
{
	Trestle__Quality *q = &r->quality;
	const struct figures *f = &r->figures;

	session_figures(leg, &r->figures);
	address_print(&leg->memory.source, r->remote);
	trestle__quality__init(q);
	q->packets_received = f->received;
	q->packets_sent = f->sent;
	q->packets_lost = f->lost;
	q->packets_dropped = f->dropped;
	q->jitter_us = f->jitter_us;
	q->round_trip_us = f->round_trip_us;
	q->mos_x100 = f->mos_x100;
	q->codec = r->figures.codec;
	q->remote = r->remote;
	q->octets_received = f->octets_received;
	q->octets_sent = f->octets_sent;
	q->remote_packets_lost = f->remote_lost;
	q->remote_jitter_us = f->remote_jitter_us;
}

static void fill_leg(struct leg_reply *r, const struct app *app,
                     struct session_leg *leg)
{
	trestle__leg_state__init(&r->state);
	r->state.leg = leg->spec.name;
	if (!leg->closed) {
		r->state.local_ip = (char *)(uintptr_t)app->advertise;
		r->state.local_port = leg->port;
		r->state.local_rtcp_port =
			leg->spec.rtcp_mux ? leg->port : leg->port + 1U;
	}
	fill_quality(r, leg);
	r->state.quality = &r->quality;
}

void control_reply(const struct app_session *as, const struct bus_return *to,
                   bool closed)
{
	const struct session *s = as->state;
	struct bus *bus = service_bus(as->app->service);
	struct leg_reply *legs = calloc(s->n + 1, sizeof(*legs));
	Trestle__LegState **list =
		calloc(s->n + 1, sizeof(Trestle__LegState *));
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionState state = TRESTLE__SESSION_STATE__INIT;

	if (!legs || !list) {
		bus_refuse(bus, to, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		goto out;
	}
	for (size_t i = 0; i < s->n; i++) {
		if (s->legs[i]->closed && !closed)
			continue;
		fill_leg(&legs[state.n_legs], as->app, s->legs[i]);
		list[state.n_legs] = &legs[state.n_legs].state;
		state.n_legs++;
	}
	state.session = (char *)(uintptr_t)s->id;
	state.version = s->version;
	state.legs = list;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_STATE;
	env.session_state = &state;
	env.epoch = s->epoch;
	bus_reply(bus, to, &env);
out:
	free(legs);
	free(list);
}

/*
 * session.c - a session as the main thread knows it
 *
 * Pure: no I/O, no clock, no log.
 */
#include "session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int session_alloc(struct session **sp, const char *id)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return ENOMEM;
	s->legs = calloc((size_t)SESSION_LEGS_MAX * 2,
	                 sizeof(struct session_leg *));
	if (!s->legs) {
		free(s);
		return ENOMEM;
	}
	(void)snprintf(s->id, sizeof(s->id), "%s", id);
	*sp = s;
	return 0;
}

static void free_leg(struct session_leg *leg)
{
	free(leg->plays);
	free(leg);
}

static void forget_events(struct session *s)
{
	while (s->n_events > 0)
		free(s->events[--s->n_events].speech);
}

void session_free(struct session *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		free_leg(s->legs[i]);
	for (size_t i = 0; i < s->n_recordings; i++)
		free(s->recordings[i]);
	forget_events(s);
	free(s->legs);
	free(s);
}

enum session_order session_order(const struct session *s, uint64_t epoch,
                                 uint64_t version)
{
	if (epoch < s->epoch)
		return SESSION_STALE;
	if (epoch > s->epoch || version > s->version)
		return SESSION_APPLY;
	return SESSION_REPEAT;
}

struct session_leg *session_find(const struct session *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		struct session_leg *leg = s->legs[i];

		if (!leg->closed && strcmp(leg->spec.name, name) == 0)
			return leg;
	}
	return NULL;
}

struct session_leg *session_find_id(const struct session *s, uint32_t id)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->legs[i]->id == id)
			return s->legs[i];
	}
	return NULL;
}

static void remove_at(struct session *s, size_t i)
{
	free_leg(s->legs[i]);
	memmove(&s->legs[i], &s->legs[i + 1],
	        (s->n - i - 1) * sizeof(struct session_leg *));
	s->n--;
}

/* At most half are open: one of the others is closed. */
static void make_room(struct session *s)
{
	size_t i = 0;

	if (s->n < (size_t)SESSION_LEGS_MAX * 2)
		return;
	while (i + 1 < s->n && !s->legs[i]->closed)
		i++;
	remove_at(s, i);
}

struct session_leg *session_add(struct session *s, uint32_t id,
                                const struct leg_spec *spec, uint16_t port)
{
	struct session_leg *leg = calloc(1, sizeof(*leg));

	if (!leg)
		return NULL;
	make_room(s);
	leg->id = id;
	leg->spec = *spec;
	leg->port = port;
	s->legs[s->n++] = leg;
	return leg;
}

void session_drop_last(struct session *s)
{
	if (s->n > 0)
		remove_at(s, s->n - 1);
}

bool session_wanted(const struct session_leg *leg, const struct leg_spec *want,
                    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(leg->spec.name, want[i].name) == 0)
			return true;
	}
	return false;
}

void session_figures(const struct session_leg *leg, struct figures *out)
{
	const struct figures *b = &leg->before;

	*out = leg->now;
	out->received += b->received;
	out->sent += b->sent;
	out->expected += b->expected;
	out->lost += b->lost;
	out->dropped += b->dropped;
	out->octets_received += b->octets_received;
	out->octets_sent += b->octets_sent;
	if (leg->now.remote_lost < b->remote_lost)
		out->remote_lost = b->remote_lost;
	if (leg->now.expected == 0) {
		out->jitter_us = b->jitter_us;
		out->round_trip_us = b->round_trip_us;
		out->remote_jitter_us = b->remote_jitter_us;
		out->mos_x100 = b->mos_x100;
	}
}

struct session_event *session_note(struct session *s,
                                   enum session_event_type type,
                                   const char *leg)
{
	struct session_event *ev;

	if (s->n_events == SESSION_EVENTS_MAX)
		(void)session_acked(s, s->events[0].sequence);
	ev = &s->events[s->n_events++];
	memset(ev, 0, sizeof(*ev));
	ev->sequence = ++s->sequence;
	ev->type = type;
	(void)snprintf(ev->leg, sizeof(ev->leg), "%s", leg);
	return ev;
}

bool session_acked(struct session *s, uint64_t sequence)
{
	for (size_t i = 0; i < s->n_events; i++) {
		if (s->events[i].sequence != sequence)
			continue;
		free(s->events[i].speech);
		memmove(&s->events[i], &s->events[i + 1],
		        (s->n_events - i - 1) * sizeof(s->events[0]));
		s->n_events--;
		return true;
	}
	return false;
}

void session_keep_last_words(struct session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_events; i++) {
		if (s->events[i].type == SESSION_RECORDS ||
		    s->events[i].type == SESSION_RECORDED)
			s->events[kept++] = s->events[i];
		else
			free(s->events[i].speech);
	}
	s->n_events = kept;
}

struct session_recording *session_recording(const struct session *s,
                                            const char *sid)
{
	for (size_t i = 0; i < s->n_recordings; i++) {
		if (strcmp(s->recordings[i]->spec.sid, sid) == 0)
			return s->recordings[i];
	}
	return NULL;
}

struct session_recording *session_add_recording(
	struct session *s, const struct recording_spec *spec)
{
	struct session_recording *r;

	if (s->n_recordings == SESSION_RECORDINGS_MAX)
		return NULL;
	r = calloc(1, sizeof(*r));
	if (!r)
		return NULL;
	r->spec = *spec;
	s->recordings[s->n_recordings++] = r;
	return r;
}

void session_drop_recording(struct session *s, const char *sid)
{
	for (size_t i = 0; i < s->n_recordings; i++) {
		if (strcmp(s->recordings[i]->spec.sid, sid) != 0)
			continue;
		free(s->recordings[i]);
		s->recordings[i] = s->recordings[--s->n_recordings];
		return;
	}
}

uint32_t session_recording_ms(const struct session_recording *r)
{
	const uint64_t per_ms = RECORDER_RATE / 1000;

	return (uint32_t)((r->samples + per_ms - 1) / per_ms);
}

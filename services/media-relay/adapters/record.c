/*
 * record.c - a leg and an event of a session read from JSON
 *
 * What cannot be read is left out of the session, never guessed.
 */
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapters/record_names.h"
#include "adapters/sockets.h"
#include "base/json_read.h"

static bool copy(char *to, size_t size, const char *from)
{
	return (size_t)snprintf(to, size, "%s", from) < size;
}

static int index_of(const char *const *names, int n, const char *name)
{
	for (int i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return i;
	}
	return 0;
}

static bool read_formats(struct leg_spec *spec, const json_t *list)
{
	size_t n = json_array_size(list);

	if (n > LEG_FORMATS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);
		struct format *f = &spec->formats[i];

		f->type = (uint8_t)(json_read_number(o, "type") & 127);
		f->rate = (uint32_t)json_read_number(o, "rate");
		f->channels = (uint8_t)json_read_number(o, "channels");
		if (!copy(f->name, sizeof(f->name), json_read_text(o, "name")))
			return false;
		f->codec = codec_by_name(f->name);
	}
	spec->n_formats = n;
	return true;
}

static void read_offer(struct latch_offer *offer, const json_t *o)
{
	const json_t *list = json_object_get(o, "allowed");
	size_t n = json_array_size(list);

	(void)address_parse_pair(&offer->sdp, json_read_text(o, "remote"));
	offer->any = json_read_bool(o, "any_source");
	offer->loops = json_read_bool(o, "loops");
	for (size_t i = 0; i < n && offer->n_sources < LATCH_SOURCES_MAX; i++) {
		const char *ip = json_string_value(json_array_get(list, i));

		if (ip &&
		    address_parse(&offer->sources[offer->n_sources], ip, 0))
			offer->n_sources++;
	}
}

static bool read_spec(struct leg_spec *spec, const json_t *o)
{
	uint64_t ptime = json_read_number(o, "ptime");

	memset(spec, 0, sizeof(*spec));
	read_offer(&spec->offer, o);
	spec->rtcp_port = (uint16_t)json_read_number(o, "rtcp_port");
	spec->rtcp_mux = json_read_bool(o, "rtcp_mux");
	spec->want_digits = json_read_bool(o, "want_digits");
	spec->keys_stop = json_read_bool(o, "keys_stop");
	spec->expect_media = json_read_bool(o, "expect_media");
	spec->detects = json_read_bool(o, "detects");
	spec->direction = (enum direction)index_of(
		record_directions, DIRECTIONS, json_read_text(o, "direction"));
	spec->source = (enum source)index_of(record_sources, SOURCES,
	                                     json_read_text(o, "source"));
	spec->play_id = json_read_number(o, "play_id");
	spec->ptime_ms = ptime >= PTIME_MIN_MS && ptime <= PTIME_MAX_MS
	                         ? (uint32_t)ptime
	                         : PTIME_MS;
	return copy(spec->name, sizeof(spec->name), json_read_text(o, "leg")) &&
	       copy(spec->peer, sizeof(spec->peer),
	            json_read_text(o, "peer")) &&
	       copy(spec->play, sizeof(spec->play),
	            json_read_text(o, "play")) &&
	       read_formats(spec, json_object_get(o, "codecs"));
}

static void read_memory(struct leg_memory *m, const json_t *o)
{
	const json_t *stream = json_object_get(o, "stream");
	const json_t *key = json_object_get(stream, "key");

	(void)address_parse_pair(&m->source, json_read_text(o, "latched"));
	(void)address_parse_pair(&m->rtcp_source,
	                         json_read_text(o, "latched_rtcp"));
	m->ssrc = (uint32_t)json_read_number(stream, "ssrc");
	m->seq = (uint16_t)json_read_number(stream, "seq");
	m->ts = (uint32_t)json_read_number(stream, "ts");
	m->sent = json_read_bool(stream, "used");
	m->pressed = key != NULL;
	m->press.ssrc = (uint32_t)json_read_number(key, "ssrc");
	m->press.ts = (uint32_t)json_read_number(key, "ts");
	m->press.code = (uint8_t)json_read_number(key, "code");
}

static void read_place(struct session_leg *leg, const json_t *o)
{
	const json_t *place = json_object_get(o, "place");
	struct leg_memory *m = &leg->memory;

	m->playing = place != NULL;
	m->play_id = json_read_number(place, "play_id");
	m->place.item = (uint32_t)json_read_number(place, "item");
	m->place.round = (uint32_t)json_read_number(place, "round");
	m->place.ms = json_read_number(place, "ms");
	leg->place_at_ms = json_read_number(place, "at_ms");
}

/* @return NULL: there is no list, or it is not sound */
static struct plays *read_plays(const json_t *list)
{
	struct play items[PLAYS_MAX];
	size_t n = json_array_size(list);

	if (n == 0 || n > PLAYS_MAX)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);

		items[i] = (struct play){
			.kind = (enum play_kind)index_of(
				record_kinds, KINDS, json_read_text(o, "kind")),
			.what = json_read_text(o, "what"),
			.voice = json_read_text(o, "voice"),
			.language = json_read_text(o, "language"),
			.length_ms = (uint32_t)json_read_number(o, "length_ms"),
			.times = (uint32_t)json_read_number(o, "times"),
		};
	}
	return plays_problem(items, n) ? NULL : plays_copy(items, n);
}

static void read_figures(struct figures *f, const json_t *o)
{
	f->received = json_read_number(o, "received");
	f->sent = json_read_number(o, "sent");
	f->expected = json_read_number(o, "expected");
	f->lost = json_read_number(o, "lost");
	f->dropped = json_read_number(o, "dropped");
	f->octets_received = json_read_number(o, "octets_received");
	f->octets_sent = json_read_number(o, "octets_sent");
	f->remote_lost = json_read_number(o, "remote_lost");
	f->jitter_us = (uint32_t)json_read_number(o, "jitter_us");
	f->remote_jitter_us = (uint32_t)json_read_number(o, "remote_jitter_us");
	f->round_trip_us = (uint32_t)json_read_number(o, "round_trip_us");
	f->mos_x100 = (uint32_t)json_read_number(o, "mos_x100");
}

int record_read_leg(struct session *s, const char *json)
{
	json_t *o = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	struct session_leg *leg;
	struct leg_spec spec;
	int err = EINVAL;

	if (!json_is_object(o) || !read_spec(&spec, o) ||
	    !copy(spec.listen.id, sizeof(spec.listen.id),
	          json_read_text(o, "listen")) ||
	    leg_spec_problem(&spec) || session_find(s, spec.name))
		goto out;
	err = ENOMEM;
	leg = session_add(s, 0, &spec, (uint16_t)json_read_number(o, "port"));
	if (!leg)
		goto out;
	leg->closed = json_read_bool(o, "closed");
	leg->played = json_read_bool(o, "played");
	leg->plays = read_plays(json_object_get(o, "plays"));
	read_memory(&leg->memory, o);
	read_place(leg, o);
	read_figures(&leg->before, json_object_get(o, "figures"));
	err = 0;
out:
	json_decref(o);
	return err;
}

static size_t place_of(const struct session *s, uint64_t sequence)
{
	size_t i = s->n_events;

	while (i > 0 && s->events[i - 1].sequence > sequence)
		i--;
	return i;
}

int record_read_event(struct session *s, const char *json)
{
	json_t *o = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	struct session_event ev = {0};
	uint64_t type = json_read_number(o, "type");
	int err = EINVAL;
	size_t at;

	if (!json_is_object(o) || type < SESSION_DIGIT ||
	    type > SESSION_VOICE || s->n_events == SESSION_EVENTS_MAX ||
	    !copy(ev.leg, sizeof(ev.leg), json_read_text(o, "leg")))
		goto out;
	ev.sequence = json_read_number(o, "sequence");
	ev.type = (enum session_event_type)type;
	ev.digit = json_read_text(o, "digit")[0];
	ev.duration_ms = (uint32_t)json_read_number(o, "duration_ms");
	ev.play_id = json_read_number(o, "play_id");
	ev.play = (uint32_t)json_read_number(o, "play_index");
	ev.error = (uint32_t)json_read_number(o, "error");
	(void)snprintf(ev.why, sizeof(ev.why), "%s", json_read_text(o, "text"));
	ev.ended_by = (enum recorder_end)(json_read_number(o, "ended_by") & 3);
	ev.length_ms = (uint32_t)json_read_number(o, "length_ms");
	(void)copy(ev.id, sizeof(ev.id), json_read_text(o, "id"));
	if (ev.type == SESSION_SPEECH &&
	    strlen(json_read_text(o, "speech")) <= SESSION_SPEECH_MAX)
		ev.speech = strdup(json_read_text(o, "speech"));
	ev.confidence_x1000 = (uint32_t)json_read_number(o, "confidence");
	ev.final = json_read_bool(o, "final");
	at = place_of(s, ev.sequence);
	memmove(&s->events[at + 1], &s->events[at],
	        (s->n_events - at) * sizeof(ev));
	s->events[at] = ev;
	s->n_events++;
	err = 0;
out:
	json_decref(o);
	return err;
}

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

static const char *string_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s ? s : "";
}

static uint64_t number_of(const json_t *o, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 ? (uint64_t)n : 0;
}

static bool flag_of(const json_t *o, const char *name)
{
	return json_is_true(json_object_get(o, name));
}

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

		f->type = (uint8_t)(number_of(o, "type") & 127);
		f->rate = (uint32_t)number_of(o, "rate");
		f->channels = (uint8_t)number_of(o, "channels");
		if (!copy(f->name, sizeof(f->name), string_of(o, "name")))
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

	(void)address_parse_pair(&offer->sdp, string_of(o, "remote"));
	offer->any = flag_of(o, "any_source");
	offer->loops = flag_of(o, "loops");
	for (size_t i = 0; i < n && offer->n_sources < LATCH_SOURCES_MAX; i++) {
		const char *ip = json_string_value(json_array_get(list, i));

		if (ip &&
		    address_parse(&offer->sources[offer->n_sources], ip, 0))
			offer->n_sources++;
	}
}

static bool read_spec(struct leg_spec *spec, const json_t *o)
{
	uint64_t ptime = number_of(o, "ptime");

	memset(spec, 0, sizeof(*spec));
	read_offer(&spec->offer, o);
	spec->rtcp_port = (uint16_t)number_of(o, "rtcp_port");
	spec->rtcp_mux = flag_of(o, "rtcp_mux");
	spec->want_digits = flag_of(o, "want_digits");
	spec->keys_stop = flag_of(o, "keys_stop");
	spec->expect_media = flag_of(o, "expect_media");
	spec->detects = flag_of(o, "detects");
	spec->direction = (enum direction)index_of(
		record_directions, DIRECTIONS, string_of(o, "direction"));
	spec->source = (enum source)index_of(record_sources, SOURCES,
	                                     string_of(o, "source"));
	spec->play_id = number_of(o, "play_id");
	spec->ptime_ms = ptime >= PTIME_MIN_MS && ptime <= PTIME_MAX_MS
	                         ? (uint32_t)ptime
	                         : PTIME_MS;
	return copy(spec->name, sizeof(spec->name), string_of(o, "leg")) &&
	       copy(spec->peer, sizeof(spec->peer), string_of(o, "peer")) &&
	       copy(spec->play, sizeof(spec->play), string_of(o, "play")) &&
	       read_formats(spec, json_object_get(o, "codecs"));
}

static void read_memory(struct leg_memory *m, const json_t *o)
{
	const json_t *stream = json_object_get(o, "stream");
	const json_t *key = json_object_get(stream, "key");

	(void)address_parse_pair(&m->source, string_of(o, "latched"));
	(void)address_parse_pair(&m->rtcp_source, string_of(o, "latched_rtcp"));
	m->ssrc = (uint32_t)number_of(stream, "ssrc");
	m->seq = (uint16_t)number_of(stream, "seq");
	m->ts = (uint32_t)number_of(stream, "ts");
	m->sent = flag_of(stream, "used");
	m->pressed = key != NULL;
	m->press.ssrc = (uint32_t)number_of(key, "ssrc");
	m->press.ts = (uint32_t)number_of(key, "ts");
	m->press.code = (uint8_t)number_of(key, "code");
}

static void read_place(struct session_leg *leg, const json_t *o)
{
	const json_t *place = json_object_get(o, "place");
	struct leg_memory *m = &leg->memory;

	m->playing = place != NULL;
	m->play_id = number_of(place, "play_id");
	m->place.item = (uint32_t)number_of(place, "item");
	m->place.round = (uint32_t)number_of(place, "round");
	m->place.ms = number_of(place, "ms");
	leg->place_at_ms = number_of(place, "at_ms");
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
			.kind = (enum play_kind)index_of(record_kinds, KINDS,
		                                         string_of(o, "kind")),
			.what = string_of(o, "what"),
			.voice = string_of(o, "voice"),
			.language = string_of(o, "language"),
			.length_ms = (uint32_t)number_of(o, "length_ms"),
			.times = (uint32_t)number_of(o, "times"),
		};
	}
	return plays_problem(items, n) ? NULL : plays_copy(items, n);
}

static void read_figures(struct figures *f, const json_t *o)
{
	f->received = number_of(o, "received");
	f->sent = number_of(o, "sent");
	f->expected = number_of(o, "expected");
	f->lost = number_of(o, "lost");
	f->dropped = number_of(o, "dropped");
	f->octets_received = number_of(o, "octets_received");
	f->octets_sent = number_of(o, "octets_sent");
	f->remote_lost = number_of(o, "remote_lost");
	f->jitter_us = (uint32_t)number_of(o, "jitter_us");
	f->remote_jitter_us = (uint32_t)number_of(o, "remote_jitter_us");
	f->round_trip_us = (uint32_t)number_of(o, "round_trip_us");
	f->mos_x100 = (uint32_t)number_of(o, "mos_x100");
}

int record_read_leg(struct session *s, const char *json)
{
	json_t *o = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	struct session_leg *leg;
	struct leg_spec spec;
	int err = EINVAL;

	if (!json_is_object(o) || !read_spec(&spec, o) ||
	    !copy(spec.listen.id, sizeof(spec.listen.id),
	          string_of(o, "listen")) ||
	    leg_spec_problem(&spec) || session_find(s, spec.name))
		goto out;
	err = ENOMEM;
	leg = session_add(s, 0, &spec, (uint16_t)number_of(o, "port"));
	if (!leg)
		goto out;
	leg->closed = flag_of(o, "closed");
	leg->played = flag_of(o, "played");
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
	uint64_t type = number_of(o, "type");
	int err = EINVAL;
	size_t at;

	if (!json_is_object(o) || type < SESSION_DIGIT ||
	    type > SESSION_VOICE || s->n_events == SESSION_EVENTS_MAX ||
	    !copy(ev.leg, sizeof(ev.leg), string_of(o, "leg")))
		goto out;
	ev.sequence = number_of(o, "sequence");
	ev.type = (enum session_event_type)type;
	ev.digit = string_of(o, "digit")[0];
	ev.duration_ms = (uint32_t)number_of(o, "duration_ms");
	ev.play_id = number_of(o, "play_id");
	ev.play = (uint32_t)number_of(o, "play_index");
	ev.error = (uint32_t)number_of(o, "error");
	(void)snprintf(ev.why, sizeof(ev.why), "%s", string_of(o, "text"));
	ev.ended_by = (enum recorder_end)(number_of(o, "ended_by") & 3);
	ev.length_ms = (uint32_t)number_of(o, "length_ms");
	(void)copy(ev.id, sizeof(ev.id), string_of(o, "id"));
	if (ev.type == SESSION_SPEECH &&
	    strlen(string_of(o, "speech")) <= SESSION_SPEECH_MAX)
		ev.speech = strdup(string_of(o, "speech"));
	ev.confidence_x1000 = (uint32_t)number_of(o, "confidence");
	ev.final = flag_of(o, "final");
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

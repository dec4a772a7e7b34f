/*
 * record.c - a leg and an event of a session as JSON, both ways
 *
 * Made to be read by people: addresses are "ip:port", names are those of
 * media.proto. What cannot be read is left out of the session, never guessed.
 */
#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "adapters/sockets.h"

static const char *const directions[] = {
	[DIRECTION_BOTH] = "sendrecv",
	[DIRECTION_SEND] = "sendonly",
	[DIRECTION_RECEIVE] = "recvonly",
	[DIRECTION_NONE] = "inactive",
};
static const char *const sources[] = {
	[SOURCE_NOTHING] = "silence", [SOURCE_LEG] = "peer",
	[SOURCE_RINGING] = "tone",    [SOURCE_FILE] = "prompt",
	[SOURCE_LIST] = "plays",
};
enum { SOURCES = sizeof(sources) / sizeof(sources[0]) };
static const char *const kinds[] = {
	[PLAY_SILENCE] = "silence", [PLAY_URL] = "url",
	[PLAY_SPEECH] = "speech",   [PLAY_TONE] = "tone",
	[PLAY_PROMPT] = "prompt",   [PLAY_DIGITS] = "digits",
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* --- writing --------------------------------------------------------------- */

static json_t *print_address(const struct address *a)
{
	char text[ADDRESS_TEXT];

	address_print(a, text);
	return json_string(text);
}

static json_t *print_sources(const struct latch_offer *o)
{
	json_t *list = json_array();
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < o->n_sources; i++) {
		address_print_ip(&o->sources[i], text);
		(void)json_array_append_new(list, json_string(text));
	}
	return list;
}

static json_t *print_formats(const struct leg_spec *spec)
{
	json_t *list = json_array();

	for (size_t i = 0; i < spec->n_formats; i++) {
		const struct format *f = &spec->formats[i];

		(void)json_array_append_new(
			list, json_pack("{s:i, s:s, s:i, s:i}", "type", f->type,
		                        "name", f->name, "rate", (int)f->rate,
		                        "channels", f->channels));
	}
	return list;
}

static json_t *print_figures(const struct session_leg *leg)
{
	struct figures f;

	session_figures(leg, &f);
	return json_pack(
		"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
		"received", (json_int_t)f.received, "sent", (json_int_t)f.sent,
		"expected", (json_int_t)f.expected, "lost", (json_int_t)f.lost,
		"dropped", (json_int_t)f.dropped, "octets_received",
		(json_int_t)f.octets_received, "octets_sent",
		(json_int_t)f.octets_sent, "remote_lost",
		(json_int_t)f.remote_lost, "jitter_us", (json_int_t)f.jitter_us,
		"remote_jitter_us", (json_int_t)f.remote_jitter_us,
		"round_trip_us", (json_int_t)f.round_trip_us, "mos_x100",
		(json_int_t)f.mos_x100);
}

static json_t *print_memory(const struct leg_memory *m)
{
	json_t *o = json_pack("{s:I, s:i, s:I, s:b}", "ssrc",
	                      (json_int_t)m->ssrc, "seq", m->seq, "ts",
	                      (json_int_t)m->ts, "used", m->sent);

	if (m->pressed)
		(void)json_object_set_new(o, "key",
		                          json_pack("{s:I, s:I, s:i}", "ssrc",
		                                    (json_int_t)m->press.ssrc,
		                                    "ts",
		                                    (json_int_t)m->press.ts,
		                                    "code", m->press.code));
	return o;
}

static json_t *print_plays(const struct plays *plays)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plays->n; i++) {
		const struct play *p = &plays->items[i];

		(void)json_array_append_new(
			list,
			json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "kind",
		                  kinds[p->kind], "what", p->what, "voice",
		                  p->voice, "language", p->language,
		                  "length_ms", (json_int_t)p->length_ms,
		                  "times", (json_int_t)p->times));
	}
	return list;
}

/* Where it is in the list, for the next life of the process */
static json_t *print_place(const struct session_leg *leg)
{
	const struct leg_memory *m = &leg->memory;

	return json_pack(
		"{s:I, s:I, s:I, s:I, s:I}", "play_id", (json_int_t)m->play_id,
		"item", (json_int_t)m->place.item, "round",
		(json_int_t)m->place.round, "ms", (json_int_t)m->place.ms,
		"at_ms", (json_int_t)leg->place_at_ms);
}

static void print_play(json_t *o, const struct session_leg *leg)
{
	if (leg->spec.source == SOURCE_LIST && leg->plays)
		(void)json_object_set_new(o, "plays", print_plays(leg->plays));
	if (leg->memory.playing)
		(void)json_object_set_new(o, "place", print_place(leg));
	(void)json_object_set_new(o, "play", json_string(leg->spec.play));
	(void)json_object_set_new(o, "play_id",
	                          json_integer((json_int_t)leg->spec.play_id));
	(void)json_object_set_new(o, "played", json_boolean(leg->played));
}

char *record_leg(const struct session_leg *leg)
{
	const struct leg_spec *s = &leg->spec;
	json_t *o = json_pack(
		"{s:s, s:b, s:i, s:i, s:b, s:b, s:b, s:s, s:s, s:s, s:b, s:b, "
		"s:i}",
		"leg", s->name, "closed", leg->closed, "port", leg->port,
		"rtcp_port", s->rtcp_port, "rtcp_mux", s->rtcp_mux,
		"any_source", s->offer.any, "loops", s->offer.loops,
		"direction", directions[s->direction], "source",
		sources[s->source], "peer", s->peer, "want_digits",
		s->want_digits, "expect_media", s->expect_media, "ptime",
		(int)s->ptime_ms);
	char *text;

	if (!o)
		return NULL;
	(void)json_object_set_new(o, "remote", print_address(&s->offer.sdp));
	(void)json_object_set_new(o, "allowed", print_sources(&s->offer));
	(void)json_object_set_new(o, "latched",
	                          print_address(&leg->memory.source));
	(void)json_object_set_new(o, "latched_rtcp",
	                          print_address(&leg->memory.rtcp_source));
	(void)json_object_set_new(o, "codecs", print_formats(s));
	(void)json_object_set_new(o, "listen", json_string(s->listen.id));
	(void)json_object_set_new(o, "stream", print_memory(&leg->memory));
	(void)json_object_set_new(o, "figures", print_figures(leg));
	print_play(o, leg);
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

char *record_event(const struct session_event *ev)
{
	char digit[2] = {ev->digit, '\0'};
	json_t *o = json_pack(
		"{s:I, s:i, s:s, s:s, s:i, s:I, s:I, s:I, s:s, s:s*, s:i, "
		"s:b}",
		"sequence", (json_int_t)ev->sequence, "type", (int)ev->type,
		"leg", ev->leg, "digit", digit, "duration_ms",
		(int)ev->duration_ms, "play_id", (json_int_t)ev->play_id,
		"play_index", (json_int_t)ev->play, "error",
		(json_int_t)ev->error, "text", ev->why, "speech", ev->speech,
		"confidence", (int)ev->confidence_x1000, "final", ev->final);
	char *text;

	if (o && ev->id[0])
		(void)json_object_update_new(
			o, json_pack("{s:s, s:i, s:I}", "id", ev->id,
		                     "ended_by", (int)ev->ended_by, "length_ms",
		                     (json_int_t)ev->length_ms));
	text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	return text;
}

/* --- reading --------------------------------------------------------------- */

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
	spec->expect_media = flag_of(o, "expect_media");
	spec->direction = (enum direction)index_of(directions, 4,
	                                           string_of(o, "direction"));
	spec->source =
		(enum source)index_of(sources, SOURCES, string_of(o, "source"));
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
			.kind = (enum play_kind)index_of(kinds, KINDS,
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
	    type > SESSION_RECORDED || s->n_events == SESSION_EVENTS_MAX ||
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

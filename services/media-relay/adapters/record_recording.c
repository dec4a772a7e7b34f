/*
 * record_recording.c - a recording of a session as JSON, both ways
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "adapters/record.h"
#include "base/sid.h"

static const char *const tracks[] = {
	[TRACK_BOTH_WAYS] = "both",
	[TRACK_IN] = "inbound",
	[TRACK_OUT] = "outbound",
};

char *record_recording(const struct session_recording *r)
{
	const struct recording_spec *s = &r->spec;
	const struct recorder_spec *how = &s->how;
	json_t *o = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:b, s:b, s:I, s:I, s:b, "
		"s:b, s:b, s:b, s:b, s:I, s:I, s:I, s:I, s:I}",
		"recording", s->sid, "account_sid", s->account_sid, "call_sid",
		s->call_sid, "leg", s->leg, "source", s->source, "beep",
		s->beep, "track", tracks[how->track], "dual", how->dual, "trim",
		how->trim, "max_ms", (json_int_t)how->max_ms, "silence_ms",
		(json_int_t)how->silence_ms, "paused", how->paused,
		"pause_skips", how->pause_skips, "wanted", r->wanted, "started",
		r->started, "ended", r->ended, "start_ms",
		(json_int_t)r->start_ms, "end_ms", (json_int_t)r->end_ms,
		"samples", (json_int_t)r->samples, "bytes",
		(json_int_t)r->bytes, "error", (json_int_t)r->error);
	char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	return text;
}

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

static bool copy(char *to, size_t size, const json_t *o, const char *name)
{
	return (size_t)snprintf(to, size, "%s", string_of(o, name)) < size;
}

static bool copy_sid(char *to, const json_t *o, const char *name,
                     const char *prefix)
{
	return copy(to, SESSION_ID_SIZE, o, name) && sid_valid(to, prefix);
}

static bool read_how(struct recorder_spec *how, const json_t *o)
{
	const char *track = string_of(o, "track");

	for (unsigned i = 0; i <= TRACK_OUT; i++) {
		if (strcmp(tracks[i], track) == 0)
			how->track = (enum recorder_track)i;
	}
	how->dual = flag_of(o, "dual");
	how->trim = flag_of(o, "trim");
	how->paused = flag_of(o, "paused");
	how->pause_skips = flag_of(o, "pause_skips");
	how->max_ms = (uint32_t)number_of(o, "max_ms");
	how->silence_ms = (uint32_t)number_of(o, "silence_ms");
	return number_of(o, "max_ms") <= RECORDER_MAX_MS &&
	       number_of(o, "silence_ms") <= UINT32_MAX;
}

static bool read_spec(struct recording_spec *s, const json_t *o)
{
	s->beep = flag_of(o, "beep");
	return copy_sid(s->sid, o, "recording", "RE") &&
	       copy_sid(s->account_sid, o, "account_sid", "AC") &&
	       copy_sid(s->call_sid, o, "call_sid", "CA") &&
	       copy(s->leg, sizeof(s->leg), o, "leg") &&
	       copy(s->source, sizeof(s->source), o, "source") &&
	       read_how(&s->how, o);
}

int record_read_recording(struct session *s, const char *json)
{
	json_t *o = json_loads(json, JSON_REJECT_DUPLICATES, NULL);
	struct recording_spec spec = {.beep = false};
	struct session_recording *r = NULL;
	int err = EINVAL;

	if (!json_is_object(o) || !read_spec(&spec, o) ||
	    session_recording(s, spec.sid))
		goto out;
	err = ENOMEM;
	r = session_add_recording(s, &spec);
	if (!r)
		goto out;
	r->wanted = flag_of(o, "wanted");
	r->started = flag_of(o, "started");
	r->ended = flag_of(o, "ended");
	r->start_ms = number_of(o, "start_ms");
	r->end_ms = number_of(o, "end_ms");
	r->samples = number_of(o, "samples");
	r->bytes = number_of(o, "bytes");
	r->error = (uint32_t)number_of(o, "error");
	err = 0;
out:
	json_decref(o);
	return err;
}

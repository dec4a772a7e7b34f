/*
 * record_recording.c - a recording of a session as JSON, both ways
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "adapters/record.h"
#include "base/json_read.h"
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

static bool copy(char *to, size_t size, const json_t *o, const char *name)
{
	return (size_t)snprintf(to, size, "%s", json_read_text(o, name)) < size;
}

static bool copy_sid(char *to, const json_t *o, const char *name,
                     const char *prefix)
{
	return copy(to, SESSION_ID_SIZE, o, name) && sid_valid(to, prefix);
}

static bool read_how(struct recorder_spec *how, const json_t *o)
{
	const char *track = json_read_text(o, "track");

	for (unsigned i = 0; i <= TRACK_OUT; i++) {
		if (strcmp(tracks[i], track) == 0)
			how->track = (enum recorder_track)i;
	}
	how->dual = json_read_bool(o, "dual");
	how->trim = json_read_bool(o, "trim");
	how->paused = json_read_bool(o, "paused");
	how->pause_skips = json_read_bool(o, "pause_skips");
	how->max_ms = (uint32_t)json_read_number(o, "max_ms");
	how->silence_ms = (uint32_t)json_read_number(o, "silence_ms");
	return json_read_number(o, "max_ms") <= RECORDER_MAX_MS &&
	       json_read_number(o, "silence_ms") <= UINT32_MAX;
}

static bool read_spec(struct recording_spec *s, const json_t *o)
{
	s->beep = json_read_bool(o, "beep");
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
	r->wanted = json_read_bool(o, "wanted");
	r->started = json_read_bool(o, "started");
	r->ended = json_read_bool(o, "ended");
	r->start_ms = json_read_number(o, "start_ms");
	r->end_ms = json_read_number(o, "end_ms");
	r->samples = json_read_number(o, "samples");
	r->bytes = json_read_number(o, "bytes");
	r->error = (uint32_t)json_read_number(o, "error");
	err = 0;
out:
	json_decref(o);
	return err;
}

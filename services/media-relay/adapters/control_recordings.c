/*
 * control_recordings.c - recordings in media.proto
 */
#include "adapters/control_recordings.h"

#include <stdio.h>
#include <string.h>

#include "app_recordings.h"
#include "base/service.h"
#include "base/sid.h"

static bool copy(char *to, size_t size, const char *from)
{
	return (size_t)snprintf(to, size, "%s", from) < size;
}

static const char *read_recording(struct recording_spec *r,
                                  const Trestle__Recording *m)
{
	/* It becomes the name of a file. */
	if (!sid_valid(m->recording, "RE"))
		return "a recording is not RE and 32 hex digits";
	if (!sid_valid(m->account_sid, "AC") || !sid_valid(m->call_sid, "CA"))
		return "a recording has no account or call";
	if (!copy(r->leg, sizeof(r->leg), m->leg) ||
	    !copy(r->source, sizeof(r->source), m->source))
		return "a name is too long";
	if ((unsigned)m->track > TRACK_OUT || m->max_ms > RECORDER_MAX_MS)
		return "a track or length is out of range";
	(void)copy(r->sid, sizeof(r->sid), m->recording);
	(void)copy(r->account_sid, sizeof(r->account_sid), m->account_sid);
	(void)copy(r->call_sid, sizeof(r->call_sid), m->call_sid);
	r->beep = m->beep;
	r->how = (struct recorder_spec){
		.track = (enum recorder_track)m->track,
		.dual = m->dual,
		.trim = m->trim,
		.max_ms = m->max_ms,
		.silence_ms = m->silence_ms,
		.paused = m->paused,
		.pause_skips = m->pause_skips,
	};
	return NULL;
}

const char *control_read_recordings(const Trestle__SessionPut *m,
                                    struct recording_spec *out)
{
	const char *why = NULL;

	for (size_t i = 0; i < m->n_recordings && !why; i++)
		why = read_recording(&out[i], m->recordings[i]);
	return why;
}

void control_delete_recording(struct app *app, const struct bus_return *from,
                              const Trestle__RecordingDelete *m)
{
	if (sid_valid(m->recording, "RE"))
		app_recordings_delete(app, from, m->recording);
	else
		bus_refuse(service_bus(app->service), from,
		           TRESTLE__REFUSAL__REASON__INVALID,
		           "recording is not RE and 32 hex digits");
}

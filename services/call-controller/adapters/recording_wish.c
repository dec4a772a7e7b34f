/*
 * recording_wish.c - what the API wants to be recorded
 */
#include "recording_wish.h"

#include <string.h>

#include "control.h"

static unsigned events_of(const Trestle__CallRecording *wish)
{
	static const struct {
		const char *name;
		unsigned event;
	} names[] = {
		{"in-progress", RECORDED_STARTED},
		{"completed", RECORDED_COMPLETED},
		{"absent", RECORDED_ABSENT},
	};
	unsigned events = 0;

	for (size_t i = 0; i < wish->n_events; i++)
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (strcmp(wish->events[i], names[k].name) == 0)
				events |= names[k].event;
	return events ? events : RECORDED_COMPLETED;
}

void recording_wish(struct recording_spec *out, const char *source,
                    const Trestle__CallRecording *wish)
{
	*out = (struct recording_spec){
		.source = source,
		.track = (enum track)wish->track,
		.dual = wish->dual && wish->track == TRESTLE__TRACK__TRACK_BOTH,
		.trim = wish->trim,
		.status_url = control_url(wish->callback),
		.status_method = control_method(wish->callback),
		.events = events_of(wish),
		.transcribe_url = "",
	};
}

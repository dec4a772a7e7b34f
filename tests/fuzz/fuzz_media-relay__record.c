/*
 * fuzz_media-relay__record.c - what somebody else wrote into media:{MS…}
 *
 * What is read is a sound specification, and reads back the same.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/record.h"
#include "core/session.h"

static void check(struct session *s)
{
	char *json = record_leg(s->legs[0]);
	struct session *again;

	assert(!leg_spec_problem(&s->legs[0]->spec));
	assert(json && session_alloc(&again, "MS") == 0);
	assert(record_read_leg(again, json) == 0);
	assert(again->legs[0]->port == s->legs[0]->port);
	assert(again->legs[0]->memory.seq == s->legs[0]->memory.seq);
	session_free(again);
	free(json);
}

static void check_recording(const struct session *s)
{
	char *json = record_recording(s->recordings[0]);
	struct session *again;

	assert(json && session_alloc(&again, "MS") == 0);
	assert(record_read_recording(again, json) == 0);
	assert(strcmp(again->recordings[0]->spec.sid,
	              s->recordings[0]->spec.sid) == 0);
	assert(again->recordings[0]->samples == s->recordings[0]->samples);
	session_free(again);
	free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);
	struct session *s;

	if (!text || session_alloc(&s, "MS"))
		abort();
	if (record_read_leg(s, text) == 0)
		check(s);
	if (record_read_recording(s, text) == 0)
		check_recording(s);
	(void)record_read_event(s, text);
	session_free(s);
	free(text);
	return 0;
}

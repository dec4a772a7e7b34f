/*
 * spec.c - what a controller wants a session to be: SessionPut as plain data
 *
 * Pure: no I/O, no clock, no log.
 */
#include "spec.h"

#include <string.h>

const struct format *leg_spec_audio(const struct leg_spec *spec)
{
	for (size_t i = 0; i < spec->n_formats; i++) {
		if (spec->formats[i].codec != CODEC_EVENT)
			return &spec->formats[i];
	}
	return NULL;
}

bool leg_spec_plays(const struct leg_spec *spec)
{
	return spec->source == SOURCE_RINGING || spec->source == SOURCE_FILE ||
	       spec->source == SOURCE_LIST;
}

bool leg_spec_receives(const struct leg_spec *spec)
{
	return spec->direction == DIRECTION_BOTH ||
	       spec->direction == DIRECTION_RECEIVE;
}

bool leg_spec_sends(const struct leg_spec *spec)
{
	return spec->direction == DIRECTION_BOTH ||
	       spec->direction == DIRECTION_SEND;
}

static size_t count(const struct leg_spec *legs, size_t n, const char *name)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += strcmp(legs[i].name, name) == 0;
	return found;
}

const char *leg_spec_problem(const struct leg_spec *leg)
{
	bool seen[128] = {false};

	if (leg->name[0] == '\0')
		return "a leg has no name";
	for (size_t i = 0; i < leg->n_formats; i++) {
		const struct format *f = &leg->formats[i];

		/* 64-95 look like RTCP (RFC 5761 section 4) */
		if (f->type > 127 || (f->type >= 64 && f->type <= 95))
			return "a payload type is out of range";
		if (seen[f->type])
			return "a payload type stands twice";
		if (f->rate < 8000 || f->rate > 192000)
			return "a clock rate is out of range";
		seen[f->type] = true;
	}
	return NULL;
}

const char *leg_specs_problem(const struct leg_spec *legs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *problem = leg_spec_problem(&legs[i]);

		if (problem)
			return problem;
		if (count(legs, n, legs[i].name) != 1)
			return "a leg stands twice";
		if (legs[i].source == SOURCE_LEG &&
		    count(legs, n, legs[i].peer) != 1)
			return "the peer of a leg is not in the session";
	}
	return NULL;
}

/*
 * dial_alloc.c - the running <Dial>: its making and its parts
 *
 * Pure.
 */
#include "dial.h"

#include <stdlib.h>
#include <string.h>

#include "state.h"

static void copy_uri(struct arena *a, struct noun_uri *to,
                     const struct noun_uri *from)
{
	struct pair *headers =
		arena_alloc(a, (from->n_headers + 1) * sizeof(*headers));

	to->what = arena_str(a, from->what);
	to->username = arena_str(a, from->username);
	to->password = arena_str(a, from->password);
	for (size_t i = 0; headers && i < from->n_headers; i++) {
		headers[i].name = arena_str(a, from->headers[i].name);
		headers[i].value = arena_str(a, from->headers[i].value);
	}
	to->headers = headers;
	to->n_headers = headers ? from->n_headers : 0;
}

static void copy_noun(struct arena *a, struct noun *to, const struct noun *from)
{
	struct pair *headers =
		arena_alloc(a, (from->n_headers + 1) * sizeof(*headers));

	*to = *from;
	to->what = arena_str(a, from->what);
	for (size_t i = 0; i < from->n_others; i++)
		copy_uri(a, &to->others[i], &from->others[i]);
	to->refusal.text =
		arena_str(a, from->refusal.text ? from->refusal.text : "");
	to->username = arena_str(a, from->username);
	to->password = arena_str(a, from->password);
	to->carrier = arena_str(a, from->carrier);
	to->status_url = arena_str(a, from->status_url);
	to->status_method = arena_str(a, from->status_method);
	to->url = arena_str(a, from->url);
	to->method = arena_str(a, from->method);
	to->send_digits = arena_str(a, from->send_digits);
	to->amd_url = arena_str(a, from->amd_url);
	to->amd_method = arena_str(a, from->amd_method);
	for (size_t i = 0; headers && i < from->n_headers; i++) {
		headers[i].name = arena_str(a, from->headers[i].name);
		headers[i].value = arena_str(a, from->headers[i].value);
	}
	to->headers = headers;
	to->n_headers = headers ? from->n_headers : 0;
}

static void copy_recording(struct arena *a, struct recording_spec *spec)
{
	spec->source = "DialVerb";
	spec->status_url =
		arena_str(a, spec->status_url ? spec->status_url : "");
	spec->status_method =
		arena_str(a, spec->status_method ? spec->status_method : "");
	spec->transcribe_url = "";
}

struct dial *dial_alloc(const struct dial_spec *spec)
{
	struct dial *dial = calloc(1, sizeof(*dial));

	if (!dial)
		return NULL;
	dial->spec = *spec;
	dial->spec.caller_id = arena_str(&dial->arena, spec->caller_id);
	dial->spec.ring_tone = arena_str(&dial->arena, spec->ring_tone);
	copy_recording(&dial->arena, &dial->spec.recording);
	dial->n_children = spec->n_nouns;
	for (size_t i = 0; i < spec->n_nouns; i++) {
		struct child *child = &dial->children[i];

		child_init(child, &dial->arena);
		copy_noun(&dial->arena, &child->noun, &spec->nouns[i]);
	}
	if (dial->arena.failed) {
		dial_free(dial);
		return NULL;
	}
	return dial;
}

void dial_free(struct dial *dial)
{
	if (!dial)
		return;
	for (size_t i = 0; i < dial->n_children; i++) {
		if (dial->children[i].program)
			program_close(dial->children[i].program);
		free(dial->children[i].program);
	}
	arena_close(&dial->arena);
	free(dial);
}

struct child *dial_child(struct dial *dial, const char *sid)
{
	for (size_t i = 0; dial && i < dial->n_children; i++) {
		if (strcmp(dial->children[i].sid, sid) == 0)
			return &dial->children[i];
	}
	return NULL;
}

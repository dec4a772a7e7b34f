/*
 * save.c - the whole call as words
 *
 * Pure. What is written is read again in restore.c.
 */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "dial.h"
#include "outgoing.h"
#include "saved.h"
#include "state.h"

void fields_init(struct fields *f)
{
	f->n = 0;
	f->failed = false;
	memset(&f->arena, 0, sizeof(f->arena));
}

void fields_close(struct fields *f)
{
	f->n = 0;
	arena_close(&f->arena);
}

static const char *numbered(struct arena *a, const char *name, size_t i)
{
	return arena_printf(a, "%s.%zu", name, i + 1);
}

/* "101 telephone-event/8000 0-16" */
static const char *format_text(struct arena *a, const struct sdp_format *f)
{
	const struct sdp_codec_info *info = sdp_codec_info(f->codec);

	return arena_printf(a, "%u %s/%u %s", f->payload_type, info->name,
	                    info->rate, f->fmtp);
}

static void save_media(struct fields *f, const struct offer *o, const char *key)
{
	struct arena *a = &f->arena;

	if (o->agreed)
		saved_add(f, FIELD_LEG, key, "codec",
		          format_text(a, &o->audio));
	if (o->agreed && o->has_event)
		saved_add(f, FIELD_LEG, key, "event",
		          format_text(a, &o->event));
	for (size_t i = 0; i < o->remote.n_formats; i++)
		saved_add(f, FIELD_LEG, key, numbered(a, "format", i),
		          format_text(a, &o->remote.formats[i]));
	for (size_t i = 0; i < o->n_lines; i++) {
		const struct sdp_line *line = &o->lines[i];

		saved_add(f, FIELD_LEG, key, numbered(a, "line", i),
		          arena_printf(a, "%s %s %s", line->media, line->proto,
		                       line->format));
	}
	if (o->audio_line >= 0)
		saved_add(f, FIELD_LEG, key, "audio_line",
		          arena_printf(a, "%d", o->audio_line));
}

static void save_leg(struct fields *f, const struct leg *leg)
{
	struct field where = {.group = FIELD_LEG};

	where.key = arena_number(&f->arena, leg->id);
	saved_put(f, saved_leg, leg, &where, "");
	save_media(f, &leg->media, where.key);
}

static void save_pairs(struct fields *f, enum field_group group,
                       const char *name, const struct pair *pairs, size_t n)
{
	struct arena *a = &f->arena;

	for (size_t i = 0; i < n; i++)
		saved_add(f, group, "", numbered(a, name, i),
		          arena_printf(a, "%s=%s", pairs[i].name,
		                       pairs[i].value));
}

/* The running verb: which, and what it knows. */
static void save_verb(struct fields *f, const struct interp *in,
                      const char *prefix)
{
	struct field where = {.group = FIELD_TWIML, .key = ""};
	struct arena *a = &f->arena;

	saved_add(f, FIELD_TWIML, "", arena_join(a, prefix, "verb"),
	          in->verb->name);
	saved_add(f, FIELD_TWIML, "", arena_join(a, prefix, "position"),
	          arena_number(a, in->position));
	if (in->verb->saved)
		saved_put(f, in->verb->saved, in->state, &where,
		          arena_join(a, prefix, "verb."));
}

static void save_program(struct fields *f, const struct program *p,
                         const char *prefix)
{
	struct field where = {.group = FIELD_TWIML, .key = ""};
	const struct interp *in = &p->interp;
	struct arena *a = &f->arena;

	saved_put(f, saved_program, p, &where, prefix);
	save_pairs(f, FIELD_TWIML, arena_join(a, prefix, "fetch_param"),
	           p->fetch.params, p->fetch.n_params);
	if (!in->doc)
		return;
	saved_add(f, FIELD_TWIML, "", arena_join(a, prefix, "url"),
	          arena_str(a, in->url));
	saved_add(f, FIELD_TWIML, "", arena_join(a, prefix, "document"),
	          arena_strn(a, in->body, in->body_len));
	if (in->verb)
		save_verb(f, in, prefix);
}

static void save_dial(struct fields *f, const struct dial *dial)
{
	struct field where = {.group = FIELD_TWIML, .key = ""};
	struct arena *a = &f->arena;

	saved_put(f, saved_dial, dial, &where, "dial.");
	if (dial->winner)
		saved_add(f, FIELD_TWIML, "", "dial.winner",
		          arena_str(a, dial->winner->sid));
	for (size_t i = 0; i < dial->n_children; i++) {
		const struct child *child = &dial->children[i];
		const char *prefix = arena_printf(a, "child.%zu.", i + 1);

		saved_put(f, saved_child, child, &where, prefix);
		if (child->program)
			save_program(f, child->program, prefix);
	}
}

static void save_twiml(struct fields *f, const struct call *call)
{
	struct field where = {.group = FIELD_TWIML, .key = ""};

	for (size_t i = 0; i < call->recordings.n; i++)
		saved_put(f, saved_recording, &call->recordings.v[i], &where,
		          arena_printf(&f->arena, "recording.%zu.", i + 1));
	saved_put(f, saved_twiml, call, &where, "");
	save_program(f, &call->program, "");
	if (call->dial)
		save_dial(f, call->dial);
}

static void save_outgoing(struct fields *f, const struct outgoing *o)
{
	struct field where = {.group = FIELD_CALL, .key = ""};

	saved_put(f, saved_child, &o->child, &where, "outgoing.");
	saved_put(f, saved_outgoing, o, &where, "outgoing.");
}

int call_save(const struct call *call, struct fields *f)
{
	struct field where = {.group = FIELD_CALL, .key = ""};

	f->n = 0;
	f->failed = false;
	arena_reset(&f->arena);
	saved_put(f, saved_call, call, &where, "");
	if (call->outgoing)
		save_outgoing(f, call->outgoing);
	save_pairs(f, FIELD_CALL, "header", call->facts.headers,
	           call->facts.n_headers);
	for (size_t i = 0; i < call->n_legs; i++)
		save_leg(f, call->legs[i]);
	save_twiml(f, call);
	return f->failed || f->arena.failed ? ENOMEM : 0;
}

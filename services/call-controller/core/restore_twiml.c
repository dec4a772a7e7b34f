/*
 * restore_twiml.c - documents, verbs, Dial and recordings out of their words
 *
 * Pure.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "dial.h"
#include "restore_priv.h"
#include "saved.h"
#include "state.h"
#include "twiml/twiml.h"

bool restore_numbered(const char *name, const char *word, size_t max,
                      size_t *index)
{
	size_t n = strlen(word);
	unsigned long long number;

	if (strncmp(name, word, n) != 0 || name[n] != '.' ||
	    !saved_number(name + n + 1, max, &number) || number == 0)
		return false;
	*index = (size_t)number - 1;
	return true;
}

int restore_pair(struct arena *a, const char *text, struct pair *out)
{
	size_t n = strcspn(text, "=");

	if (text[n] != '=')
		return EINVAL;
	out->name = arena_strn(a, text, n);
	out->value = arena_str(a, text + n + 1);
	return 0;
}

struct pair *restore_pairs(struct arena *a, size_t n)
{
	struct pair *pairs = arena_alloc(a, n * sizeof(*pairs));

	for (size_t i = 0; pairs && i < n; i++)
		pairs[i].name = pairs[i].value = "";
	return pairs;
}

/* A field of a program: the name after its prefix, or NULL */
static const char *after(const struct field *field, const char *prefix)
{
	size_t n = strlen(prefix);

	return field->group == FIELD_TWIML &&
	                       strncmp(field->name, prefix, n) == 0
	               ? field->name + n
	               : NULL;
}

static const char *find(const struct fields *f, const char *prefix,
                        const char *name)
{
	for (size_t i = 0; i < f->n; i++) {
		const char *field = after(&f->v[i], prefix);

		if (field && strcmp(field, name) == 0)
			return f->v[i].value;
	}
	return NULL;
}

/* What the running verb knows */
static int read_state(struct interp *in, struct arena *a,
                      const struct fields *f, const char *prefix)
{
	int err = 0;

	for (size_t i = 0; i < f->n && !err && in->verb->saved; i++) {
		const char *name = after(&f->v[i], prefix);

		if (!name || strncmp(name, "verb.", 5) != 0)
			continue;
		err = saved_get(in->verb->saved, in->state, a, name + 5,
		                f->v[i].value);
		if (err == ENOENT)
			err = 0;
	}
	return err;
}

/* Load the document and stand at the verb that ran. Warnings were given when
 * it started; they are not given again. */
static int restore_verb(struct call *call, struct program *p,
                        const struct fields *f, const char *prefix)
{
	const char *url = find(f, prefix, "url");
	const char *body = find(f, prefix, "document");
	const char *position = find(f, prefix, "position");
	struct commands *unused;
	struct twiml_error error;
	struct step st = {.rng = &call->rng, .program = p};
	unsigned long long n;
	int err;

	if (!body)
		return 0;
	/* A document that the API gave has no URL. */
	err = interp_load(&p->interp, url ? url : "", body, strlen(body),
	                  &error);
	if (err || !position)
		return err;
	if (!saved_number(position, TWIML_NODES_MAX, &n))
		return EINVAL;
	unused = malloc(sizeof(*unused));
	if (!unused)
		return ENOMEM;
	commands_init(unused);
	st.out = unused;
	err = EINVAL;
	if (interp_seek(&p->interp, (unsigned)n, call, &st)) {
		err = read_state(&p->interp, &call->arena, f, prefix);
		if (!err)
			interp_restore(&p->interp, call, &st);
	}
	if (unused->failed || unused->arena.failed)
		err = ENOMEM;
	commands_close(unused);
	free(unused);
	return err;
}

static int read_program_field(struct program *p, const char *name,
                              const char *value)
{
	struct fetch *fetch = &p->fetch;
	int err = saved_get(saved_program, p, &fetch->arena, name, value);
	size_t i;

	if (err != ENOENT)
		return err;
	if (!restore_numbered(name, "fetch_param", FETCH_PARAMS_MAX, &i))
		return 0;
	if (i >= fetch->n_params)
		fetch->n_params = i + 1;
	return restore_pair(&fetch->arena, value,
	                    (struct pair *)fetch->params + i);
}

static int restore_program(struct call *call, struct program *p,
                           const struct fields *f, const char *prefix)
{
	int err = 0;

	for (const struct saved *s = saved_program; s->name; s++) {
		if (s->type == SAVED_STRING)
			(void)saved_get(saved_program, p, &p->fetch.arena,
			                s->name, "");
	}
	p->fetch.params = restore_pairs(&p->fetch.arena, FETCH_PARAMS_MAX);
	if (p->fetch.arena.failed)
		return ENOMEM;
	for (size_t i = 0; i < f->n && !err; i++) {
		const char *name = after(&f->v[i], prefix);

		if (name)
			err = read_program_field(p, name, f->v[i].value);
	}
	return err ? err : restore_verb(call, p, f, prefix);
}

static int read_child_field(struct dial *dial, const char *name,
                            const char *value)
{
	const char *dot = strchr(name, '.');
	char word[24];
	size_t i, n;
	int err;

	if (strcmp(name, "dial.winner") == 0) {
		dial->winner = dial_child(dial, value);
		return 0;
	}
	if (strncmp(name, "dial.", 5) == 0) {
		err = saved_get(saved_dial, dial, &dial->arena, name + 5,
		                value);
		return err == ENOENT ? 0 : err;
	}
	dot = dot ? strchr(dot + 1, '.') : NULL;
	n = dot ? (size_t)(dot - name) : 0;
	if (n == 0 || n >= sizeof(word))
		return 0;
	memcpy(word, name, n);
	word[n] = '\0';
	if (!restore_numbered(word, "child", dial->n_children, &i))
		return 0;
	err = saved_get(saved_child, &dial->children[i], &dial->arena, dot + 1,
	                value);
	return err == ENOENT ? 0 : err;
}

/* "recording.1.sid" */
static int read_recording_field(struct recordings *r, const char *name,
                                const char *value)
{
	const char *dot = strchr(name + 1, '.');
	const char *end = dot ? strchr(dot + 1, '.') : NULL;
	char word[16] = "";
	size_t i;
	int err;

	if (!end || (size_t)(end - name) >= sizeof(word))
		return 0;
	memcpy(word, name, (size_t)(end - name));
	if (!restore_numbered(word, "recording", RECORDINGS_MAX, &i))
		return 0;
	for (; r->n <= i; r->n++) {
		struct recording *rec = &r->v[r->n];

		rec->action_url = rec->action_method = "";
		rec->spec.source = rec->spec.status_url = "";
		rec->spec.status_method = rec->spec.transcribe_url = "";
	}
	err = saved_get(saved_recording, &r->v[i], &r->v[i].arena, end + 1,
	                value);
	return err == ENOENT ? 0 : err;
}

static int restore_recordings(struct call *call, const struct fields *f)
{
	int err = 0;

	for (size_t i = 0; i < f->n && !err; i++) {
		if (f->v[i].group == FIELD_TWIML)
			err = read_recording_field(&call->recordings,
			                           f->v[i].name, f->v[i].value);
	}
	for (size_t i = 0; i < call->recordings.n && !err; i++) {
		struct recording *rec = &call->recordings.v[i];

		if (!rng_sid_form(rec->sid, "RE"))
			err = EINVAL;
		if (*rec->call_sid == '\0')
			(void)snprintf(rec->call_sid, sizeof(rec->call_sid),
			               "%s", call->facts.sid);
	}
	return err;
}

int restore_programs(struct call *call, const struct fields *f)
{
	int err = restore_recordings(call, f);

	if (!err)
		err = restore_program(call, &call->program, f, "");

	for (size_t i = 0; i < f->n && !err; i++) {
		const struct field *field = &f->v[i];

		if (field->group != FIELD_TWIML)
			continue;
		err = saved_get(saved_twiml, call, &call->arena, field->name,
		                field->value);
		if (err == ENOENT)
			err = call->dial ? read_child_field(call->dial,
			                                    field->name,
			                                    field->value)
			                 : 0;
	}
	/* The winner is named by its sid, which may come after it. */
	if (!err && call->dial && find(f, "", "dial.winner"))
		call->dial->winner =
			dial_child(call->dial, find(f, "", "dial.winner"));
	return err;
}

/* The documents that run on callees' legs */
int restore_screenings(struct call *call, const struct fields *f)
{
	struct dial *dial = call->dial;
	int err = 0;

	for (size_t i = 0; dial && i < dial->n_children && !err; i++) {
		struct child *child = &dial->children[i];

		if (child->state != CHILD_SCREENING)
			continue;
		if (!call_find_leg(call, child->leg))
			return EINVAL;
		child->program = calloc(1, sizeof(*child->program));
		if (!child->program)
			return ENOMEM;
		child->program->child = child;
		err = restore_program(
			call, child->program, f,
			arena_printf(&call->arena, "child.%zu.", i + 1));
	}
	return err;
}

/*
 * restore.c - the call again, out of the words of save.c
 *
 * The words come from a store that others can write: nothing of them is
 * believed without a check, and what makes no sense is EINVAL.
 *
 * Pure.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "dial.h"
#include "saved.h"
#include "state.h"
#include "twiml/twiml.h"

/* The number behind a dot, "format.3" -> 2; false when there is none. */
static bool numbered(const char *name, const char *word, size_t max,
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

static int read_format(const char *text, struct sdp_format *out)
{
	unsigned payload_type = 0;
	size_t n = 0, name;

	for (; text[n] >= '0' && text[n] <= '9' && n < 3; n++)
		payload_type = payload_type * 10 + (unsigned)(text[n] - '0');
	if (n == 0 || payload_type > 127 || text[n] != ' ')
		return EINVAL;
	text += n + 1;
	for (int c = 0; c < SDP_CODECS; c++) {
		const struct sdp_codec_info *info =
			sdp_codec_info((enum sdp_codec)c);
		char rate[16];
		unsigned long long hz;

		name = strlen(info->name);
		n = strcspn(text, " ");
		if (n <= name || n - name > sizeof(rate) - 1 ||
		    strncmp(text, info->name, name) != 0 || text[name] != '/')
			continue;
		memcpy(rate, text + name + 1, n - name - 1);
		rate[n - name - 1] = '\0';
		if (!saved_number(rate, UINT32_MAX, &hz) || hz != info->rate)
			continue;
		text += n + (text[n] ? 1 : 0);
		if (strlen(text) >= sizeof(out->fmtp))
			return EINVAL;
		memset(out, 0, sizeof(*out));
		out->codec = (enum sdp_codec)c;
		out->payload_type = (uint8_t)payload_type;
		memcpy(out->fmtp, text, strlen(text) + 1);
		return 0;
	}
	return EINVAL;
}

/* "audio RTP/AVP 0" */
static int read_line(const char *text, struct sdp_line *out)
{
	size_t media = strcspn(text, " ");
	size_t proto = text[media] ? strcspn(text + media + 1, " ") : 0;
	const char *format = text + media + 1 + proto;

	if (proto == 0 || *format != ' ' || media >= sizeof(out->media) ||
	    proto >= sizeof(out->proto) ||
	    strlen(format + 1) >= sizeof(out->format))
		return EINVAL;
	memset(out, 0, sizeof(*out));
	memcpy(out->media, text, media);
	memcpy(out->proto, text + media + 1, proto);
	memcpy(out->format, format + 1, strlen(format + 1));
	return 0;
}

static int read_media(struct offer *o, const struct field *field)
{
	unsigned long long number;
	size_t i;
	int err;

	if (strcmp(field->name, "codec") == 0)
		return read_format(field->value, &o->audio);
	if (strcmp(field->name, "event") == 0)
		return read_format(field->value, &o->event);
	if (strcmp(field->name, "audio_line") == 0) {
		if (!saved_number(field->value, SDP_LINES_MAX - 1, &number))
			return EINVAL;
		o->audio_line = (int)number;
		return 0;
	}
	if (numbered(field->name, "format", SDP_CODECS_MAX, &i)) {
		err = read_format(field->value, &o->remote.formats[i]);
		if (!err && i >= o->remote.n_formats)
			o->remote.n_formats = i + 1;
		return err;
	}
	if (numbered(field->name, "line", SDP_LINES_MAX, &i)) {
		err = read_line(field->value, &o->lines[i]);
		if (!err && i >= o->n_lines)
			o->n_lines = i + 1;
		return err;
	}
	return 0; /* of the shell, or of a newer version */
}

/* The leg that a field is about; made when it is the first. */
static int leg_of(struct call *call, const char *key, struct leg **legp)
{
	unsigned long long id;
	struct leg *leg;

	if (!saved_number(key, UINT32_MAX, &id) || id == 0)
		return EINVAL;
	leg = call_find_leg(call, (unsigned)id);
	if (!leg) {
		if (call->n_legs == LEGS_MAX)
			return EINVAL;
		leg = leg_alloc((unsigned)id, "", false, "", 1);
		if (!leg)
			return ENOMEM;
		call->legs[call->n_legs++] = leg;
	}
	*legp = leg;
	return 0;
}

static int read_leg_field(struct call *call, const struct field *field)
{
	struct leg *leg;
	int err = leg_of(call, field->key, &leg);

	if (err)
		return err;
	err = saved_get(saved_leg, leg, &leg->arena, field->name, field->value);
	return err == ENOENT ? read_media(&leg->media, field) : err;
}

static int read_pair(struct arena *a, const char *text, struct pair *out)
{
	size_t n = strcspn(text, "=");

	if (text[n] != '=')
		return EINVAL;
	out->name = arena_strn(a, text, n);
	out->value = arena_str(a, text + n + 1);
	return 0;
}

static int read_call_field(struct call *call, const struct field *field)
{
	int err = saved_get(saved_call, call, &call->arena, field->name,
	                    field->value);
	size_t i;

	if (err != ENOENT)
		return err;
	/* The tables were made for all that fits; see prepare(). */
	if (numbered(field->name, "header", HEADERS_MAX, &i)) {
		if (i >= call->facts.n_headers)
			call->facts.n_headers = i + 1;
		return read_pair(&call->arena, field->value,
		                 (struct pair *)call->facts.headers + i);
	}
	return 0;
}

static struct pair *empty_pairs(struct arena *a, size_t n)
{
	struct pair *pairs = arena_alloc(a, n * sizeof(*pairs));

	for (size_t i = 0; pairs && i < n; i++)
		pairs[i].name = pairs[i].value = "";
	return pairs;
}

/* Before any field is read: no string is NULL, the lists have their room. */
static int prepare(struct call *call)
{
	for (const struct saved *s = saved_call; s->name; s++) {
		if (s->type == SAVED_STRING)
			(void)saved_get(saved_call, call, &call->arena, s->name,
			                "");
	}
	call->facts.headers = empty_pairs(&call->arena, HEADERS_MAX);
	return call->arena.failed ? ENOMEM : 0;
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

	if (!url || !body)
		return 0;
	err = interp_load(&p->interp, url, body, strlen(body), &error);
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
	if (!numbered(name, "fetch_param", FETCH_PARAMS_MAX, &i))
		return 0;
	if (i >= fetch->n_params)
		fetch->n_params = i + 1;
	return read_pair(&fetch->arena, value,
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
	p->fetch.params = empty_pairs(&p->fetch.arena, FETCH_PARAMS_MAX);
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
	if (!numbered(word, "child", dial->n_children, &i))
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
	if (!numbered(word, "recording", RECORDINGS_MAX, &i))
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
		if (!rng_sid_form(call->recordings.v[i].sid, "RE"))
			err = EINVAL;
	}
	return err;
}

static int restore_twiml(struct call *call, const struct fields *f)
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
static int restore_screenings(struct call *call, const struct fields *f)
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

static bool agreed_codec_is_one(const struct offer *o)
{
	if (!o->agreed)
		return true;
	return o->remote_known && o->audio.codec < SDP_EVENT &&
	       o->n_lines <= SDP_LINES_MAX &&
	       (o->n_lines == 0 ||
	        (o->audio_line >= 0 && (size_t)o->audio_line < o->n_lines));
}

static bool knows_audio(const struct sdp_audio *remote)
{
	for (size_t i = 0; i < remote->n_formats; i++) {
		if (sdp_codec_audio(remote->formats[i].codec))
			return true;
	}
	return false;
}

static bool leg_fits(const struct call *call, const struct leg *leg)
{
	const struct offer *o = &leg->media;

	return agreed_codec_is_one(o) &&
	       (!o->remote_known || knows_audio(&o->remote)) &&
	       leg->uas == (leg == call->parent) && leg->id <= call->last_leg;
}

static bool dial_fits(const struct call *call, const struct dial *dial)
{
	if (!dial || dial->state == DIAL_RINGING)
		return true;
	return dial->winner && dial->winner->state == CHILD_ANSWERED &&
	       call_find_leg(call, dial->winner->leg) != NULL;
}

/* Do the parts fit each other? */
static int check(struct call *call)
{
	call->parent = call_find_leg(call, 1);
	if (!rng_sid_form(call->facts.sid, "CA") ||
	    !rng_sid_form(call->facts.session, "MS") ||
	    (call->state < CALL_ENDING && !call->parent) ||
	    !dial_fits(call, call->dial))
		return EINVAL;
	for (size_t i = 0; i < call->n_legs; i++) {
		struct leg *leg = call->legs[i];

		if (!leg_fits(call, leg))
			return EINVAL;
		leg->said = leg->state;
		if (leg->media.agreed)
			leg->media.state = OFFER_STABLE;
	}
	if (call->dial && call->dial->state == DIAL_RINGING)
		call->dial->winner = NULL;
	return 0;
}

int call_restore(struct call **callp, const struct fields *f,
                 const uint8_t seed[SEED_SIZE])
{
	struct call *call = calloc(1, sizeof(*call));
	int err;

	if (!call)
		return ENOMEM;
	rng_init(&call->rng, seed);
	err = prepare(call);
	for (size_t i = 0; i < f->n && !err; i++) {
		if (f->v[i].group == FIELD_LEG)
			err = read_leg_field(call, &f->v[i]);
		else if (f->v[i].group == FIELD_CALL)
			err = read_call_field(call, &f->v[i]);
	}
	if (!err)
		err = restore_twiml(call, f);
	if (!err)
		err = restore_screenings(call, f);
	if (!err)
		err = check(call);
	if (!err && call->arena.failed)
		err = ENOMEM;
	if (err)
		call_free(call);
	else
		*callp = call;
	return err;
}

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
#include "outgoing.h"
#include "restore_priv.h"
#include "saved.h"
#include "state.h"

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
	if (restore_numbered(field->name, "format", SDP_CODECS_MAX, &i)) {
		err = read_format(field->value, &o->remote.formats[i]);
		if (!err && i >= o->remote.n_formats)
			o->remote.n_formats = i + 1;
		return err;
	}
	if (restore_numbered(field->name, "line", SDP_LINES_MAX, &i)) {
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

/* Strings of the table are "" until they are read. */
static void prepare_strings(const struct saved *table, void *object,
                            struct arena *a)
{
	for (; table->name; table++) {
		if (table->type == SAVED_STRING)
			(void)saved_get(table, object, a, table->name, "");
	}
}

static struct outgoing *make_outgoing(void)
{
	struct outgoing *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	child_init(&o->child, &o->arena);
	o->child.noun.username = o->child.noun.password = "";
	o->child.noun.carrier = o->child.noun.status_url = "";
	o->child.noun.status_method = o->child.noun.url = "";
	o->child.noun.method = o->child.noun.send_digits = "";
	prepare_strings(saved_child, &o->child, &o->arena);
	prepare_strings(saved_outgoing, o, &o->arena);
	return o;
}

/* "outgoing.phase" */
static int read_outgoing_field(struct call *call, const char *name,
                               const char *value)
{
	struct outgoing *o = call->outgoing;
	int err;

	if (!o)
		o = call->outgoing = make_outgoing();
	if (!o)
		return ENOMEM;
	err = saved_get(saved_child, &o->child, &o->arena, name, value);
	if (err == ENOENT)
		err = saved_get(saved_outgoing, o, &o->arena, name, value);
	if (o->arena.failed)
		return ENOMEM;
	return err == ENOENT ? 0 : err;
}

static int read_call_field(struct call *call, const struct field *field)
{
	int err = saved_get(saved_call, call, &call->arena, field->name,
	                    field->value);
	size_t i;

	if (err != ENOENT)
		return err;
	if (strncmp(field->name, "outgoing.", 9) == 0)
		return read_outgoing_field(call, field->name + 9, field->value);
	/* The tables were made for all that fits; see prepare(). */
	if (restore_numbered(field->name, "header", HEADERS_MAX, &i)) {
		if (i >= call->facts.n_headers)
			call->facts.n_headers = i + 1;
		return restore_pair(&call->arena, field->value,
		                    (struct pair *)call->facts.headers + i);
	}
	return 0;
}

/* Before any field is read: no string is NULL, the lists have their room. */
static int prepare(struct call *call)
{
	prepare_strings(saved_call, call, &call->arena);
	call->facts.direction = "inbound";
	call->facts.headers = restore_pairs(&call->arena, HEADERS_MAX);
	return call->arena.failed ? ENOMEM : 0;
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
	       leg->uas == (leg == call->parent && !call->outgoing) &&
	       leg->id <= call->last_leg;
}

static bool dial_fits(const struct call *call, const struct dial *dial)
{
	if (!dial || dial->state == DIAL_RINGING)
		return true;
	return dial->winner && dial->winner->state == CHILD_ANSWERED &&
	       call_find_leg(call, dial->winner->leg) != NULL;
}

/* Is the parent's leg there, or need not be? */
static bool parent_fits(const struct call *call)
{
	const struct outgoing *o = call->outgoing;

	if (o && strcmp(o->child.sid, call->facts.sid) != 0)
		return false;
	return call->parent || call->state >= CALL_ENDING ||
	       (o && call->state == CALL_RINGING);
}

/* Do the parts fit each other? */
static int check(struct call *call)
{
	if (!call->parent_leg && !call->outgoing)
		call->parent_leg = 1;
	call->parent = call_find_leg(call, call->parent_leg);
	if (!rng_sid_form(call->facts.sid, "CA") ||
	    !rng_sid_form(call->facts.session, "MS") || !parent_fits(call) ||
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
		err = restore_programs(call, f);
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

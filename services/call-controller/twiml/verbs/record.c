/*
 * record.c - TwiML <Record>: a message of the caller
 *
 * It ends by a key, by silence, at its longest or when the caller hangs up.
 * What was recorded belongs to the call (core/recording.c) and outlives this.
 *
 * Pure.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/recording.h"
#include "core/saved.h"
#include "core/state.h"
#include "core/webhook.h"
#include "twiml/callback.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

enum { LENGTH_MAX_S = 14400, TRANSCRIBED_MAX_S = 120, SILENCE_MAX_S = 14400 };
enum { GUARD_MS = 30000 }; /* beyond maxLength: the relay says nothing */

struct record {
	const char *action, *method, *finish_on_key;
	const char *transcribe_callback;
	struct callback_attrs callback;
	int timeout, max_length; /* [s] */
	int trim;                /* 0 = trim-silence */
	bool play_beep, transcribe;

	char recording[SID_SIZE];
	char key[2]; /* that ended it, or "" */
};

#define AT(field) offsetof(struct record, field)

// clang-format off
static const struct attr attrs[] = {
	{"action",       ATTR_STRING, 0,     AT(action),        "",     0, 0},
	{"method",       ATTR_METHOD, 13610, AT(method),        "POST", 0, 0},
	{"timeout",      ATTR_INT,    13611, AT(timeout),       "5",    0, SILENCE_MAX_S},
	{"maxLength",    ATTR_INT,    13612, AT(max_length),    "3600", 2, LENGTH_MAX_S},
	{"finishOnKey",  ATTR_STRING, 13613, AT(finish_on_key), "1234567890*#", 0, 0},
	{"playBeep",     ATTR_BOOL,   13616, AT(play_beep),     "true", 0, 0},
	{"trim",         ATTR_WORD,   13699, AT(trim),          "trim-silence do-not-trim", 0, 0},
	{"transcribe",   ATTR_BOOL,   13614, AT(transcribe),    "false", 0, 0},
	{"transcribeCallback", ATTR_STRING, 13257, AT(transcribe_callback), "", 0, 0},
	CALLBACK_ATTRS(struct record, 13610),
	LATER("recordingConfigurationId"),
	{0},
};

static const struct saved saved[] = {
	{"recording", SAVED_CHARS, 0, AT(recording), SID_SIZE},
	{"key",       SAVED_CHARS, 0, AT(key),       2},
	{NULL, SAVED_STRING, 0, 0, 0},
};
// clang-format on

static void check(struct record *r, const struct twiml_node *node,
                  struct call *call, struct step *st)
{
	const char *keys = r->finish_on_key;

	if (strspn(keys, "0123456789*#") != strlen(keys)) {
		r->finish_on_key = "1234567890*#";
		verb_warn(call, st, 13613, node,
		          "finishOnKey=\"%.40s\" is not a valid value, any key "
		          "is used",
		          keys);
	}
	if (!r->transcribe)
		return;
	if (!twiml_attr(node, "maxLength"))
		r->max_length = TRANSCRIBED_MAX_S;
	else if (r->max_length > TRANSCRIBED_MAX_S)
		verb_warn(call, st, 13615, node,
		          "only what is shorter than 120 seconds is "
		          "transcribed");
}

static const char *transcribe_url(const struct record *r,
                                  const struct twiml_node *node,
                                  struct call *call, struct step *st)
{
	const char *url = "";

	if (*r->transcribe_callback && r->transcribe)
		url = callback_url(r->transcribe_callback, 13257, node, call,
		                   st);
	else if (*r->transcribe_callback)
		verb_warn(call, st, 13257, node,
		          "transcribeCallback needs transcribe=\"true\"");
	return url;
}

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	struct record *r = state;
	struct recording_spec spec = {
		.source = "RecordVerb",
		.track = TRACK_INBOUND,
		.beep = r->play_beep,
		.trim = r->trim == 0,
	};

	check(r, node, call, st);
	program_answer(call, st);
	spec.max_ms = (uint32_t)r->max_length * 1000;
	spec.silence_ms = (uint32_t)r->timeout * 1000;
	spec.transcribe = r->transcribe;
	spec.transcribe_url = transcribe_url(r, node, call, st);
	callback_read(&r->callback, &spec, node, call, st);
	(void)snprintf(r->recording, sizeof(r->recording), "%s",
	               recording_start(call, &spec, st));
	if (!*r->recording)
		return VERB_NEXT;
	st->program->audio.want_digits = true;
	program_timer_start(st, spec.max_ms + (uint64_t)GUARD_MS);
	return VERB_WAIT;
}

static void clear(struct step *st)
{
	program_timer_stop(st);
	st->program->audio.want_digits = false;
}

static enum verb_result ask(const struct record *r, struct call *call,
                            const struct recording *rec, struct step *st)
{
	struct params p;

	params_init(&p, st);
	recording_params(call, rec->sid, &p);
	params_add(&p, "RecordingDuration", recording_seconds(rec, p.arena));
	if (*r->key)
		params_add(&p, "Digits", arena_str(p.arena, r->key));
	st->program->next = (struct next){
		.url = r->action,
		.method = r->method,
		.params = p.v,
		.n_params = p.n,
		.action = true,
	};
	return VERB_FETCH;
}

static enum verb_result step(void *state, struct call *call, struct step *st)
{
	struct record *r = state;
	const struct event *ev = st->ev;
	const struct recording *rec = recording_find(call, r->recording);
	bool over = !rec || rec->state > RECORDING_STOPPING;

	if (!over && program_timer_ran(st)) {
		recording_stop(call, r->recording, st);
		over = rec->state > RECORDING_STOPPING;
	}
	if (over) {
		clear(st);
		return rec && rec->length_ms ? ask(r, call, rec, st)
		                             : VERB_NEXT;
	}
	if (ev->type == EV_DIGIT && program_hears(call, st) && !*r->key &&
	    ev->digit && strchr(r->finish_on_key, ev->digit)) {
		r->key[0] = ev->digit;
		recording_stop(call, r->recording, st);
	}
	return VERB_WAIT;
}

static void restore(void *state, const struct twiml_node *node,
                    struct call *call, struct step *st)
{
	struct record *r = state;

	st->program->audio.want_digits = true;
	check(r, node, call, st);
}

/* The caller hung up: the action hears of it when the length is known. */
static void stop(void *state, struct call *call, struct step *st)
{
	const struct record *r = state;
	const char *url =
		st->moved ? NULL : webhook_action(call, r->action, st);

	clear(st);
	if (st->moved)
		recording_stop(call, r->recording, st);
	else if (url)
		recording_tell(call, r->recording, url, r->method, st);
}

const struct verb verb_record = {
	.name = "Record",
	.attrs = attrs,
	.state_size = sizeof(struct record),
	.saved = saved,
	.start = start,
	.step = step,
	.restore = restore,
	.stop = stop,
};

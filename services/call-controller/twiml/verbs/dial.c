/*
 * dial.c - TwiML <Dial>: attributes, nouns and what the action is told
 *
 * The fork itself is core/dial.c.
 *
 * Pure.
 */
#include "core/dial.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/caller.h"
#include "core/date.h"
#include "core/resolved.h"
#include "core/state.h"
#include "core/webhook.h"
#include "twiml/callback.h"
#include "twiml/nouns/noun.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

enum { TIME_LIMIT_MAX = 14400 }; /* [s] */

struct verb_dial {
	const char *action; /* "" = go on with the next verb */
	const char *method;
	const char *caller_id;
	const char *ring_tone;
	struct callback_attrs callback;
	int timeout, time_limit;
	int record, track, trim;
	bool answer_on_bridge, hangup_on_star, sequential;
};

#define AT(field) offsetof(struct verb_dial, field)

/* In the order of read_recording() */
static const char record_modes[] =
	"do-not-record false record-from-answer true record-from-ringing "
	"record-from-answer-dual record-from-ringing-dual";

// clang-format off
static const struct attr attrs[] = {
	{"action",         ATTR_STRING, 0,     AT(action),           "",      0, 0},
	{"method",         ATTR_METHOD, 13210, AT(method),           "POST",  0, 0},
	{"timeout",        ATTR_INT,    13212, AT(timeout),          "30",    5, 600},
	{"timeLimit",      ATTR_INT,    13216, AT(time_limit),       "14400", 1, TIME_LIMIT_MAX},
	{"callerId",       ATTR_STRING, 13214, AT(caller_id),        "",      0, 0},
	{"answerOnBridge", ATTR_BOOL,   13219, AT(answer_on_bridge), "false", 0, 0},
	{"hangupOnStar",   ATTR_BOOL,   13213, AT(hangup_on_star),   "false", 0, 0},
	{"sequential",     ATTR_BOOL,   13218, AT(sequential),       "false", 0, 0},
	{"ringTone",       ATTR_STRING, 13220, AT(ring_tone),        "us",    0, 0},
	LATER("callReason"),
	{"record",         ATTR_WORD,   13217, AT(record),           record_modes, 0, 0},
	{"recordingTrack", ATTR_WORD,   13622, AT(track),            "both inbound outbound", 0, 0},
	{"trim",           ATTR_WORD,   13699, AT(trim),             "do-not-trim trim-silence", 0, 0},
	CALLBACK_ATTRS(struct verb_dial, 13210),
	LATER("referUrl"),
	LATER("referMethod"),
	LATER("events"),
	LATER("recordingConfigurationId"),
	{0},
};
// clang-format on

static const struct element children[] = {
	{"Number", noun_number_attrs, NULL},
	{"Sip", noun_sip_attrs, noun_sip_children},
	{NULL, NULL, NULL},
};

static const struct {
	const char *name;
	void (*read)(struct noun *noun, const struct twiml_node *node,
	             struct call *call, struct step *st);
} nouns[] = {{"Number", noun_number}, {"Sip", noun_sip}};

static void add_noun(struct dial_spec *spec, const struct twiml_node *node,
                     struct call *call, struct step *st)
{
	for (size_t i = 0; i < sizeof(nouns) / sizeof(*nouns); i++) {
		struct noun *noun = &spec->nouns[spec->n_nouns];

		if (strcmp(nouns[i].name, node->name) != 0)
			continue;
		if (spec->n_nouns == DIAL_NOUNS_MAX) {
			verb_warn(call, st, 13250, node,
			          "a Dial has at most 10 nouns: left out");
			return;
		}
		*noun = (struct noun){
			.username = "",
			.password = "",
			.carrier = "",
		};
		nouns[i].read(noun, node, call, st);
		spec->n_nouns++;
	}
}

/* <Dial>+14155550100</Dial> */
static void add_text(struct dial_spec *spec, const struct twiml_node *node,
                     struct call *call, struct step *st)
{
	struct noun *noun = &spec->nouns[0];
	struct route route;

	if (*node->text == '\0')
		return;
	*noun = (struct noun){
		.username = "",
		.password = "",
		.carrier = "",
		.status_url = "",
		.status_method = "POST",
		.url = "",
		.method = "POST",
		.send_digits = "",
		.amd_url = "",
		.amd_method = "POST",
	};
	route_number(&st->out->arena, node->text, &route);
	noun_set_route(noun, &route, node, call, st);
	spec->n_nouns = 1;
}

/* A number is checked again where the account's numbers are known. */
static void check_caller_id(struct dial_spec *spec,
                            const struct twiml_node *node, struct call *call,
                            struct step *st)
{
	const struct resolved_refusal *why = caller_wrong(spec->caller_id);

	if (why)
		verb_warn(call, st, why->code, node, "callerId=\"%.64s\" %s",
		          spec->caller_id, why->text);
	for (size_t i = 0; why && i < spec->n_nouns; i++) {
		struct noun *noun = &spec->nouns[i];

		if (noun->kind == RESOLVE_EMERGENCY) {
			spec->caller_id = ""; /* help is called all the same */
			continue;
		}
		noun->refused = why->sip;
		noun->refusal.code = why->code;
		noun->refusal.text = arena_printf(&st->out->arena,
		                                  "the callerId %s", why->text);
	}
}

/* The countries whose ringing tone a media-relay has */
static const char ring_tones[] =
	" at au bg br be ch cl cn cz de dk ee es fi fr gr hu il in it lt jp mx "
	"my nl no nz ph pl pt ru se sg th uk us us-old tw ve za ";

static void set_ring_tone(struct dial_spec *spec, const char *tone,
                          const struct twiml_node *node, struct call *call,
                          struct step *st)
{
	struct arena *a = &st->out->arena;

	if (*tone == '\0' || strchr(tone, ' ') ||
	    !strstr(ring_tones, arena_printf(a, " %.8s ", tone))) {
		verb_warn(call, st, 13220, node,
		          "ringTone=\"%.20s\" is not a valid value, us is "
		          "used",
		          tone);
		tone = "us";
	}
	spec->ring_tone = arena_printf(a, "ringback-%s", tone);
}

static void read_recording(struct dial_spec *spec, const struct verb_dial *verb,
                           const struct twiml_node *node, struct call *call,
                           struct step *st)
{
	static const struct {
		enum dial_record from;
		bool dual;
	} modes[] = {
		{RECORD_NOT, false},          {RECORD_NOT, false},
		{RECORD_FROM_ANSWER, false},  {RECORD_FROM_ANSWER, false},
		{RECORD_FROM_RINGING, false}, {RECORD_FROM_ANSWER, true},
		{RECORD_FROM_RINGING, true},
	};
	struct recording_spec *recording = &spec->recording;

	spec->record = modes[verb->record].from;
	recording->track = (enum track)verb->track;
	recording->dual =
		modes[verb->record].dual && recording->track == TRACK_BOTH;
	recording->trim = verb->trim == 1;
	callback_read(&verb->callback, recording, node, call, st);
}

static void read_spec(struct dial_spec *spec, const struct verb_dial *verb,
                      const struct twiml_node *node, struct call *call,
                      struct step *st)
{
	spec->timeout_s = (unsigned)verb->timeout;
	spec->time_limit_s = (unsigned)verb->time_limit;
	spec->caller_id = verb->caller_id;
	spec->answer_on_bridge = verb->answer_on_bridge;
	set_ring_tone(spec, verb->ring_tone, node, call, st);
	spec->hangup_on_star = verb->hangup_on_star;
	spec->sequential = verb->sequential;
	read_recording(spec, verb, node, call, st);
	for (const struct twiml_node *n = node->children; n; n = n->next)
		add_noun(spec, n, call, st);
	if (!node->children)
		add_text(spec, node, call, st);
	check_caller_id(spec, node, call, st);
	if (spec->n_nouns == 0)
		verb_warn(call, st, 13223, node, DIAL_NOBODY);
}

static void add_sip_params(struct params *p, const struct child *child)
{
	if (!child->noun.sip)
		return;
	if (*child->callid)
		params_add(p, "DialSipCallId",
		           arena_str(p->arena, child->callid));
	if (child->sip)
		params_add(p, "DialSipResponseCode",
		           arena_printf(p->arena, "%u", child->sip));
	params_add_headers(p, "DialSipHeader_", child->headers,
	                   child->n_headers);
}

static void action_params(struct params *p, const struct call *call,
                          struct step *st)
{
	const struct dial *dial = call->dial;
	const struct child *child = dial->shown;

	params_init(p, st);
	params_add(p, "DialCallStatus", status_name(dial->status));
	params_add(p, "DialBridged", dial->bridged_ms ? "true" : "false");
	recording_params(call, dial->recording, p);
	if (!child)
		return;
	params_add(p, "DialCallSid", arena_str(p->arena, child->sid));
	if (!child->moved)
		params_add(
			p, "DialCallDuration",
			arena_printf(p->arena, "%llu",
		                     (unsigned long long)date_seconds(
					     child->answer_ms, child->end_ms)));
	add_sip_params(p, child);
}

static struct next action_of(const struct verb_dial *verb,
                             const struct params *p)
{
	return (struct next){
		.url = verb->action,
		.method = verb->method,
		.params = p->v,
		.n_params = p->n,
		.action = true,
	};
}

/* The Dial is over: what comes next. */
static enum verb_result finish(const struct verb_dial *verb, struct call *call,
                               struct step *st)
{
	struct dial *dial = call->dial;
	enum verb_result result = VERB_NEXT;
	struct params p;

	action_params(&p, call, st);
	call->dialed = true;
	call->dial_status = dial->status;
	call->dial_sip = dial->sip;
	call->dial_refusal.code = dial->refusal.code;
	call->dial_refusal.text = arena_str(&call->arena, dial->refusal.text);
	if (*verb->action) {
		st->program->next = action_of(verb, &p);
		result = VERB_FETCH;
	}
	call->dial = NULL;
	dial_free(dial);
	return result;
}

static enum verb_result start(void *state, const struct twiml_node *node,
                              struct call *call, struct step *st)
{
	const struct verb_dial *verb = state;
	struct dial_spec spec = {.n_nouns = 0};

	read_spec(&spec, verb, node, call, st);
	call->dial = dial_alloc(&spec);
	if (!call->dial) {
		st->out->failed = true;
		return VERB_END;
	}
	if (!spec.answer_on_bridge)
		call_answer_parent(call, st);
	if (dial_start(call, st) == DIAL_OVER)
		return finish(verb, call, st);
	return VERB_WAIT;
}

static void restore(void *state, const struct twiml_node *node,
                    struct call *call, struct step *st)
{
	struct dial_spec spec = {.n_nouns = 0};

	read_spec(&spec, state, node, call, st);
	call->dial = dial_alloc(&spec);
	if (!call->dial)
		st->out->failed = true;
}

static enum verb_result step(void *state, struct call *call, struct step *st)
{
	if (dial_step(call, st) == DIAL_OVER)
		return finish(state, call, st);
	return VERB_WAIT;
}

/* The caller hung up: the action is still told how the Dial ended. Or the API
 * gave another document (contract 13.4): it is not. */
static void stop(void *state, struct call *call, struct step *st)
{
	const struct verb_dial *verb = state;
	struct next next;
	struct params p;

	dial_stop(call, st);
	action_params(&p, call, st);
	if (*verb->action && !st->moved) {
		next = action_of(verb, &p);
		webhook_tell(call, &next, st);
	}
	dial_free(call->dial);
	call->dial = NULL;
}

const struct verb verb_dial = {
	.name = "Dial",
	.attrs = attrs,
	.children = children,
	.child_code = 13215,
	.state_size = sizeof(struct verb_dial),
	.start = start,
	.step = step,
	.restore = restore,
	.stop = stop,
};

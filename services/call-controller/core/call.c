/*
 * call.c - one call: its making, its parts, and facts about it
 *
 * Pure. What events do to it is in call_step.c.
 */
#include "call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call_priv.h"
#include "dial.h"
#include "outgoing.h"
#include "state.h"

/* The strings of a call_start, to be copied and limited alike. */
static const size_t strings[] = {
	offsetof(struct call_start, sid),
	offsetof(struct call_start, session),
	offsetof(struct call_start, account_sid),
	offsetof(struct call_start, public_url),
	offsetof(struct call_start, voice_url),
	offsetof(struct call_start, voice_method),
	offsetof(struct call_start, document),
	offsetof(struct call_start, fallback_url),
	offsetof(struct call_start, fallback_method),
	offsetof(struct call_start, status_callback_url),
	offsetof(struct call_start, status_callback_method),
	offsetof(struct call_start, direction),
	offsetof(struct call_start, parent_sid),
	offsetof(struct call_start, from),
	offsetof(struct call_start, to),
	offsetof(struct call_start, caller_name),
	offsetof(struct call_start, number_sid),
	offsetof(struct call_start, forwarded_from),
	offsetof(struct call_start, domain),
	offsetof(struct call_start, domain_sid),
	offsetof(struct call_start, username),
	offsetof(struct call_start, default_caller_id),
	offsetof(struct call_start, carrier),
	offsetof(struct call_start, callid),
	offsetof(struct call_start, source_ip),
};

static int copy_strings(struct call *call)
{
	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) {
		char *at = (char *)&call->facts + strings[i];
		const char *s;

		memcpy(&s, at, sizeof(s));
		s = s ? s : "";
		if (strlen(s) > STRING_MAX)
			return E2BIG;
		s = arena_str(&call->arena, s);
		memcpy(at, &s, sizeof(s));
	}
	return call->arena.failed ? ENOMEM : 0;
}

static int copy_headers(struct call *call, const struct call_start *start)
{
	size_t n = start->n_headers;
	struct pair *copy;

	if (n > HEADERS_MAX)
		n = HEADERS_MAX;
	copy = arena_alloc(&call->arena, (n + 1) * sizeof(*copy));
	if (!copy)
		return ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (strlen(start->headers[i].value) > STRING_MAX)
			return E2BIG;
		copy[i].name = arena_str(&call->arena, start->headers[i].name);
		copy[i].value =
			arena_str(&call->arena, start->headers[i].value);
	}
	call->facts.headers = copy;
	call->facts.n_headers = n;
	return call->arena.failed ? ENOMEM : 0;
}

/* The method of a webhook is POST unless GET was configured. */
static void default_methods(struct call_start *facts)
{
	const char **methods[] = {&facts->voice_method, &facts->fallback_method,
	                          &facts->status_callback_method};

	for (size_t i = 0; i < 3; i++)
		*methods[i] = strcmp(*methods[i], "GET") == 0 ? "GET" : "POST";
}

/* The leg of the INVITE that came in */
static int make_parent(struct call *call, const struct call_start *start)
{
	struct leg *leg = leg_alloc(++call->last_leg, call->facts.sid, true, "",
	                            rng_next(&call->rng) >> 16 | 1);

	if (!leg)
		return ENOMEM;
	call->parent = call->legs[call->n_legs++] = leg;
	call->parent_leg = leg->id;
	leg->reliable = start->requires_100rel;
	leg->any_source = start->any_media_source;
	leg->loops = start->depth > 0;
	leg_set_source(leg, call->facts.source_ip);
	return leg->arena.failed ? ENOMEM : 0;
}

static int make_outgoing(struct call *call, const struct call_start *start)
{
	int err = outgoing_alloc(&call->outgoing, start);

	if (!err)
		call->facts.to = call->outgoing->child.noun.what;
	call->facts.outgoing = NULL;
	return err;
}

int call_alloc(struct call **callp, const struct call_start *start)
{
	struct call *call = calloc(1, sizeof(*call));
	int err = ENOMEM;

	if (!call)
		return ENOMEM;
	rng_init(&call->rng, start->seed);
	call->facts = *start;
	err = copy_strings(call);
	if (!err)
		err = copy_headers(call, start);
	if (err)
		goto out;
	call->dial_refusal.text = "";
	default_methods(&call->facts);
	if (*call->facts.direction == '\0')
		call->facts.direction = "inbound";
	call->facts.sdp = arena_strn(&call->arena, start->sdp ? start->sdp : "",
	                             start->sdp_len);
	err = start->outgoing ? make_outgoing(call, start)
	                      : make_parent(call, start);
	if (!err && call->arena.failed)
		err = ENOMEM;
out:
	if (err)
		call_free(call);
	else
		*callp = call;
	return err;
}

void call_free(struct call *call)
{
	if (!call)
		return;
	for (size_t i = 0; i < call->n_legs; i++)
		leg_free(call->legs[i]);
	program_close(&call->program);
	recordings_close(&call->recordings);
	dial_free(call->dial);
	outgoing_free(call->outgoing);
	call_free(call->detached);
	plan_close(&call->plan);
	arena_close(&call->arena);
	free(call);
}

void call_alert_at(struct step *st, const struct cmd_alert *alert)
{
	struct command *cmd = commands_add(st->out, CMD_ALERT, 0);

	cmd->alert = *alert;
	if (!*alert->url && st->program && st->program->interp.url)
		cmd->alert.url =
			arena_str(&st->out->arena, st->program->interp.url);
	if (*cmd->alert.url && st->program && st->program->fetch.method)
		cmd->alert.method =
			arena_str(&st->out->arena, st->program->fetch.method);
	if (st->ev &&
	    (st->ev->type == EV_DOCUMENT || st->ev->type == EV_FETCH_FAILED))
		cmd->alert.status = st->ev->status;
}

void call_alert(struct call *call, struct step *st, uint32_t code, bool error,
                const char *text)
{
	struct cmd_alert alert = {.code = code,
	                          .error = error,
	                          .call_sid = call->facts.sid,
	                          .text = text,
	                          .url = ""};

	call_alert_at(st, &alert);
}

struct leg *call_add_leg(struct call *call, const char *sid, struct step *st)
{
	char callid[SID_SIZE];
	struct leg *leg = NULL;

	rng_sid(st->rng, "", callid);
	if (call->n_legs < LEGS_MAX)
		leg = leg_alloc(++call->last_leg, sid, false, callid,
		                rng_next(st->rng) >> 16 | 1);
	if (leg)
		call->legs[call->n_legs++] = leg;
	else
		st->out->failed = true;
	return leg;
}

struct leg *call_find_leg(const struct call *call, unsigned id)
{
	for (size_t i = 0; i < call->n_legs; i++) {
		if (call->legs[i]->id == id)
			return call->legs[i];
	}
	return NULL;
}

bool call_parent_answered(const struct call *call)
{
	return call->parent && call->parent->state == LEG_CONFIRMED;
}

bool call_ended(const struct call *call)
{
	return call->state == CALL_ENDED;
}

bool call_over(const struct call *call)
{
	return call->state >= CALL_ENDING;
}

bool call_leg_ending(const struct call *call, unsigned leg)
{
	const struct leg *found = call_find_leg(call, leg);

	return !found || found->state >= LEG_TERMINATING;
}

const char *call_sid(const struct call *call)
{
	return call->facts.sid;
}

const char *call_account_sid(const struct call *call)
{
	return call->facts.account_sid;
}

const char *call_session(const struct call *call)
{
	return call->facts.session;
}

bool call_answered(const struct call *call)
{
	return call->state == CALL_IN_PROGRESS;
}

const char *call_state_name(const struct call *call)
{
	static const char *const names[] = {
		[CALL_RINGING] = "RINGING",
		[CALL_IN_PROGRESS] = "IN_PROGRESS",
		[CALL_ENDING] = "ENDING",
		[CALL_ENDED] = "ENDED",
	};

	return names[call->state];
}

const char *call_leg_sid(const struct call *call, unsigned leg)
{
	const struct leg *found = call_find_leg(call, leg);

	return found ? found->sid : "";
}

/*
 * child.c - one child call: from a noun of a Dial to the leg that answered
 *
 * Pure. How its targets are called is in child_call.c.
 */
#include "child.h"

#include <string.h>

#include "call_priv.h"
#include "caller.h"
#include "child_priv.h"
#include "outgoing.h"
#include "resolved.h"
#include "screen.h"
#include "state.h"
#include "webhook.h"

void child_init(struct child *child, struct arena *arena)
{
	child->arena = arena;
	child->caller = child->caller_else = "";
	child->carrier = child->callid = "";
	child->refusal.text = "";
	child->status = STATUS_QUEUED;
}

bool child_live(const struct child *child)
{
	/* A child that follows a 3xx, or tries another <Uri>, keeps its leg at
	 * the relay. */
	return (child->state >= CHILD_READY &&
	        child->state <= CHILD_ANSWERED) ||
	       (child->state == CHILD_RESOLVING &&
	        (child->redirects > 0 || child->next_uri > 0));
}

const char *child_to(const struct child *child)
{
	return child->noun.what;
}

uint64_t child_dialled_ms(const struct child *child, enum call_status status)
{
	bool known = status_final(status) || child->ring_ms || child->answer_ms;

	if (child->dialled_ms || !known)
		return child->dialled_ms;
	return child->start_ms; /* or an older process placed it */
}

static void write_status(struct call *call, struct child *child,
                         struct step *st)
{
	struct cmd_status *s = &commands_add(st->out, CMD_STATUS, 0)->status;
	struct arena *a = &st->out->arena;
	bool initiated = child->status == STATUS_INITIATED;

	*s = (struct cmd_status){
		.sid = arena_str(a, child->sid),
		.parent_sid = call->facts.sid,
		.account_sid = call->facts.account_sid,
		.direction = "outbound-dial",
		.from = arena_str(a, child->caller),
		.to = arena_str(a, child_to(child)),
		.status = initiated ? "queued" : status_name(child->status),
		.created_ms = child->start_ms,
		.start_ms = child_dialled_ms(child, child->status),
		.ring_ms = child->ring_ms,
		.answer_ms = child->answer_ms,
		.end_ms = child->end_ms,
		.forwarded_from = "",
		.caller_name = "",
		.answered_by = arena_str(a, child->answered_by),
		.domain_sid = "",
		.number_sid = "",
		.callid = arena_str(a, child->callid),
		.sip_status = child->sip,
		.carrier = arena_str(a, child->carrier),
		.hung_up = child->hung_up,
		.first = initiated && !child->dialled_ms,
		.ended = status_final(child->status),
	};
}

void child_dialled(struct call *call, struct child *child, struct step *st)
{
	child->dialled_ms = st->now;
	if (outgoing_is(call, child))
		call_write_status(call, st);
	else
		write_status(call, child, st);
}

static void set_status(struct call *call, struct child *child,
                       enum call_status status, struct step *st)
{
	child->status = status;
	if (status_final(status))
		child->end_ms = st->now;
	if (outgoing_is(call, child)) {
		outgoing_status(call, status, st);
		return;
	}
	write_status(call, child, st);
	webhook_child(call, child, st);
}

static void ask_where(const struct child *child, struct step *st)
{
	struct command *cmd = commands_add(st->out, CMD_RESOLVE, 0);

	cmd->resolve.child = arena_str(&st->out->arena, child->sid);
	cmd->resolve.kind = child->noun.kind;
	cmd->resolve.what = arena_str(&st->out->arena, child->noun.what);
	cmd->resolve.caller = arena_str(&st->out->arena, child->caller);
	cmd->resolve.carrier = arena_str(&st->out->arena, child->noun.carrier);
	cmd->resolve.verification = child->noun.verification;
}

void child_start(struct call *call, struct child *child, struct step *st)
{
	child->start_ms = st->now;
	if (child->noun.refused) {
		child->state = CHILD_DONE;
		child->status = STATUS_FAILED;
		child->sip = child->noun.refused;
		child->refusal = child->noun.refusal;
		return;
	}
	child->state = CHILD_RESOLVING;
	set_status(call, child, STATUS_INITIATED, st);
	ask_where(child, st);
}

enum child_outcome child_over(struct call *call, struct child *child,
                              enum call_status status, struct step *st)
{
	child->state = CHILD_DONE;
	set_status(call, child, status, st);
	return CHILD_FAILED;
}

/* It is over, unanswered: by this response or better ones before. */
static enum child_outcome failed(struct call *call, struct child *child,
                                 unsigned sip, struct step *st)
{
	if (status_better(sip, child->sip))
		child->sip = sip;
	return child_over(call, child, status_of_sip(child->sip), st);
}

/* May this caller id be shown to the phone network? */
static bool check_caller(struct call *call, struct child *child,
                         struct step *st)
{
	const struct caller_choice choice = {child->caller, child->caller_else,
	                                     child->caller_free};
	const char *shown =
		caller_shown(child->noun.kind, &choice, st->ev->caller_owned);

	if (shown) {
		child->caller = shown;
		return true;
	}
	child_alert(call, child, caller_refusal.code,
	            arena_printf(&st->out->arena,
	                         "callerId %.40s is not a number of this "
	                         "account",
	                         child->caller),
	            st);
	return false;
}

/* The next <Uri> of a <Sip>: found out and called like the one before */
static bool call_next_uri(struct child *child, struct step *st)
{
	struct noun *noun = &child->noun;
	const struct noun_uri *uri = &noun->others[child->next_uri];

	if (child->next_uri >= noun->n_others)
		return false;
	child->next_uri++;
	child->redirects = 0;
	noun->what = uri->what;
	noun->headers = uri->headers;
	noun->n_headers = uri->n_headers;
	noun->username = uri->username;
	noun->password = uri->password;
	child->state = CHILD_RESOLVING;
	ask_where(child, st);
	return true;
}

static enum child_outcome refuse(struct call *call, struct child *child,
                                 struct step *st)
{
	const struct resolved_refusal *why =
		child->redirects ? &resolved_redirect
				 : resolved_refusal(st->ev->resolution);

	child_alert(call, child, why->code, why->text, st);
	if (status_better(why->sip, child->sip))
		child->sip = why->sip;
	if (call_next_uri(child, st))
		return CHILD_NOTHING;
	return child_over(call, child, STATUS_FAILED, st);
}

enum child_outcome child_on_resolved(struct call *call, struct child *child,
                                     struct step *st)
{
	if (child->state != CHILD_RESOLVING)
		return CHILD_NOTHING;
	child->resolution = st->ev->resolution;
	switch (st->ev->resolution) {
	case RESOLVED_FORK:
	case RESOLVED_FAILOVER:
		if (!check_caller(call, child, st)) {
			child->sip = 403;
			return child_over(call, child, STATUS_FAILED, st);
		}
		if (*st->ev->caller)
			child->caller = arena_str(child->arena, st->ev->caller);
		if (!child_take_targets(child, st->ev))
			st->out->failed = true;
		if (child->n_targets == 0)
			return failed(call, child, 480, st);
		if (child_too_deep(call, child)) {
			child_alert(call, child, 32006,
			            "too many hops: the call goes in circles",
			            st);
			return failed(call, child, 483, st);
		}
		if (!child_take_share(call, child)) {
			child_alert_share(call, child, st);
			return failed(call, child, 440, st);
		}
		child->state = CHILD_READY;
		return CHILD_NOTHING;
	case RESOLVED_NOT_REGISTERED:
	case RESOLVED_NOT_FOUND:
	case RESOLVED_NO_USER:
	case RESOLVED_OTHER_TENANT:
	case RESOLVED_FORBIDDEN:
	case RESOLVED_NO_CARRIER:
	case RESOLVED_NO_TARGET:
	case RESOLVED_UNAVAILABLE:
	case RESOLVED_CLOSED:
	case RESOLVED_NO_COUNTRY:
	case RESOLVED_TRIAL:
	case RESOLVED_NO_EMERGENCY:
	case RESOLVED_EMERGENCY_OFF:
	case RESOLVED_NO_EMERGENCY_CARRIER: break;
	}
	return refuse(call, child, st);
}

/* Keep what the action is told about the leg: it lives on without it. */
static void remember(struct child *child, const struct leg *leg)
{
	struct arena *a = child->arena;
	struct pair *copy =
		arena_alloc(a, (leg->n_headers + 1) * sizeof(*copy));

	child->callid = arena_str(a, leg->callid);
	for (size_t i = 0; copy && i < leg->n_headers; i++) {
		copy[i].name = arena_str(a, leg->headers[i].name);
		copy[i].value = arena_str(a, leg->headers[i].value);
	}
	child->headers = copy;
	child->n_headers = copy ? leg->n_headers : 0;
}

void child_hangup_others(struct call *call, struct child *child,
                         const struct leg *except, struct step *st)
{
	for (size_t i = 0; i < call->n_legs; i++) {
		struct leg *leg = call->legs[i];

		if (leg != except && strcmp(leg->sid, child->sid) == 0)
			leg_hangup(leg, st);
	}
}

static enum child_outcome on_answered(struct call *call, struct child *child,
                                      struct step *st)
{
	child->leg = st->leg->id;
	child->sip = 200;
	child->answer_ms = st->now;
	remember(child, st->leg);
	child_hangup_others(call, child, st->leg, st);
	set_status(call, child, STATUS_IN_PROGRESS, st);
	child->detecting = child->noun.detect.wanted;
	child->state = CHILD_ANSWERED;
	if (!screen_wanted(child))
		return CHILD_WON;
	child->state = CHILD_SCREENING;
	return screen_begin(call, child, st);
}

static enum child_outcome on_progress(struct call *call, struct child *child,
                                      struct step *st)
{
	if (child->status == STATUS_INITIATED) {
		child->ring_ms = st->now;
		set_status(call, child, STATUS_RINGING, st);
	}
	return CHILD_RINGING;
}

/* One way of reaching the child came to nothing. */
static enum child_outcome on_refused(struct call *call, struct child *child,
                                     struct step *st)
{
	unsigned sip = st->leg->status;

	remember(child, st->leg);
	if (child_call_again(call, child, st))
		return CHILD_NOTHING;
	child_alert_refused(call, child, st->leg, st);
	if (status_better(sip, child->sip))
		child->sip = sip;
	if (sip >= 600) /* RFC 3261 16.7 step 5: it speaks for all devices */
		child_hangup_others(call, child, st->leg, st);
	if (child_branches(call, child) > 0)
		return CHILD_NOTHING;
	if (status_try_next(sip) &&
	    (child_call_next(call, child, st) || call_next_uri(child, st)))
		return CHILD_NOTHING;
	if (sip == 408)
		child_alert_silent(child, st);
	return failed(call, child, sip, st);
}

/* Not a word for seconds, and there are others to be called. */
static enum child_outcome on_silent(struct call *call, struct child *child,
                                    struct step *st)
{
	if (status_better(408, child->sip))
		child->sip = 408;
	if (child_call_next(call, child, st) || call_next_uri(child, st))
		return CHILD_NOTHING;
	return failed(call, child, 408, st);
}

enum child_outcome child_on_leg(struct call *call, struct child *child,
                                struct step *st)
{
	switch (st->outcome) {
	case LEG_PROGRESS: return on_progress(call, child, st);
	case LEG_ANSWERED: return on_answered(call, child, st);
	case LEG_REFUSED: return on_refused(call, child, st);
	case LEG_SILENT: return on_silent(call, child, st);
	case LEG_GONE:
		if (st->leg->id != child->leg)
			return CHILD_NOTHING;
		remember(child, st->leg);
		child->hung_up = true;
		child->screened_out = child->state == CHILD_SCREENING;
		screen_end(call, child, st);
		(void)child_over(call, child, STATUS_COMPLETED, st);
		return child->screened_out ? CHILD_FAILED : CHILD_GONE;
	case LEG_MEDIA:
		return st->leg->id == child->leg ? CHILD_MEDIA : CHILD_NOTHING;
	case LEG_NOTHING: break;
	}
	return CHILD_NOTHING;
}

void child_stop(struct call *call, struct child *child, enum call_status status,
                struct step *st)
{
	bool rang = child->state == CHILD_CALLING;

	if (child->state == CHILD_DONE)
		return;
	child_hangup_others(call, child, NULL, st);
	if (child->state == CHILD_WAITING) {
		child->state = CHILD_DONE;
		child->status = status;
		return;
	}
	screen_end(call, child, st);
	if (child->answer_ms)
		status = STATUS_COMPLETED;
	if (rang && status == STATUS_NO_ANSWER)
		child_alert_silent(child, st);
	if (rang && status_better(487, child->sip))
		child->sip = 487;
	(void)child_over(call, child, status, st);
}

/*
 * leg.c - one SIP leg, UAC or UAS: what to send when
 *
 * Pure. The events are in leg_step.c.
 */
#include "leg.h"

#include <stdlib.h>
#include <string.h>

#include "leg_priv.h"
#include "status.h"

struct leg *leg_alloc(unsigned id, const char *sid, bool uas,
                      const char *callid, uint64_t session_id)
{
	struct leg *leg = calloc(1, sizeof(*leg));

	if (!leg)
		return NULL;
	leg->id = id;
	leg->uas = uas;
	memcpy(leg->sid, sid, strnlen(sid, SID_SIZE - 1));
	memcpy(leg->callid, callid, strnlen(callid, SID_SIZE - 1));
	leg->tag = "";
	leg->source_ip = "";
	leg->wish = SDP_CODECS;
	offer_init(&leg->media, session_id);
	return leg;
}

void leg_free(struct leg *leg)
{
	if (!leg)
		return;
	arena_close(&leg->arena);
	free(leg);
}

void leg_set_source(struct leg *leg, const char *ip)
{
	leg->source_ip = arena_str(&leg->arena, ip);
	leg->media.only_ip4 = strchr(ip, '.') && !strchr(ip, ':');
}

const char *leg_state_name(enum leg_state state)
{
	static const char *const names[] = {
		[LEG_INIT] = "INIT",
		[LEG_CALLING] = "CALLING",
		[LEG_EARLY] = "EARLY",
		[LEG_CONFIRMED] = "CONFIRMED",
		[LEG_TERMINATING] = "TERMINATING",
		[LEG_TERMINATED] = "TERMINATED",
	};

	return names[state];
}

void leg_dialog(struct leg *leg, enum command_type type, const char *tag,
                struct step *st)
{
	struct command *cmd = commands_add(st->out, type, leg->id);

	cmd->dialog.tag = arena_str(&st->out->arena, tag);
	cmd->dialog.reason = "";
}

void leg_terminated(struct leg *leg, struct step *st)
{
	leg->state = LEG_TERMINATED;
	step_timer_stop(st, TIMER_LEG_REFRESH, leg->id, &leg->refresh_at);
	step_timer_stop(st, TIMER_LEG_EXPIRE, leg->id, &leg->expire_at);
	step_timer_stop(st, TIMER_LEG_GLARE, leg->id, &leg->glare_at);
	step_timer_stop(st, TIMER_LEG_GUARD, leg->id, &leg->guard_at);
}

void leg_start_refresh(struct leg *leg, struct step *st)
{
	step_timer_stop(st, TIMER_LEG_REFRESH, leg->id, &leg->refresh_at);
	step_timer_stop(st, TIMER_LEG_EXPIRE, leg->id, &leg->expire_at);
	if (leg->refresh.expires == 0)
		return;
	if (leg->refresh.ours)
		step_timer_start(st, TIMER_LEG_REFRESH, leg->id,
		                 refresh_due_ms(&leg->refresh),
		                 &leg->refresh_at);
	step_timer_start(st, TIMER_LEG_EXPIRE, leg->id,
	                 refresh_expiry_ms(&leg->refresh), &leg->expire_at);
}

void leg_invite(struct leg *leg, const struct cmd_invite *invite,
                const struct offer *like, uint32_t min_se, struct step *st)
{
	struct command *cmd = commands_add(st->out, CMD_INVITE, leg->id);

	cmd->invite = *invite;
	cmd->invite.sid = arena_str(&st->out->arena, leg->sid);
	cmd->invite.callid = arena_str(&st->out->arena, leg->callid);
	cmd->invite.session_timer = refresh_offer(min_se);
	cmd->invite.sdp = offer_make(&leg->media, like,
	                             like && like->agreed ? like->audio.codec
	                                                  : SDP_CODECS,
	                             &st->out->arena);
	leg->state = LEG_CALLING;
}

void leg_doubt(struct leg *leg, struct step *st)
{
	step_timer_start(st, TIMER_LEG_GUARD, leg->id, LEG_SILENT_MS,
	                 &leg->guard_at);
}

struct cmd_respond *leg_response(struct leg *leg, enum command_type type,
                                 unsigned status, struct step *st)
{
	struct cmd_respond *r = &commands_add(st->out, type, leg->id)->respond;

	r->status = status;
	r->reason = status_reason(status);
	r->error_text = "";
	return r;
}

/* The body of a 18x or 2xx. A codec that a 18x named stands for the 2xx. */
static const char *describe(struct leg *leg, enum sdp_codec wish,
                            struct step *st)
{
	if (!leg->answer_sent)
		offer_choose(&leg->media, wish);
	return offer_answer(&leg->media, &st->out->arena);
}

void leg_ring(struct leg *leg, bool early, enum sdp_codec wish, struct step *st)
{
	bool sdp = early && leg->media.remote_known;
	struct cmd_respond *r;

	if (leg->state > LEG_EARLY)
		return;
	r = leg_response(leg, CMD_RESPOND, sdp ? 183 : 180, st);
	r->reliable = leg->reliable;
	if (sdp) {
		r->sdp = describe(leg, wish, st);
		leg->answer_sent = true;
	}
	leg->state = LEG_EARLY;
}

void leg_answer(struct leg *leg, enum sdp_codec wish,
                const struct session_timer *request, struct step *st)
{
	struct cmd_respond *r;

	if (leg->state > LEG_EARLY)
		return;
	r = leg_response(leg, CMD_RESPOND, 200, st);
	r->session_timer = refresh_answer(&leg->refresh, request);
	if (leg->media.remote_known) {
		r->sdp = describe(leg, wish, st);
	} else {
		r->sdp = offer_make(&leg->media, NULL, wish, &st->out->arena);
		leg->answer_in_ack = true;
	}
	leg->state = LEG_CONFIRMED;
	leg->status = 200;
	leg->ack_pending = true;
	leg_start_refresh(leg, st);
}

void leg_refuse(struct leg *leg, unsigned status, uint32_t error_code,
                const char *text, struct step *st)
{
	struct cmd_respond *r;

	if (leg->state > LEG_EARLY)
		return;
	r = leg_response(leg, CMD_RESPOND, status, st);
	r->error_code = error_code;
	r->error_text = arena_str(&st->out->arena, text);
	if (status == 422)
		r->session_timer.min_se = SESSION_MIN_S;
	leg->status = status;
	leg_terminated(leg, st);
}

void leg_unavailable(struct leg *leg, struct step *st)
{
	struct cmd_respond *r;

	if (leg->state > LEG_EARLY)
		return;
	r = leg_response(leg, CMD_RESPOND, 503, st);
	r->retry_after = LEG_RETRY_AFTER_S;
	leg->status = 503;
	leg_terminated(leg, st);
}

void leg_bye(struct leg *leg, struct step *st)
{
	leg_dialog(leg, CMD_BYE, leg->tag, st);
	leg->bye_held = false;
	step_timer_start(st, TIMER_LEG_GUARD, leg->id, LEG_GUARD_MS,
	                 &leg->guard_at);
}

void leg_cancel(struct leg *leg, struct step *st)
{
	leg_dialog(leg, CMD_CANCEL, "", st);
	leg->canceled = true;
}

void leg_hangup(struct leg *leg, struct step *st)
{
	switch (leg->state) {
	case LEG_INIT:
	case LEG_CALLING:
	case LEG_EARLY:
		if (leg->uas) {
			leg_refuse(leg, 487, 0, "", st);
			return;
		}
		if (leg->state == LEG_INIT) {
			leg_terminated(leg, st);
			return;
		}
		/* RFC 3261 9.1: no CANCEL before a provisional response */
		if (leg->provisional)
			leg_cancel(leg, st);
		leg->state = LEG_TERMINATING;
		step_timer_start(st, TIMER_LEG_GUARD, leg->id, LEG_GUARD_MS,
		                 &leg->guard_at);
		return;
	case LEG_CONFIRMED:
		leg_terminated(leg, st);
		leg->state = LEG_TERMINATING;
		/* RFC 3261 15: the callee sends no BYE before the ACK */
		if (!leg->ack_pending) {
			leg_bye(leg, st);
			return;
		}
		leg->bye_held = true;
		step_timer_start(st, TIMER_LEG_GUARD, leg->id, LEG_GUARD_MS,
		                 &leg->guard_at);
		return;
	case LEG_TERMINATING:
	case LEG_TERMINATED: return;
	}
}

bool leg_silent(const struct leg *leg)
{
	return !leg->uas && leg->state == LEG_TERMINATING &&
	       !leg->provisional && !leg->status;
}

enum leg_outcome leg_on_guard(struct leg *leg, struct step *st)
{
	bool runs = leg->guard_at != NEVER;

	leg->guard_at = NEVER;
	if (leg->state == LEG_TERMINATING)
		leg_terminated(leg, st);
	if (leg->state != LEG_CALLING || leg->provisional || !runs)
		return LEG_NOTHING;
	leg_hangup(leg, st);
	return LEG_SILENT;
}

void leg_send_reoffer(struct leg *leg, struct step *st)
{
	struct command *cmd = commands_add(st->out, CMD_REINVITE, leg->id);

	leg->reoffer_wanted = false;
	leg->reoffering = true;
	if (leg->wish < SDP_CODECS)
		cmd->reinvite.sdp = offer_make_first(&leg->media, leg->wish,
		                                     &st->out->arena);
	else
		cmd->reinvite.sdp = offer_repeat(&leg->media, &st->out->arena);
	cmd->reinvite.session_timer = refresh_again(&leg->refresh);
}

bool leg_reoffer_open(const struct leg *leg)
{
	return leg->reoffering || leg->reoffer_wanted || leg->glare_at != NEVER;
}

void leg_reoffer(struct leg *leg, enum sdp_codec wish, struct step *st)
{
	if (leg->state != LEG_CONFIRMED)
		return;
	if (wish < SDP_CODECS)
		leg->wish = wish;
	if (leg->reoffering || leg->ack_pending || leg->answer_in_ack ||
	    leg->glare_at != NEVER)
		leg->reoffer_wanted = true;
	else
		leg_send_reoffer(leg, st);
}

void leg_resume(struct leg *leg, struct step *st)
{
	/* The ACK may have come to the controller that died. */
	leg->ack_pending = false;
	leg->answer_in_ack = false;
	step_timer_resume(st, TIMER_LEG_REFRESH, leg->id, leg->refresh_at);
	step_timer_resume(st, TIMER_LEG_EXPIRE, leg->id, leg->expire_at);
	step_timer_resume(st, TIMER_LEG_GLARE, leg->id, leg->glare_at);
	step_timer_resume(st, TIMER_LEG_GUARD, leg->id, leg->guard_at);
	if (leg->bye_held)
		leg_bye(leg, st);
}

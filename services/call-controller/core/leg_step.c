/*
 * leg_step.c - one SIP leg: what happens to it
 *
 * Pure.
 */
#include "leg.h"

#include <string.h>

#include "leg_priv.h"
#include "rng.h"
#include "status.h"

static void remember_headers(struct leg *leg, const struct event *ev)
{
	size_t n = ev->n_headers < HEADERS_MAX ? ev->n_headers : HEADERS_MAX;
	struct pair *copy = arena_alloc(&leg->arena, n * sizeof(*copy) + 1);

	leg->n_headers = 0;
	if (!copy)
		return;
	for (size_t i = 0; i < n; i++) {
		copy[i].name = arena_str(&leg->arena, ev->headers[i].name);
		copy[i].value = arena_str(&leg->arena, ev->headers[i].value);
	}
	leg->headers = copy;
	leg->n_headers = n;
}

static bool other_dialog(const struct leg *leg, const struct event *ev)
{
	return *leg->tag && *ev->tag && strcmp(leg->tag, ev->tag) != 0;
}

static enum leg_outcome on_provisional(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;

	if (leg->uas || leg->state == LEG_INIT || leg->state == LEG_CONFIRMED ||
	    leg->state == LEG_TERMINATED || leg->status)
		return LEG_NOTHING;
	if (leg->state == LEG_TERMINATING && !leg->provisional)
		leg_cancel(leg, st); /* it was held back */
	leg->provisional = true;
	if (leg->state == LEG_TERMINATING || ev->status == 100)
		return LEG_NOTHING;
	leg->state = LEG_EARLY;
	/* RFC 3261 13.2.2.1: several dialogs may be early. The first one that
	 * describes its media is the one that is heard. */
	if (ev->sdp && !leg->early_media &&
	    offer_receive_answer(&leg->media, ev->sdp, ev->sdp_len) ==
	            OFFER_OK) {
		leg->early_media = true;
		leg->tag = arena_str(&leg->arena, ev->tag);
	}
	return LEG_PROGRESS;
}

/* A 2xx that nobody waits for any more: acknowledge it, then end its dialog. */
static void dismiss(struct leg *leg, const char *tag, struct step *st)
{
	leg_dialog(leg, CMD_ACK, tag, st);
	leg_dialog(leg, CMD_BYE, tag, st);
}

static enum leg_outcome confirm(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;
	enum offer_result result = OFFER_OK;

	if (ev->sdp)
		result =
			offer_receive_answer(&leg->media, ev->sdp, ev->sdp_len);
	else if (!leg->early_media || other_dialog(leg, ev))
		result = OFFER_EMPTY;
	leg->tag = arena_str(&leg->arena, ev->tag);
	remember_headers(leg, ev);
	if (result != OFFER_OK) {
		leg->status = 488;
		leg->unusable = offer_code(result);
		leg_dialog(leg, CMD_ACK, leg->tag, st);
		leg->state = LEG_TERMINATING;
		leg_bye(leg, st);
		return LEG_REFUSED;
	}
	leg->status = 200;
	leg->state = LEG_CONFIRMED;
	leg_dialog(leg, CMD_ACK, leg->tag, st);
	refresh_confirm(&leg->refresh, &ev->session_timer);
	leg_start_refresh(leg, st);
	return LEG_ANSWERED;
}

static enum leg_outcome on_answered(struct leg *leg, struct step *st)
{
	if (leg->uas)
		return LEG_NOTHING;
	switch (leg->state) {
	case LEG_CALLING:
	case LEG_EARLY: return confirm(leg, st);
	case LEG_CONFIRMED: /* forked on the way: RFC 3261 13.2.2.4 */
		if (other_dialog(leg, st->ev))
			dismiss(leg, st->ev->tag, st);
		return LEG_NOTHING;
	case LEG_TERMINATING: /* crossed our CANCEL */
		leg->tag = arena_str(&leg->arena, st->ev->tag);
		dismiss(leg, leg->tag, st);
		leg->status = 487;
		return LEG_NOTHING;
	case LEG_INIT:
	case LEG_TERMINATED: break;
	}
	return LEG_NOTHING;
}

static enum leg_outcome on_failed(struct leg *leg, struct step *st)
{
	bool wanted = leg->state == LEG_CALLING || leg->state == LEG_EARLY;

	if (leg->uas || leg->state == LEG_CONFIRMED ||
	    (leg->state == LEG_TERMINATING && leg->status))
		return LEG_NOTHING;
	leg->status = st->ev->status;
	if (st->ev->error_code == LEG_NO_HOST && !leg->loops)
		leg->unusable = LEG_NO_HOST;
	remember_headers(leg, st->ev);
	leg_terminated(leg, st);
	return wanted ? LEG_REFUSED : LEG_NOTHING;
}

static enum leg_outcome on_canceled(struct leg *leg, struct step *st)
{
	if (!leg->uas || leg->state > LEG_EARLY)
		return LEG_NOTHING; /* RFC 3261 9.2: too late */
	leg_refuse(leg, 487, 0, "", st);
	return LEG_GONE;
}

static enum leg_outcome on_acked(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;
	bool answer = leg->answer_in_ack;
	enum offer_result result = OFFER_OK;

	leg->ack_pending = false;
	leg->answer_in_ack = false;
	if (leg->bye_held) {
		leg_bye(leg, st);
		return LEG_NOTHING;
	}
	if (leg->state != LEG_CONFIRMED)
		return LEG_NOTHING;
	if (answer)
		result =
			offer_receive_answer(&leg->media, ev->sdp, ev->sdp_len);
	if (result != OFFER_OK) {
		leg->unusable = offer_code(result);
		leg_hangup(leg, st);
		return LEG_GONE;
	}
	if (leg->reoffer_wanted)
		leg_send_reoffer(leg, st);
	return answer ? LEG_MEDIA : LEG_NOTHING;
}

static enum leg_outcome on_ack_timeout(struct leg *leg, struct step *st)
{
	bool wanted = leg->state == LEG_CONFIRMED;

	if (leg->uas && leg->state <= LEG_EARLY) { /* PRACK did not come */
		leg_refuse(leg, 504, 0, "", st);
		return LEG_GONE;
	}
	if (!leg->ack_pending)
		return LEG_NOTHING;
	leg->ack_pending = false;
	if (leg->bye_held) {
		leg_bye(leg, st);
		return LEG_NOTHING;
	}
	leg_hangup(leg, st);
	return wanted ? LEG_GONE : LEG_NOTHING;
}

static enum leg_outcome on_hungup(struct leg *leg, struct step *st)
{
	bool wanted = leg->state == LEG_CONFIRMED;

	/* A forked dialog that we dismissed may hang up on its own. */
	if (leg->state < LEG_CONFIRMED || leg->state == LEG_TERMINATED ||
	    other_dialog(leg, st->ev))
		return LEG_NOTHING;
	remember_headers(leg, st->ev);
	leg_terminated(leg, st);
	return wanted ? LEG_GONE : LEG_NOTHING;
}

static enum leg_outcome on_ended(struct leg *leg, struct step *st)
{
	if (leg->state == LEG_TERMINATING && !other_dialog(leg, st->ev))
		leg_terminated(leg, st);
	return LEG_NOTHING;
}

/* Answer a re-INVITE or UPDATE. */
static struct cmd_respond *answer(struct leg *leg, unsigned status,
                                  struct step *st)
{
	struct command *cmd = commands_add(st->out, CMD_ANSWER, leg->id);

	cmd->respond.status = status;
	cmd->respond.reason = status_reason(status);
	cmd->respond.error_text = "";
	return &cmd->respond;
}

static enum leg_outcome accept_offer(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;
	enum sdp_codec wish =
		leg->media.agreed ? leg->media.audio.codec : SDP_CODECS;
	enum leg_outcome outcome = LEG_NOTHING;
	struct cmd_respond *ok;

	if (ev->sdp &&
	    offer_receive(&leg->media, ev->sdp, ev->sdp_len) != OFFER_OK) {
		(void)answer(leg, 488, st); /* RFC 3261 14.2: nothing changes */
		return LEG_NOTHING;
	}
	ok = answer(leg, 200, st);
	ok->session_timer = refresh_answer(&leg->refresh, &ev->session_timer);
	leg_start_refresh(leg, st);
	if (ev->sdp) {
		offer_choose(&leg->media, wish);
		ok->sdp = offer_answer(&leg->media, &st->out->arena);
		outcome = LEG_MEDIA;
	} else if (ev->method == METHOD_INVITE) {
		ok->sdp = offer_make(&leg->media, NULL, wish, &st->out->arena);
		leg->answer_in_ack = true;
	}
	if (ev->method == METHOD_INVITE)
		leg->ack_pending = true;
	return outcome;
}

static enum leg_outcome on_offer(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;
	bool early = leg->state == LEG_EARLY || leg->state == LEG_CALLING;

	if (leg->state == LEG_TERMINATING || leg->state == LEG_TERMINATED ||
	    leg->state == LEG_INIT) {
		(void)answer(leg, 481, st);
		return LEG_NOTHING;
	}
	/* RFC 3261 14.2, RFC 3311 5.2: one offer at a time */
	if (leg->reoffering || leg->answer_in_ack ||
	    (early && leg->media.state != OFFER_STABLE && ev->sdp)) {
		(void)answer(leg, 491, st);
		return LEG_NOTHING;
	}
	if (refresh_too_short(&ev->session_timer)) {
		answer(leg, 422, st)->session_timer.min_se = SESSION_MIN_S;
		return LEG_NOTHING;
	}
	if (ev->source_ip && *ev->source_ip && *leg->source_ip &&
	    strcmp(leg->source_ip, ev->source_ip) != 0)
		leg_set_source(leg, ev->source_ip); /* the phone has moved */
	return accept_offer(leg, st);
}

static enum leg_outcome on_reoffer_answered(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;

	if (!leg->reoffering)
		return LEG_NOTHING;
	leg->reoffering = false;
	leg_dialog(leg, CMD_ACK, leg->tag, st);
	if (leg->state != LEG_CONFIRMED)
		return LEG_NOTHING;
	if (!leg->reoffer_wanted)
		leg->wish = SDP_CODECS;
	if (offer_receive_answer(&leg->media, ev->sdp, ev->sdp_len) != OFFER_OK)
		offer_withdraw(&leg->media);
	refresh_confirm(&leg->refresh, &ev->session_timer);
	leg_start_refresh(leg, st);
	if (leg->reoffer_wanted)
		leg_send_reoffer(leg, st);
	return LEG_MEDIA;
}

static enum leg_outcome on_reoffer_failed(struct leg *leg, struct step *st)
{
	unsigned status = st->ev->status;

	if (!leg->reoffering || leg->state != LEG_CONFIRMED)
		return LEG_NOTHING;
	leg->reoffering = false;
	offer_withdraw(&leg->media);
	if (status == 491) {
		/* RFC 3261 14.1: 2.1 to 4 s for the owner of the Call-ID, else
		 * 0 to 2 s, in steps of 10 ms */
		uint64_t ms = leg->uas ? rng_below(st->rng, 201) * 10U
		                       : 2100 + rng_below(st->rng, 191) * 10U;

		step_timer_start(st, TIMER_LEG_GLARE, leg->id, ms,
		                 &leg->glare_at);
		return LEG_NOTHING;
	}
	if (status == 430) { /* by the new flow */
		leg_reoffer(leg, SDP_CODECS, st);
		return LEG_NOTHING;
	}
	leg->wish = SDP_CODECS;
	leg->reoffer_wanted = false;
	if (status != 408 && status != 481)
		return LEG_MEDIA; /* RFC 3261 14.1: all is as it was */
	leg_hangup(leg, st);      /* RFC 3261 12.2.1.2: the dialog is no more */
	return LEG_GONE;
}

static enum leg_outcome on_timer(struct leg *leg, struct step *st)
{
	switch (st->ev->timer) {
	case TIMER_LEG_GLARE:
		leg->glare_at = NEVER;
		if (leg->state == LEG_CONFIRMED && !leg->reoffering)
			leg_reoffer(leg, SDP_CODECS, st);
		return LEG_NOTHING;
	case TIMER_LEG_REFRESH:
		leg->refresh_at = NEVER;
		leg_reoffer(leg, SDP_CODECS, st);
		return LEG_NOTHING;
	case TIMER_LEG_EXPIRE:
		leg->expire_at = NEVER;
		if (leg->state != LEG_CONFIRMED)
			return LEG_NOTHING;
		leg_hangup(leg, st);
		return LEG_GONE;
	case TIMER_LEG_GUARD:
		leg->guard_at = NEVER;
		if (leg->state == LEG_TERMINATING)
			leg_terminated(leg, st);
		return LEG_NOTHING;
	case TIMER_RECORDING:
	case TIMER_VERB:
	case TIMER_LIMIT:
	case TIMER_APOLOGY:
	case TIMER_CALL: break;
	}
	return LEG_NOTHING;
}

enum leg_outcome leg_step(struct leg *leg, struct step *st)
{
	switch (st->ev->type) {
	case EV_LEG_PROVISIONAL: return on_provisional(leg, st);
	case EV_LEG_ANSWERED: return on_answered(leg, st);
	case EV_LEG_FAILED: return on_failed(leg, st);
	case EV_LEG_CANCELED: return on_canceled(leg, st);
	case EV_LEG_ACKED: return on_acked(leg, st);
	case EV_LEG_ACK_TIMEOUT: return on_ack_timeout(leg, st);
	case EV_LEG_HUNGUP: return on_hungup(leg, st);
	case EV_LEG_ENDED: return on_ended(leg, st);
	case EV_LEG_OFFER: return on_offer(leg, st);
	case EV_LEG_REOFFER_ANSWERED: return on_reoffer_answered(leg, st);
	case EV_LEG_REOFFER_FAILED: return on_reoffer_failed(leg, st);
	case EV_TIMER: return on_timer(leg, st);
	case EV_START:
	case EV_RESTORED:
	case EV_END:
	case EV_SHUTDOWN:
	case EV_CHANGE:
	case EV_RECORD:
	case EV_DETACHED:
	case EV_DOCUMENT:
	case EV_FETCH_FAILED:
	case EV_RESOLVED:
	case EV_MEDIA_READY:
	case EV_MEDIA_FAILED:
	case EV_MEDIA_LOST:
	case EV_MEDIA_TIMEOUT:
	case EV_TRANSCRIBED:
	case EV_DIGIT:
	case EV_PLAY_DONE:
	case EV_PLAY_FAILED:
	case EV_SPEECH:
	case EV_SPEECH_FAILED:
	case EV_VOICE:
	case EV_MACHINE:
	case EV_RECORDING_STARTED:
	case EV_RECORDING_ENDED: break;
	}
	return LEG_NOTHING;
}

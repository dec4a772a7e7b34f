/*
 * leg_step.c - one SIP leg: what happens to it
 *
 * Pure.
 */
#include "leg.h"

#include <string.h>

#include "leg_priv.h"

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
	else if (leg->state != LEG_TERMINATING)
		step_timer_stop(st, TIMER_LEG_GUARD, leg->id, &leg->guard_at);
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

	step_timer_stop(st, TIMER_LEG_GUARD, leg->id, &leg->guard_at);
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

	/* RFC 3261 15.1.1: a caller may end an early dialog so, too. */
	if (leg->uas && leg->state == LEG_EARLY) {
		leg_refuse(leg, 487, 0, "", st);
		return LEG_GONE;
	}
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
	case TIMER_LEG_GUARD: return leg_on_guard(leg, st);
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
	case EV_LEG_OFFER: return leg_on_offer(leg, st);
	case EV_LEG_REOFFER_ANSWERED: return leg_on_reoffer_answered(leg, st);
	case EV_LEG_REOFFER_FAILED: return leg_on_reoffer_failed(leg, st);
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

/*
 * leg_offer.c - one SIP leg: offers in its dialog, theirs and ours
 *
 * Pure.
 */
#include "leg_priv.h"

#include <string.h>

#include "rng.h"

enum { AGAIN_MAX_S = 10 }; /* RFC 3261 14.2: Retry-After, 0 to 10 s */

/* Answer a re-INVITE or UPDATE. */
static struct cmd_respond *answer(struct leg *leg, unsigned status,
                                  struct step *st)
{
	return leg_response(leg, CMD_ANSWER, status, st);
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

enum leg_outcome leg_on_offer(struct leg *leg, struct step *st)
{
	const struct event *ev = st->ev;
	bool early = leg->state == LEG_EARLY || leg->state == LEG_CALLING;

	/* RFC 3261 14.2: one INVITE at a time; theirs is not answered yet */
	if (early && leg->uas && ev->method == METHOD_INVITE) {
		answer(leg, 500, st)->retry_after =
			1 + rng_below(st->rng, AGAIN_MAX_S);
		return LEG_NOTHING;
	}
	if (leg->state == LEG_TERMINATING || leg->state == LEG_TERMINATED ||
	    leg->state == LEG_INIT) {
		(void)answer(leg, 481, st);
		return LEG_NOTHING;
	}
	/* RFC 3261 14.2, RFC 3311 5.2: one offer at a time */
	if (leg->reoffering || leg->answer_in_ack ||
	    (early && ev->method == METHOD_INVITE) ||
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

enum leg_outcome leg_on_reoffer_answered(struct leg *leg, struct step *st)
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

enum leg_outcome leg_on_reoffer_failed(struct leg *leg, struct step *st)
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

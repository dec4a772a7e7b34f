/*
 * align.c - one codec for both legs of a bridge
 *
 * Pure.
 */
#include "align.h"

#include "dial.h"
#include "state.h"

/* Offer @p leg the codec of @p model, once for each choice of a peer. */
static bool ask_codec(struct leg *leg, const struct leg *model, bool *asked,
                      struct step *st)
{
	enum sdp_codec codec = model->media.audio.codec;

	if (*asked || !offer_may_use(&leg->media, codec))
		return false;
	*asked = true;
	leg_reoffer(leg, codec, st);
	return true;
}

void align(struct call *call, struct step *st)
{
	struct dial *dial = call->dial;
	struct leg *caller = call->parent;
	struct leg *callee = call_find_leg(call, dial->winner->leg);
	bool reply = st->ev->type == EV_LEG_REOFFER_ANSWERED ||
	             st->ev->type == EV_LEG_REOFFER_FAILED;

	if (!reply)
		dial->asked_caller = dial->asked_callee = false;
	if (!call_parent_answered(call) || !callee || !caller->media.agreed ||
	    !callee->media.agreed ||
	    caller->media.audio.codec == callee->media.audio.codec ||
	    leg_reoffer_open(caller) || leg_reoffer_open(callee))
		return;
	if (st->leg == caller &&
	    ask_codec(callee, caller, &dial->asked_callee, st))
		return;
	if (!ask_codec(caller, callee, &dial->asked_caller, st))
		(void)ask_codec(callee, caller, &dial->asked_callee, st);
}

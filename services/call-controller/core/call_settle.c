/*
 * call_settle.c - at the end of each step: what waited is sent, what is over
 * goes, and the media is put as the state now wants it
 *
 * Pure.
 */
#include "call_priv.h"

#include <string.h>

#include "dial.h"
#include "outgoing.h"

/* Drop the legs that are over. */
static void sweep(struct call *call)
{
	size_t kept = 0;

	for (size_t i = 0; i < call->n_legs; i++) {
		struct leg *leg = call->legs[i];

		if (leg->state != LEG_TERMINATED) {
			call->legs[kept++] = leg;
			continue;
		}
		if (leg == call->parent)
			call->parent = NULL;
		leg_free(leg);
	}
	call->n_legs = kept;
}

/* A phone that never said a word to our INVITE may be silent for 32 s more.
 * Nobody waits for it: the shell cancels what is left. */
static void leave_silent(struct call *call)
{
	for (size_t i = 0; i < call->n_legs; i++) {
		if (!leg_silent(call->legs[i]))
			return;
	}
	while (call->n_legs)
		leg_free(call->legs[--call->n_legs]);
}

/* Another relay took the session: its address goes to the phones. */
static void follow_media(struct call *call, struct step *st)
{
	for (size_t i = 0; i < call->n_legs; i++) {
		struct leg *leg = call->legs[i];
		const struct plan_port *port = plan_port(&call->plan, leg->sid);

		if (!port || leg->state != LEG_CONFIRMED ||
		    (leg->media.port == port->port &&
		     strcmp(leg->media.ip, port->ip) == 0))
			continue;
		offer_set_local(&leg->media, port->ip, port->port,
		                port->rtcp_port);
		leg_reoffer(leg, SDP_CODECS, st);
	}
}

void call_settle(struct call *call, struct step *st)
{
	recordings_sweep(call, st);
	call_settle_parent(call, st);
	follow_media(call, st);
	if (call->dial)
		dial_settle(call, st);
	if (call->outgoing)
		outgoing_settle(call, st);
	sweep(call);
	if (call->state >= CALL_ENDING && !recordings_busy(call))
		leave_silent(call);
	if (call->state < CALL_ENDING) {
		plan_settle(call, st);
	} else if (call->n_legs == 0 && !recordings_busy(call)) {
		plan_release(call, st);
		call->state = CALL_ENDED;
		(void)commands_add(st->out, CMD_END, 0);
		return;
	}
	if (st->out->n)
		(void)commands_add(st->out, CMD_SAVE, 0);
}

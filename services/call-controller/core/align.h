/*
 * align.h - one codec for both legs of a bridge
 *
 * Packets are relayed as they are, so caller and callee must have agreed on
 * the same codec. What a peer has chosen by itself is offered to the other leg;
 * what that refuses, is asked of the first one the other way round.
 */
#ifndef CC_CORE_ALIGN_H
#define CC_CORE_ALIGN_H

#include <stdbool.h>

struct call;
struct step;

/** What a leg of the bridge says about media may have changed (st->ev, st->leg).
 *  @return false when both legs refused: there is no sound to be had */
bool align(struct call *call, struct step *st);

#endif

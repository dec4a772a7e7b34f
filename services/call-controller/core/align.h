/*
 * align.h - one codec for both legs of a bridge
 *
 * Packets of one codec are relayed as they are, which is cheaper and sounds
 * better than transcoding. What a peer has chosen by itself is offered to the
 * other leg; what that does not take up, is asked of the first one the other
 * way round. Where neither has the other's codec, the relay transcodes.
 */
#ifndef CC_CORE_ALIGN_H
#define CC_CORE_ALIGN_H

struct call;
struct step;

/** What a leg of the bridge says about media may have changed (st->ev, st->leg).
 */
void align(struct call *call, struct step *st);

#endif

/*
 * dial_keys.h - keys by SIP INFO go on to the other side of a bridge
 *
 * The relay passes telephone-events by itself. A key that comes by INFO is played
 * to the other side as one, or as a tone where it knows none; meanwhile that side
 * hears nothing else, as with any telephone-event. Some phones tell each key in
 * both ways: from one of those that could, the first key by INFO waits until it
 * is known. Pure.
 */
#ifndef CC_CORE_DIAL_KEYS_H
#define CC_CORE_DIAL_KEYS_H

#include <stdbool.h>
#include <stdint.h>

enum { DIAL_KEYS_MAX = 32 };      /* that wait for one side; more are lost */
enum { DIAL_KEYS_HOLD_MS = 400 }; /* media tells of a press when it is over */

struct arena;
struct call;
struct media_leg;
struct step;

/** Of one who presses */
struct dial_keys {
	bool by_info;  /**< its keys come by INFO only, as far as is known */
	bool by_media; /**< they come in its media: those by INFO are doubles */
	char waiting[DIAL_KEYS_MAX + 1];
	char playing[DIAL_KEYS_MAX + 1]; /**< to the other; "" = nothing */
	uint64_t play_id;
};

/** A key, or the end of a play, while the Dial is bridged. */
void dial_keys_step(struct call *call, struct step *st);

/** A press was told again in the other way, of the leg of this CallSid. */
void dial_keys_twice(struct call *call, struct step *st);

/** TIMER_VERB while it is bridged: what waited is no double. */
void dial_keys_timer(struct call *call, struct step *st);

/** What the leg of the parent, or else of the winner, hears and tells because of
 *  keys; @p leg hears its peer so far. */
void dial_keys_plan(const struct call *call, bool parent, struct media_leg *leg,
                    struct arena *a);

#endif

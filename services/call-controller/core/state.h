/*
 * state.h - what a call consists of; for core/ and the verbs only
 */
#ifndef CC_CORE_STATE_H
#define CC_CORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call.h"
#include "leg.h"
#include "plan.h"
#include "program.h"
#include "recording.h"
#include "rng.h"
#include "status.h"
#include "step.h"

enum { LEGS_MAX = 256 };        /* legs alive, ending ones included */
enum { STRING_MAX = 4096 };     /* bytes of one string of a call_start */
enum { APOLOGY_MS = 15000 };    /* longer than the prompt is */
enum { FETCH_PARAMS_MAX = 64 }; /* besides the standard ones */
enum { DEPTH_MAX = 5 };         /* calls to own numbers, one from the other */

struct dial;
struct outgoing;

enum call_state {
	CALL_RINGING,     /**< not answered                                */
	CALL_IN_PROGRESS, /**< answered                                    */
	CALL_ENDING,      /**< legs are being ended                        */
	CALL_ENDED        /**< CMD_END was issued                          */
};

struct call {
	struct arena arena; /**< owns the strings of `facts` */
	struct call_start
		facts; /**< what call_alloc() was told; sdp not kept */
	struct rng rng;
	enum call_state state;
	enum call_status status; /**< of the parent */
	unsigned sip_status;     /**< final response to the parent; 0 none */
	uint64_t created_ms, start_ms, answer_ms, end_ms;
	bool recorded;     /**< its record was written */
	bool hung_up;      /**< its phone ended it, not we */
	unsigned notified; /**< SequenceNumber of its next callback */
	uint64_t keys;     /**< idempotency keys given out */

	struct leg *parent;  /**< borrowed: one of `legs`; NULL when gone, or
	                       *   not answered yet (outgoing) */
	unsigned parent_leg; /**< its number */
	struct outgoing
		*outgoing; /**< of a call that the API placed, or NULL */
	struct leg *legs[LEGS_MAX];
	size_t n_legs;
	unsigned last_leg;

	struct recordings recordings;

	bool answer_wanted;    /**< 200 as soon as the media is ready */
	bool apology;          /**< the apology plays */
	bool apology_packaged; /**< … as a file: speech is away */
	bool hangup_wanted;    /**< BYE as soon as answered */

	struct program program; /**< of the parent's leg */
	uint64_t fetches;       /**< documents asked for, of all programs */
	struct dial *dial;      /**< that runs, or NULL */
	struct call *detached;  /**< a child that left it in this step */
	bool dialed;            /**< some Dial came to nothing: its result is */
	enum call_status dial_status; /**< … this, for an unanswered parent */
	unsigned dial_sip;
	struct refusal dial_refusal;
	struct plan plan;

	uint64_t limit_at, apology_at, call_at; /**< timers */
};

/** A line in the debugger, on the parent call. */
void call_alert(struct call *call, struct step *st, uint32_t code, bool error,
                const char *text);

/** The same with a CallSid and URL of its own. */
void call_alert_at(struct step *st, const struct cmd_alert *alert);

/** Add a leg for a child. @return NULL when there are too many or memory ran
 *  out; then the step fails */
struct leg *call_add_leg(struct call *call, const char *sid, struct step *st);
struct leg *call_find_leg(const struct call *call, unsigned id);

bool call_parent_answered(const struct call *call);

/** The parent is to be answered: 200 once its media is ready. */
void call_answer_parent(struct call *call, struct step *st);

#endif

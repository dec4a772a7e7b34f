/*
 * dial.h - the running <Dial>: fork, first answer wins
 *
 *     RINGING ──answer──► BRIDGED ──hang-up──► OVER
 *        └── all failed, timeout, caller gone ──┘
 *
 * Knows no XML: the verb fills in a dial_spec.
 */
#ifndef CC_CORE_DIAL_H
#define CC_CORE_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "child.h"
#include "dial_keys.h"
#include "recording.h"
#include "step.h"

enum { DIAL_NOUNS_MAX = 10 }; /* TwiML: at most ten nouns in a <Dial> */

#define DIAL_NOBODY "there is nobody to call" /* 13223: no noun, no text */

struct call;

enum dial_state { DIAL_RINGING, DIAL_BRIDGED, DIAL_OVER };

enum dial_record { RECORD_NOT, RECORD_FROM_RINGING, RECORD_FROM_ANSWER };

struct dial_spec {
	unsigned timeout_s;    /**< ringing */
	unsigned time_limit_s; /**< of the bridge */
	const char *caller_id; /**< "" = of the caller */
	const char *ring_tone; /**< that the answered caller hears meanwhile */
	bool answer_on_bridge;
	bool hangup_on_star;
	bool sequential;
	enum dial_record record;
	struct recording_spec recording;
	size_t n_nouns;
	struct noun nouns[DIAL_NOUNS_MAX];
};

struct dial {
	struct arena arena; /**< owns the strings */
	enum dial_state state;
	struct dial_spec spec;
	size_t n_children;
	struct child children[DIAL_NOUNS_MAX];
	struct child *winner; /**< borrowed: one of children; or NULL */
	unsigned early;       /**< leg whose early media is heard; 0 none */
	bool early_tried;     /**< there was one: no second is taken */
	bool align_wanted;    /**< codecs, once the parent is answered */
	bool asked_caller;    /**< … was offered the callee's codec */
	bool asked_callee;    /**< … was offered the caller's codec */
	uint64_t bridged_ms;  /**< 0 = never */
	struct dial_keys caller_keys, callee_keys; /**< by INFO; not saved */
	char recording[SID_SIZE];                  /**< RE… or "" */
	bool canceled;                             /**< the caller went away */
	enum call_status status;   /**< DialCallStatus, when OVER */
	unsigned sip;              /**< best final response; 0 = none */
	struct refusal refusal;    /**< of FAILED, where it was one of ours */
	const struct child *shown; /**< borrowed: child of DialCallSid; NULL */
};

/** @return NULL when memory ran out. Strings of @p spec are copied. */
struct dial *dial_alloc(const struct dial_spec *spec);
void dial_free(struct dial *dial); /**< NULL is a no-op */

/** Begin; DIAL_OVER at once when nothing can be called. */
enum dial_state dial_start(struct call *call, struct step *st);

/** Feed an event; it may concern none of its legs. */
enum dial_state dial_step(struct call *call, struct step *st);

/** The caller is gone: end all. */
void dial_stop(struct call *call, struct step *st);

/** Send what waited for the media. */
void dial_settle(struct call *call, struct step *st);

struct child *dial_child(struct dial *dial, const char *sid); /**< or NULL */

/** Has the parent heard, or shall it hear, media of a child (18x)? */
const struct leg *dial_early_leg(const struct call *call);

#endif

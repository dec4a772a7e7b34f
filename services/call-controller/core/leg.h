/*
 * leg.h - one SIP leg, UAC or UAS (RFC 3261 sections 12 to 15)
 *
 *              INVITE                1xx                 2xx
 *     INIT ──────────► CALLING ──────────► EARLY ──────────► CONFIRMED
 *       │                 │ │                │ │                 │ BYE
 *       │                 │ └── hang up ─────┘ └── refused ─┐    │
 *       │                 ▼                                ▼    ▼
 *       └──────────► TERMINATING ─────────────────────► TERMINATED
 *
 * Owns the ugly truths so that nobody else has to: 2xx crossing CANCEL, BYE
 * crossing BYE, CANCEL before any provisional, forked dialogs, BYE before the
 * ACK, re-INVITE glare, late offers, session timers.
 */
#ifndef CC_CORE_LEG_H
#define CC_CORE_LEG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sid.h"
#include "keys.h"
#include "offer.h"
#include "refresh.h"
#include "step.h"

enum leg_state {
	LEG_INIT,
	LEG_CALLING,
	LEG_EARLY,
	LEG_CONFIRMED,
	LEG_TERMINATING, /**< CANCEL or BYE is under way, or held back */
	LEG_TERMINATED
};

enum { LEG_NO_HOST = 13254 }; /* alert: of an edge that found no address */
enum { LEG_RETRY_AFTER_S = 5 };
enum { LEG_GUARD_MS = 40000 }; /* above 64*T1 = 32 s */
/* RFC 3263 4.3 would wait for 64*T1. The INVITE leaves four times by then. */
enum { LEG_SILENT_MS = 4000 };

struct leg {
	unsigned id;
	bool uas;
	char sid[SID_SIZE];    /**< CallSid that it belongs to */
	char callid[SID_SIZE]; /**< of a UAC leg */
	enum leg_state state;
	enum leg_state said; /**< state at the end of the last good step */
	unsigned status;     /**< last final response of the INVITE; 0 none */
	uint32_t unusable;   /**< code of what is wrong with the SDP of its 2xx,
	                       *   which counts as 488, or of its ACK; or 13254:
	                       *   its host has no address to call; 0 = nothing */
	bool provisional;    /**< UAC: a 1xx came, CANCEL is allowed */
	bool canceled;       /**< UAC: CANCEL was sent */
	bool ack_pending;    /**< UAS: 2xx sent, no ACK yet */
	bool bye_held;       /**< BYE waits for that ACK */
	bool answer_in_ack;  /**< the ACK carries the answer to our offer */
	bool answer_sent;    /**< UAS: a 18x carried our answer */
	bool early_media;    /**< UAC: a 18x carried an answer */
	bool reliable;       /**< UAS: Require: 100rel */
	bool reoffering;     /**< our re-INVITE is under way */
	bool reoffer_wanted; /**< one more when that is done */
	unsigned target;     /**< UAC: index of the target that it calls */
	bool again;          /**< UAC: sent again with a longer timer (422) */
	enum sdp_codec wish; /**< of the re-INVITE to be sent */
	struct offer media;
	struct refresh refresh;
	struct keys keys; /**< that its phone pressed lately */
	uint64_t refresh_at, expire_at, glare_at, guard_at; /**< timers */

	struct arena arena;
	const char *tag;       /**< remote; "" until known */
	const char *source_ip; /**< RTP may also come from here, or "" */
	bool any_source;
	bool loops; /**< its far end is a leg of ours: an own number */
	const struct pair *headers; /**< of the last final response or BYE */
	size_t n_headers;
};

/** @p sid and @p callid are copied. @return NULL when memory ran out */
struct leg *leg_alloc(unsigned id, const char *sid, bool uas,
                      const char *callid, uint64_t session_id);
void leg_free(struct leg *leg);

/** RTP may also come from @p ip, where its signalling comes from; "" = not
 *  known. Copied. */
void leg_set_source(struct leg *leg, const char *ip);

const char *leg_state_name(enum leg_state state);

/** Send the INVITE. @p invite: all but sid, callid, sdp and session timer;
 *  @p like: its peer, whose codecs come first in the offer, the chosen one
 *  before the others; NULL = ours come first.
 *  @p min_se from a 422, else 0 */
void leg_invite(struct leg *leg, const struct cmd_invite *invite,
                const struct offer *like, uint32_t min_se, struct step *st);

/** UAC, after leg_invite(): there is somebody else to call. LEG_SILENT when no
 *  response at all comes in LEG_SILENT_MS; the leg is given up by then. */
void leg_doubt(struct leg *leg, struct step *st);

/** UAS: 180, or 183 with our answer when @p early. */
void leg_ring(struct leg *leg, bool early, enum sdp_codec wish,
              struct step *st);

/** UAS: 200 with our answer, or our offer when the INVITE had none. */
void leg_answer(struct leg *leg, enum sdp_codec wish,
                const struct session_timer *request, struct step *st);

/** UAS: final response; the leg is over. @p error_code 0 = none */
void leg_refuse(struct leg *leg, unsigned status, uint32_t error_code,
                const char *text, struct step *st);

/** UAS: 503 with Retry-After, for want of something of ours; the leg is over. */
void leg_unavailable(struct leg *leg, struct step *st);

/** End it in the way that its state allows. Nothing when it is ending. */
void leg_hangup(struct leg *leg, struct step *st);

/** UAC: is it ending before any response to its INVITE came? */
bool leg_silent(const struct leg *leg);

/** Offer again, now or as soon as that is allowed: @p wish before what was
 *  agreed, or that alone (SDP_CODECS). */
void leg_reoffer(struct leg *leg, enum sdp_codec wish, struct step *st);

/** Is a re-INVITE of ours under way, or still to be sent? */
bool leg_reoffer_open(const struct leg *leg);

/** Feed an event that names this leg. */
enum leg_outcome leg_step(struct leg *leg, struct step *st);

/** After an adoption: start the timers again. */
void leg_resume(struct leg *leg, struct step *st);

#endif

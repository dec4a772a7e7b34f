/*
 * call.h - one call: the parent's leg, its TwiML, and the legs it dials
 *
 *     RINGING ──answer──► IN PROGRESS ──hang-up──► ENDING ──last leg──► ENDED
 *        └──────────── rejected, cancelled ───────────┘
 *
 * Owns all its legs, the running document and the Dial. Pure: no I/O, no
 * clock, no log, no randomness but the seed that it is given.
 *
 *     call_alloc(&call, &start);
 *     step(EV_START) …  each event: call_step(call, &ev, out), then execute
 *     out->v[0..n), in order; when the last is CMD_END: call_free(call)
 *
 * One step at a time; an event that the call does not expect is ignored.
 * After CMD_END the shell lets its transactions run out: an INVITE without any
 * response is cancelled when one comes, and a 2xx that still comes for one of
 * the legs is ACKed and followed by BYE.
 */
#ifndef CC_CORE_CALL_H
#define CC_CORE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sid.h"
#include "io.h"

enum { SEED_SIZE = 32 };

struct call;
struct outgoing_spec;

/** Everything known about the INVITE that makes a call, or about the call that
 *  the API wants; strings are copied, NULL is "" but for sdp. */
struct call_start {
	const char *sid;     /**< CA… of the parent, made by the shell    */
	const char *session; /**< MS…                                     */
	uint8_t seed[SEED_SIZE]; /**< from the system's random source, fresh
	                          *   for each call: sids of children, Call-IDs
	                          *   and retry delays come from it           */
	const char *account_sid;

	const char *public_url; /**< of rest-api: RecordingUrl begins so */
	const char *voice_url;  /**< of the domain or number; "" = none      */
	const char *voice_method;
	const char *document; /**< runs without that anybody is asked; or "" */
	const char *fallback_url;
	const char *fallback_method;
	const char *status_callback_url;
	const char *status_callback_method;

	const char *direction;  /**< "inbound", which "" means too, or
	                        *   "outbound-api"                            */
	const char *parent_sid; /**< of a call that was a child, or ""        */
	const struct outgoing_spec *outgoing; /**< whom to call; NULL: it came
	                                       *   in. Not kept              */
	const char *from; /**< "sip:user@domain", or the caller of a carrier  */
	const char *to;   /**< "sip:user@domain", or +E.164; of an outgoing call
	                 *   as its `to` is normalised                        */
	const char *caller_name; /**< display name that a carrier said, or "" */
	const char *number_sid; /**< PN… of an outgoing call, or ""          */
	const char *forwarded_from; /**< who diverted it to us, or ""  */
	const char *domain;         /**< SIP domain; "" = from a carrier   */
	const char *domain_sid;     /**< SD… or ""                         */
	const char *username;       /**< that authenticated, or ""         */
	const char *default_caller_id; /**< of the domain, or ""              */
	const char *carrier;   /**< BY… or ""                         */
	bool any_media_source; /**< of that carrier                   */

	const char *callid;
	const char *source_ip;      /**< of the signalling                    */
	const struct pair *headers; /**< X-* and User-to-User, as sent        */
	size_t n_headers;
	const char
		*sdp; /**< NULL = none: we make the offer (RFC 3261 13.3.1.4) */
	size_t sdp_len;
	unsigned max_forwards; /**< as received, > 0; 70 when absent          */
	unsigned depth;        /**< X-Trestle-Depth; 0 when absent            */
	unsigned tree_used;    /**< of TREE_MAX: what it may not use; 0 when
	                        *   it began by itself                        */
	bool requires_100rel;  /**< Require: 100rel                           */
	struct session_timer session_timer;
	uint64_t created_ms; /**< of a call that waited; 0 = now             */
	unsigned limit_s;    /**< it ends so long after its answer, as a trial's
	                   *   does (13805); 0 = never                      */
};

enum { TREE_MAX = 50 }; /* calls to own numbers that one leads to, at a time */

/**
 * Make a call. Nothing happens before the step with EV_START.
 *
 * @return 0, ENOMEM, E2BIG (a string over its limit), or EINVAL (whom the API
 *         wants to call can not be called)
 */
int call_alloc(struct call **callp, const struct call_start *start);
void call_free(struct call *call); /**< NULL is a no-op */

/**
 * The only place where a call changes. Resets @p out first. When memory ran
 * out in the step, the call is ended cleanly: final response, CANCEL or BYE
 * for each leg, CMD_MEDIA_RELEASE, CMD_STATUS, CMD_END.
 */
void call_step(struct call *call, const struct event *ev, struct commands *out);

/** After CMD_DETACH: the call that the leg has now, which the caller owns. */
struct call *call_take_detached(struct call *call);

bool call_ended(const struct call *call); /**< CMD_END was issued */
bool call_over(const struct call *call);  /**< nothing but legs is left */

/** Is this leg ending, or gone? */
bool call_leg_ending(const struct call *call, unsigned leg);
const char *call_sid(const struct call *call);
const char *call_account_sid(const struct call *call);
const char *call_session(const struct call *call); /**< MS… */
bool call_answered(const struct call *call);       /**< parent in progress */

/** For the step log: "IN_PROGRESS"; a static string */
const char *call_state_name(const struct call *call);

/** CallSid of a leg: the parent's, or of the child that it rings for; "" when
 *  there is no such leg. */
const char *call_leg_sid(const struct call *call, unsigned leg);

/* ---- save and restore ------------------------------------------------ */

enum { FIELDS_MAX = 4096 };

enum field_group {
	FIELD_CALL, /**< more fields of `call:{CA…}`; key = ""                */
	FIELD_LEG, /**< `call:{CA…}:legs`; key = number of the leg, "1"      */
	FIELD_TWIML /**< `call:{CA…}:twiml`; key = ""                         */
};

struct field {
	enum field_group group;
	const char *key;
	const char *name;
	const char *value;
};

struct fields {
	size_t n;
	bool failed;
	struct arena arena; /**< owns the strings */
	struct field v[FIELDS_MAX];
};

void fields_init(struct fields *f);
void fields_close(struct fields *f);

/**
 * Write down the whole call as words (for CMD_SAVE). All is derived from the
 * call; a group is to be replaced as a whole. Replaces what @p f held.
 *
 * @return 0 or ENOMEM
 */
int call_save(const struct call *call, struct fields *f);

/**
 * Make the call again out of what call_save() wrote, in any order. Then step
 * it with EV_RESTORED: it starts its timers again, puts its media session,
 * asks again what was asked (under the same key), and ends what can not go on.
 * The shell has made its dialogs anew before that step.
 *
 * @param seed fresh, as in call_start
 * @return 0, ENOMEM, or EINVAL (fields are missing or make no sense)
 */
int call_restore(struct call **callp, const struct fields *f,
                 const uint8_t seed[SEED_SIZE]);

#endif

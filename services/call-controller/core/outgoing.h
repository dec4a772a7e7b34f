/*
 * outgoing.h - the parent of a call that the API placed
 *
 *     QUEUED ─► RINGING ─answer─► KEYS ─► DETECTING ─► DONE: the document runs
 *        └─────────┴── failed, timeout, canceled ──► the call is over
 *
 * Whom it calls is a child like that of a noun: an AoR forks, carriers fail
 * over. The leg that answers becomes the parent's, and from then on the call
 * is like any other.
 */
#ifndef CC_CORE_OUTGOING_H
#define CC_CORE_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "child.h"
#include "recording.h"

struct call;
struct call_start;
struct step;

enum { OUTGOING_DETECT_SLACK_MS = 10000 };    /* for the relay to tell */
enum { OUTGOING_TWIML_BYTES_MAX = 4 * 4000 }; /* contract 6.4: characters */

/** What the API asked for; strings are copied, none is NULL */
struct outgoing_spec {
	const char *to;       /**< +E.164, or a SIP URI with ?headers        */
	const char *caller;   /**< user part of From                         */
	const char *username; /**< answers a challenge; "" = none            */
	const char *password; /**< never logged, never saved                 */
	const char *carrier; /**< only over this one, BY…; "" = any         */
	const char *twiml;   /**< the document; "" = voice_url is asked     */
	const char *send_digits; /**< keys after the answer; then nobody is
	                          *   detected                               */
	unsigned timeout_s;      /**< of ringing */
	unsigned time_limit_s;   /**< from the answer on */
	unsigned events;         /**< NOTIFY_* of the status callback */
	bool record;             /**< the whole call */
	bool verification;       /**< it asks whose number `to` is */
	struct recording_spec recording;
	struct detect detect;
	bool detect_async;   /**< the document is not waited with */
	const char *amd_url; /**< is told then; "" = nobody */
	const char *amd_method;
};

enum outgoing_phase {
	OUTGOING_QUEUED, /**< nothing is dialled yet */
	OUTGOING_RINGING,
	OUTGOING_KEYS,      /**< answered: send_digits are sent */
	OUTGOING_DETECTING, /**< who answered is found out */
	OUTGOING_DONE
};

struct outgoing {
	struct arena arena; /**< owns the strings */
	enum outgoing_phase phase;
	struct child child; /**< whom it calls; its sid is the call's */
	const char *twiml, *send_digits;
	unsigned timeout_s, time_limit_s;
	unsigned events;
	bool record, detect_async;
	struct recording_spec recording;
	char recording_sid[SID_SIZE]; /**< of the whole call, or "" */
	uint32_t recording_ms;        /**< its length, once it has ended */
	bool completed_held; /**< the last callback waits for its length */
};

/** @return 0, ENOMEM, or EINVAL: `to` can not be called */
int outgoing_alloc(struct outgoing **op, const struct call_start *start);
void outgoing_free(struct outgoing *o); /**< NULL is a no-op */

/** EV_START */
void outgoing_start(struct call *call, struct step *st);

/** Is the document still to come? Then events are for outgoing_step(). */
bool outgoing_busy(const struct call *call);
void outgoing_step(struct call *call, struct step *st);

/** EV_MACHINE of its leg. @return false when it is about another one */
bool outgoing_machine(struct call *call, struct step *st);

/** Send what waited for the media, or for the end of the recording. */
void outgoing_settle(struct call *call, struct step *st);

/** Its document is another one: whatever comes before it is left. */
void outgoing_leave(struct call *call, struct step *st);

/** The call ends with this status: stop what rings. */
void outgoing_stop(struct call *call, enum call_status status, struct step *st);

/** From its child: this is its status now. */
void outgoing_status(struct call *call, enum call_status status,
                     struct step *st);

/** Is this child the one of the parent itself? */
bool outgoing_is(const struct call *call, const struct child *child);

#endif

/*
 * child.h - one child call: from a noun of a Dial to the leg that answered
 *
 *     WAITING ─► RESOLVING ─► READY ─► CALLING ─► SCREENING ─► ANSWERED ─► DONE
 *        └───────────┴──────────┴─────────┴───────────┴───────────────────►┘
 *
 * One noun is one child call. A user of one of our domains rings on all its
 * devices at once (one leg each); carriers are tried one after the other.
 */
#ifndef CC_CORE_CHILD_H
#define CC_CORE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sid.h"
#include "io.h"
#include "leg.h"
#include "status.h"

enum { CHILD_REDIRECTS_MAX = 5 }; /* 3xx followed for one child */

/** Events that a status callback asks for */
enum {
	NOTIFY_INITIATED = 1,
	NOTIFY_RINGING = 2,
	NOTIFY_ANSWERED = 4,
	NOTIFY_COMPLETED = 8
};

/** What stands in a Dial, checked; strings live in the arena of the dial */
enum { NOUN_URIS_MAX = 10 }; /* <Uri> of one <Sip> */

/** Where a <Sip> leads; strings live as those of its noun */
struct noun_uri {
	const char *what;
	const struct pair *headers;
	size_t n_headers;
	const char *username, *password;
};

struct noun {
	enum resolve_kind kind;
	bool sip;         /**< a <Sip>: the action hears DialSip* */
	const char *what; /**< +E.164, or sip: URI without headers */
	const struct pair *headers;
	size_t n_headers;
	const char *username, *password;
	const char *carrier; /**< a number goes over this one only; "" = any */
	const char *status_url, *status_method;
	unsigned events;          /**< NOTIFY_* */
	const char *url, *method; /**< run on its leg before the bridge */
	const char *send_digits;  /**< keys for it before that */
	struct detect detect;     /**< a person or a machine? */
	const char *amd_url, *amd_method; /**< is told */
	bool verification; /**< the call asks whose number it is */
	unsigned refused;  /**< SIP status when it can not be called; 0 = ok */
	struct refusal refusal; /**< … and why; its alert was written */
	size_t n_others;        /**< tried in this order when `what` fails */
	struct noun_uri others[NOUN_URIS_MAX];
};

enum child_state {
	CHILD_WAITING,
	CHILD_RESOLVING,
	CHILD_READY, /**< knows its targets, waits for the media */
	CHILD_CALLING,
	CHILD_SCREENING, /**< answered, but not bridged yet: see screen.h */
	CHILD_ANSWERED,
	CHILD_DONE
};

/** What a step of the child means to the Dial */
enum child_outcome {
	CHILD_NOTHING,
	CHILD_RINGING,
	CHILD_WON,    /**< answered */
	CHILD_FAILED, /**< over, nobody answered */
	CHILD_GONE,   /**< hung up after the answer */
	CHILD_MEDIA   /**< what it said about media changed */
};

struct child {
	struct arena *arena; /**< borrowed: of its strings */
	char sid[SID_SIZE];
	struct noun noun;
	const char *caller;      /**< user part of its From */
	const char *caller_else; /**< when that may not be shown; or "" */
	bool caller_free;        /**< need not be a number of the account */
	enum child_state state;
	enum call_status status;
	unsigned sip; /**< best final response so far */
	enum resolution resolution;
	const struct target *targets;
	size_t n_targets, next_target;
	unsigned tree_share; /**< it and what it leads to; 0 = no own number */
	unsigned redirects;
	size_t next_uri;            /**< of the noun's others */
	unsigned leg;               /**< that answered; 0 = none */
	struct refusal refusal;     /**< the last that was told as an alert */
	const char *carrier;        /**< of the leg that is called */
	const char *callid;         /**< of the last leg, or of the winner */
	const struct pair *headers; /**< X- of its last response or BYE */
	size_t n_headers;
	struct program *program; /**< while SCREENING, else NULL */
	bool screened_out;       /**< did not get through its screening */
	bool detecting;          /**< the relay finds out who answered */
	char answered_by[24]; /**< … "human", "machine_start"; "" unknown */
	unsigned notified;    /**< SequenceNumber of the next callback */
	bool hung_up;         /**< its phone ended it, not we */
	bool moved;           /**< it is a call of its own now */
	uint64_t start_ms, ring_ms, answer_ms, end_ms;
	uint64_t dialled_ms; /**< its first INVITE was sent; 0 = not yet */
};

struct call;
struct program;

/** Nobody yet; strings are "". @p arena lives longer than it. */
void child_init(struct child *child, struct arena *arena);

/** When its dialling began: 0 = not yet, and of one that ended undialled its
 *  beginning */
uint64_t child_dialled_ms(const struct child *child, enum call_status status);

void child_start(struct call *call, struct child *child, struct step *st);

/** EV_RESOLVED for this child. */
enum child_outcome child_on_resolved(struct call *call, struct child *child,
                                     struct step *st);

/** Send the INVITEs when the media is ready. */
void child_settle(struct call *call, struct child *child, struct step *st);

/** What happened to one of its legs (st->leg, st->outcome). */
enum child_outcome child_on_leg(struct call *call, struct child *child,
                                struct step *st);

/** End it, with this status unless it was answered. */
void child_stop(struct call *call, struct child *child, enum call_status status,
                struct step *st);

bool child_live(const struct child *child);      /**< has or gets a relay leg */
const char *child_to(const struct child *child); /**< To of webhooks */

#endif

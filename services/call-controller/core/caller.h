/*
 * caller.h - who a child call sees calling (callerId)
 *
 * A SIP URI may be shown any caller. The phone network is shown numbers of
 * the account only (CMD_RESOLVE checks them), or, when a carrier brought the
 * parent call, its caller or callee as they came.
 */
#ifndef CC_CORE_CALLER_H
#define CC_CORE_CALLER_H

#include <stdbool.h>

#include "io.h"

struct arena;
struct call;
struct child;

/** Who dials, and what is known of the call whose document does */
struct caller_facts {
	enum resolve_kind kind;
	const char *wish;              /**< callerId; "" = none           */
	const char *from, *to;         /**< of the call                   */
	const char *default_caller_id; /**< of its domain; "" = none      */
	bool by_phone;                 /**< it came in on a domain        */
};

struct caller_choice {
	const char *caller;
	const char *other; /**< when that may not be shown; "" = nobody  */
	bool free;         /**< need not be a number of the account      */
};

/** @return false when nobody may be shown to the phone network */
bool caller_pick(struct arena *a, const struct caller_facts *facts,
                 struct caller_choice *out);

enum { CALLER_ID_MAX = 64 }; /* bytes of a callerId */
enum { CALLER_SIZE = 128 };

/** Of a call that the API places, which knows what may be shown: the user part of
 *  its CallerId, else of its From. */
void caller_of_api(const char *caller_id, const char *from,
                   char out[CALLER_SIZE]);

/** Whom a callee of this kind is shown, when the first is a number of the
 *  account or not. @return NULL: nobody, caller_refusal */
const char *caller_shown(enum resolve_kind kind,
                         const struct caller_choice *choice, bool owned);

struct resolved_refusal;
/** Is this no callerId at all, whoever is called? @return NULL: it can be one */
const struct resolved_refusal *caller_wrong(const char *wish);

/** Of a caller that may not be shown */
extern const struct resolved_refusal caller_refusal;

/** Of caller_pick(): that callerId, or when it is "" the From of the call, is no
 *  number; static. */
const struct resolved_refusal *caller_nobody(const char *wish);

/**
 * Set the caller of a child of the running Dial: its callerId, else the user
 * part of the parent's From, else the default of the domain.
 *
 * @return false when nobody may be shown to the phone network
 */
bool caller_choose(struct call *call, struct child *child);

#endif

/*
 * webhook.h - what applications are asked and told, and with which parameters
 */
#ifndef CC_CORE_WEBHOOK_H
#define CC_CORE_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io.h"

struct call;
struct child;
struct step;
struct next;
struct recording;

enum { PARAMS_MAX = 128 }; /* of one request */

/** Parameters with unique names, in the arena of a step */
struct params {
	struct arena *arena;
	struct pair *v;
	size_t n;
};

void params_init(struct params *p, struct step *st);

/** Add one; a name that is there already keeps its value. Strings that live
 *  shorter than the step must be copied before. */
void params_add(struct params *p, const char *name, const char *value);

/** Add those headers that applications see: X-* and User-to-User, the name
 *  after @p prefix ("SipHeader_"). Repeated headers are joined by commas. */
void params_add_headers(struct params *p, const char *prefix,
                        const struct pair *headers, size_t n);

/**
 * Ask for a document: call->next says where, relative to the present one.
 * @return 0, or when the URL is none the code of the alert that was issued:
 *         11100, or 15004 where a document without a URL has a relative action
 */
uint32_t webhook_fetch(struct call *call, const struct next *next,
                       struct step *st);

/** The same document from the fallback URL, with ErrorCode and ErrorUrl.
 *  @return false when there is none, or this was it */
bool webhook_fetch_fallback(struct call *call, uint32_t error_code,
                            struct step *st);

/** Ask again after an adoption, under the same key. */
void webhook_fetch_again(struct call *call, struct step *st);

/** @return the whole URL of an action, in the arena of the step; NULL when it is
 *  none: an alert was issued */
const char *webhook_action(struct call *call, const char *action,
                           struct step *st);

/** Tell an action URL something whose answer does not matter. */
void webhook_tell(struct call *call, const struct next *next, struct step *st);

/** Status callback of the parent, for its present status: of a domain or number
 *  once, when the call is over; of an outgoing call when it asked for it. */
void webhook_parent(struct call *call, struct step *st);

/** recordingStatusCallback: "in-progress" "completed" "absent" "failed" */
void webhook_recording(struct call *call, const struct recording *rec,
                       const char *status, struct step *st);

/** transcribeCallback, for EV_TRANSCRIBED */
void webhook_transcription(struct call *call, const struct recording *rec,
                           struct step *st);

/** amdStatusCallback: who answered was found out */
void webhook_machine(struct call *call, const struct child *child,
                     struct step *st);

/** Status callback of a noun, when it asked for this event. */
void webhook_child(struct call *call, struct child *child, struct step *st);

#endif

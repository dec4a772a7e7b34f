/*
 * status.h - SIP status, CallStatus and DialCallStatus, as tables
 */
#ifndef CC_CORE_STATUS_H
#define CC_CORE_STATUS_H

#include <stdbool.h>

enum call_status {
	STATUS_QUEUED,
	STATUS_INITIATED, /**< shown to callbacks only */
	STATUS_RINGING,
	STATUS_IN_PROGRESS,
	STATUS_COMPLETED,
	STATUS_BUSY,
	STATUS_NO_ANSWER,
	STATUS_FAILED,
	STATUS_CANCELED
};

const char *status_name(enum call_status s); /**< "in-progress" */

/** Read a name. @return false when there is no such status */
bool status_parse(const char *name, enum call_status *s);

bool status_final(enum call_status s);

/** What a child call is after this final response to its INVITE. */
enum call_status status_of_sip(unsigned sip);

/** The final response to a caller that was never answered, after the call
 *  that it made came to this: @p sip is the child's final response, or 0. */
unsigned status_to_caller(enum call_status child, unsigned sip);

/** May another carrier do better? After 5xx, 408 and other failures of the
 *  way; not when it was the callee who spoke (busy, declined, no such number). */
bool status_try_next(unsigned sip);

/** Of several final responses choose the best one (RFC 3261 16.7 step 6): is
 *  @p a better than @p b? 0 is worse than all. */
bool status_better(unsigned a, unsigned b);

const char *status_reason(unsigned sip); /**< "Busy Here" */

#endif

/*
 * control.h - a live call is changed by the API
 *
 * Each of these events has one answer, CMD_REPLY, which tells whether the state
 * allowed it. What is refused changes nothing.
 */
#ifndef CC_CORE_CONTROL_H
#define CC_CORE_CONTROL_H

#include <stdbool.h>

#include "status.h"

struct call;
struct recording_spec;
struct step;

/** EV_CHANGE; "" and 0 change nothing. No string is NULL. */
struct call_change {
	const char *sid;          /**< the parent's, or a child's */
	const char *url, *method; /**< leave what runs for this document, … */
	const char *twiml;        /**< … or for this one */
	const char *status;       /**< "canceled" "completed" */
	const char *fallback_url, *fallback_method;
	const char *status_url, *status_method;
	unsigned time_limit_s; /**< from the answer on */
};

/** EV_RECORD */
struct record_change {
	const char *sid;       /**< of the call: the parent's, or a child's */
	const char *recording; /**< RE…; "Twilio.CURRENT": the only one */
	const struct recording_spec *spec; /**< begin so; else NULL */
	const char *status; /**< "in-progress" "paused" "stopped"; or "" */
	bool skip;          /**< a pause leaves no silence */
};

/** Is a call of this status ended as @p c asks for? Who tells it again to end, since
 *  the first answer was lost, is not told an error. */
bool control_is_so(const struct call_change *c, enum call_status status);

void control_change(struct call *call, struct step *st);
void control_record(struct call *call, struct step *st);

#endif

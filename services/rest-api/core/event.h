/*
 * event.h - a request to the API as the request inspector keeps it
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_EVENT_H
#define API_CORE_EVENT_H

struct fields;

/** Of one that changed a call */
struct event {
	const char *time; /**< ISO 8601 */
	const char *url;
	const struct fields *params; /**< of a POST */
	unsigned status;
	const char *body; /**< of the answer; JSON */
};

/**
 * A line of JSON, as webhook-fetchers write them (proto/README.md, `request:<CA…>`).
 * Passwords are shown as three asterisks.
 *
 * @return owned by the caller; NULL when memory ran out
 */
char *event_line(const struct event *event);

#endif

/*
 * status.c - SIP status, CallStatus and DialCallStatus, as tables
 *
 * Pure.
 */
#include "status.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
	[STATUS_QUEUED] = "queued",       [STATUS_INITIATED] = "initiated",
	[STATUS_RINGING] = "ringing",     [STATUS_IN_PROGRESS] = "in-progress",
	[STATUS_COMPLETED] = "completed", [STATUS_BUSY] = "busy",
	[STATUS_NO_ANSWER] = "no-answer", [STATUS_FAILED] = "failed",
	[STATUS_CANCELED] = "canceled",
};

/* What a final response means. `rank`: the best response of a fork has the
 * lowest; `next`: another carrier is tried after it. */
struct meaning {
	unsigned sip;
	enum call_status status;
	unsigned rank;
	bool next;
	const char *reason;
};

// clang-format off
static const struct meaning meanings[] = {
	/* sip  status            rank  next   reason */
	{200, STATUS_COMPLETED,   0,    false, "OK"},
	{600, STATUS_BUSY,        1,    false, "Busy Everywhere"},
	{603, STATUS_BUSY,        1,    false, "Decline"},
	{607, STATUS_BUSY,        1,    false, "Unwanted"},
	{608, STATUS_FAILED,      2,    false, "Rejected"},
	{604, STATUS_FAILED,      2,    false, "Does Not Exist Anywhere"},
	{606, STATUS_FAILED,      2,    false, "Not Acceptable"},
	{486, STATUS_BUSY,        10,   false, "Busy Here"},
	{480, STATUS_NO_ANSWER,   11,   false, "Temporarily Unavailable"},
	{487, STATUS_NO_ANSWER,   12,   false, "Request Terminated"},
	{404, STATUS_FAILED,      20,   false, "Not Found"},
	{410, STATUS_FAILED,      21,   false, "Gone"},
	{484, STATUS_FAILED,      22,   false, "Address Incomplete"},
	{488, STATUS_FAILED,      30,   true,  "Not Acceptable Here"},
	{408, STATUS_NO_ANSWER,   40,   true,  "Request Timeout"},
	{430, STATUS_NO_ANSWER,   41,   true,  "Flow Failed"},
	{403, STATUS_FAILED,      31,   true,  "Forbidden"},
	{401, STATUS_FAILED,      32,   true,  "Unauthorized"},
	{407, STATUS_FAILED,      32,   true,  "Proxy Authentication Required"},
	{415, STATUS_FAILED,      30,   true,  "Unsupported Media Type"},
	{422, STATUS_FAILED,      33,   true,  "Session Interval Too Small"},
	{440, STATUS_FAILED,      33,   true,  "Max-Breadth Exceeded"},
	{481, STATUS_FAILED,      33,   true,  "Call Does Not Exist"},
	{482, STATUS_FAILED,      33,   true,  "Loop Detected"},
	{483, STATUS_FAILED,      33,   true,  "Too Many Hops"},
	{491, STATUS_FAILED,      33,   true,  "Request Pending"},
	{500, STATUS_FAILED,      50,   true,  "Server Internal Error"},
	{503, STATUS_FAILED,      51,   true,  "Service Unavailable"},
	{504, STATUS_FAILED,      50,   true,  "Server Time-out"},
};
// clang-format on

static const struct meaning *find(unsigned sip)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (meanings[i].sip == sip)
			return &meanings[i];
	}
	return NULL;
}

const char *status_name(enum call_status s)
{
	return names[s];
}

bool status_parse(const char *name, enum call_status *s)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(name, names[i]) == 0) {
			*s = (enum call_status)i;
			return true;
		}
	}
	return false;
}

bool status_final(enum call_status s)
{
	return s >= STATUS_COMPLETED;
}

enum call_status status_of_sip(unsigned sip)
{
	const struct meaning *m = find(sip);

	return m ? m->status : STATUS_FAILED;
}

unsigned status_to_caller(enum call_status child, unsigned sip)
{
	switch (child) {
	case STATUS_BUSY: return 486;
	case STATUS_NO_ANSWER:
	case STATUS_CANCELED: return 480;
	case STATUS_FAILED:
	case STATUS_QUEUED:
	case STATUS_INITIATED:
	case STATUS_RINGING:
	case STATUS_IN_PROGRESS:
	case STATUS_COMPLETED: break;
	}
	if (sip == 480) /* nobody is registered */
		return 480;
	return sip == 404 || sip == 604 || sip == 410 || sip == 484 ? 404 : 503;
}

bool status_try_next(unsigned sip)
{
	const struct meaning *m = find(sip);

	return m ? m->next : sip < 600;
}

static unsigned rank_of(unsigned sip)
{
	const struct meaning *m = find(sip);

	if (m)
		return m->rank;
	if (sip >= 600)
		return 2;
	if (sip >= 500)
		return 50;
	return sip ? 35 : 100;
}

bool status_better(unsigned a, unsigned b)
{
	return rank_of(a) < rank_of(b);
}

const char *status_reason(unsigned sip)
{
	const struct meaning *m = find(sip);

	if (m)
		return m->reason;
	if (sip == 180)
		return "Ringing";
	return sip == 183 ? "Session Progress" : "Failure";
}

/*
 * plan.h - the media session that the present state of a call wants
 *
 * Who hears whom is not told in small changes: it is worked out whole from
 * the state of the call after each step, and put when it differs from what was
 * put last.
 */
#ifndef CC_CORE_PLAN_H
#define CC_CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sid.h"
#include "io.h"
#include "sdp.h"

struct call;
struct step;

enum { PLAN_LEGS_MAX = 12 }; /* parent and ten children, one to spare */

struct plan_port {
	char sid[SID_SIZE];
	char ip[SDP_IP_SIZE];
	uint16_t port, rtcp_port;
};

struct plan {
	uint64_t version;   /**< last put; 0 = none */
	uint64_t play_id;   /**< of the last prompt */
	bool put;           /**< there is a session at the relay */
	bool failed;        /**< no relay takes it */
	bool again;         /**< put it even when nothing changed */
	struct arena arena; /**< owns what was put last */
	const struct media_leg *last;
	size_t n_last;
	size_t n_recordings;   /**< put last */
	unsigned pauses;       /**< which of them pause, and how */
	char newest[SID_SIZE]; /**< of those */
	size_t n_ports;
	struct plan_port ports[PLAN_LEGS_MAX];
};

void plan_close(struct plan *p);

/** Take EV_MEDIA_READY. */
void plan_ports(struct plan *p, const struct event *ev);

/** Where the relay listens for this CallSid; NULL = not known yet */
const struct plan_port *plan_port(const struct plan *p, const char *sid);

/** Issue CMD_MEDIA when the wanted session is not the one that was put. */
void plan_settle(struct call *call, struct step *st);

/** The call ends: the same legs, silent, and no recording any more. */
void plan_stop(struct call *call, struct step *st);

/** Issue CMD_MEDIA_RELEASE when there is a session. */
void plan_release(struct call *call, struct step *st);

#endif

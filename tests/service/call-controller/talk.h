/*
 * talk.h - one call between alice, who calls, and bob, both behind the edge
 */
#ifndef TALK_H
#define TALK_H

#include <stddef.h>

#include "platform.h"

#define TALK_SDP                                                               \
	"Content-Type: application/sdp\n\n"                                    \
	"v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nc=IN IP4 192.0.2.1\nt=0 0\n"      \
	"m=audio 4000 RTP/AVP 0 101\na=rtpmap:0 PCMU/8000\n"                   \
	"a=rtpmap:101 telephone-event/8000\n"

/** Dials bob, and the caller is answered when he answers */
extern const char talk_dial_bob[];

struct talk {
	char callid[64];   /* of alice */
	char contact[256]; /* of the controller towards alice */
	char tag[64];
	char child_from[256], child_to[256], child_callid[128];
	char child_contact[256];
	char sid[35];
	const char *alice_at, *bob_at; /* where their requests come from;
	                                * NULL: as they did before */
};

/** Forget what came before; the application answers with @p document. */
void talk_reset(struct platform *p, const char *document);

/** alice calls; @p more header lines */
void talk_invite(struct platform *p, struct talk *d, const char *more);

/** In alice's dialog; @p cseq counts on */
void talk_from_alice(struct platform *p, const struct talk *d,
                     const char *method, unsigned cseq, const char *more);
void talk_from_bob(struct platform *p, const struct talk *d, const char *method,
                   unsigned cseq);

/** bob's phone gets its INVITE; it stays the present message. */
void talk_wait_child(struct platform *p, struct talk *d);

/** bob answers the INVITE that is the present message. */
void talk_answer_child(struct platform *p);

/** bob answers the INVITE that is the present message, and so alice is. */
void talk_answer(struct platform *p, struct talk *d);

/** A bridged call: alice and bob talk. */
void talk_bridge(struct platform *p, struct talk *d);

/** The record of the call in Redis says so, now or soon. */
void talk_expect(struct platform *p, const struct talk *d, const char *field,
                 const char *expect);

#endif

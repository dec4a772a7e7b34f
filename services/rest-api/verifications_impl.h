/*
 * verifications_impl.h - shared by verifications*.c only
 */
#ifndef API_VERIFICATIONS_IMPL_H
#define API_VERIFICATIONS_IMPL_H

#include <stdbool.h>

#include "core/fields.h"
#include "core/verification.h"
#include "verifications.h"

struct app;
struct http_request;
struct timer;

struct verifications {
	struct app *app; /* borrowed */
	struct timer *timer;
	struct visit *waiting; /* for a webhook-fetcher */
	struct due *due;       /* calls that are being placed */
};

/* A request about the call of a verification; or what stands for the one of
 * its end, where no call could begin */
struct visit {
	struct visit *next, **at; /* of `waiting`, while it is there */
	struct app *app;
	struct http_request *request; /* NULL = nobody waits */
	enum verification_part part;
	char sid[SID_SIZE];
	char key[VERIFICATION_KEY_SIZE];
	char token[64];            /* of the request: the same when repeated */
	struct fields said, state; /* the body; verification:{CA…} */
};

/** @return NULL: out of memory */
struct visit *visit_alloc(struct app *app, struct http_request *r,
                          const char *call_sid, enum verification_part part);
/** Read the state, then do what the part is about; replies in the end. */
void visit_begin(struct visit *v);
/* Replies: the visit is gone then. */
void visit_reply(struct visit *v, unsigned status, const char *body);
void visit_away(struct visit *v); /**< 503: it is asked again */

/** The call is over: settle the state, tell the StatusCallback. */
void verification_ended(struct visit *v);

#endif

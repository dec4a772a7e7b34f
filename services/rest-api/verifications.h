/*
 * verifications.h - caller ids that their owner proves by a call (contract 6.6)
 *
 *     resources/caller_id_verify.c ─► verification:{CA…} ─► CallCreate
 *                                       ▲   │ status, tries
 *     /verifications/CA…  ──────────────┘   └─► caller-id:<PN…>, StatusCallback
 *
 * The call is one like any other; the documents that it runs are served here, on
 * the internal port only: nobody but a webhook-fetcher tells which keys were
 * pressed. All that is known of it is in Redis, so that any rest-api goes on.
 */
#ifndef API_VERIFICATIONS_H
#define API_VERIFICATIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sid.h"
#include "bus/bus.h"

struct app;
struct fields;
struct http_request;
struct verifications;

enum { VERIFICATION_SECONDS = 3600 }; /* that Redis keeps one */
enum { VERIFICATION_KEY_SIZE = 64 };  /* "verification:{CA…}" */
enum { VERIFICATION_CALL_MS = 5000 }; /* for the reply to a CallCreate */
#define VERIFICATIONS_DUE "verifications:due"

/** @return 0 or ENOMEM */
int verifications_alloc(struct verifications **vp, struct app *app);
/** After records_db_free(); NULL is a no-op */
void verifications_free(struct verifications *all);

/** A request to the internal port. @return whether it is answered here */
bool verifications_serve(struct verifications *all, struct http_request *r);

/** The message that places the call. */
struct verification_call {
	Trestle__Envelope env;
	Trestle__CallCreate create;
	Trestle__Hook voice, status;
	char sid[SID_SIZE];
	char voice_url[512], status_url[512];
	char *events[1];
};

/** @p state is the hash verification:{CA…}, borrowed as long as @p c is used. */
void verification_call_fill(struct verification_call *c,
                            const struct fields *state);

#endif

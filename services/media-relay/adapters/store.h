/*
 * store.h - sessions in Redis, so that a killed relay opens them again
 *
 * `media:{MS…}` is a hash: session version epoch call_sid controller relay
 * sequence updated, `leg.<CallSid>` (JSON), `recording.<RE…>` (JSON) and
 * `event.<sequence>` (JSON, not acknowledged yet); `relay:<instance>:sessions` is the set of those that are
 * open here. Passwords in URLs that are played are in `media:{MS…}:secret`, a
 * hash of CallSid to a list of texts (JSON).
 */
#ifndef MEDIA_ADAPTERS_STORE_H
#define MEDIA_ADAPTERS_STORE_H

#include "app.h"

enum { STORE_EXPIRE_S = 86400 };     /* of a session, after its last write */
enum { STORE_ENDED_EXPIRE_S = 600 }; /* of one that was released */

/** Write it as it is now. While Redis is away nothing is lost but figures:
 *  all are written again when it is back. */
void store_write(struct app_session *as);

/** Its last figures. A restart does not open it again, but lets its ports
 *  rest. */
void store_end(struct app_session *as);

/** Take it out of the set: after that a restart does not know it. */
void store_forget(struct app *app, const char *id);

void store_forget_recording(struct app_session *as, const char *sid);
void store_forget_event(struct app_session *as, uint64_t sequence);

/**
 * Read what an earlier life of this instance had open, and app_reopen() it,
 * as soon as Redis is there.
 *
 * @param done called when all is read; not before this returns
 */
void store_restore(struct app *app, void (*done)(void *arg));
void store_close(struct app *app);

#endif

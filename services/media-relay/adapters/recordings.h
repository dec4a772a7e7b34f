/*
 * recordings.h - recordings in Redis
 *
 * `recording:{RE…}` is a hash: sid account_sid call_sid source status channels
 * track duration length_ms size start_time date_created date_updated
 * error_code date_deleted; `recordings:{AC…}` and `recordings:{CA…}` are sorted sets of the
 * sids, by start.
 */
#ifndef MEDIA_ADAPTERS_RECORDINGS_H
#define MEDIA_ADAPTERS_RECORDINGS_H

#include "app.h"

struct writer_event;

/** As it is now; sets `saved` when an end is there. What fails is written
 *  again when Redis is back. */
void recordings_write(struct app *app, struct session_recording *r);

/** Those of a session that are not saved. */
void recordings_write_all(struct app_session *as);

/** It is about to be freed. */
void recordings_cancel(struct app *app, const struct session_recording *r);

/** An earlier life left it: say what it is, if it is known at all. */
void recordings_found(struct app *app, const struct writer_event *ev);

#endif

/*
 * outbox.h - MediaEvents to the controller of a session, until acknowledged
 */
#ifndef MEDIA_ADAPTERS_OUTBOX_H
#define MEDIA_ADAPTERS_OUTBOX_H

#include "app.h"

enum { OUTBOX_TIMEOUT_MS = 1000 };
enum { OUTBOX_BACKOFF_MS = 250, OUTBOX_BACKOFF_MAX_MS = 2000 };

int outbox_init(struct app_session *as); /**< @return 0 or ENOMEM */
void outbox_close(struct app_session *as);

/** Send the oldest event that waits, unless it is under way. They go one by
 *  one, so that digits arrive in the order in which they were dialled. */
void outbox_send(struct app_session *as);

#endif

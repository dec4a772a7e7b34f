/*
 * recording.h - recordings of the legs of a worker; inside of adapters/ only
 *
 *   tap of a leg --> recorder --> a second of samples --> writer
 *
 * The main thread has had its file opened before; whatever ends one, the writer
 * is told, and tells the main thread.
 */
#ifndef MEDIA_ADAPTERS_RECORDING_H
#define MEDIA_ADAPTERS_RECORDING_H

#include "adapters/plane.h"

struct worker;
struct worker_leg;

/** These are the recordings of the session: others end. */
void recordings_apply(struct worker *w, struct plane_session *s,
                      const struct plane_recording *list, size_t n);

/** The leg is about to be closed: those of it end. */
void recordings_end(struct worker_leg *wl);

/** The process ends: what they have is written, and they go on in its next
 *  life. */
void recordings_leave(struct plane_session *s);

#endif

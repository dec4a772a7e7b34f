/*
 * app_recordings.h - recordings: from SessionPut to a file with a name
 *
 *   SessionPut --> open the file --> record --> close it --> tell
 *                  (writer)          (worker)   (writer)
 *
 * The end of a recording is told when its file is there to be fetched.
 */
#ifndef MEDIA_APP_RECORDINGS_H
#define MEDIA_APP_RECORDINGS_H

#include "app.h"

enum { APP_ERROR_RECORDING = 12400 }; /* contract 7.2: internal failure */

/** @return 0 or an errno */
int app_recordings_init(struct app *app);
void app_recordings_close(struct app *app); /**< after the plane */

/** Can these be had? @return NULL, or what is wrong with them */
const char *app_recordings_problem(const struct app_put *put);

/** Make it so, after the legs are. */
void app_recordings_put(struct app_session *as, const struct app_put *put);

/** A session of an earlier life is open again, or was released. */
void app_recordings_reopen(struct app_session *as);

/** All sessions are reopened: what is left belongs to nobody. */
void app_recordings_restored(struct app *app);

/** The first frame of one came. */
void app_recordings_begun(struct app_session *as, uint32_t file);

/** Are there files that are not finished yet, or not in Redis? */
bool app_recordings_pending(const struct app_session *as);

/** The session is about to be freed. */
void app_recordings_forget(struct app_session *as);

/** Remove one for good: RecordingDelete. */
void app_recordings_delete(struct app *app, const struct bus_return *from,
                           const char *sid);

#endif

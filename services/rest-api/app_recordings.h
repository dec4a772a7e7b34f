/*
 * app_recordings.h - the Recording resource over HTTP
 *
 *   path --> account's token --> recording:{RE…} --> JSON
 *                                                --> file, or part of it
 *                                                --> converter --> file
 *                                                --> media-relay removes it
 */
#ifndef API_APP_RECORDINGS_H
#define API_APP_RECORDINGS_H

#include "app.h"

struct http_request;

/** @return 0 or an errno */
int app_recordings_init(struct app *app, const struct settings *settings);
void app_recordings_close(struct app *app); /**< answers what is open */

/** @return false: its path is not one of a recording */
bool app_recordings_serve(struct app *app, struct http_request *r);

#endif

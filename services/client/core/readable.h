/*
 * readable.h - what the API says for programs, for people
 *
 * Pure: no I/O.
 */
#ifndef CLIENT_CORE_READABLE_H
#define CLIENT_CORE_READABLE_H

#include <jansson.h>

enum { READABLE_TIME_SIZE = 32 };

/** One object or an array of them: the alert_text of an alert,
 *  "ErrorCode=…&Msg=…&source=…", becomes its members text, source and
 *  http_response. Others stay as they are. */
void readable(json_t *json);

/** "Mon, 30 Nov 2026 17:37:36 +0000" and "2026-11-30T17:37:36Z" as
 *  "2026-11-30 17:37:36"; "" when it is neither. */
void readable_time(const char *time, char out[READABLE_TIME_SIZE]);

#endif

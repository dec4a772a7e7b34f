/*
 * record.h - a leg, a recording and an event of a session as JSON, both ways
 */
#ifndef MEDIA_ADAPTERS_RECORD_H
#define MEDIA_ADAPTERS_RECORD_H

#include "core/session.h"

/** @return owned by the caller, free() it; NULL when memory ran out */
char *record_leg(const struct session_leg *leg);
char *record_recording(const struct session_recording *r);
char *record_event(const struct session_event *ev);

/** The texts of what it is played, when record_leg() hides passwords in them: a
 *  JSON list. @return as above; NULL also when nothing is hidden */
char *record_secret(const struct session_leg *leg);

/** Put back what was hidden of the leg @p name, that was read.
 *  @return 0, EINVAL (it is of another list) or ENOMEM */
int record_read_secret(struct session *s, const char *name, const char *json);

/** Add what @p json says to the session. @return 0, EINVAL or ENOMEM */
int record_read_leg(struct session *s, const char *json);
int record_read_recording(struct session *s, const char *json);
int record_read_event(struct session *s, const char *json);

#endif

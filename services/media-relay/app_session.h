/*
 * app_session.h - what the files of app_*.c share
 */
#ifndef MEDIA_APP_SESSION_H
#define MEDIA_APP_SESSION_H

#include "app.h"

/** A session of this process, without legs; takes @p s over.
 *  @return NULL when memory ran out: @p s is still the caller's */
struct app_session *app_session_add(struct app *app, struct session *s);

/** The plane closed it: answer those that wait, keep it a while. */
void app_session_released(struct app_session *as);

void app_session_free(struct app_session *as);

/* --- app_legs.c ------------------------------------------------------------ */

/**
 * Open ports for what is new among the wanted legs.
 *
 * @param out one for each wanted leg; the sockets of the new ones
 * @return 0, EAGAIN (no port is free) or another errno; then nothing is open
 *         that was not before
 */
int app_legs_open(struct app_session *as, const struct app_put *put,
                  struct plane_leg *out);

/** Take the wish of an open leg into its record and into @p out. */
void app_legs_fill(const struct app *app, struct session_leg *leg,
                   const struct leg_spec *spec, struct plane_leg *out);

/** What a leg hears of tones and prompts; NULL: none of that name, or none */
const struct clip *app_legs_clip(const struct app *app,
                                 const struct leg_spec *spec);

#endif

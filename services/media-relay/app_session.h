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

/** Take the i-th wish for an open leg into its record and into @p out. */
void app_legs_fill(struct app_session *as, struct session_leg *leg,
                   struct app_put *put, size_t i, struct plane_leg *out);

/* --- app_plays.c ----------------------------------------------------------- */

/**
 * What a leg is to hear, ready to be played. What can not be is in it as a
 * broken clip.
 *
 * @param plays of SOURCE_LIST, else NULL
 * @return NULL when memory ran out or there is no such tone or prompt
 */
struct playlist *app_plays_list(struct app_session *as,
                                const struct leg_spec *spec,
                                const struct plays *plays);

/** Begin to load what will probably be heard. */
void app_plays_prefetch(struct app_session *as, const struct leg_spec *spec,
                        const struct plays *plays);

/** Is there a tone or prompt as SOURCE_RINGING and SOURCE_FILE name it? */
bool app_plays_known(struct app *app, const struct leg_spec *spec);

/* --- app_listen.c ---------------------------------------------------------- */

/** What is said on a leg is understood from now on, as its spec says, or not
 *  any more. Takes @p order over; NULL when nobody listens. */
void app_listen_apply(struct app_session *as, const struct session_leg *leg,
                      struct listen_order *order);

/** The leg ends. */
void app_listen_stop(struct app_session *as, uint32_t leg);

/** The plane heard a part of it. */
void app_listen_heard(struct app_session *as, const struct plane_event *ev);

/** Nobody listens to the session any more. */
void app_listen_close(struct app_session *as);

#endif

/*
 * control_plays.h - the lists of plays of a SessionPut; inside of control.c
 */
#ifndef MEDIA_ADAPTERS_CONTROL_PLAYS_H
#define MEDIA_ADAPTERS_CONTROL_PLAYS_H

#include "app.h"
#include "envelope.pb-c.h"

/** Read those of the i-th leg. @return NULL, or what is wrong with them */
const char *control_read_plays(struct app_put *put, size_t i,
                               const Trestle__MediaLeg *m);

/** What was not taken, and the arrays */
void control_free_plays(struct app_put *put);

#endif

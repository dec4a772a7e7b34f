/*
 * app_session.h - what app.c and app_session.c share
 */
#ifndef MEDIA_APP_SESSION_H
#define MEDIA_APP_SESSION_H

#include "app.h"

/** The plane closed it: answer those that wait, keep it a while. */
void app_session_released(struct app_session *as);

void app_session_free(struct app_session *as);

#endif

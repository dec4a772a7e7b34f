/*
 * speak.h - requests to speak, from the bus to their audio
 */
#ifndef SPEECH_SPEAK_H
#define SPEECH_SPEAK_H

#include "bus/bus.h"

struct app;

enum { SPEAK_OPEN_MAX = 4000 };       /* requests that wait for audio */
enum { SPEAK_PIECE_MAX = 64 * 1024 }; /* bytes of audio in a reply */

void speak_on_request(struct app *app, const struct bus_return *from,
                      const Trestle__Envelope *env);

/** No request is answered any more. */
void speak_close(struct app *app);

#endif

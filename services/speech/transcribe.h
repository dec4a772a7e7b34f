/*
 * transcribe.h - recordings to text
 */
#ifndef SPEECH_TRANSCRIBE_H
#define SPEECH_TRANSCRIBE_H

#include "bus/bus.h"

struct app;

enum { TRANSCRIBE_FILE_MAX = 16 * 1024 * 1024 }; /* bytes */
enum { TRANSCRIBE_SECONDS_MAX = 125 }; /* TwiML <Record transcribe>: 120 */
enum { TRANSCRIBE_OPEN_MAX = 100 };

void transcribe_on_request(struct app *app, const struct bus_return *from,
                           const Trestle__Envelope *env);

/** No request is answered any more. */
void transcribe_close(struct app *app);

#endif

/*
 * hear.h - what callers say, from the bus to text
 */
#ifndef SPEECH_HEAR_H
#define SPEECH_HEAR_H

#include "bus/bus.h"

struct app;

enum { HEAR_PIECE_MAX = 64 * 1024 };  /* bytes of audio in a request */
enum { HEAR_OPEN_MAX = 64 };          /* requests of one that wait */
enum { HEAR_SECONDS_MAX = 65 };       /* of an utterance; TwiML: 60 */
enum { HEAR_SILENCE_MS = 10 * 1000 }; /* without a request it is forgotten */
enum { HEAR_ID_SIZE = 128 };

void hear_on_request(struct app *app, const struct bus_return *from,
                     const Trestle__Envelope *env);

/** Forget those that nobody asks for any more. */
void hear_sweep(struct app *app);

/** No request is answered any more. */
void hear_close(struct app *app);

#endif

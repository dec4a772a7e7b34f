/*
 * call_control.h - what a call-controller is asked to do with calls
 */
#ifndef API_RESOURCES_CALL_CONTROL_H
#define API_RESOURCES_CALL_CONTROL_H

#include <stdbool.h>

#include "bus/bus.h"

struct ask;
struct param_error;

enum { CALL_BAD_TWIML = 21618 };
enum { CALL_TWIML_TOO_LONG = 32018, CALL_URL_AND_TWIML = 32019 };
enum { CALL_BAD_EVENT = 21626 };
enum { CALL_EVENTS_MAX = 16 };  /* words of one list of events */
enum { CALL_WORDS_SIZE = 256 }; /* bytes of them */

/**
 * Send @p env, about this call, to a controller; the Call as its record then
 * shows it is the answer: created, or as it is now.
 */
void call_control(struct ask *q, Trestle__Envelope *env, const char *call_sid,
                  bool created);

/** A field of the draft as protobuf-c wants it: it only reads what it packs. */
char *call_text(struct ask *q, const char *field);
uint32_t call_number(const struct ask *q, const char *field);
/** @return NULL when there is no URL in @p field */
Trestle__Hook *call_hook(struct ask *q, Trestle__Hook *hook, const char *field,
                         const char *method_field);

/** The words of a parameter that may be said several times, or hold several.
 *  @return how many of @p out; they live in @p text, of @p size bytes */
size_t call_words(const struct ask *q, const char *param, char *text,
                  size_t size, char *out[CALL_EVENTS_MAX]);

/** What a CallRecording points to */
struct call_recording_parts {
	Trestle__Hook hook;
	char text[CALL_WORDS_SIZE];
	char *events[CALL_EVENTS_MAX];
};

/** Fill it in of the draft's fields recording_channels, recording_track, trim,
 *  recording_url and recording_method, and of RecordingStatusCallbackEvent. */
void call_recording(struct ask *q, Trestle__CallRecording *r,
                    struct call_recording_parts *parts);

/** May it be the document of a call? "" may, for it is none.
 *  @return false when it has more than 4000 characters of UTF-8, or is no TwiML */
bool call_twiml_check(const char *twiml, struct param_error *error);

#endif

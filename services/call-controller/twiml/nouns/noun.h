/*
 * noun.h - what may stand inside <Dial>, read into a struct noun
 */
#ifndef CC_TWIML_NOUN_H
#define CC_TWIML_NOUN_H

#include <stdbool.h>

#include "core/child.h"
#include "core/route.h"
#include "twiml/verb.h"

struct call;
struct step;
struct twiml_node;

/** The attributes that all nouns share */
struct noun_callback {
	const char *url;
	const char *method;
	const char *events;
};

/** Rows of the attribute table for them; @p type has a field `callback` */
// clang-format off
#define NOUN_CALLBACK_ATTRS(type, method_code) \
	{"statusCallback", ATTR_STRING, 0, offsetof(type, callback.url), "", 0, 0}, \
	{"statusCallbackMethod", ATTR_METHOD, method_code, offsetof(type, callback.method), "POST", 0, 0}, \
	{"statusCallbackEvent", ATTR_STRING, 0, offsetof(type, callback.events), "completed", 0, 0}
// clang-format on

/** What happens on its leg before and beside the bridge */
struct noun_screen {
	const char *url, *method;
	const char *send_digits;
	int detection; /* 0 = none, 1 = Enable, 2 = DetectMessageEnd */
	int timeout, speech, speech_end, silence;
	const char *amd_url, *amd_method;
};

/** Rows of the attribute table for it; @p type has a field `screen` */
// clang-format off
#define NOUN_SCREEN_ATTRS(type, method_code, digits_code) \
	{"url", ATTR_STRING, 0, offsetof(type, screen.url), "", 0, 0}, \
	{"method", ATTR_METHOD, method_code, offsetof(type, screen.method), "POST", 0, 0}, \
	{"sendDigits", ATTR_DIGITS, digits_code, offsetof(type, screen.send_digits), "", 0, 0}, \
	{"machineDetection", ATTR_WORD, 12200, offsetof(type, screen.detection), " Enable DetectMessageEnd", 0, 0}, \
	{"machineDetectionTimeout", ATTR_INT, 12200, offsetof(type, screen.timeout), "30", 3, 60}, \
	{"machineDetectionSpeechThreshold", ATTR_INT, 12200, offsetof(type, screen.speech), "2400", 1000, 6000}, \
	{"machineDetectionSpeechEndThreshold", ATTR_INT, 12200, offsetof(type, screen.speech_end), "1200", 500, 5000}, \
	{"machineDetectionSilenceTimeout", ATTR_INT, 12200, offsetof(type, screen.silence), "5000", 2000, 10000}, \
	{"amdStatusCallback", ATTR_STRING, 0, offsetof(type, screen.amd_url), "", 0, 0}, \
	{"amdStatusCallbackMethod", ATTR_METHOD, 12200, offsetof(type, screen.amd_method), "POST", 0, 0}
// clang-format on

/** Fill it in; what is wrong is told by a warning. */
void noun_set_screen(struct noun *noun, const struct noun_screen *screen,
                     const struct twiml_node *node, struct call *call,
                     struct step *st);

/** Fill in the callback of @p noun; what is wrong is told by a warning. */
void noun_set_callback(struct noun *noun, const struct noun_callback *callback,
                       const struct twiml_node *node, struct call *call,
                       struct step *st);

/** Fill in where @p noun leads; what is wrong is told by a warning. */
void noun_set_route(struct noun *noun, const struct route *route,
                    const struct twiml_node *node, struct call *call,
                    struct step *st);

extern const struct attr noun_number_attrs[], noun_sip_attrs[];
extern const struct element noun_sip_children[];

void noun_number(struct noun *noun, const struct twiml_node *node,
                 struct call *call, struct step *st);
void noun_sip(struct noun *noun, const struct twiml_node *node,
              struct call *call, struct step *st);

#endif

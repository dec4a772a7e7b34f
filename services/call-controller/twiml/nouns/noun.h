/*
 * noun.h - what may stand inside <Dial>, read into a struct noun
 */
#ifndef CC_TWIML_NOUN_H
#define CC_TWIML_NOUN_H

#include <stdbool.h>

#include "core/child.h"
#include "core/route.h"

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

/** Fill in the callback of @p noun; what is wrong is told by a warning. */
void noun_set_callback(struct noun *noun, const struct noun_callback *callback,
                       const struct twiml_node *node, struct call *call,
                       struct step *st);

/** Fill in where @p noun leads; what is wrong is told by a warning. */
void noun_set_route(struct noun *noun, const struct route *route,
                    const struct twiml_node *node, struct call *call,
                    struct step *st);

void noun_number(struct noun *noun, const struct twiml_node *node,
                 struct call *call, struct step *st);
void noun_sip(struct noun *noun, const struct twiml_node *node,
              struct call *call, struct step *st);

#endif

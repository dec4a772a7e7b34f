/*
 * number.c - TwiML <Number> inside <Dial>: a telephone number
 *
 * Pure.
 */
#include "noun.h"

#include <stddef.h>

#include "core/step.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

struct number {
	struct noun_callback callback;
	struct noun_screen screen;
};

// clang-format off
const struct attr noun_number_attrs[] = {
	NOUN_CALLBACK_ATTRS(struct number, 13221),
	NOUN_SCREEN_ATTRS(struct number, 13221, 13222),
	LATER("byoc"),
	{0},
};
// clang-format on

void noun_number(struct noun *noun, const struct twiml_node *node,
                 struct call *call, struct step *st)
{
	struct number number;
	struct route route;

	verb_attributes(noun_number_attrs, &number, node, call, st);
	route_number(&st->out->arena, node->text, &route);
	noun_set_route(noun, &route, node, call, st);
	noun_set_callback(noun, &number.callback, node, call, st);
	noun_set_screen(noun, &number.screen, node, call, st);
}

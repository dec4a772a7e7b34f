/*
 * noun.c - what all nouns of <Dial> share: route and status callback
 *
 * Pure.
 */
#include "noun.h"

#include <string.h>

#include "core/state.h"
#include "twiml/callback.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

static unsigned event_of(const char *s, size_t n)
{
	static const struct {
		const char *name;
		unsigned event;
	} events[] = {
		{"initiated", NOTIFY_INITIATED},
		{"ringing", NOTIFY_RINGING},
		{"answered", NOTIFY_ANSWERED},
		{"completed", NOTIFY_COMPLETED},
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		if (strlen(events[i].name) == n &&
		    memcmp(events[i].name, s, n) == 0)
			return events[i].event;
	}
	return 0;
}

void noun_set_callback(struct noun *noun, const struct noun_callback *callback,
                       const struct twiml_node *node, struct call *call,
                       struct step *st)
{
	const char *s = callback->events;

	noun->status_method = callback->method;
	noun->status_url = callback_url(callback->url, 11100, node, call, st);
	while (*(s += strspn(s, " ,\t\r\n"))) {
		size_t n = strcspn(s, " ,\t\r\n");
		unsigned event = event_of(s, n);

		if (!event)
			verb_warn(call, st, 12200, node,
			          "statusCallbackEvent has no event %.*s",
			          n < 40 ? (int)n : 40, s);
		noun->events |= event;
		s += n;
	}
	if (!noun->events)
		noun->events = NOTIFY_COMPLETED;
}

void noun_set_screen(struct noun *noun, const struct noun_screen *screen,
                     const struct twiml_node *node, struct call *call,
                     struct step *st)
{
	noun->url = callback_document(screen->url, 11100, node, call, st);
	noun->method = screen->method;
	noun->send_digits = screen->send_digits;
	noun->amd_url = callback_url(screen->amd_url, 11100, node, call, st);
	noun->amd_method = screen->amd_method;
	noun->detect = (struct detect){
		.wanted = screen->detection > 0,
		.until_end = screen->detection == 2,
		.timeout_ms = (uint32_t)screen->timeout * 1000,
		.speech_ms = (uint32_t)screen->speech,
		.speech_end_ms = (uint32_t)screen->speech_end,
		.silence_ms = (uint32_t)screen->silence,
	};
}

void noun_set_route(struct noun *noun, const struct route *route,
                    const struct twiml_node *node, struct call *call,
                    struct step *st)
{
	noun->kind = route->kind;
	noun->what = route->what;
	noun->headers = route->headers;
	noun->n_headers = route->n_headers;
	noun->refused = route->refused;
	noun->refusal = (struct refusal){route->code, route->text};
	if (route->code)
		verb_warn(call, st, route->code, node, "%.100s: %s",
		          route->what, route->text);
}

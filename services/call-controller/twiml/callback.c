/*
 * callback.c - URLs in attributes: of documents and of callbacks; the
 * recordingStatusCallback that several elements have
 *
 * Pure.
 */
#include "callback.h"

#include <string.h>

#include "core/program.h"
#include "core/recording.h"
#include "core/step.h"
#include "core/url.h"
#include "twiml.h"
#include "verb.h"

static const char *refuse(const char *url, uint32_t code,
                          const struct twiml_node *node, struct call *call,
                          struct step *st)
{
	verb_warn(call, st, code, node, "\"%.100s\" is not a URL", url);
	return "";
}

const char *callback_document(const char *url, uint32_t code,
                              const struct twiml_node *node, struct call *call,
                              struct step *st)
{
	const char *absolute;

	if (!*url)
		return "";
	absolute = url_resolve(&st->out->arena, st->program->interp.url, url);
	return absolute ? absolute : refuse(url, code, node, call, st);
}

const char *callback_url(const char *url, uint32_t code,
                         const struct twiml_node *node, struct call *call,
                         struct step *st)
{
	if (url_absolute(url) && !url_host_valid(url))
		return refuse(url, code, node, call, st);
	return callback_document(url, code, node, call, st);
}

static unsigned event_of(const char *s, size_t n)
{
	static const struct {
		const char *name;
		unsigned event;
	} events[] = {
		{"in-progress", RECORDED_STARTED},
		{"completed", RECORDED_COMPLETED},
		{"absent", RECORDED_ABSENT},
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		if (strlen(events[i].name) == n &&
		    memcmp(events[i].name, s, n) == 0)
			return events[i].event;
	}
	return 0;
}

void callback_read(const struct callback_attrs *attrs,
                   struct recording_spec *spec, const struct twiml_node *node,
                   struct call *call, struct step *st)
{
	const char *s = attrs->events;

	spec->status_method = attrs->method;
	spec->status_url = callback_url(attrs->url, 13256, node, call, st);
	while (*(s += strspn(s, " ,\t\r\n"))) {
		size_t n = strcspn(s, " ,\t\r\n");
		unsigned event = event_of(s, n);

		if (!event)
			verb_warn(call, st, 13621, node,
			          "recordingStatusCallbackEvent has no event "
			          "%.*s",
			          n < 40 ? (int)n : 40, s);
		spec->events |= event;
		s += n;
	}
	if (!spec->events)
		spec->events = RECORDED_COMPLETED;
}

/*
 * event.c - a request to the API as the request inspector keeps it
 *
 * Pure: no I/O.
 */
#include "event.h"

#include <string.h>

#include <jansson.h>

#include "base/mask.h"
#include "base/strbuf.h"
#include "fields.h"

static json_t *masked(const char *text)
{
	struct strbuf b = {0};
	json_t *v;

	(void)mask_add(&b, text);
	v = json_string(strbuf_str(&b));
	strbuf_close(&b);
	return v ? v : json_string("");
}

/* What is said several times is shown with commas. */
static void add_param(json_t *params, const char *name, const char *value)
{
	const json_t *before = json_object_get(params, name);
	json_t *v =
		strstr(name, "Password") ? json_string("***") : masked(value);

	if (before) {
		json_t *both = json_sprintf("%s, %s", json_string_value(before),
		                            json_string_value(v));

		json_decref(v);
		v = both;
	}
	(void)json_object_set_new(params, name, v);
}

char *event_line(const struct event *event)
{
	json_t *params = json_object(), *o;
	char *line;

	for (size_t i = 0; i < event->params->n; i++)
		add_param(params, event->params->v[i].name,
		          event->params->v[i].value);
	o = json_pack("{s:s, s:s, s:o, s:o, s:{}, s:{s:s}, s:i, s:i, s:s, s:s, "
	              "s:s}",
	              "time", event->time, "method", "POST", "url",
	              masked(event->url), "params", params, "request_headers",
	              "response_headers", "Content-Type", "application/json",
	              "status", (int)event->status, "error", 0, "text", "",
	              "content_type", "application/json", "body", event->body);
	line = o ? json_dumps(o, JSON_COMPACT) : NULL;
	json_decref(o);
	return line;
}

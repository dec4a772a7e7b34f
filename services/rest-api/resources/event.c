/*
 * event.c - the request inspector: what applications were asked for a call, and
 *           what they said (contract 6.4)
 *
 * A webhook-fetcher wrote it, newest first.
 */
#include "resources.h"

#include "adapters/records.h"
#include "ask.h"
#include "core/shape.h"
#include "of_call.h"

static json_t *member(const json_t *object, const char *name)
{
	json_t *v = json_object_get(object, name);

	return v ? json_incref(v) : json_null();
}

/* @return NULL when it is none */
static json_t *event_json(const struct ask *q, const char *text)
{
	json_t *r = json_loads(text, 0, NULL), *json = NULL;
	const char *time = json_string_value(json_object_get(r, "time"));

	(void)q;
	if (time)
		json = json_pack(
			"{s:{s:o, s:o, s:o, s:o}, "
			"s:{s:o, s:o, s:o, s:o, s:o, s:o}}",
			"request", "method", member(r, "method"), "url",
			member(r, "url"), "parameters", member(r, "params"),
			"headers", member(r, "request_headers"), "response",
			"headers", member(r, "response_headers"),
			"response_code", member(r, "status"),
			"request_duration", member(r, "ms"), "content_type",
			member(r, "content_type"), "response_body",
			member(r, "body"), "date_created", shape_date(time));
	json_decref(r);
	return json;
}

static void on_texts(void *arg, int err, const char *const *texts, size_t n)
{
	if (err)
		ask_fail_errno(arg, err);
	else
		of_call_list(arg, "events", texts, n, event_json);
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	(void)key;
	if (of_call_is_own(arg, err, call))
		of_call_texts(arg, "request:", on_texts);
}

void events_list(struct ask *q)
{
	of_call_find(q, on_call);
}

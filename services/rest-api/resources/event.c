/*
 * event.c - the request inspector: what applications were asked for a call, and
 *           what they said (contract 6.4)
 *
 * A webhook-fetcher wrote it, newest first.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "core/error.h"
#include "core/shape.h"
#include "of_call.h"

enum { KEY_SIZE = 64 };

static json_t *member(const json_t *object, const char *name)
{
	json_t *v = json_object_get(object, name);

	return v ? json_incref(v) : json_null();
}

/* @return NULL when it is none */
static json_t *event_json(const char *text)
{
	json_t *r = json_loads(text, 0, NULL), *json = NULL;
	const char *time = json_string_value(json_object_get(r, "time"));

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
	struct ask *q = arg;
	json_t *list = json_array();

	if (err) {
		json_decref(list);
		ask_fail_errno(q, err);
		return;
	}
	for (size_t i = 0; i < n && i < q->page.size; i++) {
		json_t *json = event_json(texts[i]);

		if (json)
			(void)json_array_append_new(list, json);
	}
	/* Requests have no sids, pages are counted; a next page has a token. */
	ask_list(q, "events", list, n > q->page.size ? ask_part(q, 0) : NULL);
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	struct ask *q = arg;
	char list[KEY_SIZE];

	(void)key;
	if (!of_call_is_own(q, err, call))
		return;
	(void)snprintf(list, sizeof(list), "request:%s", ask_part(q, 0));
	err = records_texts(q->app->db, list, q->page.number * q->page.size,
	                    q->page.size + 1, on_texts, q);
	if (err)
		ask_fail_errno(q, err);
}

void events_list(struct ask *q)
{
	of_call_find(q, on_call);
}

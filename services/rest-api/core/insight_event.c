/*
 * insight_event.c - Voice Insights of a call: its events
 *
 * Pure: no I/O.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "insight.h"
#include "shape.h"
#include "store/time.h"

/* @param more of the edge; taken over */
static void add(const struct fields *call, const char *when,
                const char *const words[3], json_t *more, json_t *list)
{
	json_t *json;

	if (!time_parse(when)) {
		json_decref(more);
		return;
	}
	json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "timestamp",
	                 when, "call_sid", fields_text(call, "sid"),
	                 "account_sid", fields_text(call, "account_sid"),
	                 "edge", insight_edge(call), "group", words[0], "level",
	                 words[1], "name", words[2]);
	insight_add_edges(call, json, more);
	(void)json_array_append_new(list, json);
}

static json_t *whole(const struct fields *call, const char *name)
{
	return json_integer(
		(json_int_t)strtoull(fields_text(call, name), NULL, 10));
}

void insight_add_progress(const struct fields *call, json_t *list)
{
	const char *start = fields_text(call, "start_time");
	const char *state = insight_state(fields_text(call, "status"));
	const char *pdd = fields_text(call, "pdd_ms");
	char rang[TIME_TEXT_SIZE];

	add(call, start, (const char *[]){"call", "INFO", "initiated"},
	    json_object(), list);
	if (*pdd && time_parse(start)) {
		time_text(time_parse(start) + strtoull(pdd, NULL, 10), rang);
		add(call, rang, (const char *[]){"call", "INFO", "ringing"},
		    json_pack("{s:o}", "pdd_ms", whole(call, "pdd_ms")), list);
	}
	add(call, fields_text(call, "answer_time"),
	    (const char *[]){"call", "INFO", "answered"}, json_object(), list);
	if (*fields_text(call, "end_time") && state)
		add(call, fields_text(call, "end_time"),
		    (const char *[]){"call",
		                     strcmp(state, "fail") == 0 ? "ERROR"
		                                                : "INFO",
		                     state},
		    json_pack("{s:o, s:o}", "disconnected_by",
		              shape_text(fields_text(call, "disconnected_by")),
		              "last_sip_response_num",
		              whole(call, "sip_status")),
		    list);
}

void insight_add_alert(const struct fields *call, const struct fields *alert,
                       json_t *list)
{
	bool error = strcmp(fields_text(alert, "level"), "error") == 0;

	add(call, fields_text(alert, "time"),
	    (const char *[]){"alert", error ? "ERROR" : "WARNING",
	                     fields_text(alert, "code")},
	    json_pack("{s:o, s:o}", "text",
	              shape_text(fields_text(alert, "text")), "url",
	              shape_text(fields_text(alert, "url"))),
	    list);
}

void insight_add_request(const struct fields *call, const char *request,
                         json_t *list)
{
	json_t *r = json_loads(request, 0, NULL);
	const char *when = json_string_value(json_object_get(r, "time"));
	json_int_t error = json_integer_value(json_object_get(r, "error"));
	static const char *const names[] = {"method", "url", "status", "ms"};
	json_t *more = json_object();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *v = json_object_get(r, names[i]);

		(void)json_object_set_new(more, names[i],
		                          v ? json_incref(v) : json_null());
	}
	add(call, when ? when : "",
	    (const char *[]){"request", error ? "ERROR" : "INFO",
	                     error ? "failed" : "done"},
	    more, list);
	json_decref(r);
}

struct row {
	const char *when;
	json_t *event; /* borrowed */
};

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->when, y->when);
}

json_t *insight_sort(json_t *list)
{
	size_t n = json_array_size(list);
	struct row *rows = calloc(n + 1, sizeof(*rows));
	json_t *out = json_array();

	for (size_t i = 0; rows && i < n; i++) {
		rows[i].event = json_array_get(list, i);
		rows[i].when = json_string_value(
			json_object_get(rows[i].event, "timestamp"));
	}
	if (rows)
		qsort(rows, n, sizeof(*rows), compare);
	for (size_t i = 0; rows && i < n; i++)
		(void)json_array_append(out, rows[i].event);
	free(rows);
	json_decref(list);
	return out;
}

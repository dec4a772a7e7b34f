/*
 * insight.c - Voice Insights: summaries, metrics and events of calls
 *             (contract 9.1)
 *
 * All from what is kept of a call anyway: its record, the figures of its
 * media-relay, its requests and its alerts.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "adapters/stream.h"
#include "ask.h"
#include "core/error.h"
#include "core/insight.h"
#include "core/shape.h"
#include "crud.h"
#include "insight.h"
#include "of_call.h"
#include "store/time.h"

enum { KEY_SIZE = 64, URL_SIZE = 400, REQUESTS_MAX = 50, ALERTS_SHOWN = 200 };

static const struct shape no_shape[] = {{0}};

static void more(json_t *json, const struct fields *call)
{
	json_t *summary = insight_summary(call);

	(void)json_object_update(json, summary);
	json_decref(summary);
}

static void show(const struct ask *q, json_t *json, const struct fields *call)
{
	char base[ASK_BASE_SIZE], url[URL_SIZE];

	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url), "%s/v1/Voice/%.34s/Summary", base,
	               fields_text(call, "sid"));
	(void)json_object_set_new(json, "url", json_string(url));
}

const struct resource call_summary_resource = {
	.name = "CallSummary",
	.plural = "call_summaries",
	.prefix = "CA",
	.family = "call:{",
	.tail = "}",
	.index = "calls:{%s}",
	.shape = no_shape,
	.more = more,
	.show = show,
};

/* --- one call ----------------------------------------------------------------------- */

/* Its record is in q->was. */
static void with_call(struct ask *q, int err, const struct fields *call,
                      void (*next)(struct ask *q))
{
	if (!of_call_is_own(q, err, call))
		return;
	fields_merge(&q->was, call);
	next(q);
}

static bool is_one_of(struct ask *q, const char *name, const char *words)
{
	const char *value = fields_text(&q->params, name);

	if (!*value || fields_has_word(words, value))
		return true;
	ask_fail(q, ERROR_PARAMETER, name);
	return false;
}

/* --- the resource itself ------------------------------------------------------------- */

static void show_call(struct ask *q)
{
	static const char *const links[] = {"annotation", "events", "metrics",
	                                    "summary"};
	static const char *const paths[] = {"Annotation", "Events", "Metrics",
	                                    "Summary"};
	char base[ASK_BASE_SIZE], url[URL_SIZE], link[URL_SIZE + 16];
	json_t *all = json_object();

	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url), "%s/v1/Voice/%.34s", base,
	               ask_part(q, 0));
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		(void)snprintf(link, sizeof(link), "%s/%s", url, paths[i]);
		(void)json_object_set_new(all, links[i], json_string(link));
	}
	ask_ok(q, "Call",
	       json_pack("{s:s, s:s, s:o}", "sid", ask_part(q, 0), "url", url,
	                 "links", all));
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	(void)key;
	with_call(arg, err, call, show_call);
}

void insights_fetch(struct ask *q)
{
	of_call_find(q, on_call);
}

/* --- summary ------------------------------------------------------------------------- */

static void on_annotation(void *arg, int err, const char *key,
                          const struct fields *annotation)
{
	struct ask *q = arg;
	json_t *json;

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	json = crud_show(q, &q->was);
	if (annotation->n)
		(void)json_object_set_new(json, "annotation",
		                          annotation_json(q, annotation));
	ask_ok(q, "CallSummary", json);
}

static void show_summary(struct ask *q)
{
	const char *wanted = fields_text(&q->params, "ProcessingState");
	bool ended = *fields_text(&q->was, "end_time") != '\0';
	char key[KEY_SIZE];
	int err;

	if (*wanted && (strcmp(wanted, "complete") == 0) != ended) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	(void)snprintf(key, sizeof(key), "annotation:{%s}", ask_part(q, 0));
	err = records_get(q->app->db, key, on_annotation, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_summary(void *arg, int err, const char *key,
                       const struct fields *call)
{
	(void)key;
	with_call(arg, err, call, show_summary);
}

void insights_summary(struct ask *q)
{
	if (is_one_of(q, "ProcessingState", "partial complete"))
		of_call_find(q, on_summary);
}

/* --- metrics ------------------------------------------------------------------------- */

static void list_metrics(struct ask *q, const char *when)
{
	const char *way = fields_text(&q->params, "Direction");
	const char *edge = fields_text(&q->params, "Edge");
	json_t *list = json_array();

	for (int inbound = 1; inbound >= 0; inbound--) {
		json_t *m = insight_metric(&q->was, inbound, when);

		if (m &&
		    (!*way || strcmp(way, "both") == 0 ||
		     strcmp(way, inbound ? "inbound" : "outbound") == 0) &&
		    (!*edge || strcmp(edge, insight_edge(&q->was)) == 0))
			(void)json_array_append(list, m);
		json_decref(m);
	}
	if (q->page.number > 0)
		(void)json_array_clear(list);
	ask_list(q, "metrics", list, NULL);
}

/* As its media-relay wrote it down last */
static void on_live(void *arg, int err, const char *key,
                    const struct fields *media)
{
	struct ask *q = arg;
	char name[KEY_SIZE];

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	(void)snprintf(name, sizeof(name), "leg.%s", ask_part(q, 0));
	insight_take_live(&q->was, fields_text(media, name));
	list_metrics(q, fields_text(media, "updated"));
}

static void show_metrics(struct ask *q)
{
	const char *end = fields_text(&q->was, "end_time");
	const char *session = fields_text(&q->was, "session");
	char key[KEY_SIZE];
	int err;

	if (*end || !*session) {
		list_metrics(q, end);
		return;
	}
	(void)snprintf(key, sizeof(key), "media:{%.40s}", session);
	err = records_get(q->app->db, key, on_live, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_metrics(void *arg, int err, const char *key,
                       const struct fields *call)
{
	(void)key;
	with_call(arg, err, call, show_metrics);
}

static const char edges[] =
	"unknown_edge carrier_edge sip_edge sdk_edge client_edge";

void insights_metrics(struct ask *q)
{
	if (is_one_of(q, "Edge", edges) &&
	    is_one_of(q, "Direction", "unknown inbound outbound both"))
		of_call_find(q, on_metrics);
}

/* --- events -------------------------------------------------------------------------- */

static void answer_events(struct ask *q, json_t *all)
{
	const char *edge = fields_text(&q->params, "Edge");
	size_t from = q->page.number * q->page.size, n;
	json_t *page = json_array();

	if (*edge && strcmp(edge, insight_edge(&q->was)) != 0)
		(void)json_array_clear(all);
	all = insight_sort(all);
	n = json_array_size(all);
	for (size_t i = from; i < n && i < from + q->page.size; i++)
		(void)json_array_append(page, json_array_get(all, i));
	json_decref(all);
	/* Events have no sids, pages are counted; a next page has a token. */
	ask_list(q, "events", page,
	         n > from + q->page.size ? ask_part(q, 0) : NULL);
}

/* The requests are in q->draft, one a field. */
static void on_alerts(void *arg, int err, const struct records *alerts)
{
	struct ask *q = arg;
	json_t *all;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	all = json_array();
	insight_add_progress(&q->was, all);
	for (size_t i = 0; i < q->draft.n; i++)
		insight_add_request(&q->was, q->draft.v[i].value, all);
	for (size_t i = 0; i < alerts->n; i++)
		insight_add_alert(&q->was, &alerts->v[i], all);
	answer_events(q, all);
}

static void on_requests(void *arg, int err, const char *const *texts, size_t n)
{
	struct ask *q = arg;
	char stream[KEY_SIZE];
	const struct records_filter filter = {"call_sid", TEST_IS,
	                                      ask_part(q, 0)};
	const struct page page = {.size = ALERTS_SHOWN};
	const struct records_query query = {
		.index = stream,
		.account_sid = ask_account(q),
		.from = time_parse(fields_text(&q->was, "date_created")),
		.filters = &filter,
		.n_filters = 1,
		.page = &page,
	};

	if (!err) {
		for (size_t i = 0; i < n; i++)
			fields_add(&q->draft, "request", texts[i]);
		(void)snprintf(stream, sizeof(stream), "alerts:{%s}",
		               ask_account(q));
		err = stream_list(q->app->db, &query, NULL, on_alerts, q);
	}
	if (err)
		ask_fail_errno(q, err);
}

static void show_events(struct ask *q)
{
	char list[KEY_SIZE];
	int err;

	(void)snprintf(list, sizeof(list), "request:%s", ask_part(q, 0));
	err = records_texts(q->app->db, list, 0, REQUESTS_MAX, on_requests, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_events(void *arg, int err, const char *key,
                      const struct fields *call)
{
	(void)key;
	with_call(arg, err, call, show_events);
}

void insights_events(struct ask *q)
{
	if (is_one_of(q, "Edge", edges))
		of_call_find(q, on_events);
}

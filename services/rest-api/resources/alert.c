/*
 * alert.c - what went wrong: Notifications, Alerts and refused SIP requests
 *           (contract 6.4, 7.1, 7.3)
 *
 * Three views of one stream, `alerts:{AC…}`. The sid of an entry is its place in
 * the stream, so it is found without an index.
 */
#include "resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "adapters/stream.h"
#include "ask.h"
#include "base/form.h"
#include "base/strbuf.h"
#include "core/alert.h"
#include "core/error.h"
#include "core/shape.h"
#include "crud.h"
#include "of_call.h"

enum { KEY_SIZE = 64, URL_SIZE = 400, REQUESTS_MAX = 50 };

// clang-format off
static const struct shape notification[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"api_version", SHAPE_LITERAL, "2010-04-01"},
	{"call_sid", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, "time"},
	{"date_updated", SHAPE_DATE, "time"},
	{"message_date", SHAPE_DATE, "time"},
	{"error_code", SHAPE_TEXT, "code"},
	{"log", SHAPE_TEXT, NULL},
	{"message_text", SHAPE_TEXT, NULL},
	{"more_info", SHAPE_TEXT, NULL},
	{"request_method", SHAPE_TEXT, "method"},
	{"request_url", SHAPE_TEXT, "url"},
	{0},
};

static const struct shape alert[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"api_version", SHAPE_LITERAL, "2010-04-01"},
	{"resource_sid", SHAPE_TEXT, "call_sid"},
	{"service_sid", SHAPE_NULL, NULL},
	{"date_created", SHAPE_ISO, "time"},
	{"date_generated", SHAPE_ISO, "time"},
	{"date_updated", SHAPE_ISO, "time"},
	{"error_code", SHAPE_TEXT, "code"},
	{"log_level", SHAPE_TEXT, "level"},
	{"alert_text", SHAPE_TEXT, "message_text"},
	{"more_info", SHAPE_TEXT, NULL},
	{"request_method", SHAPE_TEXT, "method"},
	{"request_url", SHAPE_TEXT, "url"},
	{0},
};

static const struct shape rejection[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, "time"},
	{"error_code", SHAPE_TEXT, "code"},
	{"reason", SHAPE_TEXT, "text"},
	{"source", SHAPE_TEXT, NULL},
	{"user", SHAPE_TEXT, NULL},
	{"domain", SHAPE_TEXT, NULL},
	{"method", SHAPE_TEXT, "sip_method"},
	{"status", SHAPE_INT, "sip_status"},
	{"more_info", SHAPE_TEXT, NULL},
	{0},
};
// clang-format on

/* --- one as JSON ---------------------------------------------------------------- */

static bool is_newer(const struct ask *q)
{
	return q->route->pattern[0] == '/';
}

static bool is_rejections(const struct ask *q)
{
	return strncmp(q->route->pattern, "SIP/", 4) == 0;
}

static bool is_of_call(const struct ask *q)
{
	return strncmp(q->route->pattern, "Calls/", 6) == 0;
}

static const char component_of_documents[] = "12000";

/* "ErrorCode=11200&LogLevel=ERROR&Msg=…&httpResponse=500&url=…"; where no call
 * was, the address that the request came from */
static void add_message(struct fields *f)
{
	bool error = strcmp(fields_text(f, "level"), "error") == 0;
	struct strbuf b = {0};
	char more[80];

	form_add(&b, "ErrorCode", fields_text(f, "code"));
	form_add(&b, "LogLevel", error ? "ERROR" : "WARN");
	form_add(&b, "Msg", fields_text(f, "text"));
	if (*fields_text(f, "status"))
		form_add(&b, "httpResponse", fields_text(f, "status"));
	if (*fields_text(f, "url")) {
		form_add(&b, "url", fields_text(f, "url"));
		form_add(&b, "sourceComponent", component_of_documents);
	}
	if (*fields_text(f, "source"))
		form_add(&b, "source", fields_text(f, "source"));
	(void)snprintf(more, sizeof(more),
	               "https://www.twilio.com/docs/errors/%.10s",
	               fields_text(f, "code"));
	fields_set(f, "message_text", strbuf_str(&b));
	fields_set(f, "more_info", more);
	fields_set(f, "log", error ? "0" : "1");
	strbuf_close(&b);
}

static void add_own_url(const struct ask *q, json_t *json, const char *sid)
{
	char base[ASK_BASE_SIZE], url[URL_SIZE];

	if (is_newer(q)) {
		ask_base(q, base, sizeof(base));
		(void)snprintf(url, sizeof(url), "%s/v1/Alerts/%.34s", base,
		               sid);
		(void)json_object_set_new(json, "url", json_string(url));
		return;
	}
	(void)snprintf(
		url, sizeof(url),
		"/2010-04-01/Accounts/%s/%s%.34s%s%s/%.34s.json",
		ask_account(q), is_of_call(q) ? "Calls/" : "",
		is_of_call(q) ? ask_part(q, 0) : "", is_of_call(q) ? "/" : "",
		is_rejections(q) ? "SIP/Rejections" : "Notifications", sid);
	(void)json_object_set_new(json, "uri", json_string(url));
}

static json_t *entry_json(const struct ask *q, const struct fields *entry)
{
	struct fields all = {0};
	json_t *json;

	fields_merge(&all, entry);
	add_message(&all);
	json = shape_json(is_newer(q)        ? alert
	                  : is_rejections(q) ? rejection
	                                     : notification,
	                  &all);
	add_own_url(q, json, fields_text(&all, "sid"));
	fields_close(&all);
	return json;
}

/* --- lists ---------------------------------------------------------------------- */

static void on_list(void *arg, int err, const struct records *records)
{
	struct ask *q = arg;

	crud_answer_list(q, err, records,
	                 is_newer(q)        ? "alerts"
	                 : is_rejections(q) ? "rejections"
	                                    : "notifications",
	                 entry_json);
}

/* Log=0 and LogLevel=error are the same. @return NULL = any, "" = nonsense */
static const char *level_of(const struct ask *q)
{
	const char *log = fields_text(&q->params, "Log");
	const char *level = fields_text(&q->params, "LogLevel");

	if (is_newer(q)) {
		if (!*level)
			return NULL;
		return fields_has_word("error warning notice debug", level)
		               ? level
		               : "";
	}
	if (!*log)
		return NULL;
	return strcmp(log, "0") == 0   ? "error"
	       : strcmp(log, "1") == 0 ? "warning"
	                               : "";
}

/* @return NULL, or the parameter that is no date */
static const char *read_span(struct ask *q)
{
	struct span start = {0}, end = {0};
	const char *from = fields_text(&q->params, "StartDate");
	const char *until = fields_text(&q->params, "EndDate");

	if (!is_newer(q))
		return dates_filter(&q->params,
		                    is_rejections(q) ? "DateCreated"
		                                     : "MessageDate",
		                    &q->span)
		               ? NULL
		               : "MessageDate";
	if (*from && !dates_read(from, &start))
		return "StartDate";
	if (*until && !dates_read(until, &end))
		return "EndDate";
	q->span = (struct span){start.from, end.until};
	return NULL;
}

static size_t add_filters(struct ask *q, struct records_filter *filters,
                          const char *level)
{
	size_t n = 0;

	if (level)
		filters[n++] = (struct records_filter){"level", TEST_IS, level};
	if (is_of_call(q))
		filters[n++] = (struct records_filter){"call_sid", TEST_IS,
		                                       ask_part(q, 0)};
	if (is_rejections(q)) {
		filters[n++] = (struct records_filter){"call_sid", TEST_IS, ""};
		filters[n++] = (struct records_filter){"source", TEST_NOT, ""};
	}
	return n;
}

static void list_now(struct ask *q)
{
	struct records_filter filters[4];
	char stream[KEY_SIZE];
	const char *level = level_of(q), *wrong = read_span(q);
	struct records_query query = {.index = stream,
	                              .account_sid = ask_account(q),
	                              .from = q->span.from,
	                              .until = q->span.until,
	                              .filters = filters,
	                              .page = &q->page};
	int err;

	if (level && !*level)
		wrong = is_newer(q) ? "LogLevel" : "Log";
	if (wrong) {
		ask_fail(q, ERROR_PARAMETER, wrong);
		return;
	}
	query.n_filters = add_filters(q, filters, level);
	(void)snprintf(stream, sizeof(stream), "alerts:{%s}", ask_account(q));
	err = stream_list(q->app->db, &query, NULL, on_list, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	struct ask *q = arg;

	(void)key;
	if (of_call_is_own(q, err, call))
		list_now(q);
}

void alerts_list(struct ask *q)
{
	if (is_of_call(q))
		of_call_find(q, on_call);
	else
		list_now(q);
}

/* --- one, with the request that went wrong -------------------------------------- */

static void answer_one(struct ask *q, const char *const *texts, size_t n)
{
	json_t *json = entry_json(q, &q->was);

	alert_add_request(json, &q->was, texts, n);
	if (!is_newer(q))
		(void)json_object_del(json, "request_headers");
	ask_ok(q, is_newer(q) ? "Alert" : "Notification", json);
}

static void on_parents(void *arg, int err, const char *const *texts, size_t n)
{
	struct ask *q = arg;

	if (err)
		ask_fail_errno(q, err);
	else
		answer_one(q, texts, n);
}

static int find_requests(struct ask *q, const char *call_sid,
                         records_texts_h *handler)
{
	char list[KEY_SIZE];

	(void)snprintf(list, sizeof(list), "request:%.34s", call_sid);
	return records_texts(q->app->db, list, 0, REQUESTS_MAX, handler, q);
}

static void on_its_call(void *arg, int err, const char *key,
                        const struct fields *call)
{
	struct ask *q = arg;
	const char *parent = err ? "" : fields_text(call, "parent_call_sid");

	(void)key;
	if (!err && *parent)
		err = find_requests(q, parent, on_parents);
	else if (!err)
		answer_one(q, NULL, 0);
	if (err)
		ask_fail_errno(q, err);
}

/* What went wrong with a child call was asked for by its parent's document. */
static void on_requests(void *arg, int err, const char *const *texts, size_t n)
{
	struct ask *q = arg;
	char key[KEY_SIZE];

	if (!err && alert_is_about(&q->was, texts, n)) {
		answer_one(q, texts, n);
		return;
	}
	(void)snprintf(key, sizeof(key), "call:{%.34s}",
	               fields_text(&q->was, "call_sid"));
	if (!err)
		err = records_get(q->app->db, key, on_its_call, q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_one(void *arg, int err, const struct records *records)
{
	struct ask *q = arg;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	if (records->n == 0 ||
	    (is_of_call(q) && strcmp(fields_text(&records->v[0], "call_sid"),
	                             ask_part(q, 0)) != 0)) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	fields_merge(&q->was, &records->v[0]);
	err = find_requests(q, fields_text(&q->was, "call_sid"), on_requests);
	if (err)
		ask_fail_errno(q, err);
}

void alerts_fetch(struct ask *q)
{
	struct page one = {.size = 1};
	char stream[KEY_SIZE];
	const struct records_query query = {
		.index = stream, .account_sid = ask_account(q), .page = &one};
	int err;

	(void)snprintf(stream, sizeof(stream), "alerts:{%s}", ask_account(q));
	err = stream_list(q->app->db, &query, ask_part(q, q->path.n - 1),
	                  on_one, q);
	if (err)
		ask_fail_errno(q, err);
}

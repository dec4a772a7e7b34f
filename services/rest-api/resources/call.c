/*
 * call.c - Calls: what a call-controller wrote of them (contract 6.4, 12)
 *
 * A call is its record `call:{CA…}`; `calls:{AC…}` is the list of an account's,
 * parents and children.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_bus.h"
#include "base/sid.h"
#include "core/error.h"
#include "crud.h"
#include "of_call.h"
#include "store/time.h"

enum { LIVE = 20009, CONTROL_MS = 5000 };
/* The list is sorted by when a call was made; its start, when it is dialled, is no
 * more than that later. */
enum { QUEUED_MS = 3600 * 1000 };

static const char states[] =
	"queued ringing in-progress completed busy failed no-answer canceled";

// clang-format off
static const struct resource_filter filters[] = {
	{"To", "to", TEST_IS},
	{"From", "from", TEST_IS},
	{"ParentCallSid", "parent_call_sid", TEST_IS},
	{"Status", "status", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static const struct resource_date dates[] = {
	{"StartTime", "start_time", 1, QUEUED_MS},
	{"EndTime", "end_time", 0, 0},
	{NULL, NULL, 0, 0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"parent_call_sid", SHAPE_TEXT, NULL},
	{"to", SHAPE_STRING, NULL},
	{"to_formatted", SHAPE_PHONE, "to"},
	{"from", SHAPE_STRING, NULL},
	{"from_formatted", SHAPE_PHONE, "from"},
	{"phone_number_sid", SHAPE_TEXT, NULL},
	{"status", SHAPE_TEXT, NULL},
	{"start_time", SHAPE_DATE, NULL},
	{"end_time", SHAPE_DATE, NULL},
	{"duration", SHAPE_TEXT, NULL},
	{"price", SHAPE_TEXT, NULL},
	{"direction", SHAPE_TEXT, NULL},
	{"answered_by", SHAPE_TEXT, NULL},
	{"api_version", SHAPE_LITERAL, "2010-04-01"},
	{"forwarded_from", SHAPE_TEXT, NULL},
	{"group_sid", SHAPE_TEXT, NULL},
	{"caller_name", SHAPE_TEXT, NULL},
	{"trunk_sid", SHAPE_TEXT, NULL},
	{"uri", SHAPE_URI, "/Calls/{sid}.json"},
	{"subresource_uris", SHAPE_LINKS, "/Calls/{sid}: notifications recordings payments events siprec streams transcriptions user_defined_message_subscriptions user_defined_messages"},
	{0},
};
// clang-format on

static const char *or_else(const char *text, const char *otherwise)
{
	return *text ? text : otherwise;
}

/* A record may be older than a field. */
static void more(json_t *json, const struct fields *call)
{
	const char *start = fields_text(call, "start_time");
	const char *created = or_else(fields_text(call, "date_created"), start);
	const char *updated = or_else(fields_text(call, "date_updated"),
	                              fields_text(call, "end_time"));

	(void)json_object_set_new(json, "date_created", shape_date(created));
	(void)json_object_set_new(json, "date_updated",
	                          shape_date(or_else(updated, created)));
	(void)json_object_set_new(
		json, "price_unit",
		json_string(or_else(fields_text(call, "price_unit"), "USD")));
	(void)json_object_set_new(
		json, "queue_time",
		json_string(or_else(fields_text(call, "queue_time"), "0")));
}

const struct resource call_resource = {
	.name = "Call",
	.plural = "calls",
	.prefix = "CA",
	.family = "call:{",
	.tail = "}",
	.index = "calls:{%s}",
	.filters = filters,
	.dates = dates,
	.shape = shape,
	.more = more,
};

/* --- list ----------------------------------------------------------------------- */

/* Its children began after it and before it ended: no others are looked at. */
static void on_parent(void *arg, int err, const char *key,
                      const struct fields *parent)
{
	struct ask *q = arg;
	uint64_t end = time_parse(fields_text(parent, "end_time"));

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	q->span.from = time_parse(fields_text(parent, "start_time"));
	if (end)
		q->span.until = end + 1;
	crud_list(q);
}

void calls_list(struct ask *q)
{
	const char *parent = fields_text(&q->params, "ParentCallSid");
	const char *status = fields_text(&q->params, "Status");
	char key[64];
	int err;

	if (*parent && !sid_valid(parent, "CA")) {
		ask_fail(q, ERROR_PARAMETER, "ParentCallSid");
	} else if (*status && !fields_has_word(states, status)) {
		ask_fail(q, ERROR_PARAMETER, "Status");
	} else if (*parent) {
		(void)snprintf(key, sizeof(key), "call:{%s}", parent);
		err = records_get(q->app->db, key, on_parent, q);
		if (err)
			ask_fail_errno(q, err);
	} else {
		crud_list(q);
	}
}

/* --- delete --------------------------------------------------------------------- */

static void on_deleted(struct ask *q, const Trestle__Envelope *reply)
{
	const Trestle__ControlReply *c = reply->control_reply;

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_CONTROL_REPLY)
		ask_fail(q, ERROR_AWAY, NULL);
	else if (c->code)
		ask_fail(q, c->code, c->text);
	else
		ask_gone(q);
}

static void on_delete(void *arg, int err, const char *key,
                      const struct fields *call)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallDelete m = TRESTLE__CALL_DELETE__INIT;
	struct ask *q = arg;
	char sid[SID_SIZE], account[SID_SIZE];
	const struct bus_req req = {.service = "call-controller",
	                            .key = sid,
	                            .timeout_ms = CONTROL_MS,
	                            .retry = true};

	(void)key;
	if (!of_call_is_own(q, err, call))
		return;
	if (!*fields_text(call, "end_time")) {
		ask_fail(q, LIVE, NULL);
		return;
	}
	(void)snprintf(sid, sizeof(sid), "%.34s", ask_part(q, 0));
	(void)snprintf(account, sizeof(account), "%.34s", ask_account(q));
	m.call_sid = sid;
	m.account_sid = account;
	env.call_sid = sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_DELETE;
	env.call_delete = &m;
	ask_bus(q, &req, &env, on_deleted);
}

/* Records are a controller's: it is asked. */
void calls_delete(struct ask *q)
{
	of_call_find(q, on_delete);
}

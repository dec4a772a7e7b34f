/*
 * insight_annotation.c - Voice Insights: what somebody said of a call
 *
 * `annotation:{CA…}`, as old as the call's record.
 */
#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "core/error.h"
#include "core/params.h"
#include "core/shape.h"
#include "insight.h"
#include "of_call.h"
#include "resources.h"
#include "store/redis.h"

enum { KEY_SIZE = 64, URL_SIZE = 400, TEXT_MAX = 100, ISSUES_MAX = 200 };
enum { FIELDS_MAX = 9 }; /* of its hash */

static const char answered[] = "unknown_annotated_answered_by human machine";
static const char connectivity[] =
	"unknown_connectivity_issue no_connectivity_issue invalid_number "
	"caller_id dropped_call number_reachability";
static const char quality[] =
	"unknown_quality_issue no_quality_issue low_volume choppy_robotic echo "
	"dtmf latency owa static_noise";

// clang-format off
static const struct param params[] = {
	{.name = "AnsweredBy", .field = "answered_by", .type = PARAM_ENUM, .words = answered},
	{.name = "ConnectivityIssue", .field = "connectivity_issue", .type = PARAM_ENUM, .words = connectivity},
	{.name = "QualityIssues", .field = "quality_issues", .max = ISSUES_MAX},
	{.name = "Spam", .field = "spam", .type = PARAM_BOOL},
	{.name = "CallScore", .field = "call_score", .type = PARAM_UINT, .min = 1, .max = 5},
	{.name = "Comment", .field = "comment", .max = TEXT_MAX},
	{.name = "Incident", .field = "incident", .max = TEXT_MAX},
	{0},
};

static const struct shape shape[] = {
	{"call_sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"answered_by", SHAPE_TEXT, NULL},
	{"connectivity_issue", SHAPE_TEXT, NULL},
	{"spam", SHAPE_BOOL, NULL},
	{"call_score", SHAPE_INT, NULL},
	{"comment", SHAPE_TEXT, NULL},
	{"incident", SHAPE_TEXT, NULL},
	{0},
};
// clang-format on

/* call:{CA…}, annotation:{CA…}, names and values. A live call's stays for a while;
 * nothing is written of a call that is gone. */
static struct redis_script write_script = {
	.source = "local ttl = redis.call('TTL', KEYS[1])\n"
		  "if ttl == -2 then return 0 end\n"
		  "local key = ARGV[1]\n"
		  "redis.call('HSET', key, unpack(ARGV, 2))\n"
		  "redis.call('EXPIRE', key, ttl > 0 and ttl or 34560000)\n"
		  "return 1\n",
};

/* @p next for each part of a list with commas or blanks; what remains is no more */
static const char *next_part(const char **at, size_t *len)
{
	const char *part;

	*at += strspn(*at, ", ");
	part = *at;
	*len = strcspn(part, ", ");
	*at += *len;
	return *len ? part : NULL;
}

static json_t *issues_json(const char *text)
{
	json_t *list = json_array();
	const char *part;
	size_t len;

	while ((part = next_part(&text, &len)))
		(void)json_array_append_new(list, json_stringn(part, len));
	return list;
}

static bool are_issues(const char *text)
{
	const char *part;
	char word[TEXT_MAX];
	size_t len;

	while ((part = next_part(&text, &len))) {
		(void)snprintf(word, sizeof(word), "%.*s", (int)len, part);
		if (!fields_has_word(quality, word))
			return false;
	}
	return true;
}

json_t *annotation_json(const struct ask *q, const struct fields *annotation)
{
	char base[ASK_BASE_SIZE], url[URL_SIZE];
	struct fields all = {0};
	json_t *json;

	fields_merge(&all, annotation);
	fields_set(&all, "call_sid", ask_part(q, 0));
	fields_set(&all, "account_sid", ask_account(q));
	json = shape_json(shape, &all);
	(void)json_object_set_new(
		json, "quality_issues",
		issues_json(fields_text(annotation, "quality_issues")));
	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url), "%s/v1/Voice/%.34s/Annotation", base,
	               ask_part(q, 0));
	(void)json_object_set_new(json, "url", json_string(url));
	fields_close(&all);
	return json;
}

static void on_read(void *arg, int err, const char *key,
                    const struct fields *annotation)
{
	struct ask *q = arg;

	(void)key;
	if (err)
		ask_fail_errno(q, err);
	else
		ask_ok(q, "Annotation", annotation_json(q, annotation));
}

static void read_now(struct ask *q)
{
	int err = records_get(q->app->db, q->key, on_read, q);

	if (err)
		ask_fail_errno(q, err);
}

static void on_written(void *arg, int err, const redisReply *reply)
{
	struct ask *q = arg;

	if (err)
		ask_fail_errno(q, err);
	else if (reply->integer == 0)
		ask_fail(q, ERROR_MISSING, ask_path(q));
	else
		read_now(q);
}

static void write_now(struct ask *q)
{
	const char *argv[2 + 2 * FIELDS_MAX] = {NULL, q->key};
	char call[KEY_SIZE];
	int argc = 2, err;

	(void)snprintf(call, sizeof(call), "call:{%s}", ask_part(q, 0));
	argv[0] = call;
	for (size_t i = 0; i < q->draft.n && i < FIELDS_MAX; i++) {
		argv[argc++] = q->draft.v[i].name;
		argv[argc++] = q->draft.v[i].value;
	}
	err = records_eval(q->app->db, &write_script, argc, argv, on_written,
	                   q);
	if (err)
		ask_fail_errno(q, err);
}

static void on_call(void *arg, int err, const char *key,
                    const struct fields *call)
{
	struct ask *q = arg;

	(void)key;
	if (!of_call_is_own(q, err, call))
		return;
	if (q->draft.n)
		write_now(q);
	else
		read_now(q);
}

static void find_call(struct ask *q)
{
	(void)snprintf(q->key, sizeof(q->key), "annotation:{%s}",
	               ask_part(q, 0));
	of_call_find(q, on_call);
}

void annotations_fetch(struct ask *q)
{
	find_call(q);
}

void annotations_update(struct ask *q)
{
	struct param_error error = {0};

	if (!params_take(params, &q->params, false, &q->draft, &error))
		ask_fail(q, error.code, error.detail);
	else if (!are_issues(fields_text(&q->draft, "quality_issues")))
		ask_fail(q, ERROR_PARAMETER, "QualityIssues");
	else
		find_call(q);
}

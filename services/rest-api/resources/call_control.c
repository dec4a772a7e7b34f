/*
 * call_control.c - what a call-controller is asked to do with calls
 */
#include "call_control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_bus.h"
#include "base/utf8.h"
#include "core/error.h"
#include "core/event.h"
#include "core/params.h"
#include "crud.h"
#include "loop/loop.h"
#include "resources.h"
#include "store/alert.h"
#include "store/redis.h"
#include "store/time.h"
#include "store/value.h"
#include "twiml_bin/check.h"

enum { CONTROL_MS = 5000 };
enum { TWIML_CHARACTERS_MAX = 4000 }; /* contract 6.4 */

char *call_text(struct ask *q, const char *field)
{
	return (char *)(uintptr_t)fields_text(&q->draft, field);
}

uint32_t call_number(const struct ask *q, const char *field)
{
	uint32_t number = 0;

	(void)value_uint(fields_text(&q->draft, field), 0, UINT32_MAX, &number);
	return number;
}

Trestle__Hook *call_hook(struct ask *q, Trestle__Hook *hook, const char *field,
                         const char *method_field)
{
	trestle__hook__init(hook);
	hook->url = call_text(q, field);
	hook->method = call_text(q, method_field);
	return hook->url[0] ? hook : NULL;
}

size_t call_words(const struct ask *q, const char *param, char *text,
                  size_t size, char *out[CALL_EVENTS_MAX])
{
	size_t used = 0, n = 0;
	char *save = NULL;

	text[0] = '\0';
	for (size_t i = 0; i < q->params.n && used < size; i++)
		if (strcmp(q->params.v[i].name, param) == 0)
			used += (size_t)snprintf(text + used, size - used,
			                         "%s ", q->params.v[i].value);
	for (char *w = strtok_r(text, " ,", &save); w && n < CALL_EVENTS_MAX;
	     w = strtok_r(NULL, " ,", &save))
		out[n++] = w;
	return n;
}

static Trestle__Track track_of(const char *name)
{
	if (strcmp(name, "inbound") == 0)
		return TRESTLE__TRACK__TRACK_INBOUND;
	return strcmp(name, "outbound") == 0 ? TRESTLE__TRACK__TRACK_OUTBOUND
	                                     : TRESTLE__TRACK__TRACK_BOTH;
}

void call_recording(struct ask *q, Trestle__CallRecording *r,
                    struct call_recording_parts *parts)
{
	trestle__call_recording__init(r);
	r->dual = strcmp(fields_text(&q->draft, "recording_channels"),
	                 "dual") == 0;
	r->track = track_of(fields_text(&q->draft, "recording_track"));
	r->trim = strcmp(fields_text(&q->draft, "trim"), "trim-silence") == 0;
	r->callback =
		call_hook(q, &parts->hook, "recording_url", "recording_method");
	r->n_events = call_words(q, "RecordingStatusCallbackEvent", parts->text,
	                         sizeof(parts->text), parts->events);
	r->events = parts->events;
}

bool call_twiml_check(const char *twiml, struct param_error *error)
{
	struct bin_problem problem;
	char text[sizeof(problem.text) + 32];

	if (utf8_count(twiml, strlen(twiml)) > TWIML_CHARACTERS_MAX)
		return param_fail(error, CALL_TWIML_TOO_LONG, "");
	if (!*twiml || bin_check_document(twiml, &problem) == 0)
		return true;
	(void)snprintf(text, sizeof(text), "line %u: %s", problem.line,
	               problem.text);
	return param_fail(error, CALL_BAD_TWIML, text);
}

/* request:<CA…>; entry, longest length, seconds unless it has its time already */
static struct redis_script keep_script = {
	.source = "redis.call('LPUSH', KEYS[1], ARGV[1])\n"
		  "redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)\n"
		  "if redis.call('TTL', KEYS[1]) < 0 then "
		  "redis.call('EXPIRE', KEYS[1], ARGV[3]) end\n"
		  "return 1\n",
};

/* The request inspector shows what the API was asked, too. */
static void keep_event(const struct ask *q, const char *sid, const json_t *call)
{
	char base[ASK_BASE_SIZE], url[ASK_BASE_SIZE + 200], key[64];
	char time[TIME_TEXT_SIZE], *line,
		*body = json_dumps(call, JSON_COMPACT);
	struct event event = {.time = time,
	                      .url = url,
	                      .params = &q->params,
	                      .status = q->more ? 201 : 200,
	                      .body = body};
	const char *argv[] = {key, NULL, "50", "86400"};

	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url), "%s%.199s", base, ask_path(q));
	(void)snprintf(key, sizeof(key), "request:%.34s", sid);
	time_text(loop_wall_ms(), time);
	line = body ? event_line(&event) : NULL;
	argv[1] = line;
	if (line)
		(void)redis_eval(q->app->redis, &keep_script, NULL, NULL, 1, 4,
		                 argv, NULL);
	free(line);
	free(body);
}

/* Of a call that is placed the Url wins (contract 6.4). */
static void warn_of_both(const struct ask *q, const struct fields *call)
{
	const struct alert alert = {
		.account_sid = ask_account(q),
		.call_sid = fields_text(call, "sid"),
		.code = CALL_URL_AND_TWIML,
		.text = "Url and Twiml were both said: the Url is asked, Twiml "
			"has no effect; say one of them",
	};

	if (q->more && *fields_text(&q->draft, "voice_url") &&
	    *fields_text(&q->draft, "twiml"))
		alert_write(q->app->redis, q->app->log, &alert);
}

/* One that nobody knows has no effect. */
static void warn_of_event(const struct ask *q, const struct fields *call)
{
	static const char known[] = "initiated ringing answered completed";
	char text[CALL_WORDS_SIZE], why[160], *events[CALL_EVENTS_MAX];
	size_t n = call_words(q, "StatusCallbackEvent", text, sizeof(text),
	                      events);
	struct alert alert = {.account_sid = ask_account(q),
	                      .call_sid = fields_text(call, "sid"),
	                      .code = CALL_BAD_EVENT,
	                      .text = why};

	for (size_t i = 0; q->more && i < n; i++) {
		if (fields_has_word(known, events[i]))
			continue;
		(void)snprintf(why, sizeof(why),
		               "The %zu. StatusCallbackEvent has no effect: it "
		               "is none of %s",
		               i + 1, known);
		alert_write(q->app->redis, q->app->log, &alert);
		return;
	}
}

static void on_record(void *arg, int err, const char *key,
                      const struct fields *call)
{
	struct ask *q = arg;
	json_t *json = NULL;

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	json = crud_json(&call_resource, call);
	warn_of_both(q, call);
	warn_of_event(q, call);
	if (json && *ask_path(q))
		keep_event(q, fields_text(call, "sid"), json);
	if (q->more)
		ask_created(q, call_resource.name, json);
	else
		ask_ok(q, call_resource.name, json);
}

static void show(struct ask *q)
{
	int err = records_get(q->app->db, q->key, on_record, q);

	if (err)
		ask_fail_errno(q, err);
}

static void on_done(struct ask *q, const Trestle__Envelope *reply)
{
	const Trestle__ControlReply *c = reply->control_reply;

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_CONTROL_REPLY)
		ask_fail(q, ERROR_AWAY, NULL);
	else if (c->code == ERROR_MISSING)
		ask_fail(q, ERROR_MISSING, ask_path(q));
	else if (c->code == 21211)
		ask_fail(q, c->code, fields_text(&q->draft, "to"));
	else if (c->code)
		ask_fail(q, c->code, c->text);
	else
		show(q);
}

void call_control(struct ask *q, Trestle__Envelope *env, const char *call_sid,
                  bool created)
{
	const struct bus_req req = {.service = "call-controller",
	                            .key = call_sid,
	                            .timeout_ms = CONTROL_MS,
	                            .retry = true};

	(void)snprintf(q->key, sizeof(q->key), "call:{%s}", call_sid);
	free(q->more);
	q->more = created ? calloc(1, 1) : NULL; /* a mark: 201 */
	env->call_sid = (char *)(uintptr_t)call_sid;
	ask_bus(q, &req, env, on_done);
}

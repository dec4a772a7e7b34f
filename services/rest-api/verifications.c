/*
 * verifications.c - caller ids that their owner proves by a call (contract 6.6)
 */
#include "verifications.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/records.h"
#include "adapters/records_lua.h"
#include "app.h"
#include "base/log.h"
#include "base/service.h"
#include "base/strbuf.h"
#include "core/change.h"
#include "core/fields.h"
#include "core/verification.h"
#include "http/server.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/time.h"
#include "store/value.h"
#include "verifications_impl.h"

enum { ANOTHER_STATE = 1, WRONG_CODE = 2 }; /* conditions of a change */
enum { RING_S = 60, TALK_S = 180 };

static const char xml[] = "text/xml; charset=utf-8";

/* ---- the call ------------------------------------------------------------------ */

static char *lend(const char *text)
{
	return (char *)(uintptr_t)
		text; /* protobuf-c only reads what it packs */
}

/* Our own URL; that of the end is asked again until it is heard. */
static void write_url(const struct fields *state, const char *tail,
                      char out[512])
{
	(void)snprintf(out, 512, "%.400s/verifications/%.34s%s",
	               fields_text(state, "base"),
	               fields_text(state, "call_sid"), tail);
}

void verification_call_fill(struct verification_call *c,
                            const struct fields *state)
{
	Trestle__CallCreate *create = &c->create;

	trestle__envelope__init(&c->env);
	trestle__call_create__init(create);
	trestle__hook__init(&c->voice);
	trestle__hook__init(&c->status);
	(void)snprintf(c->sid, sizeof(c->sid), "%.34s",
	               fields_text(state, "call_sid"));
	write_url(state, "#rc=3&rp=all", c->voice_url);
	write_url(state, "/status#rc=5&rp=all", c->status_url);
	c->voice.url = c->voice_url;
	c->status.url = c->status_url;
	c->events[0] = lend("completed");
	create->call_sid = c->sid;
	create->account_sid = lend(fields_text(state, "account_sid"));
	create->to = lend(fields_text(state, "phone_number"));
	create->from = lend(fields_text(state, "caller"));
	create->phone_number_sid = lend(fields_text(state, "caller_sid"));
	create->send_digits = lend(fields_text(state, "extension"));
	create->voice = &c->voice;
	create->status_callback = &c->status;
	create->n_status_events = 1;
	create->status_events = c->events;
	create->timeout = RING_S;
	create->time_limit = TALK_S;
	create->verification = true;
	c->env.call_sid = c->env.key = c->sid;
	c->env.body_case = TRESTLE__ENVELOPE__BODY_CALL_CREATE;
	c->env.call_create = create;
}

/* ---- visits -------------------------------------------------------------------- */

struct visit *visit_alloc(struct app *app, struct http_request *r,
                          const char *call_sid, enum verification_part part)
{
	struct visit *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->app = app;
	v->request = r;
	v->part = part;
	(void)snprintf(v->sid, sizeof(v->sid), "%s", call_sid);
	(void)snprintf(v->key, sizeof(v->key), "verification:{%s}", call_sid);
	app->n_open++;
	return v;
}

static void close_visit(struct visit *v)
{
	v->app->n_open--;
	fields_close(&v->said);
	fields_close(&v->state);
	free(v);
}

void visit_reply(struct visit *v, unsigned status, const char *body)
{
	static const char type[] = "text/plain; charset=utf-8";

	if (v->request)
		http_reply(v->request, status, status == 200 ? xml : type, body,
		           strlen(body));
	close_visit(v);
}

void visit_away(struct visit *v)
{
	visit_reply(v, 503, "Redis or a webhook-fetcher is away.\n");
}

static void reply_document(struct visit *v, enum verification_says says)
{
	struct strbuf out = {0};
	char action[512];

	write_url(&v->state, "/code#rc=3&amp;rp=all", action);
	verification_document(&out, says, action);
	if (out.failed)
		visit_away(v);
	else
		visit_reply(v, 200, strbuf_str(&out));
	strbuf_close(&out);
}

/* ---- the code ------------------------------------------------------------------ */

static void on_wrong(void *arg, int err, const redisReply *r)
{
	struct visit *v = arg;
	uint32_t tries = 0;

	if (err || r->type != REDIS_REPLY_ARRAY || r->elements != 2) {
		visit_away(v);
	} else if (strcmp(r->element[0]->str, "success") == 0) {
		reply_document(v, VERIFICATION_THANKS); /* it is asked again */
	} else if (strcmp(r->element[0]->str, "pending") != 0) {
		reply_document(v, VERIFICATION_SORRY);
	} else {
		(void)value_uint(r->element[1]->str, 0, UINT32_MAX, &tries);
		reply_document(v, verification_after(tries));
	}
}

static void count_wrong(struct visit *v)
{
	const char *argv[] = {v->key, v->token};

	if (records_eval(v->app->db, &records_wrong_code_script, 2, argv,
	                 on_wrong, v))
		visit_away(v);
}

static void on_right(void *arg, int err, uint32_t code)
{
	struct visit *v = arg;

	if (err)
		visit_away(v);
	else if (code)
		count_wrong(v);
	else
		reply_document(v, VERIFICATION_THANKS);
}

/* What POST OutgoingCallerIds would have made, as crud_write.c writes it */
static void add_caller_id(struct visit *v, struct change *c)
{
	static const char *const taken[] = {"account_sid", "phone_number",
	                                    "friendly_name"};
	const char *account = fields_text(&v->state, "account_sid");
	char sid[SID_SIZE], key[64], list[64], now[TIME_TEXT_SIZE], score[24];
	struct fields f = {0};

	sid_make("PN", sid);
	time_text(loop_wall_ms(), now);
	fields_add(&f, "sid", sid);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		fields_add(&f, taken[i], fields_text(&v->state, taken[i]));
	fields_add(&f, "date_created", now);
	fields_add(&f, "date_updated", now);
	(void)snprintf(key, sizeof(key), "caller-id:%s", sid);
	change_hset(c, key, &f);
	(void)snprintf(list, sizeof(list), "sids:{%.34s}", account);
	change_run(c, "HSET", list, sid, key, NULL);
	(void)snprintf(list, sizeof(list), "caller-ids:{%.34s}", account);
	(void)snprintf(score, sizeof(score), "%llu",
	               (unsigned long long)loop_wall_ms());
	change_run(c, "ZADD", list, score, sid, NULL);
	change_run(c, "SADD", "caller-ids", sid, NULL);
	(void)snprintf(list, sizeof(list), "verified-numbers:{%.34s}", account);
	change_run(c, "HSET", list, fields_text(&f, "phone_number"), sid, NULL);
	c->failed |= f.failed;
	fields_close(&f);
}

static void take_code(struct visit *v)
{
	struct change c = {0};
	char account[64];
	int err;

	(void)snprintf(account, sizeof(account), "account:%.34s",
	               fields_text(&v->state, "account_sid"));
	change_same(&c, v->key, "status", "pending", ANOTHER_STATE);
	change_same(&c, v->key, "code", fields_text(&v->said, "Digits"),
	            WRONG_CODE);
	change_present(&c, account, ANOTHER_STATE);
	change_run(&c, "HSET", v->key, "status", "success", NULL);
	add_caller_id(v, &c);
	err = records_change(v->app->db, &c, on_right, v);
	change_close(&c);
	if (err)
		visit_away(v);
}

/* ---- a request ----------------------------------------------------------------- */

static void on_state(void *arg, int err, const char *key,
                     const struct fields *state)
{
	struct visit *v = arg;
	bool pending;

	(void)key;
	fields_merge(&v->state, state);
	if (err || v->state.failed) {
		visit_away(v);
		return;
	}
	pending = strcmp(fields_text(&v->state, "status"), "pending") == 0;
	if (!state->n && v->part == VERIFICATION_STATUS)
		visit_reply(v, 204, "");
	else if (!state->n)
		reply_document(v, VERIFICATION_SORRY);
	else if (v->part == VERIFICATION_STATUS)
		verification_ended(v);
	else if (v->part == VERIFICATION_CODE)
		take_code(v);
	else
		reply_document(v, pending ? VERIFICATION_ASKS
		                          : VERIFICATION_SORRY);
}

void visit_begin(struct visit *v)
{
	if (records_get(v->app->db, v->key, on_state, v))
		visit_away(v);
}

/* What the platform says is in the body: a tenant writes queries. @return
 * whether it is about that call */
static bool read_body(struct visit *v)
{
	const char *token =
		http_request_header(v->request, "I-Twilio-Idempotency-Token");
	size_t len = 0;
	const char *body = http_request_body(v->request, &len);

	(void)snprintf(v->token, sizeof(v->token), "%s", token ? token : "");
	return strcmp(http_request_method(v->request), "POST") == 0 && body &&
	       fields_form(&v->said, body, len) == 0 &&
	       strcmp(fields_text(&v->said, "CallSid"), v->sid) == 0;
}

bool verifications_serve(struct verifications *all, struct http_request *r)
{
	char sid[SID_SIZE];
	enum verification_part part =
		verification_path(http_request_path(r), sid);
	struct visit *v;

	if (part == VERIFICATION_NONE)
		return false;
	v = visit_alloc(all->app, r, sid, part);
	if (!v)
		http_reply(r, 503, NULL, "", 0);
	else if (!read_body(v))
		visit_reply(v, 400, "This is no request of that call.\n");
	else
		visit_begin(v);
	return true;
}

/*
 * caller_id_verify.c - POST OutgoingCallerIds: a call asks for the code
 *
 *     params ─► what Redis knows of the number ─► verification:{CA…} ─► the call
 *
 * With a CallDelay the call is placed by verifications.c, when it is due.
 */
#include "numbers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "../app.h"
#include "../verifications.h"
#include "adapters/records.h"
#include "adapters/records_lua.h"
#include "ask.h"
#include "ask_bus.h"
#include "ask_change.h"
#include "core/change.h"
#include "core/error.h"
#include "core/inventory.h"
#include "core/params.h"
#include "core/verification.h"
#include "loop/loop.h"
#include "numbering/emergency.h"
#include "store/redis.h"
#include "store/rules.h"
#include "store/tenants.h"
#include "store/value.h"

enum { BAD_NUMBER = 21217, ALREADY = 21450, OF_ANOTHER = 21453 };
enum { BAD_DELAY = 21454, NO_FROM = 21213, NUMBER_SIZE = 17 };
enum { CLOSED = 21215 };

// clang-format off
static const struct param params[] = {
	{"PhoneNumber", "phone_number", PARAM_TEXT, true, false, 1, 32, NULL, NULL, 0},
	{"FriendlyName", "friendly_name", PARAM_TEXT, false, false, 0, 64, NULL, NULL, 0},
	{"CallDelay", "delay", PARAM_UINT, false, false, 0, 60, NULL, "0", BAD_DELAY},
	{"Extension", "extension", PARAM_TEXT, false, false, 0, 32, NULL, "", 0},
	{"StatusCallback", "voice_status_callback_url", PARAM_URL, false, false, 0, 0, NULL, NULL, 0},
	{"StatusCallbackMethod", "voice_status_callback_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", 0},
	{0},
};
// clang-format on

/* ---- the answer ---------------------------------------------------------------- */

static void answer(struct ask *q)
{
	const struct fields *d = &q->draft;

	ask_ok(q, "ValidationRequest",
	       json_pack("{s:s, s:s, s:s, s:s, s:s}", "account_sid",
	                 ask_account(q), "call_sid", fields_text(d, "call_sid"),
	                 "friendly_name", fields_text(d, "friendly_name"),
	                 "phone_number", fields_text(d, "phone_number"),
	                 "validation_code", fields_text(d, "code")));
}

/* The call does not begin: nothing of it is left. */
static void on_forgotten(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;
	uint32_t why = 0;

	(void)code;
	(void)value_uint(fields_text(&q->was, "code"), 0, UINT32_MAX, &why);
	if (err)
		ask_fail_errno(q, err);
	else
		ask_fail(q, why, fields_text(&q->was, "text"));
}

static void forget(struct ask *q, uint32_t code, const char *text)
{
	struct change c = {.quiet = true};
	char account[64];

	fields_set_uint(&q->was, "code", code);
	fields_set(&q->was, "text", text);
	(void)snprintf(account, sizeof(account), "verifications:{%s}",
	               ask_account(q));
	change_run(&c, "DEL", q->key, NULL);
	change_run(&c, "ZREM", account, fields_text(&q->draft, "call_sid"),
	           NULL);
	ask_change(q, &c, on_forgotten);
}

static void on_placed(struct ask *q, const Trestle__Envelope *reply)
{
	const Trestle__ControlReply *c = reply->control_reply;

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_CONTROL_REPLY)
		forget(q, ERROR_AWAY, "");
	else if (c->code == 21211)
		forget(q, BAD_NUMBER, fields_text(&q->draft, "phone_number"));
	else if (c->code)
		forget(q, c->code, c->text);
	else
		answer(q);
}

static void on_kept(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;
	struct verification_call call;
	const struct bus_req req = {.service = "call-controller",
	                            .key = call.sid,
	                            .timeout_ms = VERIFICATION_CALL_MS,
	                            .retry = true};

	if (err || code) {
		ask_fail_errno(q, err ? err : EPROTO);
		return;
	}
	if (strcmp(fields_text(&q->draft, "delay"), "0") != 0) {
		answer(q);
		return;
	}
	verification_call_fill(&call, &q->draft);
	ask_bus(q, &req, &call.env, on_placed);
}

/* ---- what is kept -------------------------------------------------------------- */

/* Six digits of which the first is not 0 */
static bool make_code(char out[VERIFICATION_DIGITS + 1])
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return false;
	(void)snprintf(out, VERIFICATION_DIGITS + 1, "%u",
	               (unsigned)(100000 + random % 900000));
	return true;
}

static void keep(struct ask *q)
{
	uint32_t delay = 0;
	uint64_t now = loop_wall_ms();
	char account[64], due[24], over[24], seconds[16];
	const char *sid = fields_text(&q->draft, "call_sid");
	struct change c = {.quiet = true};

	(void)value_uint(fields_text(&q->draft, "delay"), 0, 60, &delay);
	(void)snprintf(q->key, sizeof(q->key), "verification:{%s}", sid);
	(void)snprintf(account, sizeof(account), "verifications:{%s}",
	               ask_account(q));
	(void)snprintf(due, sizeof(due), "%llu",
	               (unsigned long long)(now + delay * 1000ULL));
	(void)snprintf(
		over, sizeof(over), "%llu",
		(unsigned long long)(now + VERIFICATION_SECONDS * 1000ULL));
	(void)snprintf(seconds, sizeof(seconds), "%d", VERIFICATION_SECONDS);
	change_hset(&c, q->key, &q->draft);
	change_run(&c, "EXPIRE", q->key, seconds, NULL);
	change_run(&c, "ZADD", account, over, sid, NULL);
	change_run(&c, "EXPIRE", account, seconds, NULL);
	if (delay)
		change_run(&c, "ZADD", VERIFICATIONS_DUE, due, sid, NULL);
	ask_change(q, &c, on_kept);
}

static void begin(struct ask *q, const char *base, const char *from,
                  const char *from_sid)
{
	char sid[SID_SIZE], code[VERIFICATION_DIGITS + 1], friendly[24];
	const char *number = fields_text(&q->draft, "phone_number");

	if (!make_code(code)) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	sid_make("CA", sid);
	if (!*fields_text(&q->draft, "friendly_name")) {
		inventory_friendly(number, friendly);
		fields_set(&q->draft, "friendly_name", friendly);
	}
	fields_set(&q->draft, "call_sid", sid);
	fields_set(&q->draft, "account_sid", ask_account(q));
	fields_set(&q->draft, "code", code);
	fields_set(&q->draft, "tries", "0");
	fields_set(&q->draft, "status", "pending");
	fields_set(&q->draft, "base", base);
	fields_set(&q->draft, "caller", *from ? from : number);
	fields_set(&q->draft, "caller_sid", from_sid);
	if (q->draft.failed)
		ask_fail(q, ERROR_AWAY, NULL);
	else
		keep(q);
}

/* ---- may it be verified? ------------------------------------------------------- */

/* {verified, whose number it is, how many are open, our URL, key and sid of the
 * number that calls} */
static void on_known(void *arg, int err, const redisReply *r)
{
	static const char family[] = "number:";
	struct ask *q = arg;
	const char *number = fields_text(&q->draft, "phone_number");
	const char *from;
	uint32_t open = 0;

	if (err || r->type != REDIS_REPLY_ARRAY) {
		ask_fail_errno(q, err ? err : EPROTO);
		return;
	}
	from = redis_text_at(r, 4);
	if (strncmp(from, family, sizeof(family) - 1) == 0)
		from += sizeof(family) - 1;
	(void)value_uint(redis_text_at(r, 2), 0, UINT32_MAX, &open);
	if (*redis_text_at(r, 0) ||
	    strcmp(redis_text_at(r, 1), ask_account(q)) == 0)
		ask_fail(q, ALREADY, number);
	else if (*redis_text_at(r, 1))
		ask_fail(q, OF_ANOTHER, number);
	else if (open >= VERIFICATIONS_MAX)
		ask_fail(q, ERROR_TOO_MANY, NULL);
	else if (!*redis_text_at(r, 3)) /* no webhook-fetcher was there yet */
		ask_fail(q, ERROR_AWAY, NULL);
	else
		begin(q, redis_text_at(r, 3), from, redis_text_at(r, 5));
}

/* Rules would refuse the call, but for trial accounts, which verify any number. */
static bool may_be_called(const struct ask *q, const char *number,
                          struct param_error *error)
{
	const struct snapshot *s = tenants_snapshot(q->app->tenants);
	char emergency[EMERGENCY_SIZE];

	if (!s)
		return param_fail(error, ERROR_AWAY, "");
	if (emergency_somewhere(number, emergency))
		return param_fail(error, BAD_NUMBER, number);
	switch (rules_number(s, ask_account(q), number, q->app->dialing)) {
	case RULE_NO_COUNTRY: return param_fail(error, BAD_NUMBER, number);
	case RULE_CLOSED: return param_fail(error, CLOSED, number);
	default: return true;
	}
}

static bool check(struct ask *q, struct param_error *error)
{
	const char *digits = fields_text(&q->draft, "extension");
	const char *said = fields_text(&q->draft, "phone_number");
	char number[NUMBER_SIZE];

	if (!verification_number(said, number))
		return param_fail(error, BAD_NUMBER, said);
	fields_set(&q->draft, "phone_number", number);
	if (strspn(digits, "0123456789ABCDabcd#*wW") != strlen(digits))
		return param_fail(error, ERROR_PARAMETER,
		                  "Extension: it has other characters than "
		                  "digits, * # and w");
	return may_be_called(q, number, error);
}

void caller_ids_verify(struct ask *q)
{
	struct param_error error = {.code = 0};
	char verified[64], now[24];
	const char *argv[5] = {verified};
	int err;

	if (!params_take(params, &q->params, true, &q->draft, &error) ||
	    !check(q, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	(void)snprintf(verified, sizeof(verified), "verified-numbers:{%s}",
	               ask_account(q));
	(void)snprintf(now, sizeof(now), "%llu",
	               (unsigned long long)loop_wall_ms());
	argv[1] = fields_text(&q->draft, "phone_number");
	argv[2] = ask_account(q);
	argv[3] = fields_text(&q->account, "owner_account_sid");
	argv[4] = now;
	err = records_eval(q->app->db, &records_verification_script, 5, argv,
	                   on_known, q);
	if (err)
		ask_fail_errno(q, err);
}

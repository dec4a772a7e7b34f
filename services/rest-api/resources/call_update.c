/*
 * call_update.c - POST Calls/{CA}: a live call is changed (contract 6.4)
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "ask.h"
#include "base/sid.h"
#include "call_control.h"
#include "core/error.h"
#include "core/params.h"
#include "crud.h"

enum { BAD_URL = 21205, BAD_METHOD = 21209 };

// clang-format off
static const struct param params[] = {
	{"Url", "url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"Method", "method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"Twiml", "twiml", PARAM_TWIML, false, false, 0, 0, NULL, NULL, CALL_BAD_TWIML},
	{"Status", "status", PARAM_ENUM, false, false, 0, 0, "canceled completed", NULL, 0},
	{"FallbackUrl", "fallback_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"FallbackMethod", "fallback_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"StatusCallback", "status_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"StatusCallbackMethod", "status_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"TimeLimit", "time_limit", PARAM_UINT, false, false, 1, 86400, NULL, NULL, 0},
	{0},
};
// clang-format on

static bool check(const struct ask *q, struct param_error *error)
{
	const char *twiml = fields_text(&q->draft, "twiml");

	if (*twiml && *fields_text(&q->draft, "url"))
		return param_fail(error, CALL_URL_AND_TWIML, "");
	if (!call_twiml_check(twiml, error))
		return false;
	return true;
}

static bool changes(const struct ask *q)
{
	static const char *const fields[] = {"url",        "twiml",
	                                     "status",     "fallback_url",
	                                     "status_url", "time_limit"};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (*fields_text(&q->draft, fields[i]))
			return true;
	return false;
}

void calls_update(struct ask *q)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallUpdate u = TRESTLE__CALL_UPDATE__INIT;
	Trestle__Hook voice, fallback, status;
	struct param_error error = {.code = 0};
	char sid[SID_SIZE], account[SID_SIZE];

	if (!params_take(params, &q->params, true, &q->draft, &error) ||
	    !check(q, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	if (!changes(q)) {
		crud_fetch(q);
		return;
	}
	(void)snprintf(sid, sizeof(sid), "%.34s", ask_part(q, 0));
	(void)snprintf(account, sizeof(account), "%.34s", ask_account(q));
	u.call_sid = sid;
	u.account_sid = account;
	u.voice = call_hook(q, &voice, "url", "method");
	u.twiml = call_text(q, "twiml");
	u.status = call_text(q, "status");
	u.fallback = call_hook(q, &fallback, "fallback_url", "fallback_method");
	u.status_callback =
		call_hook(q, &status, "status_url", "status_method");
	u.time_limit = call_number(q, "time_limit");
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_UPDATE;
	env.call_update = &u;
	call_control(q, &env, sid, false);
}

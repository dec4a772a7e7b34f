/*
 * call_create.c - POST Calls: a call is placed (contract 6.4)
 */
#include "resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "base/sid.h"
#include "call_control.h"
#include "core/call_allowed.h"
#include "core/error.h"
#include "core/params.h"
#include "crud.h"
#include "store/rules.h"
#include "store/tenants.h"
#include "store/value.h"

enum { NO_TO = 21201, BAD_URL = 21205, BAD_METHOD = 21209 };
enum { NO_FROM = 21213, BAD_TO = 21211, BAD_FROM = 21212 };
enum { BAD_APPLICATION = 21218 };
enum { TO_MAX = 1300 }; /* a SIP URI of 255 and 1024 of headers */

// clang-format off
static const struct param params[] = {
	{"To", "to", PARAM_TEXT, true, false, 1, TO_MAX, NULL, NULL, NO_TO},
	{"From", "from", PARAM_TEXT, true, false, 1, 255, NULL, NULL, NO_FROM},
	{"Url", "voice_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"Method", "voice_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"Twiml", "twiml", PARAM_TWIML, false, false, 0, 0, NULL, NULL, CALL_BAD_TWIML},
	{"ApplicationSid", "application_sid", PARAM_SID, false, false, 0, 0, "AP", NULL, BAD_APPLICATION},
	{"FallbackUrl", "voice_fallback_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"FallbackMethod", "voice_fallback_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"StatusCallback", "voice_status_callback_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"StatusCallbackMethod", "voice_status_callback_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"Timeout", "timeout", PARAM_UINT, false, false, 1, 600, NULL, "60", 0},
	{"TimeLimit", "time_limit", PARAM_UINT, false, false, 1, 86400, NULL, "14400", 0},
	{"SendDigits", "send_digits", PARAM_TEXT, false, false, 0, 32, NULL, NULL, 0},
	{"Record", "record", PARAM_BOOL, false, false, 0, 0, NULL, "false", 0},
	{"RecordingChannels", "recording_channels", PARAM_ENUM, false, false, 0, 0, "mono dual", "mono", 0},
	{"RecordingTrack", "recording_track", PARAM_ENUM, false, false, 0, 0, "both inbound outbound", "both", 0},
	{"RecordingStatusCallback", "recording_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"RecordingStatusCallbackMethod", "recording_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"Trim", "trim", PARAM_ENUM, false, false, 0, 0, "trim-silence do-not-trim", "trim-silence", 0},
	{"SipAuthUsername", "sip_username", PARAM_TEXT, false, false, 0, 255, NULL, NULL, 21221},
	{"SipAuthPassword", "sip_password", PARAM_TEXT, false, false, 0, 255, NULL, NULL, 21222},
	{"MachineDetection", "detection", PARAM_ENUM, false, false, 0, 0, "Enable DetectMessageEnd", NULL, 0},
	{"MachineDetectionTimeout", "detection_timeout", PARAM_UINT, false, false, 3, 60, NULL, "30", 0},
	{"MachineDetectionSpeechThreshold", "detection_speech", PARAM_UINT, false, false, 1000, 6000, NULL, "2400", 0},
	{"MachineDetectionSpeechEndThreshold", "detection_speech_end", PARAM_UINT, false, false, 500, 5000, NULL, "1200", 0},
	{"MachineDetectionSilenceTimeout", "detection_silence", PARAM_UINT, false, false, 2000, 10000, NULL, "5000", 0},
	{"AsyncAmd", "async_amd", PARAM_BOOL, false, false, 0, 0, NULL, "false", 0},
	{"AsyncAmdStatusCallback", "amd_url", PARAM_URL, false, false, 0, 0, NULL, NULL, BAD_URL},
	{"AsyncAmdStatusCallbackMethod", "amd_method", PARAM_METHOD, false, false, 0, 0, NULL, "POST", BAD_METHOD},
	{"CallerId", "caller_id", PARAM_TEXT, false, false, 0, 64, NULL, NULL, 0},
	{"Byoc", "carrier", PARAM_SID, false, false, 0, 0, "BY", NULL, 0},
	{"CallReason", "call_reason", PARAM_TEXT, false, false, 0, 200, NULL, NULL, 0},
	{0},
};
// clang-format on

/* ---- what is wrong -------------------------------------------------------------- */

static bool check(struct ask *q, struct param_error *error)
{
	const char *digits = fields_text(&q->draft, "send_digits");
	const char *twiml = fields_text(&q->draft, "twiml");

	struct call_parties parties;

	call_parties_read(&q->draft, &parties);
	if (!call_parties_fit(&parties, error))
		return false;
	if (!call_twiml_check(twiml, error))
		return false;
	if (!*twiml && !*fields_text(&q->draft, "voice_url") &&
	    !*fields_text(&q->draft, "application_sid"))
		return param_fail(error, BAD_URL,
		                  "Url, Twiml or ApplicationSid is required");
	if (strspn(digits, "0123456789ABCDabcd#*wW") != strlen(digits))
		return param_fail(error, ERROR_PARAMETER, "SendDigits");
	return true;
}

/* ---- send ------------------------------------------------------------------------ */

static bool says(const struct ask *q, const char *field, const char *word)
{
	return strcmp(fields_text(&q->draft, field), word) == 0;
}

/* All that a CallCreate points to */
struct parts {
	Trestle__Hook voice, fallback, status, amd;
	Trestle__CallRecording recording;
	struct call_recording_parts recorded;
	Trestle__MachineDetection detection;
	char events_text[CALL_WORDS_SIZE];
	char *events[CALL_EVENTS_MAX];
};

static void fill_detection(struct ask *q, Trestle__CallCreate *c,
                           struct parts *p)
{
	Trestle__MachineDetection *d = &p->detection;

	if (!*fields_text(&q->draft, "detection"))
		return;
	trestle__machine_detection__init(d);
	d->until_end = says(q, "detection", "DetectMessageEnd");
	d->timeout = call_number(q, "detection_timeout");
	d->speech_ms = call_number(q, "detection_speech");
	d->speech_end_ms = call_number(q, "detection_speech_end");
	d->silence_ms = call_number(q, "detection_silence");
	d->async = says(q, "async_amd", "true");
	d->callback = call_hook(q, &p->amd, "amd_url", "amd_method");
	c->machine_detection = d;
}

static void fill(struct ask *q, Trestle__CallCreate *c, struct parts *p)
{
	c->to = call_text(q, "to");
	c->from = call_text(q, "from");
	c->caller_id = call_text(q, "caller_id");
	c->voice = call_hook(q, &p->voice, "voice_url", "voice_method");
	if (!c->voice)
		c->twiml = call_text(q, "twiml");
	c->fallback = call_hook(q, &p->fallback, "voice_fallback_url",
	                        "voice_fallback_method");
	c->status_callback =
		call_hook(q, &p->status, "voice_status_callback_url",
	                  "voice_status_callback_method");
	c->n_status_events =
		call_words(q, "StatusCallbackEvent", p->events_text,
	                   CALL_WORDS_SIZE, p->events);
	c->status_events = p->events;
	c->timeout = call_number(q, "timeout");
	c->time_limit = call_number(q, "time_limit");
	c->send_digits = call_text(q, "send_digits");
	c->sip_username = call_text(q, "sip_username");
	c->sip_password = call_text(q, "sip_password");
	c->call_reason = call_text(q, "call_reason");
	c->carrier = call_text(q, "carrier");
	c->phone_number_sid = call_text(q, "phone_number_sid");
	if (says(q, "record", "true")) {
		call_recording(q, &p->recording, &p->recorded);
		c->recording = &p->recording;
	}
	fill_detection(q, c, p);
}

static void place(struct ask *q)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallCreate c = TRESTLE__CALL_CREATE__INIT;
	char sid[SID_SIZE], account[SID_SIZE];
	struct parts parts;

	sid_make("CA", sid);
	(void)snprintf(account, sizeof(account), "%.34s", ask_account(q));
	fill(q, &c, &parts);
	c.call_sid = sid;
	c.account_sid = account;
	env.key = sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_CREATE;
	env.call_create = &c;
	if (q->draft.failed)
		ask_fail(q, ERROR_INTERNAL, NULL);
	else
		call_control(q, &env, sid, true);
}

/* ---- may it be placed? ----------------------------------------------------------- */

static void place_if_allowed(struct ask *q)
{
	const char *from = fields_text(&q->draft, "from");
	struct call_parties parties;
	const struct snapshot *s = tenants_snapshot(q->app->tenants);
	struct param_error error = {.code = 0};
	const char *sid = rules_number_sid(s, ask_account(q), from);

	call_parties_read(&q->draft, &parties);
	parties.account_sid = ask_account(q);
	if (!s) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	if (!call_allowed(s, &parties, q->app->dialing, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	if (sid)
		fields_set(&q->draft, "phone_number_sid", sid);
	place(q);
}

/* What the application says stands in the place of what the request says. */
static void on_application(void *arg, int err, const char *key,
                           const struct fields *application)
{
	static const char *const taken[] = {
		"voice_url",
		"voice_method",
		"voice_fallback_url",
		"voice_fallback_method",
		"voice_status_callback_url",
		"voice_status_callback_method",
	};
	struct ask *q = arg;

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	if (!*fields_text(application, "voice_url")) {
		ask_fail(q, BAD_APPLICATION,
		         fields_text(&q->draft, "application_sid"));
		return;
	}
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		fields_set(&q->draft, taken[i],
		           fields_text(application, taken[i]));
	place_if_allowed(q);
}

/* Who is called and who calls may be said, and yet be no text or too long. */
static bool take(struct ask *q, struct param_error *error)
{
	if (params_take(params, &q->params, true, &q->draft, error))
		return true;
	if (error->code == NO_TO && *fields_text(&q->params, "To"))
		error->code = BAD_TO;
	else if (error->code == NO_FROM && *fields_text(&q->params, "From"))
		error->code = BAD_FROM;
	return false;
}

void calls_create(struct ask *q)
{
	struct param_error error = {.code = 0};
	const char *sid;
	int err;

	if (strcmp(fields_text(&q->account, "status"), "active") != 0) {
		ask_fail(q, ERROR_INACTIVE, NULL);
		return;
	}
	if (!take(q, &error) || !check(q, &error)) {
		ask_fail(q, error.code, error.detail);
		return;
	}
	sid = fields_text(&q->draft, "application_sid");
	if (!*sid) {
		place_if_allowed(q);
		return;
	}
	err = records_find(q->app->db, ask_account(q), sid, on_application, q);
	if (err)
		ask_fail_errno(q, err);
}

/*
 * recording.c - Recordings, of an account and of a call (contract 6.4, 6.7, 12)
 *
 * A media-relay wrote them; it deletes them, too. A deleted one is shown for 40
 * days to who asks for it. recording_media.c has their sound.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "../app.h"
#include "adapters/converter.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_bus.h"
#include "base/sid.h"
#include "core/error.h"
#include "crud.h"

enum { NOT_ENDED = 20009, REMOVE_MS = 5000, URL_SIZE = 400 };

// clang-format off
static const struct resource_filter filters[] = {
	{"CallSid", "call_sid", TEST_IS},
	{"ConferenceSid", "conference_sid", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static const struct resource_date dates[] = {
	{"DateCreated", NULL, 1000, 0},
	{NULL, NULL, 0, 0},
};

#define MEMBERS                                                                 \
	{"sid", SHAPE_TEXT, NULL},                                              \
	{"account_sid", SHAPE_TEXT, NULL},                                      \
	{"api_version", SHAPE_LITERAL, "2010-04-01"},                           \
	{"call_sid", SHAPE_TEXT, NULL},                                         \
	{"conference_sid", SHAPE_TEXT, NULL},                                   \
	{"channels", SHAPE_INT, NULL},                                          \
	{"date_created", SHAPE_DATE, NULL},                                     \
	{"date_updated", SHAPE_DATE, NULL},                                     \
	{"start_time", SHAPE_DATE, NULL},                                       \
	{"duration", SHAPE_TEXT, NULL},                                         \
	{"price_unit", SHAPE_LITERAL, "USD"},                                   \
	{"status", SHAPE_TEXT, NULL},                                           \
	{"source", SHAPE_TEXT, NULL},                                           \
	{"error_code", SHAPE_INT, NULL},                                        \
	{"encryption_details", SHAPE_NULL, NULL}

static const struct shape shape[] = {
	MEMBERS,
	{"price", SHAPE_TEXT, NULL},
	{"uri", SHAPE_URI, "/Recordings/{sid}.json"},
	{"subresource_uris", SHAPE_LINKS, "/Recordings/{sid}: add_on_results transcriptions"},
	{0},
};

static const struct shape shape_of_call[] = {
	MEMBERS,
	{"price", SHAPE_NULL, NULL},
	{"track", SHAPE_TEXT, NULL},
	{"uri", SHAPE_URI, "/Calls/{call_sid}/Recordings/{sid}.json"},
	{0},
};
// clang-format on

static bool deleted_wanted(const struct ask *q)
{
	return strcasecmp(fields_text(&q->params, "IncludeSoftDeleted"),
	                  "true") == 0;
}

static const struct records_filter *hides(const struct ask *q)
{
	static const struct records_filter deleted = {"status", TEST_NOT,
	                                              "deleted"};

	return deleted_wanted(q) ? NULL : &deleted;
}

static void show(const struct ask *q, json_t *json, const struct fields *fields)
{
	char base[ASK_BASE_SIZE], url[URL_SIZE];

	ask_base(q, base, sizeof(base));
	(void)snprintf(url, sizeof(url),
	               "%s/2010-04-01/Accounts/%.34s/Recordings/%.34s", base,
	               fields_text(fields, "account_sid"),
	               fields_text(fields, "sid"));
	(void)json_object_set_new(json, "media_url", json_string(url));
}

#define RECORDING                                                              \
	.name = "Recording", .plural = "recordings", .prefix = "RE",           \
	.family = "recording:{", .tail = "}", .index = "recordings:{%s}",      \
	.dates = dates, .hides = hides

const struct resource recording_resource = {RECORDING, .filters = filters,
                                            .shape = shape, .show = show};
const struct resource call_recording_resource = {
	RECORDING, .parent = "call_sid", .parent_key = "call:{%s}",
	.shape = shape_of_call};

void recordings_list(struct ask *q)
{
	const char *call = fields_text(&q->params, "CallSid");
	const char *conference = fields_text(&q->params, "ConferenceSid");

	if (*call && !sid_valid(call, "CA"))
		ask_fail(q, ERROR_PARAMETER, "CallSid");
	else if (*conference && !sid_valid(conference, "CF"))
		ask_fail(q, ERROR_PARAMETER, "ConferenceSid");
	else
		crud_list(q);
}

/* --- fetch ---------------------------------------------------------------------- */

static bool is_deleted(const struct fields *recording)
{
	return strcmp(fields_text(recording, "status"), "deleted") == 0;
}

static void on_fetch(void *arg, int err, const char *key,
                     const struct fields *recording)
{
	struct ask *q = arg;

	if (!crud_is_there(q, err, key, recording))
		return;
	if (is_deleted(recording) && !deleted_wanted(q))
		ask_fail(q, ERROR_MISSING, ask_path(q));
	else
		ask_ok(q, "Recording", crud_show(q, recording));
}

void recordings_fetch(struct ask *q)
{
	if (q->path.suffix == SUFFIX_JSON)
		crud_find(q, on_fetch);
	else
		recordings_sound(q);
}

/* --- delete --------------------------------------------------------------------- */

static void on_deleted(struct ask *q, const Trestle__Envelope *reply)
{
	if (reply->body_case != TRESTLE__ENVELOPE__BODY_RECORDING_STATE) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	if (reply->recording_state->recording[0]) {
		ask_fail(q, NOT_ENDED, NULL);
		return;
	}
	converter_forget(q->app->converter, ask_part(q, q->path.n - 1));
	ask_gone(q);
}

static void on_delete(void *arg, int err, const char *key,
                      const struct fields *recording)
{
	static const struct bus_req req = {.service = "media-relay",
	                                   .timeout_ms = REMOVE_MS,
	                                   .retry = true};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RecordingDelete m = TRESTLE__RECORDING_DELETE__INIT;
	struct ask *q = arg;

	if (!crud_is_there(q, err, key, recording))
		return;
	if (is_deleted(recording)) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	m.recording = q->path.parts[q->path.n - 1];
	env.body_case = TRESTLE__ENVELOPE__BODY_RECORDING_DELETE;
	env.recording_delete = &m;
	ask_bus(q, &req, &env, on_deleted);
}

void recordings_delete(struct ask *q)
{
	crud_find(q, on_delete);
}

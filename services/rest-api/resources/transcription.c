/*
 * transcription.c - what was said in recordings (contract 1.6, 6.7)
 *
 * A call-controller wrote them; from then on they are the API's.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_change.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"

enum { KEY_SIZE = 64 };

// clang-format off
static const struct resource_date dates[] = {
	{"DateCreated", NULL, 1000, 0},
	{NULL, NULL, 0, 0},
};

#define MEMBERS                                                                 \
	{"sid", SHAPE_TEXT, NULL},                                              \
	{"account_sid", SHAPE_TEXT, NULL},                                      \
	{"api_version", SHAPE_LITERAL, "2010-04-01"},                           \
	{"recording_sid", SHAPE_TEXT, NULL},                                    \
	{"status", SHAPE_TEXT, NULL},                                           \
	{"transcription_text", SHAPE_TEXT, "text"},                             \
	{"type", SHAPE_LITERAL, "fast"},                                        \
	{"duration", SHAPE_TEXT, NULL},                                         \
	{"price", SHAPE_NULL, NULL},                                            \
	{"price_unit", SHAPE_LITERAL, "USD"},                                   \
	{"date_created", SHAPE_DATE, NULL},                                     \
	{"date_updated", SHAPE_DATE, NULL}

static const struct shape shape[] = {
	MEMBERS,
	{"uri", SHAPE_URI, "/Transcriptions/{sid}.json"},
	{0},
};

static const struct shape shape_of_recording[] = {
	MEMBERS,
	{"uri", SHAPE_URI, "/Recordings/{recording_sid}/Transcriptions/{sid}.json"},
	{0},
};
// clang-format on

#define TRANSCRIPTION                                                          \
	.name = "Transcription", .plural = "transcriptions", .prefix = "TR",   \
	.family = "transcription:{", .tail = "}",                              \
	.index = "transcriptions:{%s}", .dates = dates

const struct resource transcription_resource = {TRANSCRIPTION, .shape = shape};
const struct resource recording_transcription_resource = {
	TRANSCRIPTION, .parent = "recording_sid",
	.parent_key = "recording:{%s}", .shape = shape_of_recording};

static void on_deleted(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (ask_changed(q, err, code, ask_path(q)))
		ask_gone(q);
}

/* Out of the list of its account, and out of that of its recording */
static void unlist(struct change *c, const char *owner, const char *sid)
{
	char index[KEY_SIZE];

	(void)snprintf(index, sizeof(index), "transcriptions:{%.34s}", owner);
	change_run(c, "ZREM", index, sid, NULL);
}

static void on_delete(void *arg, int err, const char *key,
                      const struct fields *fields)
{
	struct change c = {.quiet = true};
	struct ask *q = arg;
	const char *sid = fields_text(fields, "sid");

	if (!crud_is_there(q, err, key, fields))
		return;
	change_same(&c, key, "sid", sid, ERROR_MISSING);
	change_run(&c, "DEL", key, NULL);
	unlist(&c, fields_text(fields, "account_sid"), sid);
	unlist(&c, fields_text(fields, "recording_sid"), sid);
	ask_change(q, &c, on_deleted);
}

void transcriptions_delete(struct ask *q)
{
	crud_find(q, on_delete);
}

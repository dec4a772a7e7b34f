/*
 * caller_id.c - OutgoingCallerIds (contract 6.6): verified numbers of others
 *
 * Each is found by its sid and by its number (`verified-numbers:{AC…}`).
 */
#include "numbers.h"

#include <stdio.h>

#include "ask.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"

enum { NAME_BYTES = 64 };

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .max = NAME_BYTES},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"phone_number", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/OutgoingCallerIds/{sid}.json"},
	{0},
};
// clang-format on

static const struct resource_filter filters[] = {
	{"PhoneNumber", "phone_number", TEST_IS},
	{"FriendlyName", "friendly_name", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static void write_caller_id(const struct ask *q, struct change *c,
                            const struct fields *was,
                            const struct fields *draft)
{
	char key[64];

	if (draft)
		return;
	(void)snprintf(key, sizeof(key), "verified-numbers:{%.34s}",
	               ask_account(q));
	change_run(c, "HDEL", key, fields_text(was, "phone_number"), NULL);
}

const struct resource caller_id_resource = {
	.name = "OutgoingCallerId",
	.plural = "outgoing_caller_ids",
	.prefix = "PN",
	.family = "caller-id:",
	.index = "caller-ids:{%s}",
	.set = "caller-ids",
	.params = params,
	.filters = filters,
	.shape = shape,
	.taken = ERROR_CONFLICT,
	.write = write_caller_id,
};

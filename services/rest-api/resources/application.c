/*
 * application.c - Applications (contract 6.7): where to ask, under a name
 *
 * A number that names one asks where the application says (proto/README.md).
 */
#include "numbers.h"

#include <stdio.h>

#include "ask.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"

enum { APPLICATIONS_MAX = 1000, NAME_BYTES = 64 };

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .max = NAME_BYTES},
	{.name = "VoiceUrl", .field = "voice_url", .type = PARAM_URL},
	{.name = "VoiceMethod", .field = "voice_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "VoiceFallbackUrl", .field = "voice_fallback_url", .type = PARAM_URL},
	{.name = "VoiceFallbackMethod", .field = "voice_fallback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "StatusCallback", .field = "voice_status_callback_url", .type = PARAM_URL},
	{.name = "StatusCallbackMethod", .field = "voice_status_callback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "VoiceCallerIdLookup", .field = "voice_caller_id_lookup", .type = PARAM_BOOL, .init = "false"},
	{.name = "PublicApplicationConnectEnabled", .field = "public_application_connect_enabled", .type = PARAM_BOOL, .init = "false"},
	/* kept and shown: Trestle sends no messages */
	{.name = "SmsUrl", .field = "sms_url", .type = PARAM_URL},
	{.name = "SmsMethod", .field = "sms_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "SmsFallbackUrl", .field = "sms_fallback_url", .type = PARAM_URL},
	{.name = "SmsFallbackMethod", .field = "sms_fallback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "SmsStatusCallback", .field = "sms_status_callback", .type = PARAM_URL},
	{.name = "MessageStatusCallback", .field = "message_status_callback", .type = PARAM_URL},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"api_version", SHAPE_LITERAL, "2010-04-01"},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"voice_url", SHAPE_TEXT, NULL},
	{"voice_method", SHAPE_TEXT, NULL},
	{"voice_fallback_url", SHAPE_TEXT, NULL},
	{"voice_fallback_method", SHAPE_TEXT, NULL},
	{"voice_caller_id_lookup", SHAPE_BOOL, NULL},
	{"status_callback", SHAPE_TEXT, "voice_status_callback_url"},
	{"status_callback_method", SHAPE_TEXT, "voice_status_callback_method"},
	{"sms_url", SHAPE_TEXT, NULL},
	{"sms_method", SHAPE_TEXT, NULL},
	{"sms_fallback_url", SHAPE_TEXT, NULL},
	{"sms_fallback_method", SHAPE_TEXT, NULL},
	{"sms_status_callback", SHAPE_TEXT, NULL},
	{"message_status_callback", SHAPE_TEXT, NULL},
	{"public_application_connect_enabled", SHAPE_BOOL, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/Applications/{sid}.json"},
	{0},
};
// clang-format on

static const struct resource_filter filters[] = {
	{"FriendlyName", "friendly_name", TEST_IS},
	{NULL, NULL, TEST_IS},
};

/* No number goes on naming one that is gone. */
static void write_application(const struct ask *q, struct change *c,
                              const struct fields *was,
                              const struct fields *draft)
{
	const char *sid = fields_text(was, "sid");
	char numbers[64], sids[64];

	if (draft)
		return;
	(void)snprintf(numbers, sizeof(numbers), "numbers:{%.34s}",
	               ask_account(q));
	(void)snprintf(sids, sizeof(sids), "sids:{%.34s}", ask_account(q));
	change_clear(c, numbers, sids, "voice_application_sid", sid);
	change_clear(c, numbers, sids, "sms_application_sid", sid);
}

const struct resource application_resource = {
	.name = "Application",
	.plural = "applications",
	.prefix = "AP",
	.family = "application:",
	.index = "applications:{%s}",
	.set = "applications",
	.params = params,
	.filters = filters,
	.shape = shape,
	.max = APPLICATIONS_MAX,
	.max_code = ERROR_FULL,
	.taken = ERROR_CONFLICT,
	.write = write_application,
};

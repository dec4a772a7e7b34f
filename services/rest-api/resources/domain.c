/*
 * domain.c - SIP Domains (contract 4.1, 6.5)
 *
 * The realm that phones sign for is the account's. An account that was loaded
 * from a file may have none: there each domain is its own realm, and what is
 * made here signs for the realm of the account's first domain, for which its
 * users have a digest already.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "ask.h"
#include "core/change.h"
#include "crud.h"
#include "realms.h"
#include "store/tenants.h"

enum { DOMAINS_MAX = 100, NAME_BYTES = 64 };
enum { TOO_MANY = 21230, INVALID = 21232 };

// clang-format off
static const struct param params[] = {
	{.name = "DomainName", .field = "domain_name", .type = PARAM_DOMAIN, .required = true, .code = INVALID},
	{.name = "FriendlyName", .field = "friendly_name", .max = NAME_BYTES},
	{.name = "VoiceUrl", .field = "voice_url", .type = PARAM_URL},
	{.name = "VoiceMethod", .field = "voice_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "VoiceFallbackUrl", .field = "voice_fallback_url", .type = PARAM_URL},
	{.name = "VoiceFallbackMethod", .field = "voice_fallback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "VoiceStatusCallbackUrl", .field = "voice_status_callback_url", .type = PARAM_URL},
	{.name = "VoiceStatusCallbackMethod", .field = "voice_status_callback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "SipRegistration", .field = "sip_registration", .type = PARAM_BOOL, .init = "false"},
	{.name = "Secure", .field = "secure", .type = PARAM_BOOL, .init = "false"},
	{.name = "EmergencyCallingEnabled", .field = "emergency_calling_enabled", .type = PARAM_BOOL, .init = "false"},
	{.name = "EmergencyCallerSid", .field = "emergency_caller_sid", .type = PARAM_SID, .words = "PN"},
	{.name = "ByocTrunkSid", .field = "byoc_trunk_sid", .type = PARAM_SID, .words = "BY"},
	/* ours: what a self-hosted domain needs beside it */
	{.name = "DefaultCallerId", .field = "default_caller_id", .type = PARAM_TEXT, .max = 16},
	{.name = "Md5Only", .field = "md5_only", .type = PARAM_BOOL, .init = "false"},
	{0},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"account_sid", SHAPE_TEXT, NULL},
	{"api_version", SHAPE_LITERAL, "2010-04-01"},
	{"domain_name", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"sip_registration", SHAPE_BOOL, NULL},
	{"secure", SHAPE_BOOL, NULL},
	{"emergency_calling_enabled", SHAPE_BOOL, NULL},
	{"emergency_caller_sid", SHAPE_TEXT, NULL},
	{"byoc_trunk_sid", SHAPE_TEXT, NULL},
	{"voice_url", SHAPE_TEXT, NULL},
	{"voice_method", SHAPE_TEXT, NULL},
	{"voice_fallback_url", SHAPE_TEXT, NULL},
	{"voice_fallback_method", SHAPE_TEXT, NULL},
	{"voice_status_callback_url", SHAPE_TEXT, NULL},
	{"voice_status_callback_method", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, "/SIP/Domains/{sid}.json"},
	{"subresource_uris", SHAPE_LINKS, "/SIP/Domains/{sid}: credential_list_mappings ip_access_control_list_mappings"},
	{0},
};
// clang-format on

/* Every access list must let a call in, and one of the credential lists. */
static void more(json_t *json, const struct fields *fields)
{
	bool by_list = *fields_text(fields, "call_credential_lists") != '\0';
	bool by_address = *fields_text(fields, "call_access_lists") != '\0';
	const char *type = by_list && by_address ? "CREDENTIAL_LIST,IP_ACL"
	                   : by_list             ? "CREDENTIAL_LIST"
	                   : by_address          ? "IP_ACL"
	                                         : "";

	(void)json_object_set_new(json, "auth_type", json_string(type));
}

static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	const char *was = fields_text(&q->was, "domain_name");
	const char *caller = fields_text(&q->params, "EmergencyCallerSid");
	const struct number *n = tenants_number_by_sid(q->app->tenants, caller);

	if (*caller && (!n || strcmp(n->account_sid, ask_account(q)) != 0))
		return param_fail(error, ERROR_PARAMETER, "EmergencyCallerSid");
	/* Its name was the realm that passwords are kept for: it stays. */
	if (*was && strcmp(was, fields_text(draft, "domain_name")) != 0 &&
	    !*fields_text(draft, "realm") &&
	    !*fields_text(&q->account, "realm"))
		fields_set(draft, "realm", was);
	if (!*fields_text(draft, "friendly_name"))
		fields_set(draft, "friendly_name",
		           fields_text(draft, "domain_name"));
	return true;
}

const struct resource domain_resource = {
	.name = "Domain",
	.plural = "domains",
	.prefix = "SD",
	.family = "domain:",
	.key = "domain_name",
	.index = "domains:{%s}",
	.set = "domains",
	.params = params,
	.shape = shape,
	.max = DOMAINS_MAX,
	.max_code = TOO_MANY,
	.taken = INVALID,
	.check = check,
	.write = realms_write,
	.more = more,
};

static void on_realms(struct ask *q, const struct realms *realms)
{
	if (realms->n)
		fields_set(&q->draft, "realm", realms->v[realms->n - 1]);
	crud_create(q);
}

void domains_create(struct ask *q)
{
	realms_find(q, on_realms);
}

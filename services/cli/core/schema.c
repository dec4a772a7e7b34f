/*
 * schema.c - what may stand in a tenants file: kinds of things, their fields
 *
 * Pure: tables only.
 */
#include "schema.h"

#include <string.h>

#include "numbering/rate.h"

#include "numbering/number_range.h"

/* Limits of lists: what one account may have on the platforms that phones and
 * applications were written for. */
enum { ACCOUNTS_MAX = 10000 };
enum { LISTS_MAX = 100, USERS_MAX = 100000, ACCESS_LISTS_MAX = 1000 };
enum { DOMAINS_MAX = 100, NUMBERS_MAX = 100000, BINS_MAX = 1000 };
enum { CARRIERS_MAX = 100, TARGETS_MAX = 10, CALLER_IDS_MAX = 1000 };

// clang-format off
const struct field schema_top[] = {
	{.name = "accounts", .type = FIELD_OBJECTS, .ref = KIND_ACCOUNT, .required = true},
	{.name = "carriers", .type = FIELD_OBJECTS, .ref = KIND_CARRIER},
	{.name = "rates", .type = FIELD_OBJECTS, .ref = KIND_RATES},
	{0},
};

static const struct field account[] = {
	{.name = "friendly_name", .type = FIELD_NAME, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "auth_token", .type = FIELD_TOKEN, .required = true},
	{.name = "status", .type = FIELD_STATUS, .init = "active"},
	{.name = "realm", .type = FIELD_DOMAIN},
	{.name = "type", .type = FIELD_ONE, .words = "Full Trial", .init = "Full"},
	{.name = "caller_id_policy", .type = FIELD_ONE, .words = "owned any", .init = "owned"},
	{.name = "rates", .type = FIELD_REF, .ref = KIND_RATES},
	{.name = "balance", .type = FIELD_PRICE},
	{.name = "debugger_url", .type = FIELD_URL},
	{.name = "calls_max", .type = FIELD_UINT, .init = "0", .max = 100000},
	{.name = "calls_per_second", .type = FIELD_UINT, .init = "0", .max = 1000},
	{.name = "dialing_countries", .type = FIELD_COUNTRIES, .max = 300, .hidden = true},
	{.name = "dialing_special", .type = FIELD_COUNTRIES, .max = 300, .hidden = true},
	{.name = "dialing_tollfraud", .type = FIELD_COUNTRIES, .max = 300, .hidden = true},
	{.name = "caller_ids", .type = FIELD_OBJECTS, .ref = KIND_CALLER_ID},
	{.name = "credential_lists", .type = FIELD_OBJECTS, .ref = KIND_CREDENTIAL_LIST},
	{.name = "access_lists", .type = FIELD_OBJECTS, .ref = KIND_ACCESS_LIST},
	{.name = "bins", .type = FIELD_OBJECTS, .ref = KIND_BIN},
	{.name = "domains", .type = FIELD_OBJECTS, .ref = KIND_DOMAIN},
	{.name = "numbers", .type = FIELD_OBJECTS, .ref = KIND_NUMBER},
	{.name = "carriers", .type = FIELD_OBJECTS, .ref = KIND_CARRIER},
	{0},
};

static const struct field credential_list[] = {
	{.name = "friendly_name", .type = FIELD_NAME, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "users", .type = FIELD_OBJECTS, .ref = KIND_USER},
	{0},
};

static const struct field user[] = {
	{.name = "username", .type = FIELD_USERNAME, .required = true, .hidden = true},
	{.name = "password", .type = FIELD_PASSWORD, .required = true, .hidden = true},
	{.name = "sid", .type = FIELD_SID},
	{0},
};

static const struct field access_list[] = {
	{.name = "friendly_name", .type = FIELD_NAME, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "addresses", .type = FIELD_CIDRS, .required = true, .max = 100},
	{0},
};

static const struct field bin[] = {
	{.name = "friendly_name", .type = FIELD_NAME, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "twiml", .type = FIELD_TWIML, .required = true},
	{0},
};

/* What a domain and a number share: where to ask what to do. */
#define VOICE_FIELDS \
	{.name = "voice_url", .type = FIELD_URL}, \
	{.name = "voice_bin", .type = FIELD_REF, .ref = KIND_BIN, .hidden = true}, \
	{.name = "voice_method", .type = FIELD_METHOD, .init = "POST"}, \
	{.name = "voice_fallback_url", .type = FIELD_URL}, \
	{.name = "voice_fallback_method", .type = FIELD_METHOD, .init = "POST"}, \
	{.name = "voice_status_callback_url", .type = FIELD_URL}, \
	{.name = "voice_status_callback_method", .type = FIELD_METHOD, .init = "POST"}

static const struct field domain[] = {
	{.name = "domain_name", .type = FIELD_DOMAIN, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "friendly_name", .type = FIELD_NAME},
	VOICE_FIELDS,
	{.name = "sip_registration", .type = FIELD_BOOL, .init = "true"},
	{.name = "secure", .type = FIELD_BOOL, .init = "false"},
	{.name = "md5_only", .type = FIELD_BOOL, .init = "false"},
	{.name = "expires_min", .type = FIELD_UINT, .init = "60", .min = 10, .max = 3600},
	{.name = "expires_default", .type = FIELD_UINT, .init = "3600", .min = 10, .max = 86400},
	{.name = "expires_max", .type = FIELD_UINT, .init = "3600", .min = 10, .max = 86400},
	{.name = "default_caller_id", .type = FIELD_E164},
	{.name = "emergency_calling_enabled", .type = FIELD_BOOL, .init = "false"},
	{.name = "emergency_caller", .type = FIELD_REF, .ref = KIND_NUMBER},
	{.name = "registration_credential_lists", .type = FIELD_NAMES, .ref = KIND_CREDENTIAL_LIST, .max = 100},
	{.name = "call_credential_lists", .type = FIELD_NAMES, .ref = KIND_CREDENTIAL_LIST, .max = 100},
	{.name = "call_access_lists", .type = FIELD_NAMES, .ref = KIND_ACCESS_LIST, .max = 100},
	{0},
};

static const struct field number[] = {
	{.name = "phone_number", .type = FIELD_E164, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "friendly_name", .type = FIELD_NAME},
	VOICE_FIELDS,
	{0},
};

static const struct field caller_id[] = {
	{.name = "phone_number", .type = FIELD_E164, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "friendly_name", .type = FIELD_NAME},
	{0},
};

static const struct field carrier[] = {
	{.name = "friendly_name", .type = FIELD_NAME, .required = true},
	{.name = "sid", .type = FIELD_SID},
	{.name = "sources", .type = FIELD_CIDRS, .max = 100},
	{.name = "prefixes", .type = FIELD_PREFIXES, .max = 100},
	{.name = "numbers", .type = FIELD_NUMBERS, .max = NUMBER_RANGES_MAX},
	{.name = "priority", .type = FIELD_UINT, .init = "10", .max = 65535},
	{.name = "strip_plus", .type = FIELD_BOOL, .init = "false"},
	{.name = "prefix", .type = FIELD_DIGITS},
	{.name = "country", .type = FIELD_COUNTRY},
	{.name = "host", .type = FIELD_DOMAIN},
	{.name = "username", .type = FIELD_USERNAME},
	{.name = "password", .type = FIELD_PASSWORD, .hidden = true},
	{.name = "md5_only", .type = FIELD_BOOL, .init = "false"},
	{.name = "media_source", .type = FIELD_MEDIA, .init = "signalling"},
	{.name = "emergency", .type = FIELD_BOOL, .init = "false"},
	{.name = "targets", .type = FIELD_OBJECTS, .ref = KIND_TARGET},
	{0},
};

static const struct field target[] = {
	{.name = "uri", .type = FIELD_SIP_URI, .required = true},
	{.name = "priority", .type = FIELD_UINT, .init = "10", .max = 65535},
	{.name = "weight", .type = FIELD_UINT, .init = "10", .max = 65535},
	{.name = "username", .type = FIELD_USERNAME},
	{.name = "password", .type = FIELD_TEXT},
	{0},
};

static const struct field rates[] = {
	{.name = "friendly_name", .type = FIELD_NAME, .required = true},
	{.name = "currency", .type = FIELD_CURRENCY, .init = "USD"},
	{.name = "rates", .type = FIELD_OBJECTS, .ref = KIND_RATE},
	{0},
};

static const struct field rate[] = {
	{.name = "prefix", .type = FIELD_START, .required = true},
	{.name = "direction", .type = FIELD_ONE, .words = "both inbound outbound", .init = "both"},
	{.name = "per_minute", .type = FIELD_PRICE, .required = true},
	{.name = "minimum", .type = FIELD_UINT, .init = "60", .max = 3600},
	{.name = "increment", .type = FIELD_UINT, .init = "60", .min = 1, .max = 3600},
	{0},
};

static const struct kind kinds[KIND_MAX] = {
	[KIND_ACCOUNT] = {.word = "account", .family = "account:", .set = "accounts",
		.prefix = "AC", .key = "friendly_name", .global = true, .max = ACCOUNTS_MAX, .fields = account},
	[KIND_CREDENTIAL_LIST] = {.word = "credential list", .family = "credential-list:", .set = "credential-lists",
		.prefix = "CL", .key = "friendly_name", .max = LISTS_MAX, .fields = credential_list},
	[KIND_USER] = {.word = "user", .prefix = "CR", .key = "username", .max = USERS_MAX, .fields = user},
	[KIND_ACCESS_LIST] = {.word = "access list", .family = "access-list:", .set = "access-lists",
		.prefix = "AL", .key = "friendly_name", .max = ACCESS_LISTS_MAX, .fields = access_list},
	[KIND_BIN] = {.word = "bin", .family = "bin:", .set = "bins",
		.prefix = "EH", .key = "friendly_name", .max = BINS_MAX, .fields = bin},
	[KIND_DOMAIN] = {.word = "SIP domain", .family = "domain:", .set = "domains",
		.prefix = "SD", .key = "domain_name", .global = true, .max = DOMAINS_MAX, .fields = domain},
	[KIND_NUMBER] = {.word = "number", .family = "number:", .set = "numbers",
		.prefix = "PN", .key = "phone_number", .global = true, .max = NUMBERS_MAX, .fields = number},
	[KIND_CALLER_ID] = {.word = "caller id", .family = "caller-id:", .set = "caller-ids",
		.prefix = "PN", .key = "phone_number", .max = CALLER_IDS_MAX, .fields = caller_id},
	[KIND_CARRIER] = {.word = "carrier", .family = "carrier:", .set = "carriers",
		.prefix = "BY", .key = "friendly_name", .max = CARRIERS_MAX, .fields = carrier},
	[KIND_RATES] = {.word = "rate table", .family = "rates:", .set = "rates",
		.key = "friendly_name", .global = true, .max = 100, .fields = rates},
	[KIND_RATE] = {.word = "rate", .key = "prefix", .max = RATES_MAX, .fields = rate},
	[KIND_TARGET] = {.word = "target", .key = "uri", .max = TARGETS_MAX, .fields = target},
};
// clang-format on

const struct kind *kind_of(enum kind_id id)
{
	return &kinds[id];
}

int field_index(const struct field *fields, const char *name)
{
	for (int i = 0; fields[i].name; i++)
		if (strcmp(fields[i].name, name) == 0)
			return i;
	return -1;
}

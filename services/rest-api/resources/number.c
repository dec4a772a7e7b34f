/*
 * number.c - IncomingPhoneNumbers (contract 6.6): the numbers of an account
 *
 *     carriers' ranges ──create──► number:<+E.164> ──delete──► free again
 *                                     └─AccountSid─► another account's
 */
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "base/sid.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"
#include "loop/loop.h"
#include "stock.h"
#include "store/value.h"

enum { NUMBERS_MAX = 100000, NAME_BYTES = 64 };
enum { AREA_CODE = 3 }; /* digits of one */
enum { CHOICES = 20 };  /* free numbers of an area, of which one is taken */
enum {
	NUMBERS_FULL = 21404,
	INVALID = 21421,
	TAKEN = 21422,
	BAD_AREA = 21451,
	NONE_IN_AREA = 21452,
	NO_APPLICATION = 21218
};

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .max = NAME_BYTES},
	{.name = "VoiceUrl", .field = "voice_url", .type = PARAM_URL},
	{.name = "VoiceMethod", .field = "voice_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "VoiceFallbackUrl", .field = "voice_fallback_url", .type = PARAM_URL},
	{.name = "VoiceFallbackMethod", .field = "voice_fallback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "VoiceApplicationSid", .field = "voice_application_sid", .type = PARAM_SID, .words = "AP", .code = NO_APPLICATION},
	{.name = "VoiceCallerIdLookup", .field = "voice_caller_id_lookup", .type = PARAM_BOOL, .init = "false"},
	{.name = "StatusCallback", .field = "voice_status_callback_url", .type = PARAM_URL},
	{.name = "StatusCallbackMethod", .field = "voice_status_callback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "TrunkSid", .field = "trunk_sid", .type = PARAM_SID, .words = "TK"},
	/* kept and shown: Trestle sends no messages, asks for no addresses */
	{.name = "SmsUrl", .field = "sms_url", .type = PARAM_URL},
	{.name = "SmsMethod", .field = "sms_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "SmsFallbackUrl", .field = "sms_fallback_url", .type = PARAM_URL},
	{.name = "SmsFallbackMethod", .field = "sms_fallback_method", .type = PARAM_METHOD, .init = "POST"},
	{.name = "SmsApplicationSid", .field = "sms_application_sid", .type = PARAM_SID, .words = "AP", .code = NO_APPLICATION},
	{.name = "AddressSid", .field = "address_sid", .type = PARAM_SID, .words = "AD"},
	{.name = "IdentitySid", .field = "identity_sid", .type = PARAM_SID, .words = "RI"},
	{.name = "BundleSid", .field = "bundle_sid", .type = PARAM_SID, .words = "BU"},
	{0},
};

#define NUMBER_SHAPE \
	{"sid", SHAPE_TEXT, NULL}, \
	{"account_sid", SHAPE_TEXT, NULL}, \
	{"api_version", SHAPE_LITERAL, "2010-04-01"}, \
	{"phone_number", SHAPE_TEXT, NULL}, \
	{"friendly_name", SHAPE_TEXT, NULL}, \
	{"voice_url", SHAPE_TEXT, NULL}, \
	{"voice_method", SHAPE_TEXT, NULL}, \
	{"voice_fallback_url", SHAPE_TEXT, NULL}, \
	{"voice_fallback_method", SHAPE_TEXT, NULL}, \
	{"voice_application_sid", SHAPE_TEXT, NULL}, \
	{"voice_caller_id_lookup", SHAPE_BOOL, NULL}, \
	{"voice_receive_mode", SHAPE_LITERAL, "voice"}, \
	{"status_callback", SHAPE_TEXT, "voice_status_callback_url"}, \
	{"status_callback_method", SHAPE_TEXT, "voice_status_callback_method"}, \
	{"sms_url", SHAPE_TEXT, NULL}, \
	{"sms_method", SHAPE_TEXT, NULL}, \
	{"sms_fallback_url", SHAPE_TEXT, NULL}, \
	{"sms_fallback_method", SHAPE_TEXT, NULL}, \
	{"sms_application_sid", SHAPE_TEXT, NULL}, \
	{"trunk_sid", SHAPE_TEXT, NULL}, \
	{"address_requirements", SHAPE_LITERAL, "none"}, \
	{"address_sid", SHAPE_TEXT, NULL}, \
	{"identity_sid", SHAPE_TEXT, NULL}, \
	{"bundle_sid", SHAPE_TEXT, NULL}, \
	{"emergency_status", SHAPE_LITERAL, "Inactive"}, \
	{"emergency_address_sid", SHAPE_NULL, NULL}, \
	{"emergency_address_status", SHAPE_LITERAL, "unregistered"}, \
	{"beta", SHAPE_BOOL, NULL}, \
	{"origin", SHAPE_LITERAL, "twilio"}, \
	{"status", SHAPE_LITERAL, "in-use"}, \
	{"date_created", SHAPE_DATE, NULL}, \
	{"date_updated", SHAPE_DATE, NULL}, \
	{"uri", SHAPE_URI, "/IncomingPhoneNumbers/{sid}.json"}

static const struct shape shape[] = {
	NUMBER_SHAPE,
	{"type", SHAPE_TEXT, NULL},
	{0},
};

static const struct shape kind_shape[] = { /* of the lists of one kind */
	NUMBER_SHAPE,
	{0},
};
// clang-format on

static const struct resource_filter filters[] = {
	{"PhoneNumber", "phone_number", TEST_DIGITS},
	{"FriendlyName", "friendly_name", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static void more(json_t *json, const struct fields *fields)
{
	(void)fields;
	(void)json_object_set_new(json, "capabilities",
	                          json_pack("{s:b, s:b, s:b, s:b}", "voice", 1,
	                                    "sms", 0, "mms", 0, "fax", 0));
}

/* --- what no table says --------------------------------------------------------- */

/* The account that a number moves to; NULL = it stays */
static const char *target_of(const struct ask *q)
{
	return q->was.n ? q->more : NULL;
}

/* An application and a trunk exclude each other: the one that is said stands. What
 * is another account's is left behind when a number moves. */
static bool check(const struct ask *q, struct fields *draft,
                  struct param_error *error)
{
	const char *application =
		fields_text(&q->params, "VoiceApplicationSid");
	const char *target = target_of(q);
	char friendly[24];

	(void)error;
	if (target)
		fields_set(draft, "account_sid", target);
	if (*fields_text(&q->params, "TrunkSid") || (target && !*application))
		fields_set(draft, "voice_application_sid", "");
	else if (*application)
		fields_set(draft, "trunk_sid", "");
	if (*fields_text(draft, "friendly_name"))
		return true;
	inventory_friendly(fields_text(draft, "phone_number"), friendly);
	fields_set(draft, "friendly_name", friendly);
	return true;
}

static void write_move(struct change *c, const struct fields *was,
                       const struct fields *draft)
{
	const char *sid = fields_text(draft, "sid");
	const char *from = fields_text(was, "account_sid");
	const char *to = fields_text(draft, "account_sid");
	char key[64], sids[64], index[64], score[24];

	(void)snprintf(key, sizeof(key), "number:%.32s",
	               fields_text(draft, "phone_number"));
	(void)snprintf(sids, sizeof(sids), "sids:{%.34s}", from);
	(void)snprintf(index, sizeof(index), "numbers:{%.34s}", from);
	change_run(c, "HDEL", sids, sid, NULL);
	change_run(c, "ZREM", index, sid, NULL);
	(void)snprintf(sids, sizeof(sids), "sids:{%.34s}", to);
	(void)snprintf(index, sizeof(index), "numbers:{%.34s}", to);
	(void)snprintf(score, sizeof(score), "%llu",
	               (unsigned long long)loop_wall_ms());
	change_fewer(c, index, NUMBERS_MAX, NUMBERS_FULL);
	change_run(c, "HSET", sids, sid, key, NULL);
	change_run(c, "ZADD", index, score, sid, NULL);
}

/* The application must be one of the account that the number is of then. */
static void write_number(const struct ask *q, struct change *c,
                         const struct fields *was, const struct fields *draft)
{
	const char *application =
		draft ? fields_text(draft, "voice_application_sid") : "";
	char sids[64], key[64];

	if (*application && fields_get(&q->params, "VoiceApplicationSid")) {
		(void)snprintf(sids, sizeof(sids), "sids:{%.34s}",
		               fields_text(draft, "account_sid"));
		(void)snprintf(key, sizeof(key), "application:%.34s",
		               application);
		change_same(c, sids, application, key, NO_APPLICATION);
	}
	if (draft && target_of(q))
		write_move(c, was, draft);
}

static const char *about(uint32_t code, const struct fields *draft)
{
	return fields_text(draft, code == NO_APPLICATION
	                                  ? "voice_application_sid"
	                                  : "phone_number");
}

#define NUMBER_RESOURCE                                                        \
	.name = "IncomingPhoneNumber", .plural = "incoming_phone_numbers",     \
	.prefix = "PN", .family = "number:", .key = "phone_number",            \
	.index = "numbers:{%s}", .set = "numbers", .params = params,           \
	.filters = filters, .max = NUMBERS_MAX, .max_code = NUMBERS_FULL,      \
	.taken = TAKEN, .check = check, .write = write_number, .about = about, \
	.more = more

const struct resource number_resource = {NUMBER_RESOURCE, .shape = shape};
const struct resource number_local_resource = {
	NUMBER_RESOURCE, .shape = kind_shape, .only = "type",
	.only_value = "local"};
const struct resource number_mobile_resource = {
	NUMBER_RESOURCE, .shape = kind_shape, .only = "type",
	.only_value = "mobile"};
const struct resource number_toll_free_resource = {
	NUMBER_RESOURCE, .shape = kind_shape, .only = "type",
	.only_value = "toll-free"};

/* --- list ----------------------------------------------------------------------- */

/* All numbers are of one origin, and none is a beta. */
void numbers_list(struct ask *q)
{
	const char *origin = fields_text(&q->params, "Origin");
	const char *beta = fields_text(&q->params, "Beta");

	if (*origin && strcmp(origin, "twilio") != 0 &&
	    strcmp(origin, "hosted") != 0)
		ask_fail(q, ERROR_PARAMETER, "Origin: twilio or hosted");
	else if (*beta && value_bool(beta))
		ask_fail(q, ERROR_PARAMETER, "Beta: true or false");
	else if (strcmp(origin, "hosted") == 0)
		ask_list(q, number_resource.plural, json_array(), NULL);
	else
		crud_list(q);
}

/* --- create --------------------------------------------------------------------- */

static void create(struct ask *q, const char *e164)
{
	const struct resource *r = q->route->resource;
	const char *type = number_type(e164);

	if (r->only && strcmp(r->only_value, type) != 0) {
		ask_fail(q, TAKEN, e164);
		return;
	}
	fields_set(&q->draft, "phone_number", e164);
	fields_set(&q->draft, "type", type);
	crud_create(q);
}

static void on_stock(struct ask *q, const struct inventory *inventory)
{
	const char *e164 = fields_text(&q->params, "PhoneNumber");

	if (inventory_has(inventory, e164))
		create(q, e164);
	else
		ask_fail(q, TAKEN, e164);
}

/* One of the first, so that two who ask at once seldom get the same. */
static void on_found(struct ask *q, const struct stock_found *found)
{
	uint64_t random = loop_wall_ms();

	if (found->n)
		create(q, found->v[random % found->n]);
	else
		ask_fail(q, NONE_IN_AREA, fields_text(&q->params, "AreaCode"));
}

static void create_in_area(struct ask *q, const char *area)
{
	const struct resource *r = q->route->resource;
	const struct inventory_filter filter = {.type = r->only_value,
	                                        .begins = q->key};

	(void)snprintf(q->key, sizeof(q->key), "+1%.3s", area);
	if (strlen(area) == AREA_CODE && area[0] >= '2' && area[0] <= '9' &&
	    strspn(area, "0123456789") == AREA_CODE)
		stock_find(q, &filter, CHOICES, on_found);
	else
		ask_fail(q, BAD_AREA, area);
}

static bool is_closed(const struct fields *account)
{
	return strcmp(fields_text(account, "status"), "closed") == 0;
}

void numbers_create(struct ask *q)
{
	const char *e164 = fields_text(&q->params, "PhoneNumber");
	const char *area = fields_text(&q->params, "AreaCode");

	if (is_closed(&q->account)) /* it gave all of them back */
		ask_fail(q, ERROR_INACTIVE, NULL);
	else if (*e164 && value_e164(e164))
		ask_fail(q, INVALID, e164);
	else if (*e164)
		stock(q, on_stock);
	else if (*area)
		create_in_area(q, area);
	else
		ask_fail(q, ERROR_PARAMETER,
		         "PhoneNumber or AreaCode: one of them is required");
}

/* --- update --------------------------------------------------------------------- */

static void move_to(struct ask *q, const char *account_sid)
{
	q->more = strdup(account_sid);
	if (q->more)
		crud_update(q);
	else
		ask_fail(q, ERROR_AWAY, NULL);
}

static void on_target(void *arg, int err, const char *key,
                      const struct fields *account)
{
	struct ask *q = arg;

	(void)key;
	if (err)
		ask_fail_errno(q, err);
	else if (strcmp(fields_text(account, "owner_account_sid"),
	                q->caller_sid) == 0 &&
	         !is_closed(account))
		move_to(q, fields_text(account, "sid"));
	else
		ask_fail(q, ERROR_PARAMETER,
		         "AccountSid: it is no account of yours that is open");
}

/* To itself or to its subaccounts an account may move a number. */
void numbers_update(struct ask *q)
{
	const char *target = fields_text(&q->params, "AccountSid");
	int err;

	if (!*target || strcmp(target, ask_account(q)) == 0) {
		crud_update(q);
		return;
	}
	if (strcmp(target, q->caller_sid) == 0) {
		move_to(q, target);
		return;
	}
	if (!sid_valid(target, "AC")) {
		ask_fail(q, ERROR_PARAMETER, "AccountSid: it is no sid");
		return;
	}
	(void)snprintf(q->key, sizeof(q->key), "account:%.34s", target);
	err = records_get(q->app->db, q->key, on_target, q);
	if (err)
		ask_fail_errno(q, err);
}

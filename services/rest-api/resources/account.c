/*
 * account.c - Accounts and subaccounts (contract 6.3)
 *
 * The list of an account holds itself and its subaccounts, which can not have
 * subaccounts themselves.
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "../app.h"
#include "adapters/records.h"
#include "ask.h"
#include "ask_change.h"
#include "base/sid.h"
#include "core/change.h"
#include "core/error.h"
#include "crud.h"
#include "loop/loop.h"
#include "realms.h"
#include "store/rules.h"
#include "store/tenants.h"
#include "store/time.h"

enum {
	NAME_BYTES = 64,
	SUBACCOUNTS_MAX = 1000,
	TOO_MANY = 21100,
	NESTED = 21101,
	CLOSED = 21479
};

// clang-format off
static const struct param params[] = {
	{.name = "FriendlyName", .field = "friendly_name", .max = NAME_BYTES},
	{.name = "Status", .field = "status", .type = PARAM_ENUM, .words = "active suspended closed"},
	{.name = "DebuggerUrl", .field = "debugger_url", .type = PARAM_URL},
	{0},
};

static const struct resource_filter filters[] = {
	{"FriendlyName", "friendly_name", TEST_IS},
	{"Status", "status", TEST_IS},
	{NULL, NULL, TEST_IS},
};

static const struct shape shape[] = {
	{"sid", SHAPE_TEXT, NULL},
	{"owner_account_sid", SHAPE_TEXT, NULL},
	{"friendly_name", SHAPE_TEXT, NULL},
	{"auth_token", SHAPE_TEXT, NULL},
	{"status", SHAPE_TEXT, NULL},
	{"type", SHAPE_TEXT, NULL},
	{"date_created", SHAPE_DATE, NULL},
	{"date_updated", SHAPE_DATE, NULL},
	{"uri", SHAPE_URI, ".json"},
	{"subresource_uris", SHAPE_LINKS, ": available_phone_numbers calls conferences incoming_phone_numbers notifications outgoing_caller_ids recordings transcriptions addresses signing_keys connect_apps sip authorized_connect_apps usage keys applications short_codes queues messages balance"},
	{0},
};
// clang-format on

const struct resource account_resource = {
	.name = "Account",
	.plural = "accounts",
	.prefix = "AC",
	.family = "account:",
	.index = "subaccounts:{%s}",
	.set = "accounts",
	.params = params,
	.filters = filters,
	.shape = shape,
};

/* What an account loaded from a file does not say */
static json_t *account_json(const struct ask *q, const struct fields *account)
{
	struct fields all = {0};
	json_t *json;

	fields_merge(&all, account);
	fields_set(&all, "account_sid", fields_text(account, "sid"));
	if (!*fields_text(account, "owner_account_sid"))
		fields_set(&all, "owner_account_sid",
		           fields_text(account, "sid"));
	if (rules_trial(tenants_snapshot(q->app->tenants),
	                fields_text(account, "sid")))
		fields_set(&all, "type", "Trial"); /* its owner is one */
	else if (!*fields_text(account, "type"))
		fields_set(&all, "type", "Full");
	json = crud_json(&account_resource, &all);
	fields_close(&all);
	return json;
}

static bool is_main(const struct ask *q)
{
	const char *owner = fields_text(&q->account, "owner_account_sid");

	return !*owner || strcmp(owner, fields_text(&q->account, "sid")) == 0;
}

/* --- list, fetch ---------------------------------------------------------------- */

static bool passes(const struct ask *q, const struct fields *account)
{
	for (const struct resource_filter *f = filters; f->param; f++) {
		const char *want = fields_get(&q->params, f->param);

		if (want && *want &&
		    strcmp(want, fields_text(account, f->field)) != 0)
			return false;
	}
	return true;
}

static void on_list(void *arg, int err, const struct records *records)
{
	struct ask *q = arg;
	json_t *list = json_array();

	if (err) {
		json_decref(list);
		ask_fail_errno(q, err);
		return;
	}
	if (q->page.number == 0 && !q->page.after[0] && passes(q, &q->account))
		(void)json_array_append_new(list, account_json(q, &q->account));
	for (size_t i = 0; i < records->n; i++)
		(void)json_array_append_new(list,
		                            account_json(q, &records->v[i]));
	ask_list(q, "accounts", list, records->more ? records->last : NULL);
}

void accounts_list(struct ask *q)
{
	struct records_filter wanted[2];
	char index[64];
	struct records_query query = {.index = index,
	                              .account_sid = ask_account(q),
	                              .head = "account:",
	                              .tail = "",
	                              .filters = wanted,
	                              .page = &q->page};
	int err;

	(void)snprintf(index, sizeof(index), "subaccounts:{%s}",
	               ask_account(q));
	for (const struct resource_filter *f = filters; f->param; f++) {
		const char *value = fields_get(&q->params, f->param);

		if (value && *value)
			wanted[query.n_filters++] = (struct records_filter){
				f->field, f->test, value};
	}
	err = records_list(q->app->db, &query, on_list, q);
	if (err)
		ask_fail_errno(q, err);
}

void accounts_fetch(struct ask *q)
{
	ask_ok(q, "Account", account_json(q, &q->account));
}

/* --- create, update ------------------------------------------------------------- */

static void on_created(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (ask_changed(q, err, code, ""))
		ask_created(q, "Account", account_json(q, &q->draft));
}

/* 16 random bytes in hexadecimal, as the original's tokens */
static bool make_token(char out[33])
{
	unsigned char bytes[16];

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

static bool take(struct ask *q, bool create)
{
	struct param_error error = {0};

	if (params_take(params, &q->params, create, &q->draft, &error))
		return true;
	ask_fail(q, error.code, error.detail);
	return false;
}

static void fill(struct ask *q, const char *sid, const char *token)
{
	char now[TIME_TEXT_SIZE], name[NAME_BYTES];

	time_text(loop_wall_ms(), now);
	fields_set(&q->draft, "sid", sid);
	fields_set(&q->draft, "owner_account_sid", ask_account(q));
	fields_set(&q->draft, "auth_token", token);
	fields_set(&q->draft, "type", "Full");
	fields_set(&q->draft, "status", "active");
	fields_set(&q->draft, "realm", realms_own(q));
	fields_set(&q->draft, "date_created", now);
	fields_set(&q->draft, "date_updated", now);
	if (*fields_text(&q->draft, "friendly_name"))
		return;
	(void)snprintf(name, sizeof(name), "SubAccount Created at %.16s", now);
	fields_set(&q->draft, "friendly_name", name);
}

void accounts_create(struct ask *q)
{
	char sid[SID_SIZE], token[33], index[64], score[24];
	struct change c = {0};

	if (!is_main(q)) {
		ask_fail(q, NESTED, NULL);
		return;
	}
	if (!take(q, true))
		return;
	sid_make("AC", sid);
	if (!make_token(token)) {
		ask_fail(q, ERROR_INTERNAL, NULL);
		return;
	}
	fill(q, sid, token);
	(void)snprintf(q->key, sizeof(q->key), "account:%s", sid);
	(void)snprintf(index, sizeof(index), "subaccounts:{%s}",
	               ask_account(q));
	(void)snprintf(score, sizeof(score), "%llu",
	               (unsigned long long)loop_wall_ms());
	change_fewer(&c, index, SUBACCOUNTS_MAX, TOO_MANY);
	change_hset(&c, q->key, &q->draft);
	change_run(&c, "ZADD", index, score, sid, NULL);
	change_run(&c, "SADD", "accounts", sid, NULL);
	ask_change(q, &c, on_created);
}

static void on_updated(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (!ask_changed(q, err, code, ""))
		return;
	fields_merge(&q->account, &q->draft);
	ask_ok(q, "Account", account_json(q, &q->account));
}

/* Its numbers are free again: nobody is called by them any more. */
static void release_numbers(struct change *c, const char *sid)
{
	char index[64], sids[64];

	(void)snprintf(index, sizeof(index), "numbers:{%.34s}", sid);
	(void)snprintf(sids, sizeof(sids), "sids:{%.34s}", sid);
	change_sweep(c, index, sids, "numbers");
}

/* An account that closed itself could not open itself again: only its owner may. */
void accounts_update(struct ask *q)
{
	const char *sid = fields_text(&q->account, "sid");
	const char *status = fields_text(&q->params, "Status");
	const char *was = fields_text(&q->account, "status");
	char now[TIME_TEXT_SIZE];
	struct change c = {0};

	if (*status && strcmp(status, "active") != 0 &&
	    strcmp(sid, q->caller_sid) == 0) {
		ask_fail(q, ERROR_ACCESS, "an account can not close itself");
		return;
	}
	if (!take(q, false))
		return;
	if (*status && strcmp(was, "closed") == 0 &&
	    strcmp(status, "closed") != 0) {
		ask_fail(q, CLOSED, NULL);
		return;
	}
	time_text(loop_wall_ms(), now);
	fields_set(&q->draft, "date_updated", now);
	(void)snprintf(q->key, sizeof(q->key), "account:%s", sid);
	change_present(&c, q->key, ERROR_MISSING);
	if (*status) /* nobody closed it meanwhile */
		change_same(&c, q->key, "status", was, ERROR_CONFLICT);
	change_hset(&c, q->key, &q->draft);
	if (strcmp(status, "closed") == 0)
		release_numbers(&c, sid);
	ask_change(q, &c, on_updated);
}

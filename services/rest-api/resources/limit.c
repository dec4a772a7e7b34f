/*
 * limit.c - Limits: how many calls an account may have, and place in a second; a
 *           resource of ours
 *
 * Nobody raises limits of its own: an account's are set in the tenants file, or by
 * itself where the operator lets it; a subaccount's by its owner, up to what the
 * owner has, which holds for it anyway (store/rules.h).
 */
#include "resources.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "ask.h"
#include "ask_change.h"
#include "core/change.h"
#include "core/error.h"
#include "core/params.h"
#include "loop/loop.h"
#include "store/rules.h"
#include "store/tenants.h"
#include "store/time.h"
#include "store/value.h"

enum { CALLS_MAX = 100000, PER_SECOND_MAX = 1000 }; /* as the tenants file */

// clang-format off
static const struct param params[] = {
	{.name = "CallsMax", .field = "calls_max", .type = PARAM_UINT, .max = CALLS_MAX},
	{.name = "CallsPerSecond", .field = "calls_per_second", .type = PARAM_UINT, .max = PER_SECOND_MAX},
	{0},
};
// clang-format on

/* As they are in force */
static void show(struct ask *q)
{
	const struct snapshot *s = tenants_snapshot(q->app->tenants);
	const char *sid = ask_account(q);

	ask_ok(q, "Limits",
	       json_pack("{s:s, s:i, s:i}", "account_sid", sid, "calls_max",
	                 (int)rules_calls_max(s, sid), "calls_per_second",
	                 (int)rules_calls_per_second(s, sid)));
}

void limits_fetch(struct ask *q)
{
	show(q);
}

static bool is_own(const struct ask *q)
{
	return strcmp(ask_account(q), q->caller_sid) == 0;
}

/* Is what was said no more than the owner has? 0 = any number, of both */
static bool within(const struct ask *q, const char *field, uint32_t most)
{
	const char *said = fields_text(&q->draft, field);
	uint32_t value = 0;

	if (!*said || !most)
		return true;
	return value_uint(said, 1, most, &value);
}

static bool fits_owner(const struct ask *q, struct param_error *error)
{
	const struct snapshot *s = tenants_snapshot(q->app->tenants);
	uint32_t calls = rules_calls_max(s, q->caller_sid);
	uint32_t pace = rules_calls_per_second(s, q->caller_sid);
	char text[80];

	if (!within(q, "calls_max", calls)) {
		(void)snprintf(text, sizeof(text),
		               "CallsMax: the owner has %u, a subaccount 1 to "
		               "as many",
		               calls);
		return param_fail(error, ERROR_PARAMETER, text);
	}
	if (!within(q, "calls_per_second", pace)) {
		(void)snprintf(text, sizeof(text),
		               "CallsPerSecond: the owner has %u, a subaccount "
		               "1 to as many",
		               pace);
		return param_fail(error, ERROR_PARAMETER, text);
	}
	return true;
}

static void on_updated(void *arg, int err, uint32_t code)
{
	struct ask *q = arg;

	if (ask_changed(q, err, code, ""))
		show(q);
}

static void update(struct ask *q)
{
	char now[TIME_TEXT_SIZE];
	struct change c = {0};

	time_text(loop_wall_ms(), now);
	fields_set(&q->draft, "date_updated", now);
	(void)snprintf(q->key, sizeof(q->key), "account:%s", ask_account(q));
	change_present(&c, q->key, ERROR_MISSING);
	change_hset(&c, q->key, &q->draft);
	ask_change(q, &c, on_updated);
}

void limits_update(struct ask *q)
{
	struct param_error error = {0};

	if (is_own(q) && ask_is_subaccount(q)) {
		ask_fail(q, ERROR_ACCESS,
		         "the limits of a subaccount are set by its owner");
		return;
	}
	if (is_own(q) && !q->app->set_limits) {
		ask_fail(q, ERROR_ACCESS,
		         "the tenants file says how many calls the account may "
		         "have, or set TRESTLE_API_LIMITS");
		return;
	}
	if (!params_take(params, &q->params, false, &q->draft, &error) ||
	    (!is_own(q) && !fits_owner(q, &error)))
		ask_fail(q, error.code, error.detail);
	else if (q->draft.n == 0)
		show(q);
	else
		update(q);
}

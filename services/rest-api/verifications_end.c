/*
 * verifications_end.c - verifications: calls that are due, and how they ended
 *
 *     every second ─► verifications:due ─► CallCreate ─┬─ begun
 *                                                      └─ refused ─┐
 *     status callback of the call ─────────────────────────────────┴► failed,
 *       unless the code was right ─► the tenant's StatusCallback
 *
 * A CallCreate that several instances send, or one sends twice, makes one call.
 */
#include "verifications_impl.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hiredis/hiredis.h>

#include "adapters/records.h"
#include "app.h"
#include "base/log.h"
#include "base/service.h"
#include "core/change.h"
#include "http/server.h"
#include "loop/loop.h"
#include "store/redis.h"

enum { POLL_MS = 1000, DUE_AT_ONCE = 20, NOTIFY_MS = 3000 };
enum { PARAMS_MAX = 64, ANOTHER_STATE = 1 };

/* ---- the end ------------------------------------------------------------------- */

static void unlink_visit(struct visit *v)
{
	*v->at = v->next;
	if (v->next)
		v->next->at = v->at;
}

static void on_over(void *arg, int err, uint32_t code)
{
	struct visit *v = arg;

	(void)code;
	if (err)
		visit_away(v);
	else
		visit_reply(v, 204, "");
}

/* It was told: nothing more is to be done, and a new one may begin. */
static void over(struct visit *v)
{
	struct change c = {.quiet = true};
	char account[64];
	int err;

	(void)snprintf(account, sizeof(account), "verifications:{%.34s}",
	               fields_text(&v->state, "account_sid"));
	change_run(&c, "ZREM", account, v->sid, NULL);
	change_run(&c, "ZREM", VERIFICATIONS_DUE, v->sid, NULL);
	err = records_change(v->app->db, &c, on_over, v);
	change_close(&c);
	if (err)
		visit_away(v);
}

static void on_told(void *arg, int err, const Trestle__Envelope *reply)
{
	struct visit *v = arg;

	unlink_visit(v);
	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_NOTIFY_REPLY)
		visit_away(v);
	else
		over(v);
}

/* The parameters of the call's own callback, and what came of it. */
static size_t fill_params(const struct visit *v, Trestle__Param *params,
                          Trestle__Param **out, const char *const extra[4])
{
	size_t n = 0;

	for (size_t i = 0; i < v->said.n && n + 2 < PARAMS_MAX; i++, n++) {
		trestle__param__init(&params[n]);
		params[n].name = v->said.v[i].name;
		params[n].value = v->said.v[i].value;
	}
	for (size_t i = 0; i < 4 && *extra[i + 1]; i += 2, n++) {
		trestle__param__init(&params[n]);
		params[n].name = (char *)(uintptr_t)extra[i];
		params[n].value = (char *)(uintptr_t)extra[i + 1];
	}
	for (size_t i = 0; i < n; i++)
		out[i] = &params[i];
	return n;
}

/* @param pn PN… of the caller id, "" = it is none */
static void tell(struct visit *v, const char *pn)
{
	struct verifications *all = v->app->verifications;
	const struct bus_req req = {.service = "webhook-fetcher",
	                            .key = v->sid,
	                            .timeout_ms = NOTIFY_MS,
	                            .retry = true};
	const char *const extra[4] = {"VerificationStatus",
	                              *pn ? "success" : "failed",
	                              "OutgoingCallerIdSid", pn};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__NotifyRequest n = TRESTLE__NOTIFY_REQUEST__INIT;
	Trestle__Param params[PARAMS_MAX], *pointers[PARAMS_MAX];
	char key[SID_SIZE + 16];

	n.url = (char *)(uintptr_t)fields_text(&v->state,
	                                       "voice_status_callback_url");
	n.method = (char *)(uintptr_t)fields_text(
		&v->state, "voice_status_callback_method");
	n.account_sid =
		(char *)(uintptr_t)fields_text(&v->state, "account_sid");
	n.n_params = fill_params(v, params, pointers, extra);
	n.params = pointers;
	(void)snprintf(key, sizeof(key), "%s-verification", v->sid);
	env.key = key;
	env.call_sid = v->sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_NOTIFY_REQUEST;
	env.notify_request = &n;
	v->at = &all->waiting;
	v->next = all->waiting;
	if (v->next)
		v->next->at = &v->next;
	all->waiting = v;
	if (bus_request(service_bus(v->app->service), &req, &env, on_told, v))
		on_told(v, ENOMEM, NULL);
}

static void on_numbers(void *arg, int err, const char *key,
                       const struct fields *numbers)
{
	struct visit *v = arg;
	char pn[SID_SIZE];

	(void)key;
	if (err) {
		visit_away(v);
		return;
	}
	(void)snprintf(
		pn, sizeof(pn), "%.34s",
		fields_text(numbers, fields_text(&v->state, "phone_number")));
	tell(v, pn);
}

/* From here on no code is right any more. */
static void on_settled(void *arg, int err, uint32_t code)
{
	struct visit *v = arg;
	bool was_failed =
		strcmp(fields_text(&v->state, "status"), "failed") == 0;
	char verified[64];

	(void)snprintf(verified, sizeof(verified), "verified-numbers:{%.34s}",
	               fields_text(&v->state, "account_sid"));
	if (!err && !*fields_text(&v->state, "voice_status_callback_url"))
		over(v);
	else if (!err && (!code || was_failed))
		tell(v, "");
	else if (err || records_get(v->app->db, verified, on_numbers, v))
		visit_away(v);
}

void verification_ended(struct visit *v)
{
	struct change c = {.quiet = true};
	int err;

	change_same(&c, v->key, "status", "pending", ANOTHER_STATE);
	change_run(&c, "HSET", v->key, "status", "failed", NULL);
	err = records_change(v->app->db, &c, on_settled, v);
	change_close(&c);
	if (err)
		visit_away(v);
}

/* ---- calls that are due -------------------------------------------------------- */

struct due {
	struct due *next, **at;
	struct verifications *all;
	char sid[SID_SIZE];
	char number[32], caller[32], account[SID_SIZE];
};

static void close_due(struct due *d)
{
	*d->at = d->next;
	if (d->next)
		d->next->at = d->at;
	free(d);
}

/* Nobody is called: as if it had failed. */
static void refuse(const struct due *d)
{
	struct visit *v =
		visit_alloc(d->all->app, NULL, d->sid, VERIFICATION_STATUS);
	const char *const said[][2] = {
		{"AccountSid", d->account},
		{"ApiVersion", "2010-04-01"},
		{"CallSid", d->sid},
		{"CallStatus", "failed"},
		{"Called", d->number},
		{"Caller", d->caller},
		{"Direction", "outbound-api"},
		{"From", d->caller},
		{"To", d->number},
	};

	if (!v)
		return; /* it is due still */
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		fields_add(&v->said, said[i][0], said[i][1]);
	visit_begin(v);
}

static void forget(const struct due *d)
{
	(void)redis_command(d->all->app->redis, NULL, NULL, "ZREM %s %s",
	                    VERIFICATIONS_DUE, d->sid);
}

static void on_placed(void *arg, int err, const Trestle__Envelope *reply)
{
	struct due *d = arg;

	if (err || reply->body_case != TRESTLE__ENVELOPE__BODY_CONTROL_REPLY)
		log_warn(d->all->app->log,
		         "%s: no call-controller places it: tried again",
		         d->sid);
	else if (reply->control_reply->code)
		refuse(d);
	else
		forget(d);
	close_due(d);
}

static void on_due(void *arg, int err, const char *key,
                   const struct fields *state)
{
	struct due *d = arg;
	const struct bus_req req = {.service = "call-controller",
	                            .key = d->sid,
	                            .timeout_ms = VERIFICATION_CALL_MS,
	                            .retry = true};
	struct verification_call call;

	(void)key;
	if (err || !state->n) {
		if (!err)
			forget(d);
		close_due(d);
		return;
	}
	(void)snprintf(d->number, sizeof(d->number), "%s",
	               fields_text(state, "phone_number"));
	(void)snprintf(d->caller, sizeof(d->caller), "%s",
	               fields_text(state, "caller"));
	(void)snprintf(d->account, sizeof(d->account), "%.34s",
	               fields_text(state, "account_sid"));
	verification_call_fill(&call, state);
	if (bus_request(service_bus(d->all->app->service), &req, &call.env,
	                on_placed, d))
		close_due(d);
}

static void begin_due(struct verifications *all, const char *sid)
{
	struct due *d = calloc(1, sizeof(*d));
	char key[VERIFICATION_KEY_SIZE];

	if (!d)
		return;
	d->all = all;
	(void)snprintf(d->sid, sizeof(d->sid), "%s", sid);
	(void)snprintf(key, sizeof(key), "verification:{%s}", sid);
	d->at = &all->due;
	d->next = all->due;
	if (d->next)
		d->next->at = &d->next;
	all->due = d;
	if (records_get(all->app->db, key, on_due, d))
		close_due(d);
}

static void on_list(void *arg, int err, const redisReply *reply)
{
	struct verifications *all = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY)
		return;
	for (size_t i = 0; i < reply->elements; i++)
		if (sid_valid(reply->element[i]->str, "CA"))
			begin_due(all, reply->element[i]->str);
}

static void on_timer(void *arg)
{
	struct verifications *all = arg;

	timer_start(all->timer, POLL_MS);
	if (all->due) /* the last ones are under way still */
		return;
	(void)redis_command(
		all->app->redis, on_list, all,
		"ZRANGEBYSCORE %s -inf %llu LIMIT 0 %d", VERIFICATIONS_DUE,
		(unsigned long long)loop_wall_ms(), (int)DUE_AT_ONCE);
}

/* ---- life ---------------------------------------------------------------------- */

int verifications_alloc(struct verifications **vp, struct app *app)
{
	struct verifications *all = calloc(1, sizeof(*all));
	int err = ENOMEM;

	if (all)
		err = timer_alloc(&all->timer, service_loop(app->service),
		                  on_timer, all);
	if (err) {
		free(all);
		return err;
	}
	all->app = app;
	timer_start(all->timer, POLL_MS);
	*vp = all;
	return 0;
}

void verifications_free(struct verifications *all)
{
	if (!all)
		return;
	timer_free(all->timer);
	redis_cancel(all->app->redis, all);
	while (all->waiting) {
		struct visit *v = all->waiting;

		bus_cancel(service_bus(all->app->service), v);
		on_told(v, ECANCELED, NULL);
	}
	for (struct due *d = all->due, *next; d; d = next) {
		next = d->next; /* Redis answered the others */
		bus_cancel(service_bus(all->app->service), d);
		free(d);
	}
	free(all);
}

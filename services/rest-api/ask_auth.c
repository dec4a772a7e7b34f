/*
 * ask_auth.c - who asks the API, and whether they may
 *
 *     AC:token ─────────► account of the name ─┬─► the path's, or none: it
 *     SK:secret ─► key ─► account of the key ──┴─► its subaccount: read that too
 */
#include "ask_auth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "adapters/records.h"
#include "app.h"
#include "ask.h"
#include "base/sid.h"
#include "core/basic.h"
#include "core/error.h"
#include "core/key_secret.h"
#include "gate.h"
#include "http/server.h"

struct auth {
	struct ask *ask;
	void (*next)(struct ask *q);
	struct basic given;
	bool by_key;
	bool named; /* a name and a password were given */
};

static void finish(struct auth *a, uint32_t code)
{
	struct ask *q = a->ask;
	void (*next)(struct ask * q) = a->next;

	if (code == ERROR_WHO && a->named && q->request)
		gate_wrong(q->app->gate, q->request, a->given.user);
	OPENSSL_cleanse(a, sizeof(*a));
	free(a);
	if (code)
		ask_fail(q, code, code == ERROR_MISSING ? ask_path(q) : NULL);
	else
		next(q);
}

static void finish_errno(struct auth *a, int err)
{
	struct ask *q = a->ask;

	OPENSSL_cleanse(a, sizeof(*a));
	free(a);
	ask_fail_errno(q, err);
}

/* The account of the path, which is not the caller's own */
static void on_subaccount(void *arg, int err, const char *key,
                          const struct fields *account)
{
	struct auth *a = arg;
	struct ask *q = a->ask;

	(void)key;
	if (err) {
		finish_errno(a, err);
		return;
	}
	if (strcmp(fields_text(account, "owner_account_sid"), q->caller_sid) !=
	    0) {
		finish(a, ERROR_MISSING);
		return;
	}
	fields_merge(&q->account, account);
	finish(a, 0);
}

static bool is_right(const struct auth *a, const struct fields *account)
{
	const char *token = fields_text(account, "auth_token");

	return a->by_key || (*token && basic_same(token, a->given.password));
}

/* The account that signed in */
static void on_caller(void *arg, int err, const char *key,
                      const struct fields *account)
{
	struct auth *a = arg;
	struct ask *q = a->ask;

	(void)key;
	if (err) {
		finish_errno(a, err);
		return;
	}
	if (account->n == 0 || !is_right(a, account)) {
		finish(a, ERROR_WHO);
		return;
	}
	if (strcmp(fields_text(account, "status"), "active") != 0) {
		finish(a, ERROR_INACTIVE);
		return;
	}
	if (q->request)
		gate_right(q->app->gate, q->request, a->given.user);
	if (gate_busy(q->app->gate, fields_text(account, "sid"))) {
		finish(a, ERROR_TOO_MANY);
		return;
	}
	(void)snprintf(q->caller_sid, sizeof(q->caller_sid), "%.34s",
	               fields_text(account, "sid"));
	q->by_key = a->by_key;
	if (q->by_key && (q->route->flags & ROUTE_MASTER)) {
		finish(a, ERROR_WHO);
		return;
	}
	if (!q->path.account_sid[0] ||
	    strcmp(q->path.account_sid, q->caller_sid) == 0) {
		fields_merge(&q->account, account);
		finish(a, q->account.failed ? ERROR_AWAY : 0);
		return;
	}
	(void)snprintf(q->key, sizeof(q->key), "account:%s",
	               q->path.account_sid);
	err = records_get(q->app->db, q->key, on_subaccount, a);
	if (err)
		finish_errno(a, err);
}

static void ask_caller(struct auth *a, const char *sid)
{
	char key[64];
	int err;

	(void)snprintf(key, sizeof(key), "account:%.34s", sid);
	err = records_get(a->ask->app->db, key, on_caller, a);
	if (err)
		finish_errno(a, err);
}

static void on_key(void *arg, int err, const char *key,
                   const struct fields *fields)
{
	struct auth *a = arg;

	(void)key;
	if (err)
		finish_errno(a, err);
	else if (!key_secret_fits(fields_text(fields, "secret_sha256"),
	                          a->given.password))
		finish(a, ERROR_WHO);
	else
		ask_caller(a, fields_text(fields, "account_sid"));
}

static void ask_key(struct auth *a)
{
	char key[64];
	int err;

	a->by_key = true;
	(void)snprintf(key, sizeof(key), "key:%s", a->given.user);
	err = records_get(a->ask->app->db, key, on_key, a);
	if (err)
		finish_errno(a, err);
}

void ask_auth(struct ask *q, void (*next)(struct ask *q))
{
	const char *header = http_request_header(q->request, "Authorization");
	struct auth *a = calloc(1, sizeof(*a));

	if (!a) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	a->ask = q;
	a->next = next;
	a->named = basic_parse(header, &a->given);
	if (!a->named)
		*a->given.user = '\0';
	q->closed = gate_closed(q->app->gate, q->request, a->given.user);
	if (q->closed)
		finish(a, ERROR_TOO_MANY);
	else if (sid_valid(a->given.user, "SK"))
		ask_key(a);
	else if (sid_valid(a->given.user, "AC"))
		ask_caller(a, a->given.user);
	else
		finish(a, ERROR_WHO);
}

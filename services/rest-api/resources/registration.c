/*
 * registration.c - who is registered, from where, with which device, since when
 *
 * A resource of ours: SIP/Registrations, those of one domain, of one user of it.
 * A binding has a sid, RG…, as long as the phone keeps its Contact. To delete it
 * is a registrar's business; each of them forgets it.
 */
#include "numbers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "adapters/records_lua.h"
#include "ask.h"
#include "ask_bus.h"
#include "base/form.h"
#include "base/json_read.h"
#include "base/strbuf.h"
#include "core/error.h"
#include "core/shape.h"
#include "loop/loop.h"
#include "store/time.h"

enum { REGISTRATIONS_MAX = 1000 }; /* of one answer */
enum { REMOVE_MS = 3000, AOR_SIZE = 340 };

/* {domain sid, domain, user, binding, sid} as the script answers it */
static json_t *registration_json(const struct ask *q, const redisReply *r)
{
	json_t *b = r->elements == 5 ? json_loads(r->element[3]->str, 0, NULL)
	                             : NULL;
	char aor[AOR_SIZE], uri[600];
	struct strbuf user = {0};
	json_t *o = NULL;

	/* One that ended stays beside others until they are refreshed. */
	if (!b ||
	    time_parse(json_read_text(b, "expires_at")) <= loop_wall_ms()) {
		json_decref(b);
		return NULL;
	}
	form_escape(&user, r->element[2]->str, strlen(r->element[2]->str));
	(void)snprintf(aor, sizeof(aor), "%s@%s", r->element[2]->str,
	               r->element[1]->str);
	(void)snprintf(uri, sizeof(uri),
	               "/2010-04-01/Accounts/%s/SIP/Domains/%s/Registrations/"
	               "%s/%s.json",
	               ask_account(q), r->element[0]->str, strbuf_str(&user),
	               r->element[4]->str);
	strbuf_close(&user);
	o = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, "
		"s:o, s:s}",
		"sid", r->element[4]->str, "account_sid", ask_account(q),
		"domain_sid", r->element[0]->str, "domain_name",
		r->element[1]->str, "username", r->element[2]->str, "aor", aor,
		"contact", shape_text(json_read_text(b, "contact")), "source",
		shape_text(json_read_text(b, "source")), "transport",
		shape_text(json_read_text(b, "transport")), "user_agent",
		shape_text(json_read_text(b, "user_agent")), "date_registered",
		shape_date(json_read_text(b, "registered_at")), "date_expires",
		shape_date(json_read_text(b, "expires_at")), "uri", uri);
	json_decref(b);
	return o;
}

static void on_registrations(void *arg, int err, const redisReply *reply)
{
	struct ask *q = arg;
	json_t *list;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	if (reply->type != REDIS_REPLY_ARRAY) { /* no such domain */
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	list = json_array();
	for (size_t i = 0; i < reply->elements; i++) {
		json_t *o = registration_json(q, reply->element[i]);

		if (o)
			(void)json_array_append_new(list, o);
	}
	ask_list(q, "registrations", list, NULL);
}

void registrations_list(struct ask *q)
{
	char sids[64], index[64], now[24], max[24];
	const char *argv[] = {sids, index, ask_part(q, 0),
	                      now,  max,   ask_part(q, 1)};
	int err;

	(void)snprintf(sids, sizeof(sids), "sids:{%s}", ask_account(q));
	(void)snprintf(index, sizeof(index), "domains:{%s}", ask_account(q));
	(void)snprintf(now, sizeof(now), "%llu",
	               (unsigned long long)(loop_wall_ms() / 1000));
	(void)snprintf(max, sizeof(max), "%d", (int)REGISTRATIONS_MAX);
	err = records_eval(q->app->db, &records_registrations_script, 6, argv,
	                   on_registrations, q);
	if (err)
		ask_fail_errno(q, err);
}

/* --- delete --------------------------------------------------------------------- */

static void on_each(struct ask *q, const Trestle__Envelope *reply)
{
	if (reply->body_case == TRESTLE__ENVELOPE__BODY_BINDINGS_REMOVED &&
	    reply->bindings_removed->n > 0)
		fields_set(&q->was, "removed", "true");
}

static void on_all(struct ask *q)
{
	if (*fields_text(&q->was, "removed"))
		ask_gone(q);
	else
		ask_fail(q, ERROR_MISSING, ask_path(q));
}

static void on_domain(void *arg, int err, const char *key,
                      const struct fields *domain)
{
	struct ask *q = arg;
	const struct bus_req req = {.service = "registrar",
	                            .timeout_ms = REMOVE_MS};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__BindingsRemove remove = TRESTLE__BINDINGS_REMOVE__INIT;
	char aor[AOR_SIZE];

	(void)key;
	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	if (!*fields_text(domain, "domain_name")) {
		ask_fail(q, ERROR_MISSING, ask_path(q));
		return;
	}
	(void)snprintf(aor, sizeof(aor), "%s@%s", ask_part(q, 1),
	               fields_text(domain, "domain_name"));
	remove.aor = aor;
	remove.registration = (char *)(uintptr_t)ask_part(q, 2);
	env.body_case = TRESTLE__ENVELOPE__BODY_BINDINGS_REMOVE;
	env.bindings_remove = &remove;
	ask_bus_all(q, &req, &env, on_each, on_all);
}

void registrations_delete(struct ask *q)
{
	int err = records_find(q->app->db, ask_account(q), ask_part(q, 0),
	                       on_domain, q);

	if (err)
		ask_fail_errno(q, err);
}

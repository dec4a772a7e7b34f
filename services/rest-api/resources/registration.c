/*
 * registration.c - who is registered, from where, with which device, since when
 *
 * A resource of ours: SIP/Registrations, and those of one domain.
 */
#include "numbers.h"

#include <stdio.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "adapters/records_lua.h"
#include "ask.h"
#include "core/error.h"
#include "core/shape.h"
#include "loop/loop.h"

enum { REGISTRATIONS_MAX = 1000 }; /* of one answer */

static json_t *date_of(const json_t *binding, const char *name)
{
	const char *text = json_string_value(json_object_get(binding, name));

	return shape_date(text ? text : "");
}

static json_t *text_of(const json_t *binding, const char *name)
{
	const char *text = json_string_value(json_object_get(binding, name));

	return shape_text(text ? text : "");
}

/* {domain sid, domain, user, binding} as the script answers it */
static json_t *registration_json(const struct ask *q, const redisReply *r)
{
	json_t *b = r->elements == 4 ? json_loads(r->element[3]->str, 0, NULL)
	                             : NULL;
	json_t *o = NULL;

	if (b)
		o = json_pack(
			"{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, "
			"s:o}",
			"account_sid", ask_account(q), "domain_sid",
			r->element[0]->str, "domain_name", r->element[1]->str,
			"username", r->element[2]->str, "contact",
			text_of(b, "contact"), "source", text_of(b, "source"),
			"transport", text_of(b, "transport"), "user_agent",
			text_of(b, "user_agent"), "date_registered",
			date_of(b, "registered_at"), "date_expires",
			date_of(b, "expires_at"));
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
	const char *argv[] = {sids, index, ask_part(q, 0), now, max};
	int err;

	(void)snprintf(sids, sizeof(sids), "sids:{%s}", ask_account(q));
	(void)snprintf(index, sizeof(index), "domains:{%s}", ask_account(q));
	(void)snprintf(now, sizeof(now), "%llu",
	               (unsigned long long)(loop_wall_ms() / 1000));
	(void)snprintf(max, sizeof(max), "%d", (int)REGISTRATIONS_MAX);
	err = records_eval(q->app->db, &records_registrations_script, 5, argv,
	                   on_registrations, q);
	if (err)
		ask_fail_errno(q, err);
}

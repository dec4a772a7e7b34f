/*
 * mapping_check.c - what mappings of lists have to be true of
 */
#include "resources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../app.h"
#include "adapters/records.h"
#include "adapters/records_lua.h"
#include "ask.h"
#include "core/error.h"

enum { NO_DIGEST = 21239 };

/* --- is it mapped at all? ------------------------------------------------------- */

struct looking {
	uint32_t code;
	void (*next)(struct ask *q);
};

static bool maps(const struct fields *domain, const char *sid)
{
	return fields_has_word(
		       fields_text(domain, "registration_credential_lists"),
		       sid) ||
	       fields_has_word(fields_text(domain, "call_credential_lists"),
	                       sid) ||
	       fields_has_word(fields_text(domain, "call_access_lists"), sid);
}

static void on_domains(void *arg, int err, const struct records *domains)
{
	struct ask *q = arg;
	const struct looking *l = q->more;

	if (err) {
		ask_fail_errno(q, err);
		return;
	}
	for (size_t i = 0; i < domains->n; i++) {
		if (!maps(&domains->v[i], ask_part(q, 0)))
			continue;
		ask_fail(q, l->code,
		         fields_text(&domains->v[i], "domain_name"));
		return;
	}
	l->next(q);
}

void mappings_unless_mapped(struct ask *q, uint32_t code,
                            void (*next)(struct ask *q))
{
	static const struct page all = {.size = PAGE_SIZE_MAX};
	char index[64];
	const struct records_query query = {
		.index = index, .account_sid = ask_account(q), .page = &all};
	struct looking *l = malloc(sizeof(*l));
	int err = ENOMEM;

	if (l) {
		*l = (struct looking){code, next};
		q->more = l;
		(void)snprintf(index, sizeof(index), "domains:{%s}",
		               ask_account(q));
		err = records_list(q->app->db, &query, on_domains, q);
	}
	if (err)
		ask_fail_errno(q, err);
}

/* --- can its users sign in there? ----------------------------------------------- */

/* {how many have no digest for the realm, the first of them, the realm} */
static void on_digests(void *arg, int err, const redisReply *r)
{
	struct ask *q = arg;
	char why[ERROR_DETAIL_MAX];

	if (err || r->type != REDIS_REPLY_ARRAY || r->elements != 3) {
		ask_fail_errno(q, err ? err : EPROTO);
		return;
	}
	if (r->element[0]->integer == 0) {
		q->next_step(q);
		return;
	}
	(void)snprintf(
		why, sizeof(why),
		"%lld of its users, \"%.30s\" first, have no password for "
		"the realm \"%.40s\" of this domain; set them "
		"again, then map it",
		r->element[0]->integer, r->element[1]->str, r->element[2]->str);
	ask_fail(q, NO_DIGEST, why);
}

void mappings_if_they_sign(struct ask *q, const struct fields *domain,
                           void (*next)(struct ask *q))
{
	const char *realm = fields_text(&q->account, "realm");
	const char *list = fields_text(&q->draft, "sid");
	char users[80], head[80];
	const char *argv[3] = {users, head};
	int err;

	if (!*realm)
		realm = fields_text(domain, "realm");
	argv[2] = *realm ? realm : fields_text(domain, "domain_name");
	(void)snprintf(users, sizeof(users), "credential-list:%.34s:users",
	               list);
	(void)snprintf(head, sizeof(head), "credential-list:%.34s:user:", list);
	q->next_step = next;
	err = records_eval(q->app->db, &records_digests_script, 3, argv,
	                   on_digests, q);
	if (err)
		ask_fail_errno(q, err);
}

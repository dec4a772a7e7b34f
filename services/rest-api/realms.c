/*
 * realms.c - for which realms a user of an account needs a digest
 */
#include "realms.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/records.h"
#include "app.h"
#include "ask.h"
#include "core/change.h"

struct finding {
	struct ask *ask;
	void (*next)(struct ask *q, const struct realms *realms);
	struct realms realms;
};

static void add(struct realms *r, const char *realm)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i], realm) == 0)
			return;
	if (r->n < REALMS_MAX)
		(void)snprintf(r->v[r->n++], REALM_SIZE, "%s", realm);
}

static void on_domains(void *arg, int err, const struct records *records)
{
	struct finding *f = arg;

	for (size_t i = 0; !err && i < records->n; i++) {
		const struct fields *d = &records->v[i];
		const char *realm = fields_text(d, "realm");

		add(&f->realms, *realm ? realm : fields_text(d, "domain_name"));
	}
	if (err)
		ask_fail_errno(f->ask, err);
	else
		f->next(f->ask, &f->realms);
	free(f);
}

void realms_find(struct ask *q,
                 void (*next)(struct ask *q, const struct realms *realms))
{
	static const struct page all = {.size = REALMS_MAX};
	static const struct realms none;
	char index[64];
	const struct records_query query = {
		.index = index, .account_sid = ask_account(q), .page = &all};
	struct finding *f;
	int err;

	if (*fields_text(&q->account, "realm")) {
		next(q, &none);
		return;
	}
	f = calloc(1, sizeof(*f));
	if (!f) {
		ask_fail_errno(q, ENOMEM);
		return;
	}
	f->ask = q;
	f->next = next;
	(void)snprintf(index, sizeof(index), "domains:{%s}", ask_account(q));
	err = records_list(q->app->db, &query, on_domains, f);
	if (err) {
		free(f);
		ask_fail_errno(q, err);
	}
}

const char *realms_own(const struct ask *q)
{
	const char *realm = fields_text(&q->account, "realm");

	return *realm ? realm : q->app->realm;
}

void realms_write(const struct ask *q, struct change *c,
                  const struct fields *was, const struct fields *draft)
{
	char key[64];

	if (!draft || was->n || *fields_text(draft, "realm") ||
	    *fields_text(draft, "realms") || *fields_text(&q->account, "realm"))
		return;
	(void)snprintf(key, sizeof(key), "account:%s", ask_account(q));
	change_run(c, "HSET", key, "realm", q->app->realm, NULL);
}

/*
 * lookup.c - where are the devices of an address-of-record?
 */
#include "lookup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/targets.h"
#include "app.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/aor.h"
#include "store/credential.h"
#include "store/tenants.h"

/* A look-up under way: first Redis is asked whether there is such a user, then
 * for the bindings. */
struct looking {
	struct app *app;
	struct bus_return from;
	struct aor aor;
	bool user_known;
};

static void close_looking(struct looking *k)
{
	k->app->waiting--;
	free(k);
}

static void refuse(struct looking *k, Trestle__Refusal__Reason reason,
                   const char *text)
{
	bus_refuse(k->app->bus, &k->from, reason, text);
	close_looking(k);
}

static void fill_domain(const struct looking *k, Trestle__LookupReply *r)
{
	const struct domain *d = tenants_domain(k->app->tenants, k->aor.domain);

	if (!d)
		return;
	r->domain_known = true;
	r->domain_sid = (char *)d->sid;
	r->account_sid = (char *)d->account_sid;
	r->user_known = k->user_known;
}

static void fill_binding(Trestle__Binding *b, const struct target *t)
{
	trestle__binding__init(b);
	b->contact = (char *)t->contact;
	b->n_path = t->n_paths;
	b->path = (char **)t->paths;
	b->source_ip = (char *)t->source.ip;
	b->source_port = t->source.port;
	b->transport = (char *)t->source.transport;
	b->q = t->q;
	b->instance = (char *)t->instance;
	b->reg_id = t->reg_id;
	b->user_agent = (char *)t->user_agent;
	b->expires = t->expires;
}

static void reply(struct looking *k, const struct target *targets, size_t n)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupReply r = TRESTLE__LOOKUP_REPLY__INIT;
	Trestle__Binding bindings[TARGETS_MAX];
	Trestle__Binding *pointers[TARGETS_MAX];
	struct log by_call = {k->app->log, "call_sid", k->from.call_sid};

	fill_domain(k, &r);
	for (size_t i = 0; i < n; i++) {
		fill_binding(&bindings[i], &targets[i]);
		pointers[i] = &bindings[i];
	}
	r.n_bindings = n;
	r.bindings = pointers;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY;
	env.lookup_reply = &r;
	log_info(&by_call, "look-up of %s@%s: %zu bindings", k->aor.user,
	         k->aor.domain, n);
	metric_add(k->app->lookups, 1);
	bus_reply(k->app->bus, &k->from, &env);
	close_looking(k);
}

static void on_targets(void *arg, int err, const struct target *targets,
                       size_t n)
{
	struct looking *k = arg;

	if (err)
		refuse(k, TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		       "Redis is away");
	else
		reply(k, targets, n);
}

static void find_targets(struct looking *k)
{
	if (targets_find(k->app->redis, k->app->log, &k->aor, on_targets, k) !=
	    0)
		refuse(k, TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		       "Redis is away");
}

static void on_credential(void *arg, int err, const struct credential *c)
{
	struct looking *k = arg;

	if (err && err != ENODATA) {
		refuse(k, TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		       "Redis is away");
		return;
	}
	/* Without a configuration, who is registered is known by that. */
	k->user_known = c->found || err == ENODATA;
	find_targets(k);
}

static void find_user(struct looking *k)
{
	const struct domain *d = tenants_domain(k->app->tenants, k->aor.domain);
	struct credential_query query;
	char realm[AOR_DOMAIN_MAX + 1];

	if (!tenants_ready(k->app->tenants)) {
		refuse(k, TRESTLE__REFUSAL__REASON__OVERLOADED,
		       "the configuration was not read yet");
	} else if (!d) {
		reply(k, NULL, 0);
	} else {
		app_realm(k->app, d, realm); /* as when the user registered */
		query = (struct credential_query){d->registration_lists,
		                                  d->n_registration_lists,
		                                  realm, k->aor.user};
		credentials_find(k->app->credentials, &query, on_credential, k);
	}
}

void lookup_start(struct app *app, const struct bus_return *from,
                  const Trestle__LookupRequest *req)
{
	struct looking *k = calloc(1, sizeof(*k));

	if (!k) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		return;
	}
	k->app = app;
	k->from = *from;
	app->waiting++;
	if (aor_parse(&k->aor, req->aor))
		find_user(k);
	else
		refuse(k, TRESTLE__REFUSAL__REASON__INVALID,
		       "aor is not user@domain");
}

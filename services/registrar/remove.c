/*
 * remove.c - the API takes bindings away: their phones have to register again
 */
#include "remove.h"

#include <errno.h>
#include <stdlib.h>

#include "adapters/removal.h"
#include "app.h"
#include "base/log.h"
#include "base/sid.h"

struct removing {
	struct app *app;
	struct bus_return from;
	char aor[AOR_TEXT_SIZE];
};

static void on_removed(void *arg, int err, size_t n)
{
	struct removing *r = arg;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__BindingsRemoved removed = TRESTLE__BINDINGS_REMOVED__INIT;
	struct log by_aor = {r->app->log, "aor", r->aor};

	r->app->waiting--;
	if (err) {
		bus_refuse(r->app->bus, &r->from,
		           TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		           "Redis is away");
	} else {
		log_info(&by_aor, "%zu bindings removed by the API", n);
		removed.n = (uint32_t)n;
		env.body_case = TRESTLE__ENVELOPE__BODY_BINDINGS_REMOVED;
		env.bindings_removed = &removed;
		bus_reply(r->app->bus, &r->from, &env);
	}
	free(r);
}

void remove_start(struct app *app, const struct bus_return *from,
                  const Trestle__BindingsRemove *req)
{
	const char *one = req->registration;
	struct removing *r;
	struct aor aor;

	if (!aor_parse(&aor, req->aor) || (*one && !sid_valid(one, "RG"))) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           "aor is not user@domain, or registration no RG sid");
		return;
	}
	r = calloc(1, sizeof(*r));
	if (!r) {
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "out of memory");
		return;
	}
	r->app = app;
	r->from = *from;
	aor_text(&aor, r->aor);
	app->waiting++;
	if (removal_start(app->redis, app->location,
	                  (const char *const[]){r->aor, one}, on_removed, r))
		on_removed(r, ENOTCONN, 0);
}

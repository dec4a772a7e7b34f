/*
 * app.c - the registrar: what its parts share, and what comes over the bus
 */
#include "app.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/location.h"
#include "adapters/sip.h"
#include "auth.h"
#include "authorize.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "core/aor.h"
#include "core/source.h"
#include "lookup.h"
#include "register.h"
#include "rejected.h"
#include "remove.h"
#include "store/credential.h"
#include "store/redis.h"
#include "store/secret.h"
#include "store/tenants.h"

const struct domain *app_domain(const struct app *app, struct piece host)
{
	char name[AOR_DOMAIN_MAX + 1];

	if (!aor_domain(name, host))
		return NULL;
	return tenants_domain(app->tenants, name);
}

void app_realm(const struct app *app, const struct domain *d,
               char out[AOR_DOMAIN_MAX + 1])
{
	const struct account *a = tenants_account(app->tenants, d->account_sid);

	(void)snprintf(out, AOR_DOMAIN_MAX + 1, "%s",
	               a && a->realm[0] ? a->realm
	               : d->realm[0]    ? d->realm
	                                : d->name);
}

bool app_too_often(struct app *app, const struct aor *aor)
{
	uint64_t key = hash_bytes(aor->user, strlen(aor->user), 0);

	key = hash_bytes(aor->domain, strlen(aor->domain), key);
	return guard_count(app->registering, key, loop_now_ms()) >
	       app->conf->register_rate;
}

bool app_stranger(struct app *app, const char *source_ip)
{
	return guard_count(app->strangers, source_key(source_ip),
	                   loop_now_ms()) <= STRANGER_ANSWERS;
}

void app_error_text(enum reject reject, char out[APP_ERROR_SIZE])
{
	const struct reject_row *row = reject_row(reject);

	(void)snprintf(out, APP_ERROR_SIZE, "%u %s", row->code, row->text);
}

static void on_bus_request(void *arg, const struct bus_return *from,
                           const Trestle__Envelope *env)
{
	struct app *app = arg;

	app->bus = service_bus(app->service);
	if (env->body_case == TRESTLE__ENVELOPE__BODY_AUTHORIZE_REQUEST)
		authorize_start(app, from, env->authorize_request);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST)
		lookup_start(app, from, env->lookup_request);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_BINDINGS_REMOVE)
		remove_start(app, from, env->bindings_remove);
	else
		bus_refuse(app->bus, from,
		           TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "a registrar does not know this request");
}

/* --- health, metrics, drain ---------------------------------------------- */

static const char *health(void *arg)
{
	struct app *app = arg;

	metric_set(app->bindings, (double)location_owned(app->location));
	if (!tenants_ready(app->tenants))
		return "the configuration was not read yet";
	return app->auth ? NULL : "the secret was not read yet";
}

static bool drained(void *arg)
{
	const struct app *app = arg;

	return sip_pending(app->sip) == 0 && app->waiting == 0;
}

static const char *const outcome_labels[OUTCOMES] = {
	[OUTCOME_OK] = "result=\"ok\"",
	[OUTCOME_CHALLENGED] = "result=\"challenged\"",
	[OUTCOME_REFUSED] = "result=\"refused\"",
	[OUTCOME_UNAVAILABLE] = "result=\"unavailable\"",
	[OUTCOME_DROPPED] = "result=\"dropped\"",
};

static void open_metrics(struct app *app)
{
	struct metrics *m = service_metrics(app->service);

	for (int i = 0; i < OUTCOMES; i++) {
		app->registers[i] = metrics_counter(
			m, "trestle_registrar_registers_total",
			outcome_labels[i], "REGISTER requests by result");
		app->calls[i] = metrics_counter(
			m, "trestle_registrar_authorizations_total",
			outcome_labels[i], "calls judged by result");
	}
	app->lookups = metrics_counter(m, "trestle_registrar_lookups_total",
	                               NULL, "look-ups answered");
	app->bindings =
		metrics_gauge(m, "trestle_registrar_owned_aors", NULL,
	                      "AoRs that this instance would write again");
}

/* --- life ---------------------------------------------------------------- */

/* The secret came: from here on there are nonces, and requests are served. */
static void on_secret(void *arg)
{
	struct app *app = arg;
	int err = auth_alloc(&app->auth, app->credentials, app->tenants,
	                     secret_bytes(app->secret), SECRET_SIZE);

	if (err)
		log_error(app->log, "digest: %s%s", strerror(err),
		          err == ENOTSUP ? ": OpenSSL does not offer MD5" : "");
}

static int open_stores(struct app *app)
{
	int err = tenants_alloc(&app->tenants, app->loop, app->redis, app->log,
	                        service_instance(app->service));

	if (!err)
		err = credentials_alloc(&app->credentials, app->redis);
	if (!err)
		err = location_alloc(&app->location, app->loop, app->redis,
		                     app->log);
	if (!err)
		err = secret_alloc(&app->secret, app->loop, app->redis,
		                   on_secret, app);
	if (!err)
		err = guard_alloc(&app->strangers, GUARD_KEYS_MAX,
		                  STRANGER_WINDOW_MS);
	if (!err)
		err = guard_alloc(&app->registering, GUARD_KEYS_MAX,
		                  REGISTER_WINDOW_MS);
	if (!err)
		err = guard_alloc(&app->alerts, GUARD_KEYS_MAX,
		                  REJECTED_WINDOW_MS);
	return err;
}

int app_init(struct app *app, struct service *service, const struct conf *conf)
{
	const char *address = service_address(service);
	int err;

	memset(app, 0, sizeof(*app));
	app->conf = conf;
	app->service = service;
	app->loop = service_loop(service);
	app->redis = service_redis(service);
	app->log = service_log(service);
	open_metrics(app);
	err = open_stores(app);
	if (err)
		goto out;
	err = sip_alloc(&app->sip, app->loop, address, (uint16_t)conf->sip_port,
	                random_take(&app->random));
	if (err) {
		log_error(app->log, "SIP on %s:%u: %s", address, conf->sip_port,
		          strerror(err));
		goto out;
	}
	sip_on_request(app->sip, register_on_request, app);
	service_on_health(service, health, app);
	service_on_drain(service, drained, app);
	err = service_open(service, sip_bound(app->sip), on_bus_request, app);
	if (!err)
		log_info(app->log, "SIP on %s", sip_bound(app->sip));
out:
	if (err)
		app_close(app);
	return err;
}

void app_close(struct app *app)
{
	auth_free(app->auth);
	location_free(app->location);
	sip_free(app->sip);
	secret_free(app->secret);
	guard_free(app->alerts);
	guard_free(app->registering);
	guard_free(app->strangers);
	credentials_free(app->credentials);
	tenants_free(app->tenants);
	strbuf_close(&app->contacts);
	memset(app, 0, sizeof(*app));
}

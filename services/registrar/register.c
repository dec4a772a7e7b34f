/*
 * register.c - one REGISTER, from request to answer (RFC 3261 10.3)
 *
 *   request ─ domain? ─ options? ─ account, registration on? ─ To in it?
 *     ─ auth_check() ─┬─ challenge 401, refuse 403
 *                     └─ own address? ─ plan ─┬─ refuse 400, 403, 423
 *                                             └─ location_apply() ─ 200
 *
 * Everything about the user comes after the password was right: a stranger is
 * answered the same for each name, whether it exists or not.
 */
#include "register.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/location.h"
#include "adapters/sip.h"
#include "app.h"
#include "auth.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/aor.h"
#include "core/decimal.h"
#include "core/scanner.h"
#include "loop/loop.h"
#include "store/tenants.h"

enum {
	RETRY_MIN_S = 5, /* Retry-After of a 503, spread over */
	RETRY_SPREAD_S = 10,
	FLOW_TIMER_UDP_S = 30, /* RFC 5626 4.4.2: NATs forget UDP fast */
	FLOW_TIMER_S = 120,
	HOLD_MS = 2000,
	HOLD_STEP_MS = 20 /* until a new process is ready */
};

/* A REGISTER under way */
struct registering {
	struct app *app;
	struct sip_request *request;
	struct aor aor;
	bool flows; /* some Contact has a reg-id: RFC 5626 */
	struct timer *hold;
	uint64_t hold_until;
};

/* --- answers ------------------------------------------------------------- */

static void log_end(const struct registering *g, unsigned status,
                    const char *what)
{
	const struct sip_request *r = g->request;
	char aor[AOR_TEXT_SIZE];
	struct log by_aor = {g->app->log, "aor", aor};
	struct log by_source = {&by_aor, "source", r->source.ip};

	aor_text(&g->aor, aor);
	if (status == 401)
		log_debug(&by_source, "REGISTER 401 %s", what);
	else
		log_info(&by_source, "REGISTER %u %s", status, what);
}

static void end(struct registering *g, struct sip_answer *a,
                enum outcome outcome)
{
	metric_add(g->app->registers[outcome], 1);
	sip_answer(g->request, a);
	timer_free(g->hold);
	free(g);
}

static void end_silent(struct registering *g, const char *why)
{
	log_end(g, 0, why);
	metric_add(g->app->registers[OUTCOME_DROPPED], 1);
	sip_drop(g->request);
	timer_free(g->hold);
	free(g);
}

static void end_refused(struct registering *g, enum reject reject)
{
	const struct reject_row *row = reject_row(reject);
	struct sip_answer a = {.status = row->status, .phrase = row->phrase};
	char text[APP_ERROR_SIZE];

	app_error_text(reject, text);
	app_alert(g->app, reject, app_domain(g->app, g->request->uri_host),
	          g->request->source.ip);
	sip_answer_add(&a, "X-Trestle-Error", text);
	sip_answer_add(&a, "X-Twilio-Error", text);
	log_end(g, row->status, text);
	end(g, &a, OUTCOME_REFUSED);
}

/* A refusal that is between the phone and us, and no tenant's business */
static void end_plain(struct registering *g, struct sip_answer *a)
{
	log_end(g, a->status, a->phrase);
	end(g, a, OUTCOME_REFUSED);
}

static void end_unavailable(struct registering *g)
{
	struct sip_answer a = {.status = 503, .phrase = "Service Unavailable"};
	char after[12];

	(void)snprintf(after, sizeof(after), "%u",
	               RETRY_MIN_S + (unsigned)(random_take(&g->app->random) %
	                                        (RETRY_SPREAD_S + 1)));
	sip_answer_add(&a, "Retry-After", after);
	log_end(g, 503, "Redis is away");
	end(g, &a, OUTCOME_UNAVAILABLE);
}

static void end_challenged(struct registering *g, bool stale)
{
	const struct domain *d = app_domain(g->app, g->request->uri_host);
	struct sip_answer a = {.status = 401, .phrase = "Unauthorized"};
	struct auth_challenges challenges;

	auth_challenge(g->app->auth, &challenges, g->aor.domain,
	               g->request->source.ip, d && d->md5_only, stale);
	for (size_t i = 0; i < challenges.n; i++)
		sip_answer_add(&a, "WWW-Authenticate", challenges.v[i]);
	log_end(g, 401, stale ? "stale nonce" : "challenge");
	end(g, &a, OUTCOME_CHALLENGED);
}

static void end_too_brief(struct registering *g, uint32_t min)
{
	struct sip_answer a = {.status = 423, .phrase = "Interval Too Brief"};
	char text[12];

	(void)snprintf(text, sizeof(text), "%u", min);
	sip_answer_add(&a, "Min-Expires", text);
	end_plain(g, &a);
}

/* --- 200 OK -------------------------------------------------------------- */

static const char *date(struct app *app)
{
	time_t now = time(NULL);
	struct tm tm;

	if (now != app->date_at) {
		gmtime_r(&now, &tm);
		(void)strftime(app->date, sizeof(app->date),
		               "%a, %d %b %Y %H:%M:%S GMT", &tm);
		app->date_at = now;
	}
	return app->date;
}

static void write_contact(struct strbuf *out, const struct location_binding *b)
{
	char seconds[DECIMAL_SIZE];

	strbuf_addc(out, '<');
	strbuf_add(out, b->contact);
	strbuf_add(out, ">;expires=");
	strbuf_add(out, decimal(b->expires, seconds));
	if (b->q < BINDING_Q_DEFAULT)
		strbuf_addf(out, ";q=0.%03u", b->q);
	if (b->instance[0])
		strbuf_addf(out, ";+sip.instance=\"<%s>\"", b->instance);
	if (b->reg_id > 0)
		strbuf_addf(out, ";reg-id=%u", b->reg_id);
	strbuf_addc(out, '\0');
}

static void add_contacts(struct app *app, struct sip_answer *a,
                         const struct location_binding *bindings, size_t n)
{
	const char *at;

	strbuf_reset(&app->contacts);
	for (size_t i = 0; i < n; i++)
		write_contact(&app->contacts, &bindings[i]);
	at = strbuf_str(&app->contacts);
	for (size_t i = 0; i < n && !app->contacts.failed; i++) {
		sip_answer_add(a, "Contact", at);
		at += strlen(at) + 1;
	}
}

static void end_ok(struct registering *g,
                   const struct location_binding *bindings, size_t n)
{
	const struct sip_request *r = g->request;
	struct sip_answer a = {.status = 200, .phrase = "OK"};
	char what[64], timer[12];

	add_contacts(g->app, &a, bindings, n);
	sip_answer_add(&a, "Date", date(g->app));
	for (size_t i = 0; r->supports_path && i < r->n_paths; i++)
		sip_answer_add(&a, "Path", r->paths[i]);
	if (g->flows && r->supports_outbound) {
		bool udp = strcmp(r->source.transport, "udp") == 0;

		(void)snprintf(timer, sizeof(timer), "%d",
		               udp ? FLOW_TIMER_UDP_S : FLOW_TIMER_S);
		sip_answer_add(&a, "Require", "outbound");
		sip_answer_add(&a, "Flow-Timer", timer);
	}
	(void)snprintf(what, sizeof(what), "OK bindings=%zu expires=%u", n,
	               n > 0 ? bindings[0].expires : 0);
	log_end(g, 200, what);
	end(g, &a, OUTCOME_OK);
}

static void on_applied(void *arg, enum location_result result,
                       const struct location_binding *bindings, size_t n)
{
	struct registering *g = arg;
	struct sip_answer stale = {.status = 500,
	                           .phrase = "CSeq Out Of Order"};

	switch (result) {
	case LOCATION_OK: end_ok(g, bindings, n); break;
	case LOCATION_STALE: end_plain(g, &stale); break;
	case LOCATION_FULL: end_refused(g, REJECT_FULL); break;
	case LOCATION_UNAVAILABLE: end_unavailable(g); break;
	}
}

/* --- steps --------------------------------------------------------------- */

static void apply(struct registering *g, const struct registration *plan)
{
	const struct sip_request *r = g->request;
	const struct location_req req = {
		.aor = &g->aor,
		.plan = plan,
		.call_id = r->call_id,
		.cseq = r->cseq,
		.paths = r->paths,
		.n_paths = r->n_paths,
		.source = &r->source,
		.user_agent = r->user_agent,
	};

	for (size_t i = 0; i < plan->n; i++)
		if (plan->changes[i].reg_id > 0 && plan->changes[i].expires > 0)
			g->flows = true;
	if (location_apply(g->app->location, &req, on_applied, g) != 0)
		end_unavailable(g);
}

static void plan(struct registering *g, const struct domain *d, bool resent)
{
	const struct sip_request *r = g->request;
	const struct register_req req = {
		.star = r->star,
		.n_contacts = resent ? 0 : r->n_contacts,
		.contacts = r->contacts,
		.expires = r->expires,
		.expires_min = d->expires_min,
		.expires_default = d->expires_default,
		.expires_max = d->expires_max,
		.random = (uint32_t)random_take(&g->app->random),
	};
	struct registration plan;

	switch (registration_plan(&plan, &req)) {
	case REGISTRATION_OK: apply(g, &plan); break;
	case REGISTRATION_BAD: end_refused(g, REJECT_BAD_CONTACT); break;
	case REGISTRATION_TOO_BRIEF: end_too_brief(g, d->expires_min); break;
	case REGISTRATION_TOO_MANY: end_refused(g, REJECT_FULL); break;
	}
}

static void on_right(struct registering *g, const char *username, bool resent)
{
	const struct domain *d = app_domain(g->app, g->request->uri_host);

	if (!d) /* it was removed while we asked for the password */
		end_refused(g, REJECT_NO_DOMAIN);
	else if (strcmp(username, g->aor.user) != 0)
		end_refused(g, REJECT_OTHER_USER);
	else
		plan(g, d, resent);
}

static void on_auth(void *arg, enum auth_result result, const char *username)
{
	struct registering *g = arg;

	switch (result) {
	case AUTH_RIGHT: on_right(g, username, false); break;
	case AUTH_RESENT: on_right(g, username, true); break;
	case AUTH_CHALLENGE: end_challenged(g, false); break;
	case AUTH_STALE: end_challenged(g, true); break;
	case AUTH_WRONG: end_refused(g, REJECT_WRONG); break;
	case AUTH_BLOCKED: end_refused(g, REJECT_BLOCKED); break;
	case AUTH_SILENT: end_silent(g, "wrong too often"); break;
	case AUTH_MALFORMED: end_refused(g, REJECT_BAD_CREDENTIALS); break;
	case AUTH_AWAY: end_unavailable(g); break;
	}
}

/* May phones register with this domain at all? */
static bool refuse_domain(struct registering *g, const struct domain *d)
{
	const struct account *account =
		tenants_account(g->app->tenants, d->account_sid);
	bool tls = strcmp(g->request->source.transport, "tls") == 0;

	if (!account || !account->active)
		end_refused(g, REJECT_INACTIVE);
	else if (!d->registration)
		end_refused(g, REJECT_REGISTRATION_OFF);
	else if (d->secure && !tls)
		end_refused(g, REJECT_INSECURE);
	else if (d->n_registration_lists == 0)
		end_refused(g, REJECT_NO_USERS);
	else if (strcmp(g->aor.domain, d->name) != 0)
		end_refused(g, REJECT_NOT_IN_DOMAIN);
	else
		return false;
	return true;
}

static void authenticate(struct registering *g, const struct domain *d)
{
	const struct sip_request *r = g->request;
	const struct auth_req req = {
		.method = "REGISTER",
		.uri = r->uri,
		.realm = g->aor.domain,
		.source = r->source.ip,
		.request = hash_bytes(r->call_id, strlen(r->call_id), r->cseq),
		.n_credentials = r->n_credentials,
		.credentials = r->credentials,
		.n_lists = d->n_registration_lists,
		.lists = d->registration_lists,
	};

	auth_check(g->app->auth, &req, on_auth, g);
}

static void start(struct registering *g);

static void on_hold(void *arg)
{
	start(arg);
}

/* Secret and configuration come milliseconds after the start: a request waits
 * for them. @return false when it has waited long enough */
static bool hold(struct registering *g)
{
	if (!g->hold) {
		if (timer_alloc(&g->hold, g->app->loop, on_hold, g) != 0)
			return false;
		g->hold_until = loop_now_ms() + HOLD_MS;
	}
	if (loop_now_ms() >= g->hold_until)
		return false;
	timer_start(g->hold, HOLD_STEP_MS);
	return true;
}

static void start(struct registering *g)
{
	const struct sip_request *r = g->request;
	const struct domain *d = app_domain(g->app, r->uri_host);
	struct sip_answer bad = {.status = 420, .phrase = "Bad Extension"};

	if (!g->app->auth || !tenants_ready(g->app->tenants)) {
		if (!hold(g))
			end_unavailable(g);
	} else if (!d) {
		if (app_stranger(g->app, r->source.ip))
			end_refused(g, REJECT_NO_DOMAIN);
		else
			end_silent(g, "unknown domain once more");
	} else if (r->required) {
		sip_answer_add(&bad, "Unsupported", r->required);
		end_plain(g, &bad);
	} else if (!aor_make(&g->aor, r->to_user, r->to_host)) {
		end_refused(g, REJECT_BAD_URI);
	} else if (!refuse_domain(g, d)) {
		authenticate(g, d);
	}
}

void register_on_request(void *arg, struct sip_request *r)
{
	struct registering *g = calloc(1, sizeof(*g));

	if (!g) {
		sip_drop(r); /* the phone sends it again */
		return;
	}
	g->app = arg;
	g->request = r;
	if (scanner_is(r->user_agent))
		end_silent(g, "a scanner");
	else
		start(g);
}

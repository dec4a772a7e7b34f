/*
 * register_end.c - how a REGISTER ends: its answer, log line and count
 */
#include "registering.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/location.h"
#include "app.h"
#include "auth.h"
#include "base/decimal.h"
#include "base/log.h"
#include "base/metrics.h"
#include "loop/loop.h"
#include "rejected.h"
#include "store/tenants.h"

enum {
	RETRY_MIN_S = 5, /* Retry-After of a 503, spread over */
	RETRY_SPREAD_S = 10,
	FLOW_TIMER_UDP_S = 30, /* RFC 5626 4.4.2: NATs forget UDP fast */
	FLOW_TIMER_S = 120
};

static void log_end(const struct registering *g, unsigned status,
                    const char *what)
{
	const struct sip_request *r = g->request;
	char aor[2 * AOR_TEXT_SIZE];
	struct log by_aor = {g->app->log, "aor", aor};
	struct log by_source = {&by_aor, "source", r->source.ip};

	if (g->aor.user[0])
		aor_text(&g->aor, aor);
	else /* refused before it was read: what was asked for */
		(void)snprintf(aor, sizeof(aor), "%.*s@%.*s", (int)r->to_user.n,
		               r->to_user.p, (int)r->to_host.n, r->to_host.p);
	if (status == 401 || status == 0) /* many, and nobody asks */
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

void registering_end_silent(struct registering *g, const char *why)
{
	log_end(g, 0, why);
	metric_add(g->app->registers[OUTCOME_DROPPED], 1);
	sip_drop(g->request);
	timer_free(g->hold);
	free(g);
}

/* Of a domain of ours, its tenant is told. */
static void tell(const struct registering *g, enum reject reject,
                 unsigned status)
{
	const struct sip_request *r = g->request;
	const struct domain *d = app_domain(g->app, r->uri_host);
	char user[AOR_USER_MAX + 1];
	const struct rejected rejected = {
		.reject = reject,
		.account_sid = d ? d->account_sid : "",
		.domain = d ? d->name : "",
		.user = g->aor.user[0] ? g->aor.user : user,
		.called = "",
		.source_ip = r->source.ip,
		.method = "REGISTER",
		.status = status,
	};

	(void)snprintf(user, sizeof(user), "%.*s", (int)r->to_user.n,
	               r->to_user.p);
	if (d)
		rejected_tell(g->app, &rejected);
}

void registering_end_refused(struct registering *g, enum reject reject)
{
	const struct reject_row *row = reject_row(reject);
	struct sip_answer a = {.status = row->status, .phrase = row->phrase};
	char text[APP_ERROR_SIZE];

	app_error_text(reject, text);
	tell(g, reject, row->status);
	sip_answer_add(&a, "X-Trestle-Error", text);
	sip_answer_add(&a, "X-Twilio-Error", text);
	if (row->status == 503)
		sip_answer_add(&a, "Retry-After", "1");
	log_end(g, row->status, text);
	end(g, &a, OUTCOME_REFUSED);
}

void registering_end_plain(struct registering *g, struct sip_answer *a)
{
	log_end(g, a->status, a->phrase);
	end(g, a, OUTCOME_REFUSED);
}

void registering_end_unavailable(struct registering *g)
{
	struct sip_answer a = {.status = 503, .phrase = "Service Unavailable"};
	char after[12];

	(void)snprintf(after, sizeof(after), "%u",
	               RETRY_MIN_S + (unsigned)(random_take(&g->app->random) %
	                                        (RETRY_SPREAD_S + 1)));
	sip_answer_add(&a, "Retry-After", after);
	log_end(g, 503, "Redis is away, or has no configuration");
	end(g, &a, OUTCOME_UNAVAILABLE);
}

void registering_end_challenged(struct registering *g, bool stale)
{
	const struct domain *d = app_domain(g->app, g->request->uri_host);
	struct sip_answer a = {.status = 401, .phrase = "Unauthorized"};
	struct auth_challenges challenges;

	auth_challenge(g->app->auth, &challenges, g->realm,
	               g->request->source.ip, d && d->md5_only, stale);
	for (size_t i = 0; i < challenges.n; i++)
		sip_answer_add(&a, "WWW-Authenticate", challenges.v[i]);
	log_end(g, 401, stale ? "stale nonce" : "challenge");
	end(g, &a, OUTCOME_CHALLENGED);
}

void registering_end_too_brief(struct registering *g, uint32_t min)
{
	struct sip_answer a = {.status = 423, .phrase = "Interval Too Brief"};
	char text[12];

	(void)snprintf(text, sizeof(text), "%u", min);
	sip_answer_add(&a, "Min-Expires", text);
	registering_end_plain(g, &a);
}

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

void registering_end_ok(struct registering *g,
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

/*
 * sip_trust.c - who may speak in a dialog: whom it was made with, and nobody else
 *
 *   request ─┬─► from where the INVITE or its answer came: taken
 *            ├─► from the carrier of the leg, or the access list that let it in:
 *            │   taken
 *            ├─► else, of a user ─► LookupRequest ─┬─► it is registered there by
 *            │                                     │   now: taken, it has moved
 *            │                                     └─► not yet: asked again, twice
 *            └─► 403, a line in the log, and the dialog is as it was
 *
 * Call-ID and tags are no secret on a network that others read. The port does
 * not matter: NATs change it. Nothing is asked as long as nobody moves.
 */
#include "sip_trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ask.h"
#include "base/json_text.h"
#include "base/metrics.h"
#include "bus/bus.h"
#include "loop/loop.h"
#include "snapshot.h"
#include "store/tenants.h"
#include "uri.h"

enum { TRUST_LOOKUP_MS = 3000 };
enum {
	TRUST_WAIT_MS = 400
};                            /* a phone that moves may register and re-INVITE
                               * at the same time */
enum { TRUST_TRIES_MAX = 3 }; /* look-ups for one request */
enum { TRUST_ASKS_MAX = 8 };  /* requests of one leg that wait for one */
enum { TRUST_AOR_MAX = 400 }; /* bytes of user@domain */

/* A request that is believed or not when the registrar has answered */
struct doubt {
	struct ask ask;
	unsigned leg;
	nta_incoming_t *irq; /* owned; NULL = it was answered */
	unsigned tries;
	char source[SIP_SOURCE_SIZE];
	char aor[TRUST_AOR_MAX];
};

/* ---- what is known of the peer of a leg ---------------------------------- */

static void source_of(const sip_t *sip, char ip[SIP_SOURCE_SIZE])
{
	struct start_source source;

	ip[0] = '\0';
	if (sip_start_source(sip, &source))
		(void)snprintf(ip, SIP_SOURCE_SIZE, "%s", source.ip);
}

void sip_trust_callee(struct sip_leg *leg, const struct cmd_invite *invite)
{
	(void)snprintf(leg->carrier, sizeof(leg->carrier), "%s",
	               invite->carrier);
	leg->source_known = invite->depth > 0; /* a call of ours: no edge */
}

void sip_trust_learn(struct sip_leg *leg, const sip_t *sip)
{
	char ip[SIP_SOURCE_SIZE];

	source_of(sip, ip);
	if (!ip[0])
		return;
	memcpy(leg->source, ip, sizeof(ip));
	leg->source_known = true;
}

void sip_trust_caller(struct sip_leg *leg, const sip_t *sip,
                      const struct start_facts *facts)
{
	struct strbuf aor = {0};

	source_of(sip, leg->source);
	leg->source_known = true;
	leg->heard = sip->sip_cseq->cs_seq;
	leg->listed = facts->domain[0] && !facts->username[0];
	(void)snprintf(leg->carrier, sizeof(leg->carrier), "%s",
	               facts->carrier);
	if (!facts->domain[0] || !facts->username[0])
		return;
	strbuf_addf(&aor, "%s@%s", facts->username, facts->domain);
	leg->user = strbuf_take(&aor);
}

void sip_trust_save(const struct sip_leg *leg, struct strbuf *out)
{
	if (leg->source_known)
		json_text_member(out, "source", leg->source);
	if (leg->carrier[0])
		json_text_member(out, "carrier", leg->carrier);
	if (leg->user)
		json_text_member(out, "user", leg->user);
	if (leg->listed)
		json_text_bool(out, "listed", true);
}

void sip_trust_restore(struct sip_leg *leg, const struct json_t *saved)
{
	const char *source =
		json_string_value(json_object_get(saved, "source"));
	const char *carrier =
		json_string_value(json_object_get(saved, "carrier"));
	const char *user = json_string_value(json_object_get(saved, "user"));

	leg->source_known = source != NULL;
	(void)snprintf(leg->source, sizeof(leg->source), "%s",
	               source ? source : "");
	(void)snprintf(leg->carrier, sizeof(leg->carrier), "%s",
	               carrier ? carrier : "");
	leg->user = user ? strdup(user) : NULL;
	leg->listed = json_is_true(json_object_get(saved, "listed"));
	leg->heard = (uint32_t)json_integer_value(
		json_object_get(saved, "remote_cseq"));
}

/* ---- believed, not believed, or to be asked -------------------------------- */

enum trust { TRUST_YES, TRUST_NO, TRUST_ASK };

static bool in_its_access_list(const struct sip_leg *leg, const char *ip)
{
	const struct tenants *t = leg->sip->app->tenants;
	const struct domain *d = tenants_domain(t, leg->owned->domain);

	for (size_t i = 0; d && i < d->n_access_lists; i++)
		if (tenants_access_list_has(t, d->access_lists[i],
		                            leg->source) &&
		    tenants_access_list_has(t, d->access_lists[i], ip))
			return true;
	return false;
}

static enum trust judge(const struct sip_leg *leg, const char *ip)
{
	bool believed;

	if (!leg->source_known || strcmp(leg->source, ip) == 0)
		return TRUST_YES;
	/* From outside into a dialog between processes of ours, or round */
	if (!leg->source[0] || !ip[0])
		return TRUST_NO;
	if (!leg->carrier[0] && !leg->listed)
		return TRUST_ASK;
	believed = leg->carrier[0] ? tenants_carrier_has(leg->sip->app->tenants,
	                                                 leg->carrier, ip)
	                           : in_its_access_list(leg, ip);
	return believed ? TRUST_YES : TRUST_NO;
}

bool sip_trust_has(const struct sip_leg *leg, const sip_t *sip)
{
	char ip[SIP_SOURCE_SIZE];

	source_of(sip, ip);
	return judge(leg, ip) == TRUST_YES;
}

static void heard(struct sip_leg *leg, const sip_t *sip)
{
	if (sip->sip_cseq->cs_seq > leg->heard)
		leg->heard = sip->sip_cseq->cs_seq;
}

static void refuse(struct sip_leg *leg, nta_incoming_t *irq, const sip_t *sip,
                   const char *ip)
{
	unsigned n = ++leg->disbelieved;

	if (log_nth(n))
		log_warn(&leg->owned->log,
		         "leg %u: %s from %s is not believed, its phone or "
		         "carrier is at %s (%u so far)",
		         leg->number, sip->sip_request->rq_method_name,
		         ip[0] ? ip : "inside",
		         leg->source[0] ? leg->source : "inside", n);
	metric_add(leg->sip->disbelieved, 1);
	(void)nta_incoming_treply(irq, SIP_403_FORBIDDEN, TAG_END());
	nta_incoming_destroy(irq);
}

/* ---- asking where the user is ------------------------------------------------ */

static void on_close(struct ask *ask)
{
	struct doubt *d = (struct doubt *)ask;
	struct sip_leg *leg = sip_flow_leg(&d->ask, d->leg);

	if (leg)
		leg->asks--;
	if (!d->irq)
		return;
	(void)nta_incoming_treply(d->irq, SIP_481_NO_TRANSACTION, TAG_END());
	nta_incoming_destroy(d->irq);
}

static const Trestle__Binding *binding_at(const Trestle__Envelope *reply,
                                          const char *ip)
{
	const Trestle__LookupReply *l = reply->lookup_reply;

	if (reply->body_case != TRESTLE__ENVELOPE__BODY_LOOKUP_REPLY)
		return NULL;
	for (size_t i = 0; i < l->n_bindings; i++)
		if (strcmp(l->bindings[i]->source_ip, ip) == 0)
			return l->bindings[i];
	return NULL;
}

/* It has moved: what we send goes there, too. */
static void move(struct sip_leg *leg, const struct doubt *d,
                 const Trestle__Binding *b)
{
	log_info(&leg->owned->log, "leg %u: the phone has moved from %s to %s",
	         leg->number, leg->source, d->source);
	(void)snprintf(leg->source, sizeof(leg->source), "%s", d->source);
	(void)sip_flow_set(leg, (const char *const *)b->path, b->n_path);
	snapshot_save(leg->sip->app, leg->owned, NULL);
}

/* The question is over. */
static void settle(struct doubt *d, struct sip_leg *leg, bool believed)
{
	nta_incoming_t *irq = d->irq;
	msg_t *msg = nta_incoming_getrequest(irq); /* keeps sip alive */
	const sip_t *sip = sip_object(msg);
	char ip[SIP_SOURCE_SIZE];

	memcpy(ip, d->source, sizeof(ip));
	d->irq = NULL;
	ask_free(&d->ask);
	if (believed) {
		heard(leg, sip);
		sip_uas_take(leg, irq, sip);
	} else {
		refuse(leg, irq, sip, ip);
	}
	msg_destroy(msg);
}

static void on_lookup(void *arg, int err, const Trestle__Envelope *reply)
{
	struct doubt *d = arg;
	struct sip_leg *leg = sip_flow_leg(&d->ask, d->leg);
	const Trestle__Binding *b = err ? NULL : binding_at(reply, d->source);

	if (!leg) {
		ask_free(&d->ask);
	} else if (b) {
		move(leg, d, b);
		settle(d, leg, true);
	} else if (d->tries < TRUST_TRIES_MAX) {
		timer_start(d->ask.timer, TRUST_WAIT_MS);
	} else {
		settle(d, leg, false);
	}
}

static void look_up(void *arg)
{
	struct doubt *d = arg;
	struct sip_leg *leg = sip_flow_leg(&d->ask, d->leg);
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__LookupRequest request = TRESTLE__LOOKUP_REQUEST__INIT;
	struct bus_req req = {
		.service = "registrar",
		.key = d->aor,
		.timeout_ms = TRUST_LOOKUP_MS,
		.retry = true,
	};

	if (!leg) {
		ask_free(&d->ask);
		return;
	}
	d->tries++;
	env.call_sid = d->ask.call_sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_LOOKUP_REQUEST;
	env.lookup_request = &request;
	request.aor = d->aor;
	if (bus_request(d->ask.app->bus, &req, &env, on_lookup, d))
		settle(d, leg, false);
}

static bool write_aor(const struct sip_leg *leg, char out[TRUST_AOR_MAX])
{
	struct uri uri;
	int n;

	if (leg->user)
		n = snprintf(out, TRUST_AOR_MAX, "%s", leg->user);
	else if (uri_parse(leg->remote, &uri))
		n = snprintf(out, TRUST_AOR_MAX, "%s@%s", uri.user, uri.host);
	else
		return false;
	return n < TRUST_AOR_MAX;
}

/** @return false when it can not be asked; else @p irq is taken over */
static bool ask_where(struct sip_leg *leg, nta_incoming_t *irq, const char *ip)
{
	struct app *app = leg->sip->app;
	struct doubt *d;

	if (leg->asks >= TRUST_ASKS_MAX)
		return false;
	d = ask_alloc(app, sizeof(*d), leg->owned->sid);
	if (!d || !write_aor(leg, d->aor) ||
	    timer_alloc(&d->ask.timer, app->loop, look_up, d)) {
		ask_free(d ? &d->ask : NULL);
		return false;
	}
	leg->asks++;
	d->leg = leg->number;
	d->irq = irq;
	d->ask.close = on_close;
	(void)snprintf(d->source, sizeof(d->source), "%s", ip);
	timer_start(d->ask.timer, 0);
	return true;
}

static bool is_from_inside(const struct sip_leg *leg, nta_incoming_t *irq)
{
	msg_t *msg = nta_incoming_getrequest(irq);
	bool inside = sip_inside(leg->sip, msg);

	msg_destroy(msg);
	return inside;
}

bool sip_trust_request(struct sip_leg *leg, nta_incoming_t *irq,
                       const sip_t *sip)
{
	char ip[SIP_SOURCE_SIZE];
	enum trust trust;

	source_of(sip, ip);
	trust = is_from_inside(leg, irq) ? judge(leg, ip) : TRUST_NO;
	if (trust == TRUST_YES) {
		heard(leg, sip);
		return true;
	}
	sip_dialog_rewind(leg, leg->heard);
	if (trust == TRUST_NO || !ask_where(leg, irq, ip))
		refuse(leg, irq, sip, ip);
	return false;
}

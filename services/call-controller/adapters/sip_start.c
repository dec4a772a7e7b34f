/*
 * sip_start.c - an authorised INVITE becomes a call: who, whose, where to ask
 */
#include "sip_trust.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "base/strbuf.h"
#include "core/e164.h"
#include "core/forwarded.h"
#include "store.h"
#include "store/rules.h"
#include "store/tenants.h"

bool sip_start_source(const sip_t *sip, struct start_source *out)
{
	const char *value = sip_text_find(sip, "X-Trestle-Source");
	const char *params = value ? strchr(value, ';') : NULL;
	const char *transport = params ? strstr(params, "transport=") : NULL;
	const char *ip = value, *end, *colon = NULL;

	if (!transport)
		return false;
	for (const char *p = value; p < params; p++)
		if (*p == ':')
			colon = p;
	if (!colon)
		return false;
	end = colon;
	if (*ip == '[' && end > ip && end[-1] == ']') {
		ip++;
		end--;
	}
	if ((size_t)(end - ip) >= sizeof(out->ip))
		return false;
	(void)snprintf(out->ip, sizeof(out->ip), "%.*s", (int)(end - ip), ip);
	out->port = (uint16_t)strtoul(colon + 1, NULL, 10);
	(void)snprintf(out->transport, sizeof(out->transport), "%.*s",
	               (int)strcspn(transport + 10, "; "), transport + 10);
	return true;
}

char *sip_start_plain_uri(su_home_t *home, const url_t *url)
{
	const char *user = url->url_user;
	char *uri;

	if (url->url_type == url_tel)
		return url_as_string(home, url);
	uri = su_sprintf(home, "sip:%s%s%s", user ? user : "", user ? "@" : "",
	                 url->url_host ? url->url_host : "");

	/* RFC 3261 19.1.4: hosts are the same in any case, users are not. */
	for (char *s =
	             uri ? uri + strlen(uri) -
	                             strlen(url->url_host ? url->url_host : "")
	                 : NULL;
	     s && *s; s++)
		*s = (char)tolower((unsigned char)*s);
	return uri;
}

/* The values of all headers of that name, with commas between */
static const char *join(struct strbuf *b, const sip_t *sip, const char *name)
{
	strbuf_reset(b);
	for (const sip_unknown_t *u = sip->sip_unknown; u; u = u->un_next)
		if (strcasecmp(u->un_name, name) == 0 && u->un_value)
			strbuf_addf(b, "%s%s", b->len ? "," : "", u->un_value);
	return strbuf_str(b);
}

/* Only a carrier is believed: a phone could say anything. */
static void fill_forwarded(struct call_start *start, const sip_t *sip,
                           char forwarded[FORWARDED_SIZE])
{
	struct strbuf diversion = {0}, history = {0};

	if (start->carrier[0] &&
	    forwarded_from(join(&diversion, sip, "Diversion"),
	                   join(&history, sip, "History-Info"), forwarded))
		start->forwarded_from = forwarded;
	strbuf_close(&diversion);
	strbuf_close(&history);
}

/* ---- facts --------------------------------------------------------------- */

static const struct start_facts nothing = {
	.account_sid = "",
	.domain = "",
	.domain_sid = "",
	.username = "",
	.carrier = "",
	.default_caller_id = "",
	.number = "",
	.caller = "",
	.user = "",
};

static bool domain_facts(struct app *app, const Trestle__AuthorizeReply *a,
                         struct start_facts *out)
{
	const struct domain *d =
		tenants_domain_by_sid(app->tenants, a->domain_sid);

	if (!d)
		return false;
	out->account_sid = d->account_sid;
	out->voice = &d->voice;
	out->domain = d->name;
	out->domain_sid = d->sid;
	out->username = a->username;
	out->user = a->caller[0] ? a->caller : a->username;
	out->default_caller_id = d->default_caller_id;
	return true;
}

static bool number_facts(struct app *app, const char *e164,
                         struct start_facts *out)
{
	const struct number *n = tenants_number(app->tenants, e164);

	if (!n)
		return false;
	out->account_sid = n->account_sid;
	out->voice = &n->voice;
	out->number = n->number;
	return true;
}

bool sip_start_facts(struct app *app, const Trestle__AuthorizeReply *a,
                     struct start_facts *out)
{
	const struct carrier *c;

	*out = nothing;
	if (a->verdict == TRESTLE__AUTHORIZE_REPLY__VERDICT__USER)
		return domain_facts(app, a, out);
	if (!number_facts(app, a->number, out))
		return false;
	c = tenants_carrier(app->tenants, a->carrier_sid);
	out->carrier = a->carrier_sid;
	out->caller = a->caller;
	out->any_media_source = c && c->any_media_source;
	return true;
}

/* Only our own processes say X-Trestle-*: the edge removes what comes from
 * outside, and puts X-Trestle-Source into all that it lets in. */
bool sip_start_is_loop(const sip_t *sip)
{
	return sip_text_find(sip, "X-Trestle-Account") &&
	       !sip_text_find(sip, "X-Trestle-Source");
}

bool sip_start_loop_facts(struct app *app, const sip_t *sip,
                          struct start_facts *out)
{
	const char *user = sip->sip_request->rq_url->url_user;

	*out = nothing;
	if (sip->sip_from->a_url->url_user)
		out->caller = sip->sip_from->a_url->url_user;
	return user && number_facts(app, user, out);
}

/* ---- the call ------------------------------------------------------------ */

/* What the call of ours that dialled this number is: "2;calls=7" */
static void fill_depth(struct call_start *start, const sip_t *sip)
{
	const char *depth = sip_start_is_loop(sip)
	                            ? sip_text_find(sip, "X-Trestle-Depth")
	                            : NULL;
	const char *calls = depth ? strstr(depth, ";calls=") : NULL;
	unsigned long left = calls ? strtoul(calls + 7, NULL, 10) : TREE_MAX;

	start->depth = depth ? (unsigned)strtoul(depth, NULL, 10) : 0;
	start->tree_used = left < TREE_MAX ? TREE_MAX - (unsigned)left : 0;
}

static void fill_voice(struct call_start *start, const struct voice *v)
{
	start->voice_url = v->url;
	start->voice_method = v->method;
	start->fallback_url = v->fallback_url;
	start->fallback_method = v->fallback_method;
	start->status_callback_url = v->status_callback_url;
	start->status_callback_method = v->status_callback_method;
}

static void fill_facts(struct call_start *start,
                       const struct start_facts *facts)
{
	start->account_sid = facts->account_sid;
	start->domain = facts->domain;
	start->domain_sid = facts->domain_sid;
	start->username = facts->username;
	start->default_caller_id = facts->default_caller_id;
	start->carrier = facts->carrier;
	start->any_media_source = facts->any_media_source;
	fill_voice(start, facts->voice);
}

/* A phone that calls an emergency number calls it: no application is asked, which
 * could be away (contract 4.8). @return "" = it does not; NULL = no memory */
static const char *emergency_document(const struct app *app, su_home_t *home,
                                      const sip_t *sip,
                                      const struct start_facts *facts)
{
	const char *dialled = sip->sip_request->rq_url->url_user;
	const char *caller =
		facts->user[0] ? facts->user : sip->sip_from->a_url->url_user;
	struct rules_emergency e;

	if (!facts->domain[0] || !dialled ||
	    rules_emergency(tenants_snapshot(app->tenants), facts->account_sid,
	                    facts->domain, dialled, caller ? caller : "",
	                    &e) != RULE_OPEN)
		return "";
	return su_sprintf(
		home,
		"<Response><Dial answerOnBridge=\"true\" "
		"timeout=\"600\"><Number>%s</Number></Dial></Response>",
		e.number);
}

/* What a phone calls, as documents know it; a tel: URI is a number at its domain. */
static char *dialled(su_home_t *home, const url_t *url, const char *domain)
{
	const char *user = url->url_user ? url->url_user : "";
	char number[E164_SIZE];

	if (url->url_type != url_tel)
		return sip_start_plain_uri(home, url);
	return su_sprintf(home, "sip:%s@%s",
	                  e164_parse(user, number) ? number : user, domain);
}

/* What a phone says of itself is believed as far as its registrar does, and it is
 * at its domain whatever the host of its From is. */
static const char *from_of(su_home_t *home, const sip_t *sip,
                           const struct start_facts *facts)
{
	const url_t *from = sip->sip_from->a_url;
	const char *user = facts->user[0] ? facts->user : from->url_user;

	if (facts->caller[0])
		return facts->caller;
	if (!facts->domain[0])
		return sip_start_plain_uri(home, from);
	return su_sprintf(home, "sip:%s%s%s", user ? user : "", user ? "@" : "",
	                  facts->domain);
}

static int make_call(const struct app *app, msg_t *msg, const char *sid,
                     const struct start_facts *facts, struct call **callp)
{
	const sip_t *sip = sip_object(msg);
	su_home_t *home = msg_home(msg);
	struct call_start start = {.sid = sid};
	struct start_source source = {.ip = ""};
	struct pairs headers;
	char session[SID_SIZE], forwarded[FORWARDED_SIZE];

	sid_make("MS", session);
	if (getrandom(start.seed, sizeof(start.seed), 0) < 0)
		return errno;
	(void)sip_start_source(sip, &source);
	sip_text_headers(sip, &headers);
	fill_facts(&start, facts);
	fill_forwarded(&start, sip, forwarded);
	start.session = session;
	start.limit_s = rules_call_s(tenants_snapshot(app->tenants),
	                             facts->account_sid);
	start.public_url = app->settings->public_url;
	start.from = from_of(home, sip, facts);
	start.to = facts->number[0] ? facts->number
	                            : dialled(home, sip->sip_request->rq_url,
	                                      facts->domain);
	start.document = emergency_document(app, home, sip, facts);
	if (!start.from || !start.to || !start.document)
		return ENOMEM;
	start.callid = sip->sip_call_id->i_id;
	start.source_ip = source.ip;
	start.headers = headers.v;
	start.n_headers = headers.n;
	(void)sip_text_sdp(home, sip, &start.sdp, &start.sdp_len);
	start.max_forwards = sip->sip_max_forwards
	                             ? (unsigned)sip->sip_max_forwards->mf_count
	                             : 70;
	fill_depth(&start, sip);
	start.requires_100rel = sip_has_feature(sip->sip_require, "100rel");
	sip_text_session_timer(sip, &start.session_timer);
	return call_alloc(callp, &start);
}

static int copy_names(struct sip_leg *leg, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	const char *local = url_as_string(msg_home(msg), sip->sip_to->a_url);
	const char *remote = url_as_string(msg_home(msg), sip->sip_from->a_url);

	leg->callid = strdup(sip->sip_call_id->i_id);
	leg->local = strdup(local ? local : "");
	leg->remote = strdup(remote ? remote : "");
	return leg->callid && leg->local && leg->remote ? 0 : ENOMEM;
}

/* Transaction and dialog. From here on nta repeats responses by itself. */
static int make_dialog(struct sip_leg *leg, msg_t *msg)
{
	struct sip *s = leg->sip;
	const sip_t *sip = sip_object(msg);

	if (copy_names(leg, msg))
		return ENOMEM;
	leg->dialog = nta_leg_tcreate(
		s->agent, sip_on_request, leg, SIPTAG_CALL_ID(sip->sip_call_id),
		SIPTAG_FROM(sip->sip_to), SIPTAG_TO(sip->sip_from),
		NTATAG_REMOTE_CSEQ(sip->sip_cseq->cs_seq), TAG_END());
	if (!leg->dialog || !nta_leg_tag(leg->dialog, NULL))
		return ENOMEM;
	if (nta_leg_server_route(leg->dialog, sip->sip_record_route,
	                         sip->sip_contact) < 0)
		return ENOMEM;
	sip_leg_instance(leg, sip->sip_contact);
	leg->invite_in = nta_incoming_create(
		s->agent, leg->dialog, msg_ref_create(msg), sip_object(msg),
		NTATAG_TPORT(s->tport), TAG_END());
	if (!leg->invite_in)
		return ENOMEM;
	nta_incoming_bind(leg->invite_in, sip_on_ack_cancel, leg);
	return 0;
}

/* The line that joins CallSid and Call-ID */
static void tell(const struct sip_leg *leg, const sip_t *sip)
{
	struct log by_id = {&leg->owned->log, "call_id", leg->callid};
	struct start_source source = {.ip = ""};

	(void)sip_start_source(sip, &source);
	log_info(&by_id, "INVITE of %s to %s from %s", leg->remote, leg->local,
	         source.ip[0] ? source.ip : "ourselves");
}

int sip_start(struct sip *s, msg_t *msg, const char *sid,
              const struct start_facts *facts, struct owned **op)
{
	struct call *call = NULL;
	struct owned *o = NULL;
	struct sip_leg *leg = NULL;
	int err = make_call(s->app, msg, sid, facts, &call);

	if (err)
		goto out;
	o = app_add(s->app, call, facts->domain, 1);
	if (!o) {
		err = ENOMEM;
		goto out;
	}
	call = NULL;
	leg = sip_leg_alloc(s, o, 1);
	err = leg ? make_dialog(leg, msg) : ENOMEM;
	if (!err)
		sip_trust_caller(leg, sip_object(msg), facts);
out:
	if (err) {
		call_free(call);
		if (o)
			app_forget(s->app, o);
	} else {
		tell(leg, sip_object(msg));
		store_begin(s->app, o);
		msg_destroy(msg);
		*op = o;
	}
	return err;
}

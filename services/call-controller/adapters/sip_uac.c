/*
 * sip_uac.c - our INVITEs: sending, responses, PRACK, CANCEL
 *
 * A second 2xx of a forked INVITE never reaches us: nta acknowledges it and
 * hangs up (RFC 3261 13.2.2.4). 100 Trying reaches us because a CANCEL may be
 * sent from then on (9.1).
 */
#include "sip_leg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "base/metrics.h"
#include "loop/loop.h"
#include "sip_trust.h"
#include "snapshot.h"

static void failed(struct owned *o, unsigned number, unsigned status)
{
	struct event ev = app_event(EV_LEG_FAILED, number);

	ev.status = status;
	app_post(o->app, o->sid, &ev);
}

/* ---- sending an INVITE ------------------------------------------------------- */

static void add_quoted(struct strbuf *b, const char *name)
{
	strbuf_addc(b, '"');
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			strbuf_addc(b, '\\');
		strbuf_addc(b, (unsigned char)*name < ' ' ? (char)' ' : *name);
	}
	strbuf_addc(b, '"');
}

static nta_leg_t *make_dialog(struct sip_leg *leg, const struct cmd_invite *c)
{
	struct strbuf from = {0}, to = {0}, callid = {0};
	nta_leg_t *dialog = NULL;

	leg->local = strdup(c->from);
	leg->remote = strdup(c->to);
	strbuf_addf(&callid, "%s@%s", c->callid, leg->sip->address);
	leg->callid = strbuf_take(&callid);
	if (c->from_name[0]) {
		add_quoted(&from, c->from_name);
		strbuf_addc(&from, ' ');
	}
	strbuf_addf(&from, "<%s>", c->from);
	strbuf_addf(&to, "<%s>", c->to);
	if (leg->local && leg->remote && leg->callid && !from.failed &&
	    !to.failed)
		dialog = nta_leg_tcreate(leg->sip->agent, sip_on_request, leg,
		                         SIPTAG_CALL_ID_STR(leg->callid),
		                         SIPTAG_FROM_STR(strbuf_str(&from)),
		                         SIPTAG_TO_STR(strbuf_str(&to)),
		                         TAG_END());
	if (dialog && !nta_leg_tag(dialog, NULL)) {
		nta_leg_destroy(dialog);
		dialog = NULL;
	}
	strbuf_close(&from);
	strbuf_close(&to);
	return dialog;
}

static const char *fill_text(struct sip_leg *leg, const struct cmd_invite *c)
{
	struct strbuf *b = &leg->sip->text;
	char contact[SIP_CONTACT_MAX];

	sip_leg_contact(leg, contact, sizeof(contact));
	strbuf_reset(b);
	for (size_t i = 0; i < c->n_routes; i++)
		sip_text_add(b, "Route", c->routes[i]);
	sip_text_add(b, "Contact", contact);
	strbuf_addf(b, "Max-Forwards: %u\r\n", c->max_forwards);
	strbuf_add(b, "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, "
	              "PRACK, INFO\r\n"
	              "Supported: 100rel, timer\r\n");
	sip_text_add_session_timer(b, &c->session_timer, 0);
	for (size_t i = 0; i < c->n_headers; i++)
		sip_text_add(b, c->headers[i].name, c->headers[i].value);
	if (c->depth) { /* to a number of ours: sip_start_is_loop() */
		strbuf_addf(b, "X-Trestle-Depth: %u;calls=%u\r\n", c->depth,
		            c->calls);
		sip_text_add(b, "X-Trestle-Account",
		             call_account_sid(leg->owned->call));
	}
	return strbuf_str(b);
}

/* Send @p msg, which is taken over. From now on a phone may ring: who adopts the
 * call needs this very INVITE to stop it. */
static bool send_invite(struct sip_leg *leg, msg_t *msg, const char *uri)
{
	if (nta_msg_request_complete(msg, leg->dialog, SIP_METHOD_INVITE,
	                             URL_STRING_MAKE(uri)) >= 0)
		leg->invite_out = nta_outgoing_mcreate(
			leg->sip->agent, sip_on_response, leg, NULL, msg,
			NTATAG_PASS_100(1), TAG_END());
	if (leg->invite_out)
		snapshot_save_soon(leg->sip->app, leg->owned);
	else
		msg_destroy(msg);
	return leg->invite_out != NULL;
}

static bool keep_credentials(struct sip_leg *leg, const struct cmd_invite *c)
{
	leg->username = strdup(c->username);
	leg->password = strdup(c->password);
	return leg->username && leg->password;
}

static bool invite(struct sip_leg *leg, const struct cmd_invite *c)
{
	const char *text;
	msg_t *msg;

	sip_trust_callee(leg, c);
	leg->dialog = make_dialog(leg, c);
	if (!leg->dialog)
		return false;
	text = fill_text(leg, c);
	msg = nta_msg_create(leg->sip->agent, 0);
	if (!msg)
		return false;
	if (sip_add_tl(
		    msg, sip_object(msg), SIPTAG_HEADER_STR(text),
		    TAG_IF(c->sdp, SIPTAG_CONTENT_TYPE_STR("application/sdp")),
		    TAG_IF(c->sdp, SIPTAG_PAYLOAD_STR(c->sdp)),
		    TAG_END()) < 0 ||
	    (c->username[0] && !keep_credentials(leg, c))) {
		msg_destroy(msg);
		return false;
	}
	return send_invite(leg, msg, c->uri);
}

static void tell(const struct sip_leg *leg, const struct cmd_invite *c)
{
	struct log by_child = {&leg->owned->log, "child_call_sid", c->sid};
	struct log by_id = {&by_child, "call_id", leg->callid};

	log_info(&by_id, "INVITE of leg %u to %s", leg->number, c->uri);
}

void sip_invite(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_alloc(app->sip, o, cmd->leg);

	if (!leg || !invite(leg, &cmd->invite)) {
		log_warn(&o->log, "INVITE of leg %u could not be sent",
		         cmd->leg);
		failed(o, cmd->leg, 503);
		return;
	}
	tell(leg, &cmd->invite);
	if (o->invited_us) {
		metric_observe_us(app->child_invite,
		                  loop_now_us() - o->invited_us);
		o->invited_us = 0;
	}
}

void sip_cancel(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_find(o, cmd->leg);
	const char *reason = cmd->dialog.reason;

	(void)app;
	if (leg && leg->invite_out)
		(void)nta_outgoing_tcancel(
			leg->invite_out, NULL, NULL,
			TAG_IF(reason && reason[0], SIPTAG_REASON_STR(reason)),
			TAG_END());
}

/* ---- responses ---------------------------------------------------------------------- */

static void prack(struct sip_leg *leg, const sip_t *sip)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	sip_route_t *route = sip_route_reverse(home, sip->sip_record_route);
	sip_rack_t rack[1];

	sip_rack_init(rack);
	rack->ra_response = sip->sip_rseq->rs_response;
	rack->ra_cseq = sip->sip_cseq->cs_seq;
	rack->ra_method = sip_method_invite;
	rack->ra_method_name = "INVITE";
	if (sip->sip_contact &&
	    !nta_outgoing_tcreate(
		    leg->dialog, NULL, NULL, NULL, SIP_METHOD_PRACK,
		    (const url_string_t *)sip->sip_contact->m_url,
		    SIPTAG_TO(sip->sip_to), TAG_IF(route, SIPTAG_ROUTE(route)),
		    SIPTAG_RACK(rack), TAG_END()))
		log_warn(&leg->owned->log, "PRACK could not be sent");
	su_home_deinit(home);
}

/* Step with what a provisional response or a 2xx says. */
static void told(struct sip_leg *leg, enum event_type type, const sip_t *sip)
{
	struct event ev = app_event(type, leg->number);
	su_home_t home[1] = {SU_HOME_INIT(home)};
	struct pairs headers;

	if (sip->sip_status->st_status > 100)
		sip_trust_learn(leg, sip);
	sip_text_headers(sip, &headers);
	ev.status = (unsigned)sip->sip_status->st_status;
	ev.tag = sip->sip_to->a_tag ? sip->sip_to->a_tag : "";
	ev.headers = headers.v;
	ev.n_headers = headers.n;
	(void)sip_text_sdp(home, sip, &ev.sdp, &ev.sdp_len);
	sip_text_session_timer(sip, &ev.session_timer);
	app_step(leg->sip->app, leg->owned->sid, &ev);
	su_home_deinit(home);
}

static void on_provisional(struct sip_leg *leg, const sip_t *sip)
{
	if (sip->sip_rseq && sip_has_feature(sip->sip_require, "100rel")) {
		if (sip->sip_rseq->rs_response <= leg->rseq)
			return; /* was here already (RFC 3262 4) */
		leg->rseq = sip->sip_rseq->rs_response;
		prack(leg, sip);
	}
	told(leg, EV_LEG_PROVISIONAL, sip);
}

static void on_answered(struct sip_leg *leg, const sip_t *sip)
{
	leg->answered = true;
	(void)nta_leg_rtag(leg->dialog, sip->sip_to->a_tag);
	(void)nta_leg_client_reroute(leg->dialog, sip->sip_record_route,
	                             sip->sip_contact, 1);
	sip_leg_instance(leg, sip->sip_contact);
	told(leg, EV_LEG_ANSWERED, sip);
}

static void on_failed(struct sip_leg *leg, nta_outgoing_t *orq,
                      const sip_t *sip)
{
	struct event ev = app_event(EV_LEG_FAILED, leg->number);
	int status = sip->sip_status->st_status;
	msg_t *msg = nta_outgoing_getresponse(orq); /* keeps sip alive */
	const char *contacts[CONTACTS_MAX];
	const char *error;
	struct pairs headers;

	/* One that was cancelled meanwhile would ring for nobody. */
	leg->invite_out =
		call_leg_ending(leg->owned->call, leg->number)
			? NULL
			: sip_sign_again(leg, orq, sip, sip_on_response);
	nta_outgoing_destroy(orq);
	if (leg->invite_out) {
		leg->rseq = 0;
		snapshot_save_soon(leg->sip->app, leg->owned);
		goto out;
	}
	sip_text_headers(sip, &headers);
	ev.status = (unsigned)status;
	ev.tag = sip->sip_to->a_tag ? sip->sip_to->a_tag : "";
	ev.headers = headers.v;
	ev.n_headers = headers.n;
	sip_text_session_timer(sip, &ev.session_timer);
	error = sip_text_find(sip, "X-Trestle-Error");
	ev.error_code = error ? (uint32_t)strtoul(error, NULL, 10) : 0;
	ev.contacts = contacts;
	for (const sip_contact_t *m = sip->sip_contact;
	     status / 100 == 3 && m && ev.n_contacts < CONTACTS_MAX;
	     m = m->m_next) {
		const char *uri = url_as_string(msg_home(msg), m->m_url);

		if (uri)
			contacts[ev.n_contacts++] = uri;
	}
	app_step(leg->sip->app, leg->owned->sid, &ev);
out:
	msg_destroy(msg);
}

int sip_on_response(struct sip_leg *leg, nta_outgoing_t *orq, const sip_t *sip)
{
	int status = sip->sip_status->st_status;

	if (status < 200)
		on_provisional(leg, sip);
	else if (status < 300)
		on_answered(leg, sip);
	else
		on_failed(leg, orq, sip);
	return 0;
}

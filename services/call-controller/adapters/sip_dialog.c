/*
 * sip_dialog.c - a leg: its dialog, and our requests in it
 */
#include "sip_leg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/service.h"
#include "bus/bus.h"
#include "sip_trust.h"

/* Where nta sends to; NULL = the dialog's own route */
#define ROUTE_URL(route) ((url_string_t *)((route) ? (route)->r_url : NULL))

struct sip_leg *sip_leg_alloc(struct sip *s, struct owned *o, unsigned number)
{
	struct sip_leg *leg = calloc(1, sizeof(*leg));

	if (!leg)
		return NULL;
	leg->sip = s;
	leg->owned = o;
	leg->number = number;
	leg->next = o->legs;
	o->legs = leg;
	return leg;
}

struct sip_leg *sip_leg_find(const struct owned *o, unsigned number)
{
	struct sip_leg *leg = o->legs;

	while (leg && leg->number != number)
		leg = leg->next;
	return leg;
}

/* An INVITE of ours that nobody answered yet would ring on. */
static void destroy_invite(nta_outgoing_t *orq)
{
	if (orq && nta_outgoing_status(orq) < 200)
		(void)nta_outgoing_tcancel(orq, NULL, NULL, TAG_END());
	nta_outgoing_destroy(orq);
}

/* It is in no list any more. */
static void leg_free(struct sip_leg *leg)
{
	if (!leg)
		return;
	nta_incoming_destroy(leg->invite_in);
	nta_incoming_destroy(leg->offer_in);
	if (!leg->owned->lost || call_leg_ending(leg->owned->call, leg->number))
		destroy_invite(leg->invite_out);
	else
		nta_outgoing_destroy(leg->invite_out);
	nta_outgoing_destroy(leg->offer_out);
	nta_outgoing_destroy(leg->bye_out);
	nta_leg_destroy(leg->dialog);
	free(leg->callid);
	free(leg->local);
	free(leg->remote);
	free(leg->username);
	free(leg->password);
	free(leg->instance);
	free(leg->user);
	free(leg);
}

void sip_forget(struct owned *o)
{
	while (o->legs) {
		struct sip_leg *leg = o->legs;

		o->legs = leg->next;
		leg_free(leg);
	}
}

void sip_move(struct owned *from, struct owned *to, unsigned number)
{
	struct sip_leg *leg = sip_leg_find(from, number);
	struct sip_leg **lp = &from->legs;

	if (!leg)
		return;
	while (*lp != leg)
		lp = &(*lp)->next;
	*lp = leg->next;
	leg->owned = to;
	leg->next = to->legs;
	to->legs = leg;
}

void sip_leg_contact(const struct sip_leg *leg, char *out, size_t size)
{
	(void)snprintf(out, size, "<sip:%s-%u@%s;owner=%s>", leg->owned->sid,
	               leg->number, leg->sip->address,
	               service_instance(leg->sip->app->service));
}

bool sip_at_rest(const struct owned *o)
{
	for (const struct sip_leg *leg = o->legs; leg; leg = leg->next) {
		if (call_leg_ending(o->call, leg->number))
			continue; /* its transactions run out by themselves */
		if (leg->invite_in || leg->invite_out || leg->offer_in ||
		    leg->offer_out || leg->bye_out)
			return false;
	}
	return true;
}

void sip_leg_instance(struct sip_leg *leg, const sip_contact_t *contact)
{
	const char *instance =
		contact ? msg_params_find(contact->m_params, "+sip.instance=")
			: NULL;

	if (!instance || strlen(instance) > SIP_INSTANCE_MAX)
		return;
	free(leg->instance);
	leg->instance = strdup(instance);
}

/* ---- the dialog made again ------------------------------------------------- */

nta_leg_t *sip_dialog_make(struct sip_leg *leg, const struct sip_dialog_id *id)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	char *from = su_sprintf(home, "<%s>;tag=%s", leg->local, id->local_tag);
	char *to = su_sprintf(home, "<%s>%s%s", leg->remote,
	                      id->remote_tag[0] ? ";tag=" : "", id->remote_tag);
	nta_leg_t *dialog = NULL;
	sip_cseq_t cseq[1];

	sip_cseq_init(cseq);
	cseq->cs_method = sip_method_invite;
	cseq->cs_method_name = "INVITE";
	cseq->cs_seq = id->cseq;
	if (from && to)
		dialog = nta_leg_tcreate(
			leg->sip->agent, sip_on_request, leg,
			SIPTAG_CALL_ID_STR(leg->callid), SIPTAG_FROM_STR(from),
			SIPTAG_TO_STR(to), SIPTAG_CSEQ(cseq),
			NTATAG_REMOTE_CSEQ(id->remote_cseq), TAG_END());
	su_home_deinit(home);
	return dialog;
}

void sip_dialog_rewind(struct sip_leg *leg, uint32_t remote_cseq)
{
	const char *tag = nta_leg_get_tag(leg->dialog);
	const char *rtag = nta_leg_get_rtag(leg->dialog);
	const struct sip_dialog_id id = {
		.local_tag = tag ? tag : "",
		.remote_tag = rtag ? rtag : "",
		.cseq = nta_leg_get_seq(leg->dialog),
		.remote_cseq = remote_cseq,
	};
	const sip_route_t *route = NULL;
	const sip_contact_t *target = NULL;
	nta_leg_t *dialog;

	if (nta_leg_get_rseq(leg->dialog) <= remote_cseq)
		return;
	dialog = sip_dialog_make(leg, &id);
	if (!dialog)
		return;
	(void)nta_leg_get_route(leg->dialog, &route, &target);
	if ((route || target) &&
	    nta_leg_server_route(dialog, (const sip_record_route_t *)route,
	                         target) < 0) {
		nta_leg_destroy(dialog);
		return;
	}
	nta_leg_destroy(leg->dialog);
	leg->dialog = dialog;
}

/* ---- route ----------------------------------------------------------------- */

static bool edge_is_alive(const struct peers *peers, const url_t *url)
{
	const struct peer *p;
	char sip[SIP_CONTACT_MAX];

	(void)snprintf(sip, sizeof(sip), "%s:%s", url->url_host,
	               url->url_port ? url->url_port : "5060");
	for (size_t i = 0; (p = peers_nth(peers, "sip-edge", i)); i++)
		if (strcmp(p->sip, sip) == 0)
			return p->alive;
	return true; /* not an edge of ours: as the dialog has it */
}

/* A flow token means the same to every edge: when the first edge of the route
 * is dead, another one takes its place. NULL = the route is good as it is. */
static sip_route_t *other_route(const struct sip_leg *leg, su_home_t *home)
{
	const struct peers *peers = bus_peers(leg->sip->app->bus);
	const sip_route_t *route = NULL;
	const struct peer *edge;
	sip_route_t *other;
	char *host, *port;

	(void)nta_leg_get_route(leg->dialog, &route, NULL);
	if (!route || edge_is_alive(peers, route->r_url))
		return NULL;
	edge = peers_pick(peers, "sip-edge", leg->owned->sid);
	host = edge ? su_strdup(home, edge->sip) : NULL;
	port = host ? strrchr(host, ':') : NULL;
	other = port ? sip_route_dup(home, route) : NULL;
	if (!other)
		return NULL;
	*port++ = '\0';
	other->r_url->url_host = host;
	other->r_url->url_port = port;
	return other;
}

/* ---- ACK ------------------------------------------------------------------- */

static void ack(struct sip_leg *leg, nta_outgoing_t *invite, const char *sdp)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	sip_route_t *route = other_route(leg, home);
	nta_outgoing_t *orq;
	sip_cseq_t cseq[1];

	sip_cseq_init(cseq);
	cseq->cs_seq = nta_outgoing_cseq(invite);
	cseq->cs_method = sip_method_ack;
	cseq->cs_method_name = "ACK";
	orq = nta_outgoing_tcreate(
		leg->dialog, NULL, NULL, ROUTE_URL(route), SIP_METHOD_ACK, NULL,
		TAG_IF(route, SIPTAG_ROUTE(route)), SIPTAG_CSEQ(cseq),
		TAG_IF(sdp, SIPTAG_CONTENT_TYPE_STR("application/sdp")),
		TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp)), TAG_END());
	if (!orq)
		log_warn(&leg->owned->log, "ACK could not be sent");
	/* nta keeps it, to repeat it when the 2xx is repeated. */
	nta_outgoing_destroy(orq);
	nta_outgoing_destroy(invite);
	su_home_deinit(home);
}

void sip_ack(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_find(o, cmd->leg);

	(void)app;
	if (leg && leg->invite_out && leg->answered) {
		ack(leg, leg->invite_out, cmd->dialog.sdp);
		leg->invite_out = NULL;
		leg->acked = true;
	} else if (leg && leg->offer_out &&
	           nta_outgoing_status(leg->offer_out) / 100 == 2) {
		ack(leg, leg->offer_out, cmd->dialog.sdp);
		leg->offer_out = NULL;
	}
}

/* ---- BYE ------------------------------------------------------------------- */

static int on_bye_response(struct sip_leg *leg, nta_outgoing_t *orq,
                           const sip_t *sip)
{
	struct event ev = app_event(EV_LEG_ENDED, leg->number);
	int status = sip->sip_status->st_status;

	if (status < 200)
		return 0;
	leg->bye_out = sip_sign_again(leg, orq, sip, on_bye_response);
	nta_outgoing_destroy(orq);
	if (leg->bye_out || (status == 430 && sip_flow_again(leg, true)))
		return 0;
	ev.status = (unsigned)status;
	app_step(leg->sip->app, leg->owned->sid, &ev);
	return 0;
}

bool sip_dialog_bye(struct sip_leg *leg, const char *reason)
{
	su_home_t home[1] = {SU_HOME_INIT(home)};
	sip_route_t *route = other_route(leg, home);

	leg->signs = 0;
	leg->bye_out = nta_outgoing_tcreate(
		leg->dialog, on_bye_response, leg, ROUTE_URL(route),
		SIP_METHOD_BYE, NULL, TAG_IF(route, SIPTAG_ROUTE(route)),
		TAG_IF(reason && reason[0], SIPTAG_REASON_STR(reason)),
		TAG_END());
	su_home_deinit(home);
	if (!leg->bye_out)
		log_warn(&leg->owned->log, "BYE of leg %u could not be sent",
		         leg->number);
	return leg->bye_out != NULL;
}

void sip_bye(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_find(o, cmd->leg);
	struct event ev = app_event(EV_LEG_ENDED, cmd->leg);

	if (!leg || leg->bye_out)
		return;
	if (!sip_dialog_bye(leg, cmd->dialog.reason))
		app_post(app, o->sid, &ev);
}

/* ---- re-INVITE --------------------------------------------------------------- */

/* The core acknowledges in its step; should it not, we do. */
static void ack_left_over(struct app *app, const char *sid, unsigned number)
{
	struct owned *o = app_find(app, sid);
	struct sip_leg *leg = o ? sip_leg_find(o, number) : NULL;

	if (!leg || !leg->offer_out)
		return;
	ack(leg, leg->offer_out, NULL);
	leg->offer_out = NULL;
}

static int on_reinvite_response(struct sip_leg *leg, nta_outgoing_t *orq,
                                const sip_t *sip)
{
	struct event ev = app_event(EV_LEG_REOFFER_FAILED, leg->number);
	su_home_t home[1] = {SU_HOME_INIT(home)};
	struct app *app = leg->sip->app;
	int status = sip->sip_status->st_status;
	unsigned number = leg->number;
	char sid[SID_SIZE];
	msg_t *msg;

	if (status < 200)
		return 0;
	msg = nta_outgoing_getresponse(orq); /* keeps sip alive */
	memcpy(sid, leg->owned->sid, sizeof(sid));
	ev.status = (unsigned)status;
	if (status < 300) {
		ev.type = EV_LEG_REOFFER_ANSWERED;
		sip_trust_learn(leg, sip);
		(void)nta_leg_client_reroute(leg->dialog, NULL,
		                             sip->sip_contact, 0);
		(void)sip_text_sdp(home, sip, &ev.sdp, &ev.sdp_len);
		sip_text_session_timer(sip, &ev.session_timer);
	} else {
		leg->offer_out =
			sip_sign_again(leg, orq, sip, on_reinvite_response);
		nta_outgoing_destroy(orq);
		if (leg->offer_out ||
		    (status == 430 && sip_flow_again(leg, false)))
			goto out;
	}
	app_step(app, sid, &ev);
	if (status < 300)
		ack_left_over(app, sid, number);
out:
	msg_destroy(msg);
	su_home_deinit(home);
	return 0;
}

void sip_reinvite(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_find(o, cmd->leg);
	struct event ev = app_event(EV_LEG_REOFFER_FAILED, cmd->leg);
	const char *sdp = cmd->reinvite.sdp;
	char contact[SIP_CONTACT_MAX];
	struct strbuf *b = &app->sip->text;
	su_home_t home[1] = {SU_HOME_INIT(home)};
	sip_route_t *route;

	if (!leg || leg->offer_out)
		return;
	route = other_route(leg, home);
	sip_leg_contact(leg, contact, sizeof(contact));
	strbuf_reset(b);
	sip_text_add(b, "Contact", contact);
	strbuf_add(b, "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, "
	              "PRACK, INFO\r\n"
	              "Supported: timer\r\n");
	sip_text_add_session_timer(b, &cmd->reinvite.session_timer, 0);
	leg->signs = 0;
	leg->offer_out = nta_outgoing_tcreate(
		leg->dialog, on_reinvite_response, leg, ROUTE_URL(route),
		SIP_METHOD_INVITE, NULL, TAG_IF(route, SIPTAG_ROUTE(route)),
		SIPTAG_HEADER_STR(strbuf_str(b)),
		TAG_IF(sdp, SIPTAG_CONTENT_TYPE_STR("application/sdp")),
		TAG_IF(sdp, SIPTAG_PAYLOAD_STR(sdp)), TAG_END());
	if (!leg->offer_out) {
		ev.status = 503;
		app_post(o->app, o->sid, &ev);
	}
	su_home_deinit(home);
}

/*
 * sip_uas.c - the server side of a leg: our responses, and their requests
 */
#include "sip_leg.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sip_trust.h"
#include "snapshot.h"
#include "store.h"

/* ---- responses ------------------------------------------------------------ */

static const char *fill_text(struct sip_leg *leg, const struct cmd_respond *r,
                             bool makes_dialog)
{
	struct strbuf *b = &leg->sip->text;
	char contact[SIP_CONTACT_MAX];

	strbuf_reset(b);
	if (makes_dialog) {
		sip_leg_contact(leg, contact, sizeof(contact));
		sip_text_add(b, "Contact", contact);
		strbuf_add(b, "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, "
		              "UPDATE, PRACK, INFO\r\n"
		              "Supported: timer\r\n");
	}
	if (r->retry_after)
		strbuf_addf(b, "Retry-After: %u\r\n", r->retry_after);
	sip_text_add_session_timer(b, &r->session_timer, (int)r->status);
	sip_text_add_error(b, r->error_code, r->error_text);
	return strbuf_str(b);
}

static int reply(struct sip_leg *leg, nta_incoming_t *irq,
                 const struct cmd_respond *r)
{
	const char *text = fill_text(leg, r, r->status < 300);
	const char *reason = r->reason && r->reason[0] ? r->reason : NULL;

	return nta_incoming_treply(
		irq, (int)r->status, reason,
		TAG_IF(text[0], SIPTAG_HEADER_STR(text)),
		TAG_IF(r->sdp, SIPTAG_CONTENT_TYPE_STR("application/sdp")),
		TAG_IF(r->sdp, SIPTAG_PAYLOAD_STR(r->sdp)), TAG_END());
}

void sip_respond(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_find(o, cmd->leg);

	(void)app;
	if (!leg || !leg->invite_in)
		return;
	if (cmd->respond.status / 100 == 2)
		leg->answered = true;
	if (reply(leg, leg->invite_in, &cmd->respond) < 0)
		log_warn(&o->log, "response %u was not sent",
		         cmd->respond.status);
	if (cmd->respond.status >= 300) {
		nta_incoming_destroy(leg->invite_in);
		leg->invite_in = NULL;
	}
}

void sip_answer(struct app *app, struct owned *o, const struct command *cmd)
{
	struct sip_leg *leg = sip_leg_find(o, cmd->leg);
	bool waits_for_ack;

	(void)app;
	if (!leg || !leg->offer_in)
		return;
	waits_for_ack =
		nta_incoming_method(leg->offer_in) == sip_method_invite &&
		cmd->respond.status / 100 == 2;
	(void)reply(leg, leg->offer_in, &cmd->respond);
	if (!waits_for_ack) {
		nta_incoming_destroy(leg->offer_in);
		leg->offer_in = NULL;
	}
}

/* ---- ACK and CANCEL --------------------------------------------------------- */

static void step(struct sip_leg *leg, struct event *ev)
{
	app_step(leg->sip->app, leg->owned->sid, ev);
}

static void on_ack(struct sip_leg *leg, const sip_t *sip)
{
	struct event ev = app_event(EV_LEG_ACKED, leg->number);
	su_home_t home[1] = {SU_HOME_INIT(home)};

	leg->acked = true;
	/* That there is an ACK may anybody say; where the media goes may not. */
	if (sip_trust_has(leg, sip))
		(void)sip_text_sdp(home, sip, &ev.sdp, &ev.sdp_len);
	/* Who adopts the call must know, or it would wait for this ACK. */
	snapshot_save(leg->sip->app, leg->owned, NULL);
	step(leg, &ev);
	su_home_deinit(home);
}

int sip_on_ack_cancel(struct sip_leg *leg, nta_incoming_t *irq,
                      const sip_t *sip)
{
	struct event ev;

	if (irq == leg->offer_in)
		leg->offer_in = NULL;
	else if (irq == leg->invite_in && leg->answered)
		leg->invite_in = NULL;
	if (!sip) {
		nta_incoming_destroy(irq);
		ev = app_event(EV_LEG_ACK_TIMEOUT, leg->number);
		step(leg, &ev);
	} else if (sip->sip_request->rq_method == sip_method_ack) {
		nta_incoming_destroy(irq);
		on_ack(leg, sip);
	} else if (irq == leg->invite_in) {
		ev = app_event(EV_LEG_CANCELED, leg->number);
		step(leg, &ev);
	} else {
		/* A cancelled re-INVITE changes nothing. */
		(void)nta_incoming_treply(irq, SIP_487_REQUEST_CANCELLED,
		                          TAG_END());
		nta_incoming_destroy(irq);
	}
	return 0;
}

/* ---- requests in the dialog --------------------------------------------------- */

static void answer(nta_incoming_t *irq, int status, const char *reason,
                   const char *headers)
{
	(void)nta_incoming_treply(
		irq, status, reason,
		TAG_IF(headers[0], SIPTAG_HEADER_STR(headers)), TAG_END());
	nta_incoming_destroy(irq);
}

static void on_bye(struct sip_leg *leg, nta_incoming_t *irq, const sip_t *sip)
{
	struct event ev = app_event(EV_LEG_HUNGUP, leg->number);
	su_home_t home[1] = {SU_HOME_INIT(home)};
	struct pairs headers;
	msg_t *msg = nta_incoming_getrequest(irq); /* keeps sip alive */

	answer(irq, SIP_200_OK, "");
	sip_text_headers(sip, &headers);
	ev.headers = headers.v;
	ev.n_headers = headers.n;
	step(leg, &ev);
	msg_destroy(msg);
	su_home_deinit(home);
}

static void on_offer(struct sip_leg *leg, nta_incoming_t *irq, const sip_t *sip)
{
	struct event ev = app_event(EV_LEG_OFFER, leg->number);
	su_home_t home[1] = {SU_HOME_INIT(home)};
	bool invite = sip->sip_request->rq_method == sip_method_invite;

	if (leg->offer_in) { /* RFC 3261 14.2, RFC 3311 5.2 */
		answer(irq, SIP_500_INTERNAL_SERVER_ERROR,
		       "Retry-After: 3\r\n");
		return;
	}
	strbuf_reset(&leg->sip->text);
	if (sip_text_add_unsupported(&leg->sip->text, sip)) {
		answer(irq, SIP_420_BAD_EXTENSION, strbuf_str(&leg->sip->text));
		goto out;
	}
	if (sip_text_sdp(home, sip, &ev.sdp, &ev.sdp_len) == BODY_UNKNOWN) {
		answer(irq, SIP_415_UNSUPPORTED_MEDIA,
		       "Accept: application/sdp\r\n");
		goto out;
	}
	if (sip->sip_contact)
		(void)nta_leg_server_route(leg->dialog, NULL, sip->sip_contact);
	leg->offer_in = irq;
	nta_incoming_bind(irq, sip_on_ack_cancel, leg);
	ev.method = invite ? METHOD_INVITE : METHOD_UPDATE;
	ev.source_ip = leg->source;
	sip_text_session_timer(sip, &ev.session_timer);
	step(leg, &ev);
out:
	su_home_deinit(home);
}

/* Digits that a phone sends by INFO: `Signal=5`, or the digit alone */
static char digit_of(const sip_t *sip)
{
	const sip_content_type_t *type = sip->sip_content_type;
	const sip_payload_t *body = sip->sip_payload;
	char text[128];
	const char *at = text;

	if (!type || !body ||
	    strncasecmp(type->c_type, "application/dtmf", 16) != 0)
		return '\0';
	(void)snprintf(text, sizeof(text), "%.*s", (int)body->pl_len,
	               body->pl_data);
	if (strncasecmp(text, "Signal", 6) == 0)
		at += 6 + strspn(text + 6, " =");
	return *at && strchr("0123456789*#ABCD", *at) ? *at : '\0';
}

static void on_info(struct sip_leg *leg, nta_incoming_t *irq, const sip_t *sip)
{
	struct event ev = app_event(EV_DIGIT, leg->number);
	char sid[SID_SIZE];
	char digit = digit_of(sip);

	if (!digit) {
		answer(irq, SIP_200_OK, "");
		return;
	}
	answer(irq, SIP_200_OK, "");
	(void)snprintf(sid, sizeof(sid), "%s",
	               call_leg_sid(leg->owned->call, leg->number));
	ev.sid = sid;
	ev.digit = digit;
	step(leg, &ev);
}

void sip_uas_take(struct sip_leg *leg, nta_incoming_t *irq, const sip_t *sip)
{
	switch (sip->sip_request->rq_method) {
	case sip_method_bye: on_bye(leg, irq, sip); break;
	case sip_method_invite:
	case sip_method_update: on_offer(leg, irq, sip); break;
	case sip_method_info: on_info(leg, irq, sip); break;
	case sip_method_options: answer(irq, SIP_200_OK, ""); break;
	case sip_method_cancel:
	case sip_method_prack: answer(irq, SIP_481_NO_TRANSACTION, ""); break;
	case sip_method_refer: answer(irq, SIP_603_DECLINE, ""); break;
	default:
		answer(irq, SIP_405_METHOD_NOT_ALLOWED,
		       "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, "
		       "PRACK, INFO\r\n");
		break;
	}
}

int sip_on_request(struct sip_leg *leg, nta_leg_t *dialog, nta_incoming_t *irq,
                   const sip_t *sip)
{
	(void)dialog;
	if (sip->sip_request->rq_method == sip_method_ack) {
		nta_incoming_destroy(
			irq); /* of a 2xx that another process sent */
		on_ack(leg, sip);
	} else if (sip_trust_request(leg, irq, sip)) {
		sip_uas_take(leg, irq, sip);
	}
	return 0;
}

/*
 * sip.c - Sofia's agent, and requests outside of a dialog that it has
 */
#include "sip_leg.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/su_log.h>

#include "adopt.h"
#include "base/metrics.h"
#include "base/service.h"
#include "loop/loop.h"

static const char allow[] = "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, "
			    "PRACK, INFO\r\n";
static const char what[] = "Accept: application/sdp\r\n"
			   "Supported: 100rel, timer\r\n";

/* A request that waits until its call is adopted, or is known to be gone */
struct held {
	struct held *next;
	msg_t *msg;
	char call_sid[SID_SIZE];
};

/* ---- requests that wait for an adoption ------------------------------- */

/* A request for a dialog of a call that another process may have had: ask for
 * the adoption, keep @p msg. */
static void hold(struct sip *s, msg_t *msg, const char *call_sid)
{
	struct held *h = NULL;

	if (s->n_held < SIP_HELD_MAX)
		h = calloc(1, sizeof(*h));
	if (!h) {
		sip_refuse(s, msg, SIP_500_INTERNAL_SERVER_ERROR,
		           "Retry-After: 2\r\n");
		return;
	}
	h->msg = msg;
	(void)snprintf(h->call_sid, sizeof(h->call_sid), "%s", call_sid);
	h->next = s->held;
	s->held = h;
	s->n_held++;
	adopt_call(s->app->adopt, call_sid);
}

static void deliver(struct sip *s, msg_t *msg)
{
	sip_t *sip = sip_object(msg);
	nta_leg_t *dialog = nta_leg_by_dialog(s->agent, NULL, sip->sip_call_id,
	                                      sip->sip_from->a_tag, NULL,
	                                      sip->sip_to->a_tag, NULL);
	struct sip_leg *leg = nta_leg_magic(dialog, sip_on_request);
	nta_incoming_t *irq;

	if (!leg && sip->sip_request->rq_method == sip_method_ack) {
		msg_destroy(msg);
		return;
	}
	if (!leg) {
		sip_refuse(s, msg, SIP_481_NO_TRANSACTION, "");
		return;
	}
	if (sip->sip_cseq->cs_seq < nta_leg_get_rseq(dialog)) {
		sip_refuse(s, msg, SIP_500_INTERNAL_SERVER_ERROR, "");
		return;
	}
	irq = nta_incoming_create(s->agent, dialog, msg, sip,
	                          NTATAG_TPORT(s->tport), TAG_END());
	if (irq)
		(void)sip_on_request(leg, dialog, irq, sip);
}

void sip_resume(struct app *app, const char *call_sid)
{
	struct sip *s = app->sip;
	struct held *ready = NULL, **hp = &s->held;

	while (*hp) {
		struct held *h = *hp;

		if (strcmp(h->call_sid, call_sid) != 0) {
			hp = &h->next;
			continue;
		}
		*hp = h->next;
		h->next = ready;
		ready = h;
	}
	while (ready) {
		struct held *next = ready->next;

		s->n_held--;
		deliver(s, ready->msg);
		free(ready);
		ready = next;
	}
}

/* ---- what comes in outside of our dialogs ------------------------------ */

/* Our Contact was `CALLSID-LEG`: the call may be one of a process that died */
static bool names_call(const url_t *url, char call_sid[SID_SIZE])
{
	if (!url->url_user || strlen(url->url_user) < SID_SIZE)
		return false;
	memcpy(call_sid, url->url_user, SID_SIZE - 1);
	call_sid[SID_SIZE - 1] = 0;
	return sid_valid(call_sid, "CA") && url->url_user[SID_SIZE - 1] == '-';
}

static void on_stray(struct sip *s, msg_t *msg, const sip_t *sip)
{
	bool ack = sip->sip_request->rq_method == sip_method_ack;
	char call_sid[SID_SIZE];

	if (names_call(sip->sip_request->rq_url, call_sid) &&
	    !app_find(s->app, call_sid))
		hold(s, msg, call_sid);
	else if (ack)
		msg_destroy(msg);
	else
		sip_refuse(s, msg, SIP_481_NO_TRANSACTION, "");
}

static void on_options(struct sip *s, msg_t *msg)
{
	char headers[256];

	if (app_refuses(s->app)) {
		sip_refuse(s, msg, SIP_503_SERVICE_UNAVAILABLE,
		           "Retry-After: 5\r\n");
		return;
	}
	(void)snprintf(headers, sizeof(headers), "%s%s", allow, what);
	sip_refuse(s, msg, SIP_200_OK, headers);
}

static void drop_foreign(struct sip *s, msg_t *msg, const sip_t *sip)
{
	char ip[SIP_SOURCE_SIZE] = "";
	unsigned n = ++s->foreign;

	(void)su_inet_ntop(msg_addr(msg)->su_family, SU_ADDR(msg_addr(msg)), ip,
	                   sizeof(ip));
	if (log_nth(n))
		log_warn(&s->app->log,
		         "%s from %s, where no edge is, is not looked at: "
		         "keep the internal network to ourselves (%u so far)",
		         sip->sip_request->rq_method_name, ip, n);
	metric_add(s->disbelieved, 1);
	msg_destroy(msg);
}

static void on_request(struct sip *s, msg_t *msg, sip_t *sip)
{
	sip_method_t method = sip->sip_request->rq_method;

	if (!sip_inside(s, msg))
		drop_foreign(s, msg, sip);
	else if (method == sip_method_cancel) {
		if (!sip_in_cancel(s, msg, sip))
			sip_refuse(s, msg, SIP_481_NO_TRANSACTION, "");
	} else if (sip->sip_to->a_tag) {
		on_stray(s, msg, sip);
	} else if (method == sip_method_ack) {
		msg_destroy(msg);
	} else if (method == sip_method_invite) {
		sip_in_invite(s, msg, sip);
	} else if (method == sip_method_options) {
		on_options(s, msg);
	} else if (method == sip_method_bye || method == sip_method_prack ||
	           method == sip_method_update || method == sip_method_info) {
		sip_refuse(s, msg, SIP_481_NO_TRANSACTION, "");
	} else if (method == sip_method_notify ||
	           method == sip_method_subscribe ||
	           method == sip_method_publish) {
		sip_refuse(s, msg, SIP_489_BAD_EVENT, allow);
	} else {
		sip_refuse(s, msg, SIP_405_METHOD_NOT_ALLOWED, allow);
	}
}

/* A 2xx whose INVITE is forgotten would ring on: take it and hang up. */
static void on_response(struct sip *s, msg_t *msg, const sip_t *sip)
{
	bool late = sip->sip_cseq->cs_method == sip_method_invite &&
	            sip->sip_status->st_status / 100 == 2;

	if (late && nta_leg_by_dialog(s->agent, NULL, sip->sip_call_id,
	                              sip->sip_to->a_tag, NULL,
	                              sip->sip_from->a_tag, NULL))
		late = false;
	if (!late || nta_msg_ackbye(s->agent, msg) < 0)
		msg_destroy(msg);
}

static int on_message(struct sip *s, nta_agent_t *agent, msg_t *msg, sip_t *sip)
{
	(void)agent;
	if (sip->sip_request)
		on_request(s, msg, sip);
	else
		on_response(s, msg, sip);
	return 0;
}

/* What Sofia tells about itself: of use to who looks for a fault only */
static void on_sofia_log(void *arg, const char *fmt, va_list ap)
{
	const struct app *app = arg;
	char line[512];

	if (!log_enabled(LOG_DEBUG))
		return;
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	log_debug(&app->log, "sofia: %s", line);
}

/* ---- the agent ---------------------------------------------------------- */

static int open_agent(struct sip *s)
{
	const char *ip = service_address(s->app->service);
	const bool ip6 = strchr(ip, ':') != NULL;
	const sip_contact_t *contact;
	char url[128], port[16] = "*";

	if (s->app->settings->sip_port)
		(void)snprintf(port, sizeof(port), "%u",
		               s->app->settings->sip_port);
	(void)snprintf(url, sizeof(url), "sip:%s%s%s:%s;transport=udp",
	               ip6 ? "[" : "", ip, ip6 ? "]" : "", port);
	s->agent = nta_agent_create(
		loop_su_root(s->app->loop), URL_STRING_MAKE(url), on_message, s,
		NTATAG_UA(1), NTATAG_MERGE_482(1), NTATAG_CANCEL_487(1),
		NTATAG_MAXSIZE(SIP_MESSAGE_MAX),
		NTATAG_UDP_MTU(SIP_MESSAGE_MAX), NTATAG_USE_NAPTR(0),
		NTATAG_USE_SRV(0), TPTAG_UDP_RMEM(4 * 1024 * 1024), TAG_END());
	if (!s->agent) {
		log_error(&s->app->log,
		          "can not open %s: is another process using it? Set "
		          "TRESTLE_SIP_PORT or TRESTLE_ADDRESS",
		          url);
		return EADDRINUSE;
	}
	s->tport = tport_primaries(nta_agent_tports(s->agent));
	contact = nta_agent_contact(s->agent);
	(void)snprintf(s->address, sizeof(s->address), "%s:%s",
	               contact->m_url->url_host,
	               contact->m_url->url_port ? contact->m_url->url_port
	                                        : "5060");
	return 0;
}

int sip_alloc(struct sip **sp, struct app *app)
{
	struct sip *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	s->app = app;
	su_log_redirect(NULL, on_sofia_log, app);
	err = hash_init(&s->arrivals);
	if (err)
		goto out;
	s->disbelieved =
		metrics_counter(service_metrics(app->service),
	                        "trestle_dialog_requests_refused_total", NULL,
	                        "Requests that came from a wrong address");
	err = open_agent(s);
out:
	if (err)
		sip_free(s);
	else
		*sp = s;
	return err;
}

void sip_free(struct sip *s)
{
	if (!s)
		return;
	sip_in_close(s);
	while (s->held) {
		struct held *next = s->held->next;

		msg_destroy(s->held->msg);
		free(s->held);
		s->held = next;
	}
	nta_agent_destroy(s->agent);
	su_log_redirect(NULL, NULL, NULL);
	strbuf_close(&s->text);
	free(s);
}

const char *sip_address(const struct sip *s)
{
	return s->address;
}

struct nta_agent_s *sip_agent(const struct sip *s)
{
	return s->agent;
}

/*
 * sip.c - the internal SIP socket: requests in, stateless answers out
 *
 * The only file that includes Sofia-SIP. An agent without legs hands every
 * request to on_message(); what is kept of it lives in the memory home of its
 * message. Sofia's objects never outlive an answer.
 */
#include "adapters/sip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sofia-sip/msg_header.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_tag.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>

#include "base/log.h"
#include "loop/loop.h"
#include "sip/credentials.h"

enum { RECEIVE_BUFFER = 4 * 1024 * 1024 }; /* a burst of REGISTERs [bytes] */

struct sip {
	const struct log *log; /* borrowed */
	nta_agent_t *agent;
	char bound[64];
	sip_request_h *handler;
	void *arg;
	size_t pending;
};

/* What sip_request points into; in the memory home of the message. */
struct received {
	struct sip_request request;
	struct sip *sip;
	msg_t *msg;
};

void sip_answer_add(struct sip_answer *a, const char *name, const char *value)
{
	if (a->n < SIP_HEADERS_MAX)
		a->headers[a->n++] = (struct sip_header){name, value};
}

static struct piece piece(const char *s)
{
	return s ? piece_of(s) : (struct piece){"", 0};
}

/* --- reading ------------------------------------------------------------- */

static const char *unknown_header(const sip_t *sip, const char *name)
{
	for (const sip_unknown_t *u = sip->sip_unknown; u; u = u->un_next)
		if (strcasecmp(u->un_name, name) == 0)
			return u->un_value;
	return NULL;
}

static bool read_source(const sip_t *sip, struct source *s)
{
	const char *text = unknown_header(sip, "X-Trestle-Source");
	const sip_via_t *via = sip->sip_via;
	char buf[SOURCE_IP_SIZE + 16];

	if (text)
		return source_parse(s, text);
	/* Sent to this socket without an edge: nta noted where from. */
	(void)snprintf(buf, sizeof(buf), "%s:%s",
	               via->v_received ? via->v_received : via->v_host,
	               via->v_rport && *via->v_rport ? via->v_rport
	               : via->v_port                 ? via->v_port
	                                             : "5060");
	return source_parse(s, buf);
}

static bool read_contacts(struct received *rec, const sip_t *sip)
{
	struct sip_request *r = &rec->request;
	su_home_t *home = msg_home(rec->msg);

	for (const sip_contact_t *m = sip->sip_contact; m; m = m->m_next) {
		struct contact *c = &r->contacts[r->n_contacts];

		if (m->m_url->url_type == url_any)
			r->star = true;
		if (r->n_contacts++ >= BINDINGS_MAX)
			continue;
		c->uri = url_as_string(home, m->m_url);
		if (!c->uri)
			return false;
		c->expires = m->m_expires;
		c->q = m->m_q;
		c->instance = msg_params_find(m->m_params, "+sip.instance=");
		c->reg_id = msg_params_find(m->m_params, "reg-id=");
	}
	return true;
}

static bool read_credentials(struct received *rec, const msg_auth_t *au)
{
	struct sip_request *r = &rec->request;

	for (; au && r->n_credentials < SIP_CREDENTIALS_MAX; au = au->au_next) {
		const char *text = sip_credentials_text(msg_home(rec->msg), au);

		if (!text)
			return false;
		r->credentials[r->n_credentials++] = text;
	}
	return true;
}

static bool read_paths(struct received *rec, const sip_t *sip)
{
	struct sip_request *r = &rec->request;
	su_home_t *home = msg_home(rec->msg);

	for (const sip_path_t *p = sip->sip_path; p; p = p->r_next) {
		char *text = sip_header_as_string(home, (sip_header_t *)p);

		if (!text || r->n_paths >= SIP_PATHS_MAX)
			return false;
		r->paths[r->n_paths++] = text;
	}
	return true;
}

static bool has_tag(const msg_list_t *list, const char *tag)
{
	const msg_param_t *items = list ? list->k_items : NULL;

	for (size_t i = 0; items && items[i]; i++)
		if (strcasecmp(items[i], tag) == 0)
			return true;
	return false;
}

/* RFC 3261 8.2.2.3: the option tags in Require that are none of ours */
static const char *foreign_tags(su_home_t *home, const msg_list_t *require)
{
	const msg_param_t *items = require ? require->k_items : NULL;
	char *text = NULL;

	for (size_t i = 0; items && items[i]; i++) {
		if (strcasecmp(items[i], "path") == 0 ||
		    strcasecmp(items[i], "outbound") == 0)
			continue;
		text = text ? su_sprintf(home, "%s, %s", text, items[i])
		            : su_strdup(home, items[i]);
	}
	return text;
}

static bool read_request(struct received *rec, const sip_t *sip)
{
	struct sip_request *r = &rec->request;
	su_home_t *home = msg_home(rec->msg);
	const url_t *uri = sip->sip_request->rq_url;

	r->uri = url_as_string(home, uri);
	r->uri_host = piece(uri->url_host);
	r->to_user = piece(sip->sip_to->a_url->url_user);
	r->to_host = piece(sip->sip_to->a_url->url_host);
	r->call_id = sip->sip_call_id->i_id;
	r->cseq = sip->sip_cseq->cs_seq;
	r->user_agent =
		sip->sip_user_agent ? sip->sip_user_agent->g_string : NULL;
	if (!r->user_agent)
		r->user_agent = "";
	if (sip->sip_expires)
		r->expires =
			su_sprintf(home, "%lu", sip->sip_expires->ex_delta);
	r->required = foreign_tags(home, sip->sip_require);
	r->supports_path = has_tag(sip->sip_supported, "path");
	r->supports_outbound = has_tag(sip->sip_supported, "outbound") ||
	                       has_tag(sip->sip_require, "outbound");
	return r->uri && strlen(r->call_id) <= SIP_CALLID_MAX &&
	       read_source(sip, &r->source) && read_contacts(rec, sip) &&
	       read_credentials(rec, sip->sip_authorization) &&
	       read_paths(rec, sip);
}

static int refuse(nta_agent_t *agent, msg_t *msg, int status,
                  const char *phrase)
{
	if (status == 405)
		return nta_msg_treply(agent, msg, status, phrase,
		                      SIPTAG_ALLOW_STR("REGISTER"), TAG_END());
	return nta_msg_treply(agent, msg, status, phrase, TAG_END());
}

static int on_message(nta_agent_magic_t *magic, nta_agent_t *agent, msg_t *msg,
                      sip_t *sip)
{
	struct sip *s = (struct sip *)magic;
	struct received *rec;

	if (!sip || !sip->sip_request ||
	    sip->sip_request->rq_method == sip_method_ack) {
		nta_msg_discard(agent, msg);
		return 0;
	}
	if (sip->sip_request->rq_method != sip_method_register)
		return refuse(agent, msg, SIP_405_METHOD_NOT_ALLOWED);
	if (!s->handler || s->pending >= SIP_PENDING_MAX) {
		nta_msg_discard(agent, msg); /* it will be sent again */
		return 0;
	}
	rec = su_zalloc(msg_home(msg), sizeof(*rec));
	if (!rec)
		return refuse(agent, msg, SIP_500_INTERNAL_SERVER_ERROR);
	rec->sip = s;
	rec->msg = msg;
	if (!read_request(rec, sip))
		return refuse(agent, msg, SIP_400_BAD_REQUEST);
	s->pending++;
	s->handler(s->arg, &rec->request);
	return 0;
}

/* --- answering ----------------------------------------------------------- */

static struct received *received_of(struct sip_request *r)
{
	return (struct received *)(void *)r;
}

static msg_t *make_answer(struct sip *s, const struct sip_answer *a)
{
	msg_t *msg = nta_msg_create(s->agent, 0);
	sip_t *sip = msg ? sip_object(msg) : NULL;

	if (!sip)
		return NULL;
	for (size_t i = 0; i < a->n; i++) {
		msg_header_t *h =
			msg_header_alloc(msg_home(msg), sip_unknown_class, 0);

		if (!h)
			break;
		h->sh_unknown->un_name = a->headers[i].name;
		h->sh_unknown->un_value = a->headers[i].value;
		msg_header_insert(msg, (msg_pub_t *)sip, h);
	}
	return msg;
}

void sip_answer(struct sip_request *r, const struct sip_answer *a)
{
	struct received *rec = received_of(r);
	struct sip *s = rec->sip;
	msg_t *msg = make_answer(s, a);

	s->pending--;
	if (!msg) {
		nta_msg_discard(s->agent, rec->msg);
		return;
	}
	(void)nta_msg_mreply(s->agent, msg, sip_object(msg), (int)a->status,
	                     a->phrase, rec->msg, TAG_END());
}

void sip_drop(struct sip_request *r)
{
	struct received *rec = received_of(r);

	rec->sip->pending--;
	nta_msg_discard(rec->sip->agent, rec->msg);
}

/* --- the socket ---------------------------------------------------------- */

static int find_bound(struct sip *s, const char *address)
{
	const sip_contact_t *m = nta_agent_contact(s->agent);
	bool v6 = strchr(address, ':') != NULL;

	if (!m)
		return ENOMEM;
	(void)snprintf(s->bound, sizeof(s->bound), "%s%s%s:%s", v6 ? "[" : "",
	               address, v6 ? "]" : "",
	               m->m_url->url_port ? m->m_url->url_port : "5060");
	return 0;
}

int sip_alloc(struct sip **sp, struct loop *loop, const struct log *log,
              const char *address, uint16_t port)
{
	struct sip *s = calloc(1, sizeof(*s));
	bool v6 = strchr(address, ':') != NULL;
	char url[96], text[8] = "*";
	int err = ENOMEM;

	if (!s)
		goto out;
	s->log = log;
	if (port > 0)
		(void)snprintf(text, sizeof(text), "%u", port);
	(void)snprintf(url, sizeof(url), "sip:%s%s%s:%s;transport=udp",
	               v6 ? "[" : "", address, v6 ? "]" : "", text);
	su_log_set_level(su_log_default, 0);
	s->agent = nta_agent_create(loop_su_root(loop), URL_STRING_MAKE(url),
	                            on_message, (nta_agent_magic_t *)s,
	                            NTATAG_STATELESS(1), NTATAG_UA(1),
	                            NTATAG_MAXSIZE(SIP_MESSAGE_MAX),
	                            NTATAG_UDP_MTU(SIP_MESSAGE_MAX),
	                            TPTAG_UDP_RMEM(RECEIVE_BUFFER), TAG_END());
	if (!s->agent) {
		err = errno == ENOMEM ? ENOMEM : EADDRINUSE;
		goto out;
	}
	err = find_bound(s, address);
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
	if (s->agent)
		nta_agent_destroy(s->agent);
	free(s);
}

void sip_on_request(struct sip *s, sip_request_h *handler, void *arg)
{
	s->handler = handler;
	s->arg = arg;
}

const char *sip_bound(const struct sip *s)
{
	return s->bound;
}

size_t sip_pending(const struct sip *s)
{
	return s->pending;
}

/*
 * sip_read.c - from Sofia-SIP's parsed headers to what the registrar reads
 */
#include "adapters/sip_message.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <sofia-sip/msg.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>

#include "base/decimal.h"
#include "sip/credentials.h"

static struct piece piece(const char *s)
{
	return s ? piece_of(s) : (struct piece){"", 0};
}

static const char *unknown_header(const sip_t *sip, const char *name)
{
	for (const sip_unknown_t *u = sip->sip_unknown; u; u = u->un_next)
		if (strcasecmp(u->un_name, name) == 0)
			return u->un_value;
	return NULL;
}

static bool read_source(struct sip_message *m, struct source *s)
{
	const char *text = unknown_header(m->parsed, "X-Trestle-Source");

	if (text)
		return source_parse(s, text);
	/* sent to this socket without an edge: where the datagram is from */
	udp_peer_text(&m->from, s->ip, &s->port);
	(void)snprintf(s->transport, sizeof(s->transport), "udp");
	return true;
}

static bool read_contacts(struct sip_message *m, const sip_t *sip)
{
	struct sip_request *r = &m->request;
	su_home_t *home = msg_home(m->msg);

	for (const sip_contact_t *h = sip->sip_contact; h; h = h->m_next) {
		struct contact *c;

		if (h->m_url->url_type == url_any)
			r->star = true;
		if (r->n_contacts++ >= BINDINGS_MAX)
			continue;
		c = &r->contacts[r->n_contacts - 1];
		c->uri = url_as_string(home, h->m_url);
		if (!c->uri)
			return false;
		c->expires = h->m_expires;
		c->q = h->m_q;
		c->instance = msg_params_find(h->m_params, "+sip.instance=");
		c->reg_id = msg_params_find(h->m_params, "reg-id=");
	}
	return true;
}

static bool read_credentials(struct sip_message *m, const msg_auth_t *au)
{
	struct sip_request *r = &m->request;

	for (; au && r->n_credentials < SIP_CREDENTIALS_MAX; au = au->au_next) {
		const char *text = sip_credentials_text(msg_home(m->msg), au);

		if (!text)
			return false;
		r->credentials[r->n_credentials++] = text;
	}
	return true;
}

/* Not sip_header_as_string(): from 127 bytes on it loses a parameter. */
static const char *route_text(su_home_t *home, const sip_path_t *p)
{
	char *text = su_sprintf(home, "<%s>", url_as_string(home, p->r_url));

	for (size_t i = 0; text && p->r_params && p->r_params[i]; i++)
		text = su_sprintf(home, "%s;%s", text, p->r_params[i]);
	return text;
}

static bool read_paths(struct sip_message *m, const sip_t *sip)
{
	struct sip_request *r = &m->request;

	for (const sip_path_t *p = sip->sip_path; p; p = p->r_next) {
		const char *text = route_text(msg_home(m->msg), p);

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

static void read_options(struct sip_request *r, su_home_t *home,
                         const sip_t *sip)
{
	r->required = foreign_tags(home, sip->sip_require);
	r->supports_path = has_tag(sip->sip_supported, "path");
	r->supports_outbound = has_tag(sip->sip_supported, "outbound") ||
	                       has_tag(sip->sip_require, "outbound");
}

bool sip_message_read(struct sip_message *m)
{
	struct sip_request *r = &m->request;
	su_home_t *home = msg_home(m->msg);
	const sip_t *sip = m->parsed;
	const url_t *uri = sip->sip_request->rq_url;

	r->uri = url_as_string(home, uri);
	r->uri_host = piece(uri->url_host);
	r->to_user = piece(sip->sip_to->a_url->url_user);
	r->to_host = piece(sip->sip_to->a_url->url_host);
	r->call_id = sip->sip_call_id->i_id;
	r->cseq = sip->sip_cseq->cs_seq;
	r->user_agent = "";
	if (sip->sip_user_agent && sip->sip_user_agent->g_string)
		r->user_agent = sip->sip_user_agent->g_string;
	if (sip->sip_expires)
		r->expires = decimal(sip->sip_expires->ex_delta, m->expires);
	read_options(r, home, sip);
	return r->uri && strlen(r->call_id) <= SIP_CALLID_MAX &&
	       read_source(m, &r->source) && read_contacts(m, sip) &&
	       read_credentials(m, sip->sip_authorization) &&
	       read_paths(m, sip);
}

/* Is a header that matters here broken, or there twice? What is wrong with the
 * others is not our business, and a broken Expires is as none (RFC 3261
 * 20.19). */
static bool broken(const sip_t *sip)
{
	static const char *const names[] = {
		"Via",     "From", "To",      "Call-ID",       "CSeq",
		"Contact", "Path", "Require", "Authorization", "Content-Length",
	};
	const sip_header_t *h = (const sip_header_t *)sip->sip_error;

	for (; h; h = h->sh_next) {
		const char *name = h->sh_class == sip_error_class
		                           ? h->sh_error->er_name
		                           : h->sh_class->hc_name;

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (name && strcasecmp(name, names[i]) == 0)
				return true;
	}
	return false;
}

bool sip_message_answerable(const sip_t *sip)
{
	return sip && sip->sip_request && sip->sip_via && sip->sip_from &&
	       sip->sip_to && sip->sip_call_id && sip->sip_cseq &&
	       sip->sip_request->rq_method != sip_method_ack &&
	       sip->sip_via->v_common->h_len > 0;
}

unsigned sip_message_fault(const struct sip_message *m, const char **phrase)
{
	const sip_t *sip = m->parsed;
	const char *version = sip->sip_request->rq_version;

	*phrase = "Bad Request";
	if (!version || strcasecmp(version, "SIP/2.0") != 0) {
		*phrase = "Version Not Supported";
		return 505;
	}
	if (broken(sip) || sip_sanity_check(sip) < 0 ||
	    !(sip->sip_flags & MSG_FLG_COMPLETE))
		return 400;
	if (sip->sip_request->rq_method == sip_method_register)
		return 0;
	*phrase = "Method Not Allowed";
	return 405;
}

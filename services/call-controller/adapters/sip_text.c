/*
 * sip_text.c - headers of a message to words of the core, and back
 */
#include "sip_leg.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <sofia-sip/msg_mime.h>

static bool is_customers(const char *name)
{
	if (strncasecmp(name, "X-Trestle-", 10) == 0)
		return false;
	return strncasecmp(name, "X-", 2) == 0 ||
	       strcasecmp(name, "User-to-User") == 0;
}

void sip_text_headers(const sip_t *sip, struct pairs *out)
{
	out->n = 0;
	for (const sip_unknown_t *u = sip->sip_unknown; u; u = u->un_next) {
		if (out->n == HEADERS_MAX)
			break;
		if (!is_customers(u->un_name))
			continue;
		out->v[out->n].name = u->un_name;
		out->v[out->n++].value = u->un_value ? u->un_value : "";
	}
}

const char *sip_text_find(const sip_t *sip, const char *name)
{
	for (const sip_unknown_t *u = sip->sip_unknown; u; u = u->un_next)
		if (strcasecmp(u->un_name, name) == 0)
			return u->un_value;
	return NULL;
}

void sip_text_session_timer(const sip_t *sip, struct session_timer *out)
{
	const sip_session_expires_t *x = sip->sip_session_expires;

	*out = (struct session_timer){0};
	if (x) {
		out->expires = (uint32_t)x->x_delta;
		out->named = x->x_refresher != NULL;
		out->uac = out->named && !strcasecmp(x->x_refresher, "uac");
	}
	if (sip->sip_min_se)
		out->min_se = (uint32_t)sip->sip_min_se->min_delta;
	out->supported = sip_has_feature(sip->sip_supported, "timer") ||
	                 sip_has_feature(sip->sip_require, "timer");
}

void sip_text_add(struct strbuf *b, const char *name, const char *value)
{
	strbuf_add(b, name);
	strbuf_addn(b, ": ", 2);
	while (*value) {
		size_t n = 0;

		while ((unsigned char)value[n] >= ' ' && value[n] != 0x7f)
			n++;
		strbuf_addn(b, value, n);
		value += n;
		if (*value) { /* a control character */
			strbuf_addn(b, " ", 1);
			value++;
		}
	}
	strbuf_addn(b, "\r\n", 2);
}

void sip_text_add_error(struct strbuf *b, uint32_t code, const char *text)
{
	char value[512];

	if (code == 0)
		return;
	(void)snprintf(value, sizeof(value), "%u %s", code, text);
	sip_text_add(b, "X-Trestle-Error", value);
	sip_text_add(b, "X-Twilio-Error", value);
}

void sip_text_add_session_timer(struct strbuf *b, const struct session_timer *t,
                                int status)
{
	bool response = status > 0;

	if (t->expires && (!response || status / 100 == 2)) {
		strbuf_addf(b, "Session-Expires: %u", t->expires);
		if (t->named || response)
			strbuf_addf(b, ";refresher=%s", t->uac ? "uac" : "uas");
		strbuf_add(b, "\r\n");
	}
	if (t->min_se && (!response || status == 422))
		strbuf_addf(b, "Min-SE: %u\r\n", t->min_se);
	/* RFC 4028 9: the refresher must know that it is one. */
	if (response && t->expires && t->uac && status / 100 == 2)
		strbuf_add(b, "Require: timer\r\n");
}

static bool is_sdp(const sip_content_type_t *c)
{
	return c && c->c_type && strcasecmp(c->c_type, "application/sdp") == 0;
}

/* RFC 5621: the SDP among other parts, as gateways with ISUP send it */
static enum body in_multipart(su_home_t *home, const sip_t *sip,
                              const char **sdp, size_t *len)
{
	const msg_multipart_t *part = msg_multipart_parse(
		home, sip->sip_content_type, (sip_payload_t *)sip->sip_payload);

	for (; part; part = part->mp_next) {
		if (!is_sdp(part->mp_content_type) || !part->mp_payload)
			continue;
		*sdp = part->mp_payload->pl_data;
		*len = part->mp_payload->pl_len;
		return BODY_SDP;
	}
	return BODY_UNKNOWN;
}

enum body sip_text_sdp(su_home_t *home, const sip_t *sip, const char **sdp,
                       size_t *len)
{
	const sip_payload_t *body = sip->sip_payload;
	const sip_content_type_t *type = sip->sip_content_type;
	const sip_content_disposition_t *how = sip->sip_content_disposition;

	*sdp = NULL;
	*len = 0;
	if (!body || !body->pl_data || body->pl_len == 0)
		return BODY_NONE;
	if (sip->sip_content_encoding)
		return BODY_UNKNOWN;
	if (is_sdp(type)) {
		*sdp = body->pl_data;
		*len = body->pl_len;
		return BODY_SDP;
	}
	if (type && type->c_type &&
	    strncasecmp(type->c_type, "multipart/", 10) == 0 &&
	    in_multipart(home, sip, sdp, len) == BODY_SDP)
		return BODY_SDP;
	if (how && how->cd_optional)
		return BODY_NONE;
	return BODY_UNKNOWN;
}

static bool supported(const char *feature)
{
	return strcasecmp(feature, "100rel") == 0 ||
	       strcasecmp(feature, "timer") == 0;
}

bool sip_text_add_unsupported(struct strbuf *b, const sip_t *sip)
{
	const sip_require_t *r = sip->sip_require;
	size_t before = b->len;

	for (; r; r = (const sip_require_t *)r->k_next)
		for (size_t i = 0; r->k_items && r->k_items[i]; i++)
			if (!supported(r->k_items[i]))
				sip_text_add(b, "Unsupported", r->k_items[i]);
	return b->len > before;
}

/* Put together from its parameters: Sofia's own printer leaves the last one
 * out when the text is long. */
static char *credentials_text(su_home_t *home, const msg_auth_t *a)
{
	struct strbuf b = {0};
	char *text;

	strbuf_addf(&b, "%s ", a->au_scheme);
	for (size_t i = 0; a->au_params && a->au_params[i]; i++)
		strbuf_addf(&b, "%s%s", i ? ", " : "", a->au_params[i]);
	text = b.failed ? NULL : su_strdup(home, strbuf_str(&b));
	strbuf_close(&b);
	return text;
}

size_t sip_text_credentials(su_home_t *home, const sip_t *sip, char **out,
                            size_t room)
{
	const msg_auth_t *lists[] = {sip->sip_proxy_authorization,
	                             sip->sip_authorization};
	size_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (const msg_auth_t *a = lists[i]; a; a = a->au_next) {
			if (n == room)
				return n;
			out[n] = credentials_text(home, a);
			if (out[n])
				n++;
		}
	return n;
}

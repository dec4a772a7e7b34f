/*
 * sip_write.c - answers: mostly the text of their request, as it came
 */
#include "adapters/sip_message.h"

#include <string.h>
#include <strings.h>

#include <sofia-sip/sip.h>

#include "base/decimal.h"
#include "base/hash.h"
#include "base/strbuf.h"

void sip_answer_add(struct sip_answer *a, const char *name, const char *value)
{
	if (a->n < SIP_HEADERS_MAX)
		a->headers[a->n++] = (struct sip_header){name, value};
}

/* A header line as it came, without its end. */
static bool add_line(struct strbuf *out, const msg_common_t *h)
{
	const char *text = h->h_data;
	size_t n = h->h_len;

	if (n == 0) /* it shares the line of the one before */
		return false;
	while (n > 0 && (text[n - 1] == '\r' || text[n - 1] == '\n'))
		n--;
	strbuf_addn(out, text, n);
	return true;
}

static bool names(const char *param, const char *name)
{
	size_t n = strlen(name);

	return strncasecmp(param, name, n) == 0 &&
	       (param[n] == '\0' || param[n] == '=');
}

/* A Via from its parts, but for what the caller says of its source. */
static void add_via(struct strbuf *out, const sip_via_t *v)
{
	strbuf_add(out, "Via: ");
	strbuf_add(out, v->v_protocol);
	strbuf_addc(out, ' ');
	strbuf_add(out, v->v_host);
	if (v->v_port) {
		strbuf_addc(out, ':');
		strbuf_add(out, v->v_port);
	}
	for (size_t i = 0; v->v_params && v->v_params[i]; i++) {
		if (names(v->v_params[i], "received") ||
		    names(v->v_params[i], "rport"))
			continue;
		strbuf_addc(out, ';');
		strbuf_add(out, v->v_params[i]);
	}
}

/* RFC 3261 18.2.1 and RFC 3581 4: the topmost Via says where the request came
 * from, when that is not what its sender thinks. An edge is always right. */
static void add_vias(const struct sip_message *m, struct strbuf *out)
{
	const sip_via_t *top = m->parsed->sip_via, *v = top;
	char ip[INET6_ADDRSTRLEN];
	uint32_t port;

	udp_peer_text(&m->from, ip, &port);
	if (top->v_rport || strcmp(top->v_host, ip) != 0) {
		add_via(out, top);
		strbuf_addf(out, ";received=%s", ip);
		if (top->v_rport)
			strbuf_addf(out, ";rport=%u", port);
		strbuf_add(out, "\r\n");
		v = top->v_next;
		/* the others of its line have no line of their own */
		for (; v && v->v_common->h_len == 0; v = v->v_next) {
			add_via(out, v);
			strbuf_add(out, "\r\n");
		}
	}
	for (; v; v = v->v_next)
		if (add_line(out, v->v_common))
			strbuf_add(out, "\r\n");
}

static void add_dialog(const struct sip_message *m, uint64_t seed,
                       struct strbuf *out)
{
	const sip_t *sip = m->parsed;
	const char *call_id = sip->sip_call_id->i_id;

	(void)add_line(out, sip->sip_from->a_common);
	strbuf_add(out, "\r\n");
	(void)add_line(out, sip->sip_to->a_common);
	/* the same for the same request: RFC 3261 8.2.7 */
	if (!sip->sip_to->a_tag)
		strbuf_addf(out, ";tag=%llx",
		            (unsigned long long)hash_bytes(
				    call_id, strlen(call_id), seed));
	strbuf_add(out, "\r\n");
	(void)add_line(out, sip->sip_call_id->i_common);
	strbuf_add(out, "\r\n");
	(void)add_line(out, sip->sip_cseq->cs_common);
	strbuf_add(out, "\r\n");
}

void sip_message_answer(const struct sip_message *m, const struct sip_answer *a,
                        uint64_t seed, struct strbuf *out)
{
	char status[DECIMAL_SIZE];

	strbuf_reset(out);
	strbuf_add(out, "SIP/2.0 ");
	strbuf_add(out, decimal(a->status, status));
	strbuf_addc(out, ' ');
	strbuf_add(out, a->phrase);
	strbuf_add(out, "\r\n");
	add_vias(m, out);
	add_dialog(m, seed, out);
	for (size_t i = 0; i < a->n; i++) {
		strbuf_add(out, a->headers[i].name);
		strbuf_add(out, ": ");
		strbuf_add(out, a->headers[i].value);
		strbuf_add(out, "\r\n");
	}
	strbuf_add(out, "Content-Length: 0\r\n\r\n");
}

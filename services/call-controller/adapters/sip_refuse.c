/*
 * sip_refuse.c - what we do not take: answers without a transaction
 */
#include "sip_leg.h"

#include <stdio.h>
#include <string.h>

#include "base/metrics.h"

void sip_refuse(struct sip *s, msg_t *msg, int status, const char *reason,
                const char *headers)
{
	const sip_t *sip = sip_object(msg);
	char tag[32];
	uint64_t sum;

	/* The same request gets the same tag, though nothing is kept of it
	 * (RFC 3261 8.2.7). */
	sum = hash_bytes(sip->sip_call_id->i_id, strlen(sip->sip_call_id->i_id),
	                 sip->sip_cseq->cs_seq);
	(void)snprintf(tag, sizeof(tag), "%016llx", (unsigned long long)sum);
	if (!sip->sip_to->a_tag && status > 100)
		(void)sip_to_tag(msg_home(msg), sip_object(msg)->sip_to, tag);
	(void)nta_msg_treply(
		s->agent, msg, status, reason, NTATAG_TPORT(s->tport),
		TAG_IF(headers[0], SIPTAG_HEADER_STR(headers)), TAG_END());
}

void sip_refuse_invite(struct sip *s, msg_t *msg, int status,
                       const char *reason, uint32_t code)
{
	const sip_t *sip = sip_object(msg);
	struct log by_id = {&s->app->log, "call_id", sip->sip_call_id->i_id};

	log_info(&by_id, "INVITE refused: %d %s", status, reason ? reason : "");
	metric_add(s->app->refused, 1);
	strbuf_reset(&s->text);
	sip_text_add_error(&s->text, code, reason);
	if (status == 503)
		strbuf_add(&s->text, "Retry-After: 5\r\n");
	sip_refuse(s, msg, status, reason, strbuf_str(&s->text));
}

void sip_challenge(struct sip *s, msg_t *msg, const Trestle__AuthorizeReply *a)
{
	const char *name =
		a->status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate";

	strbuf_reset(&s->text);
	for (size_t i = 0; i < a->n_challenges; i++)
		sip_text_add(&s->text, name, a->challenges[i]);
	sip_text_add_error(&s->text, a->error_code, a->reason);
	sip_refuse(s, msg, (int)a->status, NULL, strbuf_str(&s->text));
}

/** @return true when it was refused, and @p msg is gone */
static bool refuse_required(struct sip *s, msg_t *msg, const sip_t *sip)
{
	strbuf_reset(&s->text);
	if (!sip_text_add_unsupported(&s->text, sip))
		return false;
	sip_refuse(s, msg, SIP_420_BAD_EXTENSION, strbuf_str(&s->text));
	return true;
}

/* RFC 3261 19.1, RFC 3966 */
static bool is_taken(const url_t *url)
{
	return url->url_type == url_sip || url->url_type == url_sips ||
	       (url->url_type == url_tel && url->url_user);
}

bool sip_refuse_format(struct sip *s, msg_t *msg, const sip_t *sip)
{
	const char *sdp;
	size_t len;

	if (sip->sip_max_forwards && sip->sip_max_forwards->mf_count == 0) {
		sip_refuse(s, msg, SIP_483_TOO_MANY_HOPS, "");
		return true;
	}
	if (!is_taken(sip->sip_request->rq_url)) {
		sip_refuse(s, msg, SIP_416_UNSUPPORTED_URI, "");
		return true;
	}
	if (!sip->sip_contact || !sip->sip_from->a_tag) {
		sip_refuse(s, msg, SIP_400_BAD_REQUEST, "");
		return true;
	}
	if (refuse_required(s, msg, sip))
		return true;
	if (sip_text_sdp(msg_home(msg), sip, &sdp, &len) == BODY_UNKNOWN) {
		sip_refuse(s, msg, SIP_415_UNSUPPORTED_MEDIA,
		           "Accept: application/sdp\r\n");
		return true;
	}
	return false;
}

/*
 * sip_check.c - what is wrong with an INVITE, without asking anybody
 */
#include "sip_leg.h"

#include <strings.h>

/** @return true when it was refused, and @p msg is gone */
static bool refuse_required(struct sip *s, msg_t *msg, const sip_t *sip)
{
	strbuf_reset(&s->text);
	if (!sip_text_add_unsupported(&s->text, sip))
		return false;
	sip_refuse(s, msg, SIP_420_BAD_EXTENSION, strbuf_str(&s->text));
	return true;
}

bool sip_refuse_format(struct sip *s, msg_t *msg, const sip_t *sip)
{
	const char *sdp;
	size_t len;

	if (sip->sip_max_forwards && sip->sip_max_forwards->mf_count == 0) {
		sip_refuse(s, msg, SIP_483_TOO_MANY_HOPS, "");
		return true;
	}
	if (strcasecmp(sip->sip_request->rq_url->url_scheme, "sip") != 0 &&
	    strcasecmp(sip->sip_request->rq_url->url_scheme, "sips") != 0) {
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

/*
 * sip.h - as much SIP as a phone needs for one registration and one call
 *         (RFC 3261; digest with MD5, RFC 2617)
 *
 * Pure: texts in, texts out.
 */
#ifndef CLIENT_CORE_SIP_H
#define CLIENT_CORE_SIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf;

enum { SIP_TEXT_MAX = 256 };

/** Who the phone is, and where it stands */
struct sip_phone {
	char user[64], password[64], domain[SIP_TEXT_MAX];
	char local_ip[64];
	uint16_t local_port;
	char call_id[40]; /**< of the dialog, made anew for each */
	char from_tag[20];
	char to_tag[SIP_TEXT_MAX];    /**< "" before there is one */
	char target[SIP_TEXT_MAX];    /**< Request-URI inside of the dialog */
	char route[2 * SIP_TEXT_MAX]; /**< Route value, "" = none */
	unsigned cseq;
};

/** A request that is to be written */
struct sip_request {
	const char *method;
	const char *uri;           /**< Request-URI */
	const char *to;            /**< URI; with to_tag where there is one */
	const char *authorization; /**< a whole header line or ""  */
	const char *extra;         /**< more header lines, each with CRLF */
	const char *sdp;           /**< NULL = no body */
};

void sip_write(struct strbuf *b, const struct sip_phone *p,
               const struct sip_request *r, const char *branch);

/** The status of a response, 0 = it is none. */
unsigned sip_status(const char *message);
/** Is it a request with this method? */
bool sip_is(const char *message, const char *method);
/** The first value of a header, trimmed. @return whether it is there */
bool sip_header(const char *message, const char *name, char *out, size_t size);
/** A parameter of a header's value, without quotes: "tag", "nonce" */
bool sip_param(const char *value, const char *name, char *out, size_t size);
/** The URI in <> or up to the first ; */
void sip_uri(const char *value, char *out, size_t size);
/** The route set of who called, out of a 2xx: its Record-Routes from the last to the
 *  first (RFC 3261 12.1.2), "" = none */
void sip_route_set(const char *message, char *out, size_t size);
/** What follows the empty line */
const char *sip_body(const char *message);

/**
 * The header line that answers a challenge.
 *
 * @param response 401 or 407
 * @return false: it has no challenge that we could answer (Digest with MD5)
 */
bool sip_authorize(const struct sip_phone *p, const char *response,
                   const char *method, const char *uri, char *out, size_t size);

/** A 200 to a request: its Via, From, To, Call-ID and CSeq. */
void sip_accept(struct strbuf *b, const char *request);

/** Where an SDP body wants audio. @return whether it says so */
bool sip_sdp_target(const char *sdp, char ip[64], uint16_t *port);

#endif

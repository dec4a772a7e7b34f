/*
 * outcome.c - what became of one HTTP request, in the tenant's words
 *
 * Pure: no I/O, no clock, no log.
 */
#include "outcome.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/x509_vfy.h>

void outcome_set(struct outcome *o, uint32_t code, const char *text, ...)
{
	va_list args;

	*o = (struct outcome){.code = code};
	va_start(args, text);
	(void)vsnprintf(o->text, sizeof(o->text), text, args);
	va_end(args);
}

bool outcome_is_redirect(unsigned status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

static void judge_refused_address(struct outcome *o, const struct result *r,
                                  const struct url *url)
{
	switch (r->verdict) {
	case TARGET_PORT:
		outcome_set(o, 11205,
		            "Port %u of %s is not one for web servers; use 80, "
		            "443 or another port above 1023.",
		            url->port, url->host);
		return;
	case TARGET_PRIVATE:
		outcome_set(
			o, 11205,
			"The address of %s is not a public one. The operator "
			"can allow it: TRESTLE_ALLOW_PRIVATE.",
			url->host);
		return;
	case TARGET_FAMILY:
	case TARGET_ALLOWED: break;
	}
	outcome_set(o, 11205, "%s has no address that can be used.", url->host);
}

static void judge_connect(struct outcome *o, const struct result *r,
                          const struct url *url)
{
	if (r->verdict != TARGET_ALLOWED) {
		judge_refused_address(o, r, url);
		return;
	}
	if (r->os_errno == ECONNREFUSED)
		outcome_set(o, 11202,
		            "%s refused the connection on port %u: is the "
		            "application running?",
		            url->host, url->port);
	else
		outcome_set(o, 11205, "%s can not be reached on port %u.",
		            url->host, url->port);
	o->retry = RETRY_CONNECT;
}

static void judge_timeout(struct outcome *o, const struct result *r,
                          const struct url *url, const struct overrides *limits)
{
	if (!r->connected && !r->resolved) {
		outcome_set(o, 11210,
		            "The name %s could not be looked up within %u ms.",
		            url->host, limits->connect_ms);
		o->retry = RETRY_CONNECT;
	} else if (!r->connected) {
		outcome_set(o, 11201,
		            "%s did not accept a connection on port %u within "
		            "%u ms.",
		            url->host, url->port, limits->connect_ms);
		o->retry = RETRY_CONNECT;
	} else if (r->cut == CUT_IDLE) {
		outcome_set(o, 11200, "%s sent nothing for %u ms.", url->host,
		            limits->read_ms);
		o->retry = RETRY_READ;
	} else {
		outcome_set(o, 11203,
		            "%s did not finish its answer within %u ms, all "
		            "attempts and redirects together.",
		            url->host, limits->total_ms);
		o->retry = RETRY_READ;
	}
}

static void judge_certificate(struct outcome *o, const struct result *r,
                              const struct url *url)
{
	switch (r->tls_verify) {
	case X509_V_OK: /* the chain is well: then it is the name */
	case X509_V_ERR_UNSPECIFIED: /* how libcurl leaves it in that case */
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		outcome_set(o, 11235,
		            "The certificate that %s shows is for another "
		            "name.",
		            url->host);
		return;
	case X509_V_ERR_CERT_HAS_EXPIRED:
	case X509_V_ERR_CERT_NOT_YET_VALID:
		outcome_set(o, 11236,
		            "The certificate of %s has expired or is not yet "
		            "valid.",
		            url->host);
		return;
	default: /* not our enum: all other reasons of OpenSSL */
		outcome_set(o, 11237,
		            "The certificate of %s is not signed by an "
		            "authority that is trusted here (%s).",
		            url->host, r->detail ? r->detail : "unknown");
		return;
	}
}

static void judge_broken(struct outcome *o, const struct url *url,
                         unsigned retry)
{
	outcome_set(o, 11200,
	            "%s ended the connection before its answer was complete.",
	            url->host);
	o->retry = retry;
}

/* The transfer failed: no complete response came. */
static void judge_failure(struct outcome *o, const struct result *r,
                          const struct url *url, const struct overrides *limits)
{
	switch (r->curl) {
	case CURLE_ABORTED_BY_CALLBACK: /* by the gate before a request */
		judge_refused_address(o, r, url);
		return;
	case CURLE_URL_MALFORMAT:
		outcome_set(o, 11100, "The URL can not be used.");
		return;
	case CURLE_COULDNT_RESOLVE_HOST:
		outcome_set(o, 11210, "There is no host with the name %s.",
		            url->host);
		o->retry = RETRY_CONNECT;
		return;
	case CURLE_COULDNT_CONNECT: judge_connect(o, r, url); return;
	case CURLE_OPERATION_TIMEDOUT: judge_timeout(o, r, url, limits); return;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR: judge_certificate(o, r, url); return;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER:
		outcome_set(o, 11220,
		            "No secure connection to %s could be made: it must "
		            "speak TLS 1.2 or newer on port %u.",
		            url->host, url->port);
		o->retry = RETRY_CONNECT;
		return;
	case CURLE_GOT_NOTHING:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_PARTIAL_FILE: judge_broken(o, url, RETRY_READ); return;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_BAD_CONTENT_ENCODING:
		outcome_set(o, 11206, "What %s answered is not HTTP.",
		            url->host);
		return;
	default: /* not our enum: what is left of libcurl's codes */
		outcome_set(o, 11200, "The request to %s failed: %s.",
		            url->host, r->detail ? r->detail : "unknown");
		o->retry = RETRY_READ;
		return;
	}
}

static void judge_status(struct outcome *o, const struct result *r,
                         const struct url *url)
{
	if (r->status >= 300 && r->status < 400) {
		outcome_set(o, 11216,
		            "%s answered %u, a redirect that leads nowhere.",
		            url->host, r->status);
		return;
	}
	outcome_set(o, 11200, "%s answered with HTTP status %u.", url->host,
	            r->status);
	o->retry = r->status >= 500   ? RETRY_5XX
	           : r->status >= 400 ? RETRY_4XX
	                              : 0;
}

static bool is_audio(const char *type)
{
	return strncmp(type, "audio/", 6) == 0;
}

static bool is_document(const char *type)
{
	return strcmp(type, "text/xml") == 0 ||
	       strcmp(type, "application/xml") == 0 ||
	       strcmp(type, "text/html") == 0 ||
	       strcmp(type, "text/plain") == 0;
}

static void judge_document(struct outcome *o, const struct result *r,
                           const struct url *url)
{
	if (is_audio(r->content_type))
		return;
	if (r->cut == CUT_BODY)
		outcome_set(o, 11750,
		            "The document that %s sent is larger than 64 KB.",
		            url->host);
	else if (r->body_len == 0)
		outcome_set(o, 11770,
		            "%s answered with status %u and an empty body; "
		            "even `<Response/>` would do.",
		            url->host, r->status);
	else if (!is_document(r->content_type))
		outcome_set(o, 12300,
		            "%s sent the content type \"%.60s\"; it must be "
		            "text/xml.",
		            url->host, r->content_type);
}

bool outcome_is_playable(const char *type)
{
	static const char *const types[] = {
		"audio/mpeg", "audio/wav",    "audio/wave",   "audio/x-wav",
		"audio/aiff", "audio/x-aifc", "audio/x-aiff", "audio/x-gsm",
		"audio/gsm",  "audio/ulaw",
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i], type) == 0)
			return true;
	}
	return false;
}

static void judge_media(struct outcome *o, const struct result *r,
                        const struct url *url)
{
	if (!outcome_is_playable(r->content_type))
		outcome_set(o, 13420,
		            "%s sent the content type \"%.60s\", which is not "
		            "played: audio/mpeg and audio/wav are, among "
		            "others.",
		            url->host, r->content_type);
	else if (r->cut == CUT_BODY)
		outcome_set(o, 11200,
		            "The audio that %s sent is larger than 64 MiB.",
		            url->host);
	else if (r->cut == CUT_ROOM)
		outcome_set(o, 12400, "There is no room to keep what %s sent.",
		            url->host);
	else if (r->body_len == 0)
		outcome_set(o, 11200, "%s sent no audio: an empty body.",
		            url->host);
}

void outcome_judge(struct outcome *o, const struct result *r,
                   enum purpose purpose, const struct url *url,
                   const struct overrides *limits)
{
	*o = (struct outcome){.code = 0};
	switch (r->cut) {
	case CUT_HEADERS:
		outcome_set(o, 11206,
		            "The headers that %s sent are larger "
		            "than 16 KB.",
		            url->host);
		return;
	case CUT_IDLE: judge_timeout(o, r, url, limits); return;
	case CUT_NONE:
		if (r->curl != CURLE_OK) {
			judge_failure(o, r, url, limits);
			if (purpose == PURPOSE_MEDIA && o->code == 11203)
				outcome_set(o, 11203,
				            "%s sent the audio too slowly.",
				            url->host);
			return;
		}
		break;
	case CUT_BODY:
	case CUT_ROOM:
	case CUT_UNREAD: break;
	}
	if (r->status == 304 && r->conditional)
		return;
	if (r->status < 200 || r->status > 299)
		judge_status(o, r, url);
	else if (purpose == PURPOSE_DOCUMENT)
		judge_document(o, r, url);
	else if (purpose == PURPOSE_MEDIA)
		judge_media(o, r, url);
}

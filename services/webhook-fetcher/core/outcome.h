/*
 * outcome.h - what became of one HTTP request, in the tenant's words
 */
#ifndef FETCHER_CORE_OUTCOME_H
#define FETCHER_CORE_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "overrides.h"
#include "target.h"
#include "url.h"

enum { OUTCOME_BODY_MAX = 64 * 1024 };         /* bytes of a document */
enum { OUTCOME_MEDIA_MAX = 64 * 1024 * 1024 }; /* bytes of audio */
enum {
	OUTCOME_HEADERS_MAX = 16 * 1024
};                               /* bytes of all headers of a response */
enum { OUTCOME_TEXT_MAX = 400 }; /* bytes, with NUL */

enum purpose {
	PURPOSE_DOCUMENT, /**< TwiML is expected back                  */
	PURPOSE_CALLBACK, /**< any 2xx will do; what comes is not read */
	PURPOSE_MEDIA     /**< audio, taken as it comes                */
};

/** Why we ended a response ourselves */
enum cut {
	CUT_NONE,
	CUT_BODY,    /**< larger than OUTCOME_BODY_MAX, or OUTCOME_MEDIA_MAX */
	CUT_HEADERS, /**< larger than OUTCOME_HEADERS_MAX */
	CUT_IDLE,    /**< nothing came for read_ms        */
	CUT_UNREAD,  /**< the body does not matter        */
	CUT_ROOM     /**< there is no room to keep it     */
};

/** One request and its response, as the HTTP client saw it; all borrowed */
struct result {
	int curl;           /**< CURLcode                          */
	int os_errno;       /**< of a failed connect, or 0         */
	long tls_verify;    /**< OpenSSL's X509_V_…                */
	bool resolved;      /**< an address was found              */
	bool connected;     /**< the request could be sent         */
	const char *detail; /**< what OpenSSL or libcurl say; NULL = nothing */
	enum cut cut;
	enum target_verdict verdict; /**< of an address that was refused */
	const char *address;         /**< that address, "" = none           */
	unsigned status;             /**< 0 = no response                   */
	const char *content_type; /**< lower case, no parameters; "" = none */
	const char *location;     /**< of a redirect; NULL = none        */
	bool digest_offered;      /**< by a 401                          */
	bool conditional;         /**< 304 is a good answer              */
	size_t body_len;
};

struct outcome {
	uint32_t code;  /**< 0 = well; 11200 … as the tenant is told */
	unsigned retry; /**< bits of enum retry_on; 0 = hopeless     */
	char text[OUTCOME_TEXT_MAX]; /**< a sentence that names the remedy */
};

void outcome_judge(struct outcome *o, const struct result *r,
                   enum purpose purpose, const struct url *url,
                   const struct overrides *limits);

/** An outcome that no response made. @p text a sentence, may be a format. */
__attribute__((format(printf, 3, 4))) void outcome_set(struct outcome *o,
                                                       uint32_t code,
                                                       const char *text, ...);

/** Is audio of this content type played (contract 1.3)? */
bool outcome_is_playable(const char *content_type);

/** 301, 302, 303, 307, 308 */
bool outcome_is_redirect(unsigned status);

#endif

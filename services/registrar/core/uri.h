/*
 * uri.h - SIP and tel URIs taken apart, and compared (RFC 3261 19.1, RFC 3966)
 */
#ifndef REGISTRAR_CORE_URI_H
#define REGISTRAR_CORE_URI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sum.h"

enum { URI_MAX = 1024 };      /* bytes; longer ones are refused */
enum { URI_PARAMS_MAX = 32 }; /* parameters of one URI          */

enum uri_scheme { URI_SIP, URI_SIPS, URI_TEL };

/** Pieces of the text that was parsed, and live as long as it does */
struct uri {
	enum uri_scheme scheme;
	struct piece
		user; /**< still escaped; n = 0: none. Of tel: the number */
	struct piece
		host;  /**< IPv6 with its brackets; n = 0 for tel           */
	uint32_t port; /**< 0 = none                                        */
	struct piece
		params; /**< after the first ';', without it                 */
	struct piece
		headers; /**< after the '?', without it                       */
};

/**
 * Take @p text apart: "sip:", "sips:" or "tel:" and no angle brackets. Refuses
 * control characters, spaces, broken escapes and an escaped NUL.
 */
bool uri_parse(struct uri *u, const char *text);

/** The value of a parameter ("" for one without); NULL p = it is not there. */
struct piece uri_param(const struct uri *u, const char *name);

/**
 * Undo the %-escapes of a user part.
 * @return its length, or 0: empty or does not fit
 */
size_t uri_unescape(struct piece p, char *out, size_t size);

/**
 * Are the two the same resource (RFC 3261 19.1.4)? Ports must be the same and
 * both present or absent, `transport`, `user`, `ttl`, `method` and `maddr`
 * must be the same; other parameters only where both have them.
 */
bool uri_same(const struct uri *a, const struct uri *b);

#endif

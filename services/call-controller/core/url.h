/*
 * url.h - relative references to absolute URLs (RFC 3986 section 5.2)
 */
#ifndef CC_CORE_URL_H
#define CC_CORE_URL_H

#include <stdbool.h>

#include "arena.h"

enum { URL_MAX = 4096 }; /* bytes of a URL in TwiML or configuration */

/** Is it http:// or https:// with a host that can be one, without control
 *  characters or spaces, and not over URL_MAX? */
bool url_absolute(const char *url);

/** Does it want a base: no scheme, and nothing that a URL can not have? */
bool url_relative(const char *ref);

/** Is the host of an absolute URL free of underscores? That of a callback has
 *  to be (contract 1.1). */
bool url_host_valid(const char *url);

/**
 * Resolve @p ref against @p base, an absolute URL. Its fragment (connection
 * overrides) is not inherited. An empty @p ref is @p base itself.
 *
 * @return in @p a, or NULL when the result is no absolute http(s) URL
 */
const char *url_resolve(struct arena *a, const char *base, const char *ref);

/** Put asterisks in the place of user and password of each http(s) URL in
 *  @p text, which may be a document, and of each password="..." there.
 *  @return in @p a, or NULL when there is nothing to hide */
const char *url_mask(struct arena *a, const char *text);

#endif

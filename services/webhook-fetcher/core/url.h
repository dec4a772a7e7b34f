/*
 * url.h - absolute http and https URLs, strictly read (RFC 3986)
 *
 * Strict so that nobody after us reads another host out of the same text: what
 * is sent, signed and given to libcurl is what url_parse() wrote anew.
 */
#ifndef FETCHER_CORE_URL_H
#define FETCHER_CORE_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { URL_MAX = 8000 };     /* bytes, as configured */
enum { URL_HOST_MAX = 255 }; /* RFC 1035, and room for a zone-less IPv6 */

struct url {
	char *text;     /**< scheme, host, port, path, query: neither userinfo
	                     nor fragment; the path is never empty          */
	char *host;     /**< lower case; IPv6 without its brackets          */
	char *user;     /**< decoded; NULL = none in the URL                */
	char *password; /**< decoded, "" when only a user is given; secret  */
	char *fragment; /**< "" = none                                      */
	size_t path;    /**< where the path begins in text                  */
	uint16_t port;  /**< 1..65535, 80 or 443 when not written           */
	bool https;
};

/**
 * Read an absolute URL. White space around it is dropped; spaces and bytes
 * that are not ASCII in path and query are percent-encoded.
 *
 * @param why set on EINVAL: a sentence for a person, static
 * @return 0, EINVAL or ENOMEM
 */
int url_parse(struct url **up, const char *text, const char **why);

/**
 * Resolve a reference, such as a Location, against @p base (RFC 3986 5.2).
 * Returns as url_parse().
 */
int url_resolve(struct url **up, const struct url *base, const char *ref,
                const char **why);

void url_free(struct url *u); /**< NULL is a no-op; wipes the password */

/** Same scheme, host and port? */
bool url_same_origin(const struct url *a, const struct url *b);

#endif

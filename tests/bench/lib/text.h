/*
 * text.h - just enough SIP text for a load generator
 */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/** Value of the first header with this name (long form, any case) in a
 *  message; copied to @p out, "" when absent or too long. */
void text_header(const char *message, const char *name, char *out, size_t size);

/** All header lines of this name, each with its name and CRLF, in order. */
void text_headers(const char *message, const char *name, char *out,
                  size_t size);

/** The URI of a name-addr: what stands between < and >. */
void text_uri(const char *value, char *out, size_t size);

int text_status(const char *message); /**< 0 for a request */

/** What a digest is computed from; the realm and nonce are the challenge's */
struct text_digest {
	const char *username, *password, *method, *uri;
	unsigned count; /**< nc */
};

/**
 * Answer the MD5 challenge of a 401 or 407 with the value of an Authorization
 * header. @return false when there is no MD5 challenge in it
 */
bool text_authorize(const char *response, const struct text_digest *d,
                    char *out, size_t size);

#endif

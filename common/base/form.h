/*
 * form.h - application/x-www-form-urlencoded, both ways (WHATWG URL 5)
 */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include <stddef.h>

struct strbuf;

/** Append `name=value`, percent-encoded, with `&` before it when not first. */
void form_add(struct strbuf *b, const char *name, const char *value);

/** Append @p s percent-encoded as RFC 3986 has it (space is %20). */
void form_escape(struct strbuf *b, const char *s, size_t n);

/** Called for each pair; both strings are decoded and NUL-terminated,
 *  borrowed until it returns. Return non-zero to stop. */
typedef int form_pair_h(void *arg, const char *name, const char *value);

/**
 * Decode a body or query.
 * @return 0, EINVAL (a NUL byte or a broken escape), E2BIG (more than
 *         FORM_PAIRS_MAX pairs), ENOMEM, or what the handler returned
 */
int form_parse(const char *s, size_t n, form_pair_h *handler, void *arg);

enum { FORM_PAIRS_MAX = 256 };

#endif

/*
 * aor.h - canonical address-of-record, "user@domain" (RFC 3261 10.3 step 5)
 */
#ifndef REGISTRAR_CORE_AOR_H
#define REGISTRAR_CORE_AOR_H

#include <stdbool.h>
#include <stddef.h>

#include "sum.h"

enum { AOR_USER_MAX = 64 };    /* bytes, as long as a username of ours */
enum { AOR_DOMAIN_MAX = 253 }; /* bytes, RFC 1035 */

struct aor {
	char user[AOR_USER_MAX + 1];     /**< without escapes, case kept */
	char domain[AOR_DOMAIN_MAX + 1]; /**< lower case                 */
};

enum { AOR_TEXT_SIZE = AOR_USER_MAX + AOR_DOMAIN_MAX + 2 };

/**
 * Make one from the parts of a URI; parameters, port and password do not
 * matter. Control characters and '@' in the user are refused.
 */
bool aor_make(struct aor *a, struct piece user, struct piece host);

/** Only the domain, lower case. */
bool aor_domain(char out[AOR_DOMAIN_MAX + 1], struct piece host);

/** Write "user@domain". */
void aor_text(const struct aor *a, char out[AOR_TEXT_SIZE]);

/** Read "user@domain". */
bool aor_parse(struct aor *a, const char *text);

#endif

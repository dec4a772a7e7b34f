/*
 * basic.h - Basic authentication (RFC 7617)
 */
#ifndef API_CORE_BASIC_H
#define API_CORE_BASIC_H

#include <stdbool.h>

enum { BASIC_MAX = 512 }; /* bytes of "user:password", encoded */

struct basic {
	char user[BASIC_MAX];
	char password[BASIC_MAX];
};

/** @param header of Authorization; NULL = absent. @return is it well made? */
bool basic_parse(const char *header, struct basic *out);

/** Equal? Takes as long whatever is different in it. */
bool basic_same(const char *a, const char *b);

#endif

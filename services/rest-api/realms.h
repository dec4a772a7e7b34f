/*
 * realms.h - for which realms a user of an account needs a digest
 *
 * An account that the API made has one realm. One that was loaded from a file may
 * have none: then each of its domains is a realm, or has a field that names one.
 * When there is neither, the account gets TRESTLE_REALM with the first thing that
 * needs a realm.
 */
#ifndef API_REALMS_H
#define API_REALMS_H

#include <stddef.h>

struct ask;
struct change;
struct fields;

enum { REALMS_MAX = 100, REALM_SIZE = 256 };

/** Newest first; none: the account has a realm, or will have one */
struct realms {
	char v[REALMS_MAX][REALM_SIZE];
	size_t n;
};

/** Calls @p next, now or later, with those of q's account that has no realm; or
 *  answers with an error. */
void realms_find(struct ask *q,
                 void (*next)(struct ask *q, const struct realms *realms));

/** The realm of q's account, or the one that it gets; for accounts for which
 *  realms_find() found none. */
const char *realms_own(const struct ask *q);

/** A crud `write`: gives the account its realm, unless it has one or @p draft
 *  says another. */
void realms_write(const struct ask *q, struct change *c,
                  const struct fields *was, const struct fields *draft);

#endif

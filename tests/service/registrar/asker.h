/*
 * asker.h - a call-controller that asks the registrar, and what it is answered
 */
#ifndef ASKER_H
#define ASKER_H

#include <stdbool.h>
#include <stddef.h>

#include "fixture.h"

/** The last answer, taken apart into texts */
struct seen {
	bool there;
	int err;
	int verdict; /* -1: a refusal */
	unsigned status, code;
	size_t n_challenges;
	char challenges[2][512];
	char domain[64], user[64], carrier[64], number[64], caller[64];
	bool domain_known, user_known;
	size_t n_lists;
	char list[64];
	size_t n_bindings;
	char contact[128], path[128], source[64], transport[8], instance[64];
	unsigned q, expires;
};

extern struct seen seen;

/** Join the bus of @p f; returns when the registrar is there. */
void asker_open(const struct fixture *f);
void asker_close(void);

/* Each asks, and waits for the answer. */

/** An INVITE to @p uri. @p credentials of an Authorization header, or NULL */
void asker_authorize(const char *uri, const char *source, const char *transport,
                     const char *credentials);
void asker_authorize_from(const char *from, const char *uri, const char *source,
                          const char *transport, const char *credentials);
/** What would happen to it? @p source, @p carrier: "" = not said */
void asker_simulate(const char *uri, const char *from, const char *source,
                    const char *carrier);
void asker_look_up(const char *aor);
/** Remove one registration, or all (@p sid ""). @return how many; -1: refused */
int asker_remove(const char *aor, const char *sid);

#endif

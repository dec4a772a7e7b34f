/*
 * option.h - which options a line may have: parameters and filters of the API
 *
 * Pure: no I/O.
 */
#ifndef CLIENT_CORE_OPTION_H
#define CLIENT_CORE_OPTION_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

/** As the API calls them, separated by blanks; NULL = none */
struct options {
	const char *names;
	const char *dates; /**< that may be said with -from and -until, too */
};

/**
 * Are the parameters of this form, @p n bytes, options that are known?
 * @param problem says, when not: "it has no option --x; it has --to, …"
 */
bool options_check(const struct options *known, const char *form, size_t n,
                   struct strbuf *problem);

#endif

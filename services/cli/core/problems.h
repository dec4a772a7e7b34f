/*
 * problems.h - what is wrong in a file: line, what, remedy
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_PROBLEMS_H
#define CLI_CORE_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

enum { PROBLEMS_MAX = 200 }; /* kept; a person mends a few at a time */

struct problem {
	unsigned line;
	bool warning; /**< it can be loaded all the same */
	char *text;   /**< "what; remedy" */
};

/** Zero-initialise it. */
struct problems {
	struct problem *v;
	size_t n;
	size_t errors; /**< all that were found, kept or not */
};

void problems_close(struct problems *p);

__attribute__((format(printf, 3, 4))) void problems_error(struct problems *p,
                                                          unsigned line,
                                                          const char *fmt, ...);
__attribute__((format(printf, 3, 4))) void problems_warn(struct problems *p,
                                                         unsigned line,
                                                         const char *fmt, ...);

/** In order of lines; those of one line as they were found. */
void problems_sort(struct problems *p);

#endif

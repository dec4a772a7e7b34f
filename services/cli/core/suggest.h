/*
 * suggest.h - "did you mean": the word nearest to a misspelt one
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_SUGGEST_H
#define CLI_CORE_SUGGEST_H

#include <stddef.h>

enum { SUGGEST_WORD_MAX = 64 }; /* bytes; longer words are not compared */

struct suggestion {
	const char *word; /**< the nearest so far, borrowed; NULL = none */
	size_t distance;
};

/** Compare @p candidate with @p word and keep it when it is nearer than all
 *  before. At most a third of the letters may differ. */
void suggest_try(struct suggestion *s, const char *word, const char *candidate);

#endif

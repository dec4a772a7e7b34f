/*
 * profanity.h - words that a caller's speech is not repeated with
 */
#ifndef CC_CORE_PROFANITY_H
#define CC_CORE_PROFANITY_H

struct arena;

/** The first letter of each such word is left, the rest becomes asterisks.
 *  @return in @p a; NULL when memory ran out */
const char *profanity_mask(struct arena *a, const char *text);

#endif

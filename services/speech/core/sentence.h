/*
 * sentence.h - where a sentence ends
 */
#ifndef SPEECH_CORE_SENTENCE_H
#define SPEECH_CORE_SENTENCE_H

#include <stddef.h>

/**
 * Bytes of the first sentence of @p s, at most @p max (then the end of a clause
 * or word, never within a character). Pure.
 * @return 1 or more, where @p s is not empty
 */
size_t sentence_length(const char *s, size_t max);

#endif

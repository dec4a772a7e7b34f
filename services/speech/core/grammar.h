/*
 * grammar.h - the hints of a <Gather> as a grammar, and what was heard by it
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef SPEECH_CORE_GRAMMAR_H
#define SPEECH_CORE_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

enum { GRAMMAR_HINTS_MAX = 500 }; /* TwiML <Gather> hints */
enum { GRAMMAR_HINT_MAX = 100 };  /* characters of one, the same */

/**
 * The words of a hint as a dictionary has them: "Press 1!" is "press one".
 * @return how many; 0 = it can not be recognised (empty, too long, not Latin)
 */
size_t grammar_words(const char *hint, struct strbuf *out);

/** JSGF of alternatives; grammar_begin(), _add() for each, _end(). */
void grammar_begin(struct strbuf *jsgf);
void grammar_add(struct strbuf *jsgf, const char *words, bool first);
void grammar_end(struct strbuf *jsgf);

/**
 * Something was heard freely as @p free_text and, with nothing but hints to
 * choose from, as @p hinted: was it a hint? A grammar makes a hint of anything;
 * that many more words were heard freely says that it was not.
 */
bool grammar_believable(const char *hinted, const char *free_text);

#endif

/*
 * say_as.h - the content of <say-as> as words that any engine reads well
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef SPEECH_CORE_SAY_AS_H
#define SPEECH_CORE_SAY_AS_H

#include <stddef.h>

struct strbuf;

enum say_as {
	SAY_AS_PLAIN,      /**< engines read numbers, times … by themselves */
	SAY_AS_CHARACTERS, /**< one by one */
	SAY_AS_DIGITS,     /**< digits one by one, the rest as it is */
	SAY_AS_TELEPHONE,  /**< the same in groups */
	SAY_AS_ORDINAL,
	SAY_AS_DATE,
	SAY_AS_EXPLETIVE /**< nothing is said */
};

/** interpret-as of the element; unknown ones are SAY_AS_PLAIN. */
enum say_as say_as_named(const char *interpret_as);

/**
 * Append what to say.
 * @param format of a date: mdy dmy ymd md dm ym my d m y, yyyymmdd; "" = mdy
 */
void say_as_write(enum say_as as, const char *format, const char *text,
                  size_t n, struct strbuf *out);

#endif

/*
 * keys.h - a press that a phone tells twice is one
 *
 * Some phones tell of each key by SIP INFO and in their media, too. The second
 * report of a press, in the other way, is none of its own. Pure: no I/O, no
 * clock, no log.
 */
#ifndef CC_CORE_KEYS_H
#define CC_CORE_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEYS_MEMORY = 8 }; /* presses that may still be told again */
/* Between its two reports: media tells of a press when it is over. */
enum { KEYS_TWICE_MS = 2000 };

struct keys {
	struct keys_press {
		char digit; /* '\0' = was told in both ways */
		bool info;  /* by SIP INFO; else in the media */
		uint64_t at;
	} told[KEYS_MEMORY]; /* a ring */
	size_t n;            /* ever */
};

/** A key of a leg. @param info by SIP INFO; else in its media
 *  @return is it a press? Else it was told before, in the other way */
bool keys_take(struct keys *k, char digit, bool info, uint64_t now_ms);

#endif

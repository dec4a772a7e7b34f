/*
 * plays.h - what a leg is to be played, as a controller says it
 */
#ifndef MEDIA_CORE_PLAYS_H
#define MEDIA_CORE_PLAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLAYS_MAX = 64 };                 /* things in a list */
enum { PLAYS_BYTES_MAX = 192 * 1024 };   /* of all texts in it */
enum { PLAYS_LENGTH_MAX_MS = 86400000 }; /* of a silence or tone */
enum { PLAYS_DIGITS_MAX = 256 };
enum { PLAYS_KEYS_MAX = 4096 }; /* of one play, all its times together */

/** Values of media.proto */
enum play_kind {
	PLAY_SILENCE = 0,
	PLAY_URL = 1,
	PLAY_SPEECH = 2,
	PLAY_TONE = 3,
	PLAY_PROMPT = 4,
	PLAY_DIGITS = 5
};

struct play {
	enum play_kind kind;
	const char *what, *voice, *language;
	uint32_t length_ms;
	uint32_t times; /**< 0 and 1: once */
};

/** In one block with its texts; free() it */
struct plays {
	size_t n;
	struct play items[];
};

/** Copy a list. @return NULL when memory ran out */
struct plays *plays_copy(const struct play *items, size_t n);

/** @return NULL, or what is wrong with it */
const char *plays_problem(const struct play *items, size_t n);

/** Are these keys that can be sent: 0-9 A-D a-d * # w W, not too many? */
bool plays_digits_valid(const char *digits);

#endif

/*
 * label.h - what a kept file is, in its first bytes
 *
 *     trestle-audio 1
 *     key: 6b86b273…           SHA-256 of account and URL, which it does not tell
 *     version: 0f3a…
 *     type: audio/mpeg
 *     bytes: 48213
 *     fresh-until: 2026-11-22T18:30:15.248Z
 *     etag: "33a64df5"
 *     last-modified: Sun, 22 Nov 2026 18:30:15 GMT
 *
 * and an empty line; spaces fill the rest. Pure: no I/O, no clock, no log.
 */
#ifndef FETCHER_CORE_LABEL_H
#define FETCHER_CORE_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "freshness.h"

enum { LABEL_SIZE = 2048 }; /* bytes before the audio */
enum { LABEL_KEY_SIZE = 65, LABEL_VERSION_SIZE = 36, LABEL_TYPE_SIZE = 32 };

struct label {
	char key[LABEL_KEY_SIZE]; /**< 64 hex digits */
	char version[LABEL_VERSION_SIZE];
	char type[LABEL_TYPE_SIZE];
	uint64_t bytes;          /**< of the audio */
	uint64_t fresh_until_ms; /**< wall clock; 0 = ask each time */
	char etag[FRESHNESS_VALIDATOR_MAX];
	char last_modified[FRESHNESS_VALIDATOR_MAX];
};

void label_write(const struct label *l, char out[LABEL_SIZE]);

/** @return is it one? */
bool label_read(struct label *l, const char in[LABEL_SIZE]);

/** Is it 64 hex digits? */
bool label_is_key(const char *text);

#endif

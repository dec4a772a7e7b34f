/*
 * records_seal.c - secrets in what the API writes to Redis
 */
#include "records_seal.h"

#include <stdlib.h>
#include <string.h>

#include "store/seal.h"

enum { RUN_HEAD = 2, SWEEP = 3, WORDS = 5 }; /* words, as core/change.c */

int records_seal(const struct seal *s, const char **words, size_t n,
                 char **kept)
{
	size_t i = 0;
	int err = 0;

	while (i + RUN_HEAD < n && !err) {
		size_t count;

		if (strcmp(words[i], "run") != 0) {
			i += strcmp(words[i], "sweep") == 0 ? SWEEP : WORDS;
			continue;
		}
		count = strtoul(words[i + 1], NULL, 10);
		i += RUN_HEAD;
		if (count > 2 && strcmp(words[i], "HSET") == 0)
			err = seal_pairs(s, words + i + 2, count - 2, kept + i);
		i += count;
	}
	return err;
}

/*
 * suggest.c - "did you mean": the word nearest to a misspelt one
 *
 * Pure: no I/O, no clock, no log.
 */
#include "suggest.h"

#include <string.h>

static size_t least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance, one row at a time. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[SUGGEST_WORD_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
			               diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[nb];
}

void suggest_try(struct suggestion *s, const char *word, const char *candidate)
{
	size_t na = strlen(word), nb = strlen(candidate);
	size_t d;

	if (na > SUGGEST_WORD_MAX || nb > SUGGEST_WORD_MAX)
		return;
	d = distance(word, na, candidate, nb);
	if (d * 3 > (na > nb ? na : nb) + 1)
		return;
	if (!s->word || d < s->distance)
		*s = (struct suggestion){candidate, d};
}

/*
 * sentence.c - where a sentence ends
 */
#include "core/sentence.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* A full stop behind these is not the end; all of other languages that would
 * matter are cut at worst, which is heard as a short pause. */
static bool is_abbreviation(const char *word, size_t n)
{
	static const char *const known[] = {
		"mr", "mrs",  "ms",  "dr",  "st", "no",     "jr", "sr",
		"vs", "prof", "inc", "ltd", "co", "approx", "ext"};

	if (n == 1 && isupper((unsigned char)*word))
		return true; /* initials */
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i]) == n &&
		    strncasecmp(known[i], word, n) == 0)
			return true;
	}
	return false;
}

static bool ends_at(const char *s, size_t i)
{
	size_t from = i;

	if (s[i] == '!' || s[i] == '?' || s[i] == ';')
		return s[i + 1] == ' ' || !s[i + 1];
	if (s[i] != '.' || (s[i + 1] != ' ' && s[i + 1]))
		return false;
	while (from && s[from - 1] != ' ')
		from--;
	return !is_abbreviation(s + from, i - from);
}

/* The full stop, question and exclamation marks of Chinese and Japanese */
static size_t wide_end(const char *s)
{
	static const char *const marks[] = {"\xE3\x80\x82", "\xEF\xBC\x81",
	                                    "\xEF\xBC\x9F"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (strncmp(s, marks[i], 3) == 0)
			return 3;
	}
	return 0;
}

size_t sentence_length(const char *s, size_t max)
{
	size_t i, clause = 0, word = 0;

	for (i = 0; s[i] && i < max; i++) {
		if (ends_at(s, i))
			return i + 1;
		if (wide_end(s + i))
			return i + 3;
		if (s[i] == ' ' && i && strchr(",:", s[i - 1]))
			clause = i;
		else if (s[i] == ' ')
			word = i;
	}
	if (!s[i])
		return i;
	if (clause > max / 2)
		return clause;
	if (word)
		return word;
	while (i > 1 && ((unsigned char)s[i] & 0xC0) == 0x80)
		i--;
	return i;
}

/*
 * profanity.c - words that a caller's speech is not repeated with
 *
 * English ones, and only those that are hardly ever something else: a name or
 * an animal is not to be lost from what a caller ordered.
 *
 * Pure.
 */
#include "profanity.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "arena.h"

/* In lower case. A star stands for any further letters; at both ends the word
 * may stand inside of another. */
static const char *const words[] = {
	"*fuck*",  "shit*",   "bullshit*", "dipshit*",  "horseshit",
	"bitch*",  "cunt*",   "asshole*",  "arsehole*", "wank",
	"wanker*", "wanking", "twat",      "twats",     "bastard*",
	"piss",    "pissed",  "pissing",   "bollocks",  "slut*",
	"whore*",  "faggot*", "nigger*",   "dickhead*", "cocksuck*",
};

/* Letters of a word: those of ASCII, an apostrophe, all of other languages */
static bool letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' ||
	       (c & 0x80);
}

static bool begins(const char *s, size_t n, const char *part, size_t len)
{
	return n >= len && strncasecmp(s, part, len) == 0;
}

static bool is(const char *s, size_t n, const char *word)
{
	size_t len = strlen(word);
	bool open = word[len - 1] == '*', inside = *word == '*';

	len -= (size_t)open + inside;
	word += inside;
	if (!open)
		return n == len && begins(s, n, word, len);
	for (; inside && n > len; s++, n--) {
		if (begins(s, n, word, len))
			return true;
	}
	return begins(s, n, word, len);
}

static bool profane(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (is(s, n, words[i]))
			return true;
	}
	return false;
}

const char *profanity_mask(struct arena *a, const char *text)
{
	size_t size = strlen(text) + 1, n;
	char *out = arena_alloc(a, size);

	if (out)
		memcpy(out, text, size);
	for (char *s = out; s && *s; s += n) {
		for (n = 0; letter(s[n]); n++)
			;
		if (n > 1 && profane(s, n))
			memset(s + 1, '*', n - 1);
		n += n == 0;
	}
	return out;
}

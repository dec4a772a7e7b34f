/*
 * grammar.c - the hints of a <Gather> as a grammar, and what was heard by it
 */
#include "core/grammar.h"

#include <ctype.h>
#include <string.h>

#include "base/strbuf.h"

static void add_digit(struct strbuf *out, char digit)
{
	static const char *const digits[] = {"zero",  "one",  "two", "three",
	                                     "four",  "five", "six", "seven",
	                                     "eight", "nine"};

	strbuf_add(out, digits[digit - '0']);
}

size_t grammar_words(const char *hint, struct strbuf *out)
{
	size_t words = 0, n = strlen(hint);
	bool inside = false;

	if (n > (size_t)GRAMMAR_HINT_MAX * 4)
		return 0;
	for (; *hint; hint++) {
		unsigned char c = (unsigned char)*hint;
		bool letter = isalpha(c) || (c == '\'' && inside);
		bool digit = c >= '0' && c <= '9';

		if (c >= 0x80)
			return 0;
		/* Each digit is a word of its own. */
		if ((digit || (letter && !inside)) && words++)
			strbuf_addc(out, ' ');
		if (digit)
			add_digit(out, *hint);
		else if (letter)
			strbuf_addc(out, (char)tolower(c));
		inside = letter;
	}
	return words;
}

void grammar_begin(struct strbuf *jsgf)
{
	strbuf_add(jsgf, "#JSGF V1.0;\ngrammar hints;\npublic <hint> = ");
}

void grammar_add(struct strbuf *jsgf, const char *words, bool first)
{
	strbuf_addf(jsgf, "%s%s", first ? "" : " | ", words);
}

void grammar_end(struct strbuf *jsgf)
{
	strbuf_add(jsgf, ";\n");
}

static size_t count_words(const char *s)
{
	size_t n = 0;

	while (*s) {
		s += strspn(s, " ");
		n += *s != '\0';
		s += strcspn(s, " ");
	}
	return n;
}

bool grammar_believable(const char *hinted, const char *free_text)
{
	size_t n = count_words(hinted);

	return n && count_words(free_text) <= 2 * n + 1;
}

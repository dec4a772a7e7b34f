/*
 * fuzz_speech__grammar.c - hints of a <Gather> as a grammar
 *
 * The input is hints, one a line; the first two are also what was heard. What
 * stands between the brackets of the grammar is words and nothing else: a hint
 * writes no grammar of its own.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "core/grammar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(struct strbuf *jsgf, const char *hint, bool *first)
{
	struct strbuf words = {0};
	size_t n = grammar_words(hint, &words);

	for (const char *c = strbuf_str(&words); n > 0 && *c; c++)
		assert((*c >= 'a' && *c <= 'z') || strchr(" '-.", *c));
	if (n > 0) {
		grammar_add(jsgf, strbuf_str(&words), *first);
		*first = false;
	}
	strbuf_close(&words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *hint;
	const char *heard[2] = {"", ""};
	struct strbuf jsgf = {0};
	bool first = true;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	grammar_begin(&jsgf);
	for (size_t i = 0; (hint = strsep(&rest, "\n")); i++) {
		if (i < 2)
			heard[i] = hint;
		add(&jsgf, hint, &first);
	}
	grammar_end(&jsgf);
	(void)grammar_believable(heard[0], heard[1]);
	strbuf_close(&jsgf);
	free(text);
	return 0;
}

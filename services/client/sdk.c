/*
 * sdk.c - `trestle sdk [LANGUAGE]`
 */
#include "sdk.h"

#include <stdio.h>
#include <string.h>

#include "adapters/api.h"
#include "base/strbuf.h"
#include "core/line.h"
#include "core/snippets.h"
#include "find.h"

int sdk(struct api *a, const struct line *line, struct strbuf *form)
{
	const char *language = line->n > 1 ? line->words[1] : NULL;
	struct strbuf b = {0};

	(void)form;
	for (const struct snippet *s = snippets; s->language; s++) {
		if (language && strcmp(s->language, language) != 0)
			continue;
		if (!language)
			strbuf_addf(&b, "--- %s\n", s->language);
		snippet_fill(&b, s->text, api_url(a), api_account(a));
	}
	if (b.len == 0) {
		strbuf_close(&b);
		return find_problem(
			       "say node, python, ruby, php, csharp, go or "
			       "java"),
		       2;
	}
	(void)fputs(strbuf_str(&b), stdout);
	strbuf_close(&b);
	return 0;
}

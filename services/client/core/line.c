/*
 * line.c - a command line: words, and parameters of the API
 *
 * Pure: no I/O.
 */
#include "line.h"

#include <ctype.h>
#include <string.h>

#include "base/form.h"
#include "base/strbuf.h"

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

bool line_param(const char *option, char out[LINE_NAME_MAX])
{
	const char *mark = ends_with(option, "-from")    ? ">"
	                   : ends_with(option, "-until") ? "<"
	                                                 : "";
	size_t n = strlen(option), at = 0;
	bool up = true;

	if (*mark)
		n -= *mark == '>' ? 5 : 6;
	if (n == 0 || n + 2 > LINE_NAME_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (option[i] == '-') {
			up = true;
			continue;
		}
		out[at++] = up ? (char)toupper((unsigned char)option[i])
		               : option[i];
		up = false;
	}
	out[at] = '\0';
	strcat(out, mark); // NOLINT(clang-analyzer-security*): room was kept
	return true;
}

/* @return how many of argv it was; 0 = it makes no sense */
static int option(struct line *line, const char *name, const char *value,
                  struct strbuf *form)
{
	char param[LINE_NAME_MAX];

	if (strcmp(name, "json") == 0)
		return (line->json = true, 1);
	if (strcmp(name, "all") == 0)
		return (line->all = true, 1);
	if (strcmp(name, "help") == 0)
		return (line->help = true, 1);
	if (!value || !line_param(name, param))
		return 0;
	form_add(form, param, value);
	return 2;
}

bool line_read(struct line *line, int argc, char **argv, struct strbuf *form,
               const char **problem)
{
	*line = (struct line){.n = 0};
	for (int i = 1; i < argc;) {
		const char *word = argv[i];
		int used;

		if (strncmp(word, "--", 2) != 0) {
			if (line->n == LINE_WORDS_MAX) {
				*problem = "there are too many words";
				return false;
			}
			line->words[line->n++] = word;
			i++;
			continue;
		}
		used = option(line, word + 2, i + 1 < argc ? argv[i + 1] : NULL,
		              form);
		if (!used) {
			*problem = "an option lacks its value";
			return false;
		}
		i += used;
	}
	return true;
}

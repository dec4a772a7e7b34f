/*
 * option.c - which options a line may have: parameters and filters of the API
 *
 * Pure: no I/O.
 */
#include "option.h"

#include <ctype.h>
#include <string.h>

#include "base/form.h"
#include "base/strbuf.h"

/* "VoiceUrl" as "--voice-url" */
static void add_option(struct strbuf *b, const char *name, size_t n)
{
	strbuf_add(b, "--");
	for (size_t i = 0; i < n; i++) {
		if (isupper((unsigned char)name[i]) && i > 0)
			strbuf_addc(b, '-');
		strbuf_addc(b, (char)tolower((unsigned char)name[i]));
	}
}

static void add_options(struct strbuf *b, const char *names, const char *more)
{
	for (size_t n; names && *names; names += n + (names[n] == ' ')) {
		n = strcspn(names, " ");
		add_option(b, names, n);
		strbuf_addf(b, "%s, ", more);
	}
}

/* Is it one of these, whole? */
static bool among(const char *names, const char *name, size_t n)
{
	for (size_t m; names && *names; names += m + (names[m] == ' ')) {
		m = strcspn(names, " ");
		if (m == n && strncmp(names, name, n) == 0)
			return true;
	}
	return false;
}

struct checking {
	const struct options *known;
	struct strbuf *problem;
};

static int on_pair(void *arg, const char *name, const char *value)
{
	struct checking *c = arg;
	size_t n = strcspn(name, "<>"); /* StartTime> */

	(void)value;
	if (among(c->known->dates, name, n) ||
	    (!name[n] && among(c->known->names, name, n)))
		return 0;
	strbuf_add(c->problem, "it has no option ");
	add_option(c->problem, name, n);
	strbuf_add(c->problem, name[n] == '>'   ? "-from"
	                       : name[n] == '<' ? "-until"
	                                        : "");
	strbuf_add(c->problem, "; it has ");
	add_options(c->problem, c->known->names, "");
	add_options(c->problem, c->known->dates, "[-from|-until]");
	strbuf_add(c->problem, "--json, --all, --help");
	return 1;
}

bool options_check(const struct options *known, const char *form, size_t n,
                   struct strbuf *problem)
{
	struct checking c = {known, problem};

	return form_parse(form, n, on_pair, &c) == 0;
}

/*
 * hosts.c - names of the hosts file
 */
#include "hosts.h"

#include <stdio.h>

enum { LINE_SIZE = 512, LINES_MAX = 1000 };

static bool blank(char c)
{
	return c == '\0' || slice_space(c);
}

static struct slice next_word(const char **p)
{
	struct slice word;

	while (**p && blank(**p))
		++*p;
	word.p = *p;
	while (!blank(**p))
		++*p;
	word.n = (size_t)(*p - word.p);
	return word;
}

static bool line_has(const char *line, struct slice name, bool ipv6,
                     struct address *to)
{
	struct slice ip = next_word(&line);
	struct slice word;

	if (!address_parse_ip(to, ip) || (!ipv6 && !address_is_ipv4(to)))
		return false;
	for (word = next_word(&line); word.n > 0 && word.p[0] != '#';
	     word = next_word(&line)) {
		if (slice_same(word, name))
			return true;
	}
	return false;
}

bool hosts_find(struct slice name, bool ipv6, struct address *to)
{
	FILE *f = fopen("/etc/hosts", "re");
	char line[LINE_SIZE];
	bool found = false;

	if (!f)
		return false;
	for (int i = 0; i < LINES_MAX && !found; i++) {
		if (!fgets(line, sizeof(line), f))
			break;
		found = line_has(line, name, ipv6, to);
	}
	(void)fclose(f);
	return found;
}

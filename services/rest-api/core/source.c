/*
 * source.c - from which address a request came
 */
#include "source.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "store/cidr.h"

static bool is_proxy(const struct cidr_set *proxies, const char *text)
{
	struct cidr_address ip;

	return cidr_address_parse(&ip, text) == 0 &&
	       cidr_set_contains(proxies, &ip);
}

/* Take the last element before @p end off a list.
 * @return where it began; NULL: there is none, or it is no address */
static const char *take_last(const char *list, const char *end,
                             char out[SOURCE_SIZE])
{
	struct cidr_address ip;
	const char *begin;

	while (end > list && strchr(", \t", end[-1]))
		end--;
	begin = end;
	while (begin > list && !strchr(", \t", begin[-1]))
		begin--;
	if (begin == end || end - begin >= SOURCE_SIZE)
		return NULL;
	(void)snprintf(out, SOURCE_SIZE, "%.*s", (int)(end - begin), begin);
	return cidr_address_parse(&ip, out) == 0 ? begin : NULL;
}

void source_find(const struct cidr_set *proxies, const char *connected,
                 const char *forwarded, char out[SOURCE_SIZE])
{
	const char *end = forwarded ? forwarded + strlen(forwarded) : NULL;
	char next[SOURCE_SIZE];

	(void)snprintf(out, SOURCE_SIZE, "%s", connected);
	while (end && is_proxy(proxies, out)) {
		end = take_last(forwarded, end, next);
		if (end)
			memcpy(out, next, SOURCE_SIZE);
	}
}

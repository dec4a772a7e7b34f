/*
 * fuzz_webhook-fetcher__url.c - URLs, Locations, fragments, cookies
 *
 * The input is a URL, a reference to resolve against it, and a Set-Cookie,
 * separated by newlines. What was accepted must be accepted again as it is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "core/cookies.h"
#include "core/overrides.h"
#include "core/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct url *u)
{
	const char *why = NULL;
	struct overrides o;
	struct url *again;

	if (strpbrk(u->text, "\r\n \t") || u->text[u->path] != '/' ||
	    !u->host[0])
		abort();
	(void)overrides_parse(u->fragment, &o, &why);
	if (o.total_ms > OVERRIDES_TOTAL_MS_MAX || o.retries > 5)
		abort();
	/* Encoding makes it longer: only then is it refused. */
	if (url_parse(&again, u->text, &why)) {
		if (strlen(u->text) <= URL_MAX)
			abort();
		return;
	}
	if (strcmp(again->text, u->text) != 0 ||
	    strcmp(again->host, u->host) != 0 || !url_same_origin(again, u))
		abort();
	url_free(again);
}

static void try_cookie(const struct url *u, const char *text)
{
	struct cookies *c;
	struct strbuf out = {0};

	if (cookies_alloc(&c))
		return;
	cookies_take(c, "CA", u, text, 0);
	cookies_write(c, "CA", u, 0, &out);
	if (strpbrk(strbuf_str(&out), "\r\n"))
		abort();
	strbuf_close(&out);
	cookies_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest = text, *first, *second, *third;
	const char *why = NULL;
	struct url *base, *to;

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	first = strsep(&rest, "\n");
	second = strsep(&rest, "\n");
	third = strsep(&rest, "\n");
	if (url_parse(&base, first, &why) == 0) {
		check(base);
		if (second && url_resolve(&to, base, second, &why) == 0) {
			check(to);
			url_free(to);
		}
		if (third)
			try_cookie(base, third);
		url_free(base);
	}
	free(text);
	return 0;
}

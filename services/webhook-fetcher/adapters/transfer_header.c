/*
 * transfer_header.c - what is kept of the headers of a response
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "adapters/transfer.h"

/* The value of header @p name in "Name: value\r\n", trimmed; NULL: another */
static const char *value_of(const char *line, size_t n, const char *name,
                            size_t *len)
{
	size_t skip = strlen(name);

	if (n <= skip || line[skip] != ':' ||
	    strncasecmp(line, name, skip) != 0)
		return NULL;
	skip++;
	while (skip < n && (line[skip] == ' ' || line[skip] == '\t'))
		skip++;
	while (n > skip && isspace((unsigned char)line[n - 1]))
		n--;
	*len = n - skip;
	return line + skip;
}

/* Without parameters, lower case */
static void keep_type(struct transfer *t, const char *value, size_t n)
{
	size_t len = 0;

	while (len < n && value[len] != ';' &&
	       !isspace((unsigned char)value[len]) &&
	       len < sizeof(t->content_type) - 1) {
		t->content_type[len] = (char)tolower((unsigned char)value[len]);
		len++;
	}
	t->content_type[len] = '\0';
}

/* Headers that say how long audio may be used again */
static void keep_cache(struct transfer *t, const char *line, size_t n)
{
	static const char *const names[] = {"cache-control", "expires", "date",
	                                    "age",           "vary",    "etag",
	                                    "last-modified"};
	size_t len;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!value_of(line, n, names[i], &len))
			continue;
		strbuf_addn(&t->cache, line, n);
		return;
	}
}

void transfer_header(struct transfer *t, const char *line, size_t n)
{
	const char *value;
	size_t len;

	if (t->purpose == PURPOSE_MEDIA)
		keep_cache(t, line, n);
	switch (tolower((unsigned char)line[0])) {
	case 'c':
		value = value_of(line, n, "content-type", &len);
		if (value)
			keep_type(t, value, len);
		break;
	case 'l':
		value = value_of(line, n, "location", &len);
		if (value && len <= TRANSFER_LOCATION_MAX) {
			strbuf_reset(&t->location);
			strbuf_addn(&t->location, value, len);
		}
		break;
	case 's':
		value = value_of(line, n, "set-cookie", &len);
		if (value) {
			strbuf_addn(&t->set_cookies, value, len);
			strbuf_addc(&t->set_cookies, '\n');
		}
		break;
	case 'w':
		value = value_of(line, n, "www-authenticate", &len);
		if (value && len > 7 && strncasecmp(value, "digest ", 7) == 0)
			t->digest_offered = true;
		break;
	default: /* a header that means nothing to us */ break;
	}
}

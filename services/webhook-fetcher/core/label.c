/*
 * label.c - what a kept file is, in its first bytes
 */
#include "label.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/time.h"

static const char first[] = "trestle-audio 1\n";

bool label_is_key(const char *text)
{
	return strlen(text) == LABEL_KEY_SIZE - 1 &&
	       strspn(text, "0123456789abcdef") == LABEL_KEY_SIZE - 1;
}

void label_write(const struct label *l, char out[LABEL_SIZE])
{
	char until[TIME_TEXT_SIZE] = "";
	int n;

	_Static_assert(LABEL_SIZE > 2 * FRESHNESS_VALIDATOR_MAX + 512,
	               "all of it fits");
	if (l->fresh_until_ms)
		time_text(l->fresh_until_ms, until);
	n = snprintf(out, LABEL_SIZE,
	             "%skey: %s\nversion: %s\ntype: %s\nbytes: %" PRIu64
	             "\nfresh-until: %s\netag: %s\nlast-modified: %s\n\n",
	             first, l->key, l->version, l->type, l->bytes, until,
	             l->etag, l->last_modified);
	if (n > 0 && n < LABEL_SIZE)
		memset(out + n, ' ', (size_t)(LABEL_SIZE - n));
}

/* The next line without its end, which is cut off. @return NULL: the last one
 * was before */
static char *next_line(char **at)
{
	char *line = *at;
	char *end = strchr(line, '\n');

	if (!end || end == line)
		return NULL;
	*end = '\0';
	*at = end + 1;
	return line;
}

static bool take(char *to, size_t size, const char *value)
{
	size_t n = strlen(value);

	if (n >= size)
		return false;
	memcpy(to, value, n + 1);
	return true;
}

static bool take_number(uint64_t *to, const char *value)
{
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	*to = strtoull(value, &end, 10);
	return *end == '\0';
}

static bool take_line(struct label *l, const char *name, const char *value)
{
	if (strcmp(name, "key") == 0)
		return take(l->key, sizeof(l->key), value);
	if (strcmp(name, "version") == 0)
		return take(l->version, sizeof(l->version), value);
	if (strcmp(name, "type") == 0)
		return take(l->type, sizeof(l->type), value);
	if (strcmp(name, "bytes") == 0)
		return take_number(&l->bytes, value);
	if (strcmp(name, "fresh-until") == 0) {
		l->fresh_until_ms = time_parse(value);
		return true;
	}
	if (strcmp(name, "etag") == 0)
		return take(l->etag, sizeof(l->etag), value);
	if (strcmp(name, "last-modified") == 0)
		return take(l->last_modified, sizeof(l->last_modified), value);
	return true;
}

bool label_read(struct label *l, const char in[LABEL_SIZE])
{
	char text[LABEL_SIZE + 1];
	char *at = text + sizeof(first) - 1;
	char *line;

	memset(l, 0, sizeof(*l));
	memcpy(text, in, LABEL_SIZE);
	text[LABEL_SIZE] = '\0';
	if (strncmp(text, first, sizeof(first) - 1) != 0)
		return false;
	while ((line = next_line(&at))) {
		char *value = strstr(line, ": ");

		if (!value)
			return false;
		*value = '\0';
		if (!take_line(l, line, value + 2))
			return false;
	}
	return *at == '\n' && label_is_key(l->key) && l->version[0] &&
	       l->type[0] && l->bytes > 0;
}

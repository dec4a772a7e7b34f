/*
 * fuzz_webhook-fetcher__label.c - the first bytes of a file of kept audio
 *
 * What is one is written and read again the same.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/label.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[LABEL_SIZE], again[LABEL_SIZE];
	struct label l, m;

	memset(text, ' ', sizeof(text));
	memcpy(text, data, size < sizeof(text) ? size : sizeof(text));
	if (!label_read(&l, text))
		return 0;
	assert(label_is_key(l.key));
	label_write(&l, again);
	assert(label_read(&m, again));
	assert(strcmp(l.key, m.key) == 0 && strcmp(l.version, m.version) == 0 &&
	       strcmp(l.type, m.type) == 0 && l.bytes == m.bytes);
	assert(strcmp(l.etag, m.etag) == 0 &&
	       strcmp(l.last_modified, m.last_modified) == 0);
	return 0;
}

/*
 * fuzz_webhook-fetcher__freshness.c - headers about caching, from anybody
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/freshness.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct freshness f;

	assert(text);
	memcpy(text, data, size);
	text[size] = '\0';
	freshness_read(&f, text, 784111777000ULL);
	assert(f.fresh_ms <= FRESHNESS_MAX_MS);
	assert(!f.no_store || f.fresh_ms == 0);
	assert(!strpbrk(f.etag, "\r\n") && !strpbrk(f.last_modified, "\r\n"));
	free(text);
	return 0;
}

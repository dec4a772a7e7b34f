/*
 * fuzz_common__redis_url.c - any text as the URL of Redis
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "store/redis_url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[1024] = "redis://";
	struct redis_url url;
	size_t n = strlen(text);

	if (size >= sizeof(text) - n)
		return 0;
	memcpy(text + n, data, size);
	if (redis_url_parse(text, &url) == 0) {
		assert(url.host[0] && url.port);
		assert(strlen(url.password) < REDIS_URL_PART_MAX);
	}
	return 0;
}

/*
 * index.c - who is registered in a domain
 */
#include "adapters/index.h"

#include <string.h>

#include "store/redis.h"

void index_write(struct redis *redis, const char *aor, uint64_t end_ms,
                 bool at_least)
{
	const char *at = strrchr(aor, '@');
	size_t len = (size_t)(at - aor);

	if (end_ms)
		(void)redis_command(
			redis, NULL, NULL, "ZADD aors:%s %s %llu %b", at + 1,
			at_least ? "GT" : "CH",
			(unsigned long long)(end_ms / 1000), aor, len);
	else
		(void)redis_command(redis, NULL, NULL, "ZREM aors:%s %b",
		                    at + 1, aor, len);
}

/*
 * inspector.c - the last requests of a call: the Redis list `request:<CA…>`
 */
#include "adapters/inspector.h"

#include <stdio.h>

#include "base/strbuf.h"
#include "store/redis.h"

enum { DAY_S = 24 * 3600 };

void inspector_write(struct redis *redis, const char *call_sid, uint32_t days,
                     const struct inspect_record *record)
{
	struct strbuf json = {0};
	char key[64];

	if (!call_sid[0] || !redis_up(redis))
		return;
	(void)snprintf(key, sizeof(key), "request:%s", call_sid);
	inspect_write(record, &json);
	if (!json.failed && redis_command(redis, NULL, NULL, "LPUSH %s %b", key,
	                                  json.s, json.len) == 0) {
		(void)redis_command(redis, NULL, NULL, "LTRIM %s 0 %d", key,
		                    INSPECTOR_KEPT_MAX - 1);
		(void)redis_command(redis, NULL, NULL, "EXPIRE %s %llu", key,
		                    days * (unsigned long long)DAY_S);
	}
	strbuf_close(&json);
}

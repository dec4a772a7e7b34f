/*
 * redis_reply.c - elements of a reply that is an array
 */
#include "store/redis.h"

static const redisReply *at(const redisReply *reply, size_t n, int type)
{
	const redisReply *e =
		reply->type == REDIS_REPLY_ARRAY && n < reply->elements
			? reply->element[n]
			: NULL;

	return e && e->type == type ? e : NULL;
}

const char *redis_text_at(const redisReply *reply, size_t n)
{
	const redisReply *e = at(reply, n, REDIS_REPLY_STRING);

	return e ? e->str : "";
}

uint64_t redis_number_at(const redisReply *reply, size_t n)
{
	const redisReply *e = at(reply, n, REDIS_REPLY_INTEGER);

	return e && e->integer > 0 ? (uint64_t)e->integer : 0;
}

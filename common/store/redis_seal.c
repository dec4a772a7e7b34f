/*
 * redis_seal.c - secrets that are kept in Redis, opened and sealed
 */
#include <errno.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "store/seal.h"

enum { TELL_MS = 60000 };

int redis_seal_field(struct redis *r, const char *field, const char *value,
                     char **out)
{
	return seal_field(redis_seal(r), field, value, out);
}

int redis_open_field(struct redis *r, const char *field, const char *value,
                     char **out)
{
	int err = seal_open_field(redis_seal(r), field, value, out);

	if (err == EACCES &&
	    seal_complain(redis_seal(r), loop_now_ms(), TELL_MS))
		log_error(redis_log(r), "%s", seal_remedy);
	return err;
}

/*
 * restore.h - a call out of its four hashes in Redis
 */
#ifndef CC_ADAPTERS_RESTORE_H
#define CC_ADAPTERS_RESTORE_H

#include <stdint.h>

#include <hiredis/hiredis.h>

struct app;
struct fields;
struct json_t;
struct redis;

/** What is read so far; zero-initialise it */
struct restore {
	struct fields *fields; /**< owned; of the core */
	struct json_t *legs;   /**< owned; what sip_save() wrote, by number */
	char relay[64];
	char domain[256];
	uint64_t epoch;
};

/* Each takes the reply of an HGETALL. @return 0, EINVAL or ENOMEM */
int restore_record(struct restore *r, const redisReply *reply);
int restore_legs(struct restore *r, const redisReply *reply);
int restore_twiml(struct restore *r, const redisReply *reply);
/** @return EACCES, too: no key of ours opens it (store/seal.h) */
int restore_secret(struct restore *r, struct redis *redis,
                   const redisReply *reply);

/** Make the call, its dialogs, and step it with EV_RESTORED. @return 0, EINVAL
 *  (the hashes make no call), ENOMEM, or an errno of getrandom(); on an error
 *  there is no call */
int restore_call(struct restore *r, struct app *app);

void restore_close(struct restore *r);

#endif

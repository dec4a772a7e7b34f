/*
 * records_fill.h - a hash of Redis as fields, its secrets opened; for records*.c
 */
#ifndef API_ADAPTERS_RECORDS_FILL_H
#define API_ADAPTERS_RECORDS_FILL_H

#include <hiredis/hiredis.h>

struct fields;
struct records_db;

/** Names and values as HGETALL gives them. @return 0, ENOMEM or EACCES */
int records_fill(const struct records_db *db, struct fields *f,
                 const redisReply *reply);

#endif

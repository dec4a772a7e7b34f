/*
 * redis_conn.h - a connection to Redis that comes back by itself
 *
 *     RESOLVE -> CONNECT -> HELLO (AUTH SELECT PING) -> UP
 *        ^          |          |                        |
 *        +--- after 50 ms to 1 s, with jitter ----------+
 *
 * Private to store/redis.c. A host name is resolved by glibc's getaddrinfo_a()
 * beside the loop, at each attempt: after a failover it may be another address.
 */
#ifndef STORE_REDIS_CONN_H
#define STORE_REDIS_CONN_H

#include <stdbool.h>

#include <hiredis/async.h>

#include "store/redis_url.h"

struct log;
struct loop;
struct redis_conn;

/** @p up: the connection is there; otherwise: it went (told once) */
typedef void redis_conn_h(void *arg, bool up);

/** Starts to connect. @return 0 or ENOMEM */
int redis_conn_alloc(struct redis_conn **cp, struct loop *loop,
                     const struct log *log, const struct redis_url *url,
                     redis_conn_h *handler, void *arg);
void redis_conn_free(struct redis_conn *c); /**< the handler is not called */

/** To give commands to; NULL unless it is up. */
redisAsyncContext *redis_conn_context(const struct redis_conn *c);

/** It is of no use (silent, or not the master any more): make a new one. */
void redis_conn_drop(struct redis_conn *c, const char *why);

#endif

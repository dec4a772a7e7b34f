/*
 * redis_listener.h - a connection that listens on channels; private to redis.c
 */
#ifndef STORE_REDIS_LISTENER_H
#define STORE_REDIS_LISTENER_H

struct log;
struct loop;
struct redis_listener;
struct redis_url;

/** @p payload is "" when we listen (again): what came before was missed. */
typedef void redis_message_h(void *arg, const char *payload);

/** @return 0 or ENOMEM */
int redis_listener_alloc(struct redis_listener **lp, struct loop *loop,
                         const struct log *log, const struct redis_url *url);
void redis_listener_free(struct redis_listener *l); /**< NULL is a no-op */

/** @return 0 or ENOMEM */
int redis_listener_add(struct redis_listener *l, const char *channel,
                       redis_message_h *handler, void *arg);

/** No handler with this @p arg is called any more. */
void redis_listener_cancel(struct redis_listener *l, const void *arg);

#endif

/*
 * redis_listener.c - a connection that listens on channels
 */
#include "store/redis_listener.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store/redis_conn.h"

struct subscription {
	struct subscription *next;
	char *channel;
	redis_message_h *handler; /* NULL: cancelled */
	void *arg;
};

struct redis_listener {
	struct redis_conn *conn;
	struct subscription *subscriptions;
};

static void tell(const struct redis_listener *l, const char *channel,
                 const char *payload)
{
	for (struct subscription *s = l->subscriptions; s; s = s->next) {
		if (s->handler && strcmp(s->channel, channel) == 0)
			s->handler(s->arg, payload);
	}
}

/* hiredis knows one handler for a channel; we may have several. */
static void on_message(redisAsyncContext *ac, void *data, void *arg)
{
	const redisReply *reply = data;
	struct redis_listener *l = arg;

	(void)ac;
	if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3)
		return;
	if (strcmp(reply->element[0]->str, "subscribe") == 0)
		tell(l, reply->element[1]->str, "");
	else if (strcmp(reply->element[0]->str, "message") == 0 &&
	         reply->element[2]->type == REDIS_REPLY_STRING)
		tell(l, reply->element[1]->str, reply->element[2]->str);
}

static void listen_to(struct redis_listener *l, const struct subscription *s)
{
	redisAsyncContext *ac = redis_conn_context(l->conn);

	if (ac)
		(void)redisAsyncCommand(ac, on_message, l, "SUBSCRIBE %s",
		                        s->channel);
}

static void on_conn(void *arg, bool up)
{
	struct redis_listener *l = arg;

	for (struct subscription *s = l->subscriptions; up && s; s = s->next)
		listen_to(l, s);
}

int redis_listener_alloc(struct redis_listener **lp, struct loop *loop,
                         const struct log *log, const struct redis_url *url)
{
	struct redis_listener *l = calloc(1, sizeof(*l));
	int err = ENOMEM;

	if (l)
		err = redis_conn_alloc(&l->conn, loop, log, url, on_conn, l);
	if (err)
		free(l);
	else
		*lp = l;
	return err;
}

void redis_listener_free(struct redis_listener *l)
{
	if (!l)
		return;
	redis_conn_free(l->conn);
	while (l->subscriptions) {
		struct subscription *s = l->subscriptions;

		l->subscriptions = s->next;
		free(s->channel);
		free(s);
	}
	free(l);
}

int redis_listener_add(struct redis_listener *l, const char *channel,
                       redis_message_h *handler, void *arg)
{
	struct subscription *s = calloc(1, sizeof(*s));

	if (!s)
		return ENOMEM;
	s->channel = strdup(channel);
	if (!s->channel) {
		free(s);
		return ENOMEM;
	}
	s->handler = handler;
	s->arg = arg;
	s->next = l->subscriptions;
	l->subscriptions = s;
	listen_to(l, s);
	return 0;
}

void redis_listener_cancel(struct redis_listener *l, const void *arg)
{
	for (struct subscription *s = l->subscriptions; s; s = s->next) {
		if (s->arg == arg)
			s->handler = NULL;
	}
}

/*
 * queue.h - messages from one thread to another, with an eventfd to wait on
 */
#ifndef MEDIA_ADAPTERS_QUEUE_H
#define MEDIA_ADAPTERS_QUEUE_H

#include <pthread.h>

/** Embed it first in what is sent */
struct message {
	struct message *next;
};

struct queue {
	pthread_mutex_t lock;
	struct message *head;
	struct message **tail;
	int fd; /**< readable while there is something to take */
};

int queue_init(struct queue *q);   /**< @return 0 or an errno */
void queue_close(struct queue *q); /**< messages are the caller's to free */

/** Takes ownership of @p m. Any thread. */
void queue_put(struct queue *q, struct message *m);

/** Take all, oldest first; NULL = none. The receiving thread only. */
struct message *queue_take(struct queue *q);

#endif

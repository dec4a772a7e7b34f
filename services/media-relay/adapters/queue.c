/*
 * queue.c - messages from one thread to another, with an eventfd to wait on
 */
#include "queue.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int queue_init(struct queue *q)
{
	int err;

	q->head = NULL;
	q->tail = &q->head;
	q->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (q->fd < 0)
		return errno;
	err = pthread_mutex_init(&q->lock, NULL);
	if (err)
		close(q->fd);
	return err;
}

void queue_close(struct queue *q)
{
	pthread_mutex_destroy(&q->lock);
	close(q->fd);
}

void queue_put(struct queue *q, struct message *m)
{
	const uint64_t one = 1;
	bool first;

	m->next = NULL;
	pthread_mutex_lock(&q->lock);
	first = q->head == NULL;
	*q->tail = m;
	q->tail = &m->next;
	pthread_mutex_unlock(&q->lock);
	if (first) /* it fails only when the counter is full: readable too */
		(void)!write(q->fd, &one, sizeof(one));
}

struct message *queue_take(struct queue *q)
{
	struct message *all;
	uint64_t n;

	(void)!read(q->fd, &n, sizeof(n));
	pthread_mutex_lock(&q->lock);
	all = q->head;
	q->head = NULL;
	q->tail = &q->head;
	pthread_mutex_unlock(&q->lock);
	return all;
}

/*
 * buffer.h - bytes that wait: to become a message, or to be written
 */
#ifndef EDGE_ADAPTERS_BUFFER_H
#define EDGE_ADAPTERS_BUFFER_H

#include <stddef.h>

/** Zero-initialise it. An empty one owns no memory: thousands of idle phones
 *  need none. */
struct buffer {
	char *p;
	size_t n, size;
};

/** @return 0, or ENOMEM, ENOBUFS when it would exceed @p max */
int buffer_add(struct buffer *b, const char *p, size_t n, size_t max);
void buffer_take(struct buffer *b, size_t n); /**< off the front */
void buffer_free(struct buffer *b);

#endif

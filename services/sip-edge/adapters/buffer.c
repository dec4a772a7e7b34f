/*
 * buffer.c - bytes that wait: to become a message, or to be written
 */
#include "buffer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int buffer_add(struct buffer *b, const char *p, size_t n, size_t max)
{
	size_t size = b->size > 0 ? b->size : 1024;
	char *more;

	if (n > max || b->n > max - n)
		return ENOBUFS;
	while (size < b->n + n)
		size *= 2;
	if (size != b->size) {
		more = realloc(b->p, size);
		if (!more)
			return ENOMEM;
		b->p = more;
		b->size = size;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
	return 0;
}

void buffer_take(struct buffer *b, size_t n)
{
	b->n -= n;
	if (b->n > 0)
		memmove(b->p, b->p + n, b->n);
	else
		buffer_free(b);
}

void buffer_free(struct buffer *b)
{
	free(b->p);
	*b = (struct buffer){.p = NULL};
}

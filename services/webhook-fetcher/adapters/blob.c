/*
 * blob.c - bytes that grow: in a file without a name, or in memory
 */
#include "adapters/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int blob_init(struct blob *b, const char *directory, size_t start)
{
	*b = (struct blob){.fd = -1, .start = start};
	if (directory[0] == '\0')
		return 0;
	b->fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (b->fd >= 0 || errno == ENOSPC || errno == EDQUOT)
		return 0;
	return errno;
}

void blob_take(struct blob *b, int fd, size_t start, size_t len)
{
	*b = (struct blob){.fd = fd, .start = start, .len = len};
}

void blob_close(struct blob *b)
{
	if (b->fd >= 0)
		close(b->fd);
	free(b->bytes);
	*b = (struct blob){.fd = -1};
}

static int grow(struct blob *b, size_t need)
{
	size_t size = b->size * 2 > need ? b->size * 2 : need;
	uint8_t *bytes;

	if (need <= b->size)
		return 0;
	bytes = realloc(b->bytes, size);
	if (!bytes)
		return ENOMEM;
	b->bytes = bytes;
	b->size = size;
	return 0;
}

static int append_to_memory(struct blob *b, const void *p, size_t n)
{
	int err = grow(b, b->len + n);

	if (err)
		return err;
	memcpy(b->bytes + b->len, p, n);
	b->len += n;
	return 0;
}

/* The disk takes no more. */
static int move_to_memory(struct blob *b)
{
	int err = grow(b, b->len);

	if (err)
		return err;
	if (blob_read(b, 0, b->bytes, b->len) != b->len)
		return EIO;
	close(b->fd);
	b->fd = -1;
	return 0;
}

int blob_append(struct blob *b, const void *p, size_t n)
{
	int err;

	if (b->fd < 0)
		return append_to_memory(b, p, n);
	if (pwrite(b->fd, p, n, (off_t)(b->start + b->len)) == (ssize_t)n) {
		b->len += n;
		return 0;
	}
	err = move_to_memory(b);
	return err ? err : append_to_memory(b, p, n);
}

size_t blob_read(const struct blob *b, size_t offset, void *to, size_t n)
{
	ssize_t got;

	if (offset >= b->len)
		return 0;
	if (n > b->len - offset)
		n = b->len - offset;
	if (b->fd < 0) {
		memcpy(to, b->bytes + offset, n);
		return n;
	}
	got = pread(b->fd, to, n, (off_t)(b->start + offset));
	return got > 0 ? (size_t)got : 0;
}

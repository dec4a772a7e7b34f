/*
 * blob.h - bytes that grow: in a file without a name, or in memory
 *
 * A file is gone when the process is, unless somebody gives it a name
 * (adapters/shelf.h). What a full disk does not take is in memory.
 */
#ifndef FETCHER_ADAPTERS_BLOB_H
#define FETCHER_ADAPTERS_BLOB_H

#include <stddef.h>
#include <stdint.h>

struct blob {
	int fd; /**< -1: in memory */
	uint8_t *bytes;
	size_t len, size;
	size_t start; /**< of its bytes in the file */
};

/** @param directory "" = in memory. @param start bytes of a file that are left
 *  free before it. @return 0 or an errno */
int blob_init(struct blob *b, const char *directory, size_t start);

/** One that is there. @param fd is the blob's to close */
void blob_take(struct blob *b, int fd, size_t start, size_t len);
void blob_close(struct blob *b);

int blob_append(struct blob *b, const void *p, size_t n); /**< 0 or an errno */

/** @return bytes read, fewer than @p n at the end or when it fails */
size_t blob_read(const struct blob *b, size_t offset, void *to, size_t n);

#endif

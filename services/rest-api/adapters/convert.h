/*
 * convert.h - one audio file to another, by libsndfile; waits for the disk
 */
#ifndef API_ADAPTERS_CONVERT_H
#define API_ADAPTERS_CONVERT_H

#include <stdbool.h>
#include <stdint.h>

enum { CONVERT_MEMORY_MAX = 64 * 1024 * 1024 }; /* bytes */

/** Whole or not at all: @p to is renamed to its name.
 *  @param channels 1: of two the sum; 2: of a file with two. @return 0 or an
 *  errno */
int convert(const char *from, const char *to, bool mp3, unsigned channels);

/** The same into memory, for a disk that takes no more; of files of at most
 *  CONVERT_MEMORY_MAX. @param fd of the result, yours to close. @return 0 or an
 *  errno */
int convert_in_memory(const char *from, int *fd, bool mp3, unsigned channels);

/** Remove the oldest files of a directory until it has no more than that. */
void convert_trim(const char *directory, uint64_t bytes);

#endif

/*
 * disk.h - files read and written beside the loop, by one thread
 *
 * The cache of sentences is a folder of WAV files named by their content's
 * key: `ab/abcdef….wav`. Several instances may share it; a file is whole or not
 * there, and the first one that is stored under a key stays.
 */
#ifndef SPEECH_ADAPTERS_DISK_H
#define SPEECH_ADAPTERS_DISK_H

#include <stddef.h>
#include <stdint.h>

struct disk;
struct log;
struct loop;

enum { DISK_JOBS_MAX = 1000 };

struct disk_config {
	struct loop *loop;
	const struct log *log;
	const char *cache; /**< folder; "" = nothing is kept */
	uint64_t
		cache_max; /**< bytes; beyond, what was used longest ago goes */
};

/** @return 0 or an errno: the folder can not be made or written to */
int disk_alloc(struct disk **dp, const struct disk_config *cfg);
void disk_free(struct disk *d); /**< waits for what is under way; NULL: no-op */

/** @p err 0 and the bytes (borrowed), or an errno, ENOENT mostly */
typedef void disk_h(void *arg, int err, const void *data, size_t n);

/** Audio that is kept under a key. @return 0, ENOBUFS or ENOMEM: the handler
 *  is not called */
int disk_load(struct disk *d, const char *key, disk_h *handler, void *arg);

struct disk_audio {
	uint32_t rate;   /**< [Hz] */
	const void *pcm; /**< 16 bit, mono */
	size_t n;        /**< bytes */
};

/** Keep audio (copied). The handler gets what is kept under the key now, which
 *  another instance may have stored first. @return as above */
int disk_store(struct disk *d, const char *key, const struct disk_audio *audio,
               disk_h *handler, void *arg);

/** A whole file of at most @p max bytes; the handler hears EFBIG of a larger one.
 *  @return as above */
int disk_read(struct disk *d, const char *path, size_t max, disk_h *handler,
              void *arg);

#endif

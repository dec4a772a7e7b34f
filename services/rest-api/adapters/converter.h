/*
 * converter.h - recordings in the form that was asked for, by a thread of its
 * own
 *
 *   RE….wav --> MP3, or both channels in one --> <recordings>/.cache/
 *
 * What was made is kept for the next time; the oldest goes when the cache is
 * full.
 */
#ifndef API_ADAPTERS_CONVERTER_H
#define API_ADAPTERS_CONVERTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct converter;
struct log;
struct loop;

enum { CONVERTER_JOBS_MAX = 64 }; /* that wait */
enum { CONVERTER_PATH = 4096 };

struct converter_config {
	struct loop *loop;
	const struct log *log;
	const char *recordings; /**< directory; borrowed */
	uint64_t cache_max;     /**< bytes */
};

/** @return 0 or an errno */
int converter_alloc(struct converter **cp, const struct converter_config *cfg);
/** Handlers of open jobs are called with ECANCELED. */
void converter_free(struct converter *c);

struct conversion {
	const char *sid;   /**< RE… */
	bool mp3;          /**< else WAVE */
	unsigned channels; /**< 1 or 2 */
};

/** @param fd of the file, yours to close; -1 when @p err is not 0 */
typedef void converted_h(void *arg, int err, int fd);

/** The handler is called later, once. @return 0, EAGAIN (too many wait) or
 *  ENOMEM */
int converter_start(struct converter *c, const struct conversion *what,
                    converted_h *handler, void *arg);

/** Open what was made before. @return -1: there is none */
int converter_open(const struct converter *c, const struct conversion *what);

/** It was removed: what was made of it goes, too. */
void converter_forget(struct converter *c, const char *sid);

#endif

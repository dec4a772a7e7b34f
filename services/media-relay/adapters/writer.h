/*
 * writer.h - recordings on disk, by a thread of their own
 *
 *   workers --samples--> queue --> writer thread --> file
 *   main    --open, remove-->            |
 *   main    <--opened, finished, removed-+
 *
 * A file is written as <directory>/.partial-<instance>/RE….wav and renamed to
 * <directory>/RE….wav when it is finished. The disk may be slow or full: then
 * recordings end, and nobody else waits.
 */
#ifndef MEDIA_ADAPTERS_WRITER_H
#define MEDIA_ADAPTERS_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/recorder.h"

struct log;
struct loop;
struct writer;

enum { WRITER_QUEUE_MAX = 64 * 1024 * 1024 }; /* bytes that wait for the disk */
enum { WRITER_GAP_MAX_S = 60 }; /* silence in place of what a restart missed */
enum {
	WRITER_LOOK_BYTES = 256 * 1024
};                             /* between two looks at the free space */
enum { WRITER_LOOK_S = 60 };   /* and at what the folder holds */
enum { WRITER_STRAY_S = 600 }; /* untouched, and its relay is dead: a stray */
enum { WRITER_SID_SIZE = 36 };

enum writer_event_type {
	WRITER_OPENED,   /**< samples may come: file, samples            */
	WRITER_FINISHED, /**< nothing is written any more; or it could
	                      not be opened                              */
	WRITER_FOUND,  /**< an earlier life left it, or a relay that is gone; it
	                   is finished now */
	WRITER_REMOVED /**< error: 0, or ENOENT                        */
};

struct writer_event {
	enum writer_event_type type;
	uint32_t file;
	char sid[WRITER_SID_SIZE];
	unsigned channels;
	uint64_t samples; /**< of a channel, in the file; 0: there is no file */
	uint64_t bytes;
	enum recorder_end why;
	int error; /**< an errno, where `why` is RECORDER_FAILED */
};

struct writer_config {
	struct loop *loop;
	const struct log *log;
	const char *directory; /**< made if it is not there */
	const char *instance;
	uint64_t
		bytes_max; /**< of all recordings in the folder; 0 = no limit */
	uint64_t bytes_free; /**< that stay free on its disk */
	/** Called in the main thread; @p ev is borrowed. */
	void (*on_event)(void *arg, const struct writer_event *ev);
	void *arg;
};

/** Strings of @p cfg are borrowed. @return 0 or an errno; a directory that can
 *  not be written to is no error here, but of each recording */
int writer_alloc(struct writer **wp, const struct writer_config *cfg);
/** Files that are open stay as they are, for the next life. */
void writer_free(struct writer *w);

/* --- the main thread: 0 or ENOMEM -------------------------------------------- */

/** WRITER_OPENED or WRITER_FINISHED comes. What an earlier life wrote of it
 *  goes on, with silence for the time since.
 *  @param file a number of the caller's, not used before */
int writer_open(struct writer *w, uint32_t file, const char *sid,
                unsigned channels);

/** Take a finished one away: WRITER_REMOVED comes. */
int writer_remove(struct writer *w, const char *sid);

/** Finish what an earlier life left and nobody opened: WRITER_FOUND of each */
int writer_adopt(struct writer *w);

/* --- any thread ---------------------------------------------------------------- */

/** @param n samples of all channels; copied
 *  @return 0, ENOBUFS (the disk is too slow) or ENOMEM */
int writer_append(struct writer *w, uint32_t file, const int16_t *samples,
                  size_t n);

/**
 * Finish it: WRITER_FINISHED comes, unless it came before.
 *
 * @param keep samples of a channel; what is behind them is cut off
 */
void writer_close(struct writer *w, uint32_t file, uint64_t keep,
                  enum recorder_end why, int error);

#endif

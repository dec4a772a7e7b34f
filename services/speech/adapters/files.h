/*
 * files.h - what the thread of disk.h does with files; everything blocks
 */
#ifndef SPEECH_ADAPTERS_FILES_H
#define SPEECH_ADAPTERS_FILES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *v; /**< owned */
	size_t n;
};

enum { FILES_LOAD_MAX = 32 * 1024 * 1024 };

/** Make the folder and see that it can be written to. @return 0 or an errno */
int files_prepare(const char *folder);

/** A whole file. @return 0 or an errno, EFBIG: over @p max */
int files_read(const char *path, size_t max, struct bytes *out);

/** The audio of `<folder>/<ke>/<key>.wav`, which counts as used now. A file
 *  that is no WAVE is removed. @return 0 or an errno */
int files_load(const char *folder, const char *key, struct bytes *out);

/** Make that file, whole or not at all; where it is there already, its audio
 *  takes the place of @p bytes. @return 0 or an errno */
int files_store(const char *folder, const char *key, uint32_t rate,
                struct bytes *bytes);

/** Remove the files that were used longest ago until @p max bytes are left. */
void files_trim(const char *folder, uint64_t max);

#endif

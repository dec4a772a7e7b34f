/*
 * writer_files.h - the files of the writer thread; inside of adapters/ only
 *
 * Everything here may wait for the disk, and is called by that thread only.
 */
#ifndef MEDIA_ADAPTERS_WRITER_FILES_H
#define MEDIA_ADAPTERS_WRITER_FILES_H

#include "adapters/writer.h"

enum { FILES_SLOTS = 256 }; /* of a table by number */
enum { FILES_PATH = 4096 };

struct open_file {
	struct open_file *next;
	uint32_t number;
	int fd;
	char sid[WRITER_SID_SIZE];
	unsigned channels;
	uint64_t samples; /* of a channel */
};

struct writer_files {
	const struct writer_config *cfg; /* borrowed */
	void (*tell)(void *arg, const struct writer_event *ev);
	void *arg;
	char partial[FILES_PATH]; /* directory of what is being written */
	int broken;               /* why there is none: an errno */
	uint64_t used;            /* bytes of all recordings in the folder */
	uint64_t unseen;          /* bytes written since the last look */
	uint64_t looked_ms;       /* when `used` was counted */
	int lock;                 /**< of `partial`: we live; -1 = none */
	uint64_t strays_ms;       /**< when strays were looked for */
	struct open_file *slots[FILES_SLOTS];
};

void files_init(struct writer_files *f, const struct writer_config *cfg,
                void (*tell)(void *arg, const struct writer_event *ev),
                void *arg);
void files_drop(struct writer_files *f); /**< closes; finishes nothing */

void files_open(struct writer_files *f, uint32_t number, const char *sid,
                unsigned channels);
void files_append(struct writer_files *f, uint32_t number,
                  const int16_t *samples, size_t n);
void files_close(struct writer_files *f, uint32_t number, uint64_t keep,
                 enum recorder_end why, int error);
void files_remove(struct writer_files *f, const char *sid);
void files_adopt(struct writer_files *f);
/** Finish a file that nobody writes to any more: WRITER_FOUND. */
void files_left(struct writer_files *f, const char *partial, const char *whole,
                const char *sid);
/** Is it "RE… .wav"? @param sid RE… */
bool files_sid(const char *name, char sid[WRITER_SID_SIZE]);
/** Of those that are open */
uint64_t files_bytes(const struct writer_files *f);

/* --- writer_file.c --------------------------------------------------------------- */

/** Bytes that @p samples of each of its channels take */
uint64_t file_bytes(const struct open_file *file, uint64_t samples);

/** Open what is being written, new or an earlier life's: whole samples of that,
 *  and silence for the time since. @return 0 or an errno */
int file_open(struct writer_files *f, struct open_file *file, const char *path);

/** Give it its name, @p keep samples of it; without any it is removed.
 *  @return 0 or an errno */
int file_finish(struct open_file *file, const char *partial, const char *whole,
                uint64_t keep);

/** Is it finished already? It was killed between the last sample and the last
 *  word then. Reads channels and samples. */
bool file_is_whole(struct open_file *file, const char *path);

/* --- writer_strays.c ----------------------------------------------------------- */

/** As long as we live, nobody takes our files for strays. */
void strays_keep_ours(struct writer_files *f);

/** Finish what relays left that never came back: now, and then when it is time
 *  again. */
void strays_look(struct writer_files *f);

/* --- writer_space.c ------------------------------------------------------------ */

/** Make the directories. @return 0 or an errno */
int space_prepare(struct writer_files *f);

/** May @p bytes be written? @return 0, ENOSPC or EDQUOT (the folder's limit) */
int space_left(struct writer_files *f, uint64_t bytes);

#endif

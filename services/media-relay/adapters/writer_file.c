/*
 * writer_file.c - one recording as a file: opened, taken up again, finished
 */
#include "adapters/writer_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/riff.h"

uint64_t file_bytes(const struct open_file *file, uint64_t samples)
{
	return samples * file->channels * RIFF_SAMPLE;
}

static bool header(const struct open_file *file)
{
	uint8_t head[RIFF_SIZE];

	riff_write(head, RECORDER_RATE, file->channels,
	           file_bytes(file, file->samples));
	return pwrite(file->fd, head, sizeof(head), 0) == RIFF_SIZE;
}

int file_finish(struct open_file *file, const char *partial, const char *whole,
                uint64_t keep)
{
	int err = 0;

	if (keep < file->samples)
		file->samples = keep;
	if (file->samples == 0) {
		(void)unlink(partial);
		return 0;
	}
	if (ftruncate(file->fd,
	              (off_t)(RIFF_SIZE + file_bytes(file, file->samples))) ||
	    !header(file) || rename(partial, whole))
		err = errno;
	return err;
}

/* What an earlier life wrote: whole samples, and silence for the time since. */
static int take_up(struct writer_files *f, struct open_file *file)
{
	uint64_t frame = file->channels * (uint64_t)RIFF_SAMPLE;
	uint64_t gap_ms = 0;
	struct timespec now;
	struct stat st;

	if (fstat(file->fd, &st))
		return errno;
	if (st.st_size <= RIFF_SIZE)
		return header(file) ? 0 : errno;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec >= st.st_mtim.tv_sec)
		gap_ms = (uint64_t)((now.tv_sec - st.st_mtim.tv_sec) * 1000 +
		                    (now.tv_nsec - st.st_mtim.tv_nsec) /
		                            1000000);
	if (gap_ms > WRITER_GAP_MAX_S * 1000ULL)
		gap_ms = WRITER_GAP_MAX_S * 1000ULL;
	file->samples = ((uint64_t)st.st_size - RIFF_SIZE) / frame;
	f->used += file->samples * frame;
	file->samples += gap_ms * RECORDER_RATE / 1000;
	if (ftruncate(file->fd,
	              (off_t)(RIFF_SIZE + file_bytes(file, file->samples))))
		return errno;
	return 0;
}

static int open_new(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
}

int file_open(struct writer_files *f, struct open_file *file, const char *path)
{
	int err = f->broken;

	if (err) { /* perhaps somebody repaired it */
		f->broken = space_prepare(f);
		err = f->broken;
	}
	if (!err)
		err = space_left(f, 0);
	if (err)
		return err;
	file->fd = open_new(path);
	if (file->fd < 0 && errno == ENOENT && space_prepare(f) == 0)
		file->fd = open_new(path); /* somebody removed the folder */
	return file->fd < 0 ? errno : take_up(f, file);
}

bool file_is_whole(struct open_file *file, const char *path)
{
	uint8_t head[RIFF_SIZE];
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool whole = fd >= 0 && fstat(fd, &st) == 0 &&
	             read(fd, head, sizeof(head)) == RIFF_SIZE &&
	             riff_channels(head) > 0;

	if (whole) {
		file->channels = riff_channels(head);
		file->samples = ((uint64_t)st.st_size - RIFF_SIZE) /
		                (file->channels * (uint64_t)RIFF_SAMPLE);
	}
	if (fd >= 0)
		close(fd);
	return whole;
}

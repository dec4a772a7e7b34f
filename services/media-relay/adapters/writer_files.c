/*
 * writer_files.c - recordings from their first sample to their name
 */
#include "adapters/writer_files.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/sid.h"
#include "core/riff.h"

void files_init(struct writer_files *f, const struct writer_config *cfg,
                void (*tell)(void *arg, const struct writer_event *ev),
                void *arg)
{
	memset(f, 0, sizeof(*f));
	f->cfg = cfg;
	f->tell = tell;
	f->arg = arg;
	f->lock = -1;
	f->broken = space_prepare(f);
}

static struct open_file **place_of(struct writer_files *f, uint32_t number)
{
	struct open_file **at = &f->slots[number % FILES_SLOTS];

	while (*at && (*at)->number != number)
		at = &(*at)->next;
	return at;
}

/* Where it is while it is written, and when it is finished */
static void paths(const struct writer_files *f, const char *sid,
                  char partial[FILES_PATH], char whole[FILES_PATH])
{
	(void)snprintf(partial, FILES_PATH, "%.4000s/%s.wav", f->partial, sid);
	(void)snprintf(whole, FILES_PATH, "%.4000s/%s.wav", f->cfg->directory,
	               sid);
}

static void tell(struct writer_files *f, enum writer_event_type type,
                 const struct open_file *file, enum recorder_end why, int error)
{
	struct writer_event ev = {
		.type = type,
		.file = file->number,
		.channels = file->channels,
		.samples = file->samples,
		.bytes = file->samples
	                         ? RIFF_SIZE + file_bytes(file, file->samples)
	                         : 0,
		.why = why,
		.error = error,
	};

	memcpy(ev.sid, file->sid, sizeof(ev.sid));
	f->tell(f->arg, &ev);
}

static void end(struct writer_files *f, struct open_file **at, uint64_t keep,
                enum recorder_end why, int error)
{
	char partial[FILES_PATH], whole[FILES_PATH];
	struct open_file *file = *at;
	int err;

	paths(f, file->sid, partial, whole);
	err = file_finish(file, partial, whole, keep);
	if (err) {
		log_error(f->cfg->log, "%s can not be finished: %s", file->sid,
		          strerror(err));
		file->samples = 0;
	}
	*at = file->next;
	tell(f, WRITER_FINISHED, file, err ? RECORDER_FAILED : why,
	     err ? err : error);
	close(file->fd);
	free(file);
}

/* --- opening ----------------------------------------------------------------------- */

void files_open(struct writer_files *f, uint32_t number, const char *sid,
                unsigned channels)
{
	struct open_file refused = {.number = number, .channels = channels};
	char partial[FILES_PATH], whole[FILES_PATH];
	struct open_file **at = place_of(f, number);
	struct open_file *file = calloc(1, sizeof(*file));
	int err = ENOMEM;

	memcpy(refused.sid, sid, sizeof(refused.sid));
	paths(f, sid, partial, whole);
	if (file_is_whole(&refused, whole)) {
		free(file);
		tell(f, WRITER_FINISHED, &refused, RECORDER_STOPPED, 0);
		return;
	}
	if (file) {
		*file = refused;
		file->fd = -1;
		err = file_open(f, file, partial);
	}
	if (!err) {
		*at = file;
		tell(f, WRITER_OPENED, file, RECORDER_STOPPED, 0);
		return;
	}
	log_error(f->cfg->log, "%s can not be recorded: %s", sid,
	          strerror(err));
	tell(f, WRITER_FINISHED, &refused, RECORDER_FAILED, err);
	if (file && file->fd >= 0) {
		close(file->fd);
		if (file->samples == 0)
			(void)unlink(partial);
	}
	free(file);
}

/* --- samples ----------------------------------------------------------------------- */

static int append(struct writer_files *f, struct open_file *file,
                  const int16_t *samples, size_t n)
{
	const uint8_t *p = (const uint8_t *)samples;
	off_t at = (off_t)(RIFF_SIZE + file_bytes(file, file->samples));
	size_t left = n * RIFF_SAMPLE;
	int err = space_left(f, left);

	while (left > 0 && !err) {
		ssize_t written = pwrite(file->fd, p, left, at);

		if (written < 0) {
			err = errno;
			break;
		}
		p += written;
		at += written;
		left -= (size_t)written;
	}
	/* what was written in part is kept, whole samples of it */
	file->samples = ((uint64_t)at - RIFF_SIZE) /
	                (file->channels * (uint64_t)RIFF_SAMPLE);
	f->used += n * RIFF_SAMPLE - left;
	return err;
}

void files_append(struct writer_files *f, uint32_t number,
                  const int16_t *samples, size_t n)
{
	struct open_file **at = place_of(f, number);
	int err;

	_Static_assert(__BYTE_ORDER == __LITTLE_ENDIAN,
	               "samples are written as they are");
	if (!*at) /* it failed before */
		return;
	err = append(f, *at, samples, n);
	if (!err)
		return;
	log_error(f->cfg->log, "%s ends: %s", (*at)->sid, strerror(err));
	end(f, at, (*at)->samples, RECORDER_FAILED, err);
}

void files_close(struct writer_files *f, uint32_t number, uint64_t keep,
                 enum recorder_end why, int error)
{
	struct open_file **at = place_of(f, number);

	if (*at)
		end(f, at, keep, why, error);
}

void files_drop(struct writer_files *f)
{
	if (f->lock >= 0)
		close(f->lock);
	for (size_t i = 0; i < FILES_SLOTS; i++) {
		while (f->slots[i]) {
			struct open_file *file = f->slots[i];

			f->slots[i] = file->next;
			close(file->fd);
			free(file);
		}
	}
}

uint64_t files_bytes(const struct writer_files *f)
{
	uint64_t n = 0;

	for (size_t i = 0; i < FILES_SLOTS; i++) {
		for (const struct open_file *o = f->slots[i]; o; o = o->next)
			n += file_bytes(o, o->samples);
	}
	return n;
}

/* --- the folder --------------------------------------------------------------------- */

void files_remove(struct writer_files *f, const char *sid)
{
	char partial[FILES_PATH], whole[FILES_PATH];
	struct writer_event ev = {.type = WRITER_REMOVED};
	struct stat st;

	memcpy(ev.sid, sid, sizeof(ev.sid));
	paths(f, sid, partial, whole);
	if (stat(whole, &st) || unlink(whole))
		ev.error = errno;
	else if (f->used >= (uint64_t)st.st_size)
		f->used -= (uint64_t)st.st_size;
	f->tell(f->arg, &ev);
}

static bool is_open(const struct writer_files *f, const char *sid)
{
	for (size_t i = 0; i < FILES_SLOTS; i++) {
		for (const struct open_file *o = f->slots[i]; o; o = o->next) {
			if (strcmp(o->sid, sid) == 0)
				return true;
		}
	}
	return false;
}

void files_left(struct writer_files *f, const char *partial, const char *whole,
                const char *sid)
{
	struct open_file file = {.fd = -1};
	uint8_t head[RIFF_SIZE];
	struct stat st;

	(void)snprintf(file.sid, sizeof(file.sid), "%s", sid);
	file.fd = open(partial, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (file.fd < 0)
		return;
	if (fstat(file.fd, &st) == 0 &&
	    pread(file.fd, head, sizeof(head), 0) == RIFF_SIZE)
		file.channels = riff_channels(head);
	if (file.channels > 0)
		file.samples = ((uint64_t)st.st_size - RIFF_SIZE) /
		               (file.channels * (uint64_t)RIFF_SAMPLE);
	if (file_finish(&file, partial, whole, file.samples) == 0)
		tell(f, WRITER_FOUND, &file, RECORDER_STOPPED, 0);
	close(file.fd);
}

bool files_sid(const char *name, char sid[WRITER_SID_SIZE])
{
	size_t n = strlen(name);

	if (n < 4 || n - 4 >= WRITER_SID_SIZE ||
	    strcmp(name + n - 4, ".wav") != 0)
		return false;
	memcpy(sid, name, n - 4);
	sid[n - 4] = '\0';
	return sid_valid(sid, "RE");
}

void files_adopt(struct writer_files *f)
{
	char partial[FILES_PATH], whole[FILES_PATH], sid[WRITER_SID_SIZE];
	struct dirent *e;
	DIR *d = opendir(f->partial);

	while (d && (e = readdir(d))) {
		if (!files_sid(e->d_name, sid) || is_open(f, sid))
			continue;
		paths(f, sid, partial, whole);
		files_left(f, partial, whole, sid);
	}
	if (d)
		(void)closedir(d);
}

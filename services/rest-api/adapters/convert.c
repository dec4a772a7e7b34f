/*
 * convert.c - one audio file to another, by libsndfile
 */
#include "adapters/convert.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sndfile.h>

enum { PATH = 4096, FRAMES = 4096, CHANNELS = 2 };

/* As recorder.c of media-relay mixes */
static void mix(int *samples, sf_count_t frames)
{
	for (sf_count_t i = 0; i < frames; i++) {
		int64_t sum = (int64_t)samples[2 * i] + samples[2 * i + 1];

		if (sum > INT32_MAX)
			sum = INT32_MAX;
		samples[i] = (int)(sum < INT32_MIN ? INT32_MIN : sum);
	}
}

/* As 32 bits: libsndfile 1.2.0 makes a noise of two channels of 16-bit samples
 * that are to become MP3. */
static int copy(SNDFILE *in, SNDFILE *out, bool mixed)
{
	int samples[FRAMES * CHANNELS];
	sf_count_t n;

	while ((n = sf_readf_int(in, samples, FRAMES)) > 0) {
		if (mixed)
			mix(samples, n);
		if (sf_writef_int(out, samples, n) != n)
			return errno ? errno : EIO;
	}
	return sf_error(in) ? EIO : 0;
}

/* A file that is written. libsndfile does not tell of a full disk when it makes
 * MP3: so it writes by us. */
struct sink {
	int fd;
	sf_count_t at, end;
	int err; /* the first one, 0 = none */
};

static sf_count_t sink_end(void *arg)
{
	return ((struct sink *)arg)->end;
}

static sf_count_t sink_tell(void *arg)
{
	return ((struct sink *)arg)->at;
}

static sf_count_t sink_seek(sf_count_t offset, int whence, void *arg)
{
	struct sink *s = arg;

	if (whence == SEEK_CUR)
		offset += s->at;
	else if (whence == SEEK_END)
		offset += s->end;
	s->at = offset;
	return s->at;
}

static sf_count_t sink_read(void *p, sf_count_t n, void *arg)
{
	struct sink *s = arg;
	ssize_t got = pread(s->fd, p, (size_t)n, (off_t)s->at);

	s->at += got > 0 ? got : 0;
	return got > 0 ? got : 0;
}

static sf_count_t sink_write(const void *p, sf_count_t n, void *arg)
{
	struct sink *s = arg;
	sf_count_t done = 0;

	while (done < n) {
		ssize_t wrote = pwrite(s->fd, (const char *)p + done,
		                       (size_t)(n - done), (off_t)s->at);

		if (wrote < 0) {
			s->err = s->err ? s->err : errno;
			break;
		}
		done += wrote;
		s->at += wrote;
		s->end = s->at > s->end ? s->at : s->end;
	}
	return done;
}

static int write_to(SNDFILE *in, const SF_INFO *from, int fd, bool mp3,
                    unsigned channels)
{
	SF_INFO to = {
		.samplerate = from->samplerate,
		.channels = (int)channels,
		.format = mp3 ? SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
	                      : SF_FORMAT_WAV | SF_FORMAT_PCM_16,
	};
	SF_VIRTUAL_IO io = {sink_end, sink_seek, sink_read, sink_write,
	                    sink_tell};
	struct sink sink = {.fd = fd};
	SNDFILE *out = sf_open_virtual(&io, SFM_WRITE, &to, &sink);
	int err;

	if (!out)
		return sink.err ? sink.err : EIO;
	err = copy(in, out, channels < (unsigned)from->channels);
	if (sf_close(out) && !err)
		err = EIO;
	return sink.err ? sink.err : err;
}

/* @return NULL when it is not there, or not as it should be */
static SNDFILE *open_source(const char *from, unsigned channels, SF_INFO *info)
{
	SNDFILE *in;

	*info = (SF_INFO){.format = 0};
	in = sf_open(from, SFM_READ, info);
	if (in && (info->channels > CHANNELS ||
	           channels > (unsigned)info->channels)) {
		sf_close(in);
		return NULL;
	}
	return in;
}

int convert(const char *from, const char *to, bool mp3, unsigned channels)
{
	SF_INFO info;
	SNDFILE *in = open_source(from, channels, &info);
	char temporary[PATH];
	int err = EIO;
	int fd = -1;

	if (!in)
		return ENOENT;
	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.XXXXXX", to) >=
	    sizeof(temporary))
		goto out;
	fd = mkostemp(temporary, O_CLOEXEC);
	err = fd < 0 ? errno : write_to(in, &info, fd, mp3, channels);
	if (!err && (fchmod(fd, 0640) || rename(temporary, to)))
		err = errno;
	if (err && fd >= 0)
		(void)unlink(temporary);
out:
	if (fd >= 0)
		close(fd);
	sf_close(in);
	return err;
}

int convert_in_memory(const char *from, int *fd, bool mp3, unsigned channels)
{
	SF_INFO info;
	SNDFILE *in = open_source(from, channels, &info);
	int err = EFBIG;

	*fd = -1;
	if (!in)
		return ENOENT;
	if (info.frames * info.channels * 2 <= CONVERT_MEMORY_MAX) {
		*fd = memfd_create("recording", MFD_CLOEXEC);
		err = *fd < 0 ? errno : write_to(in, &info, *fd, mp3, channels);
	}
	sf_close(in);
	if (err && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return err;
}

/* @return bytes in the directory; its oldest file */
static uint64_t look(const char *directory, char oldest[PATH])
{
	DIR *d = opendir(directory);
	struct timespec when = {0, 0};
	struct dirent *e;
	struct stat st;
	uint64_t sum = 0;

	oldest[0] = '\0';
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.' || fstatat(dirfd(d), e->d_name, &st, 0))
			continue;
		sum += (uint64_t)st.st_size;
		if (oldest[0] && (st.st_mtim.tv_sec > when.tv_sec ||
		                  (st.st_mtim.tv_sec == when.tv_sec &&
		                   st.st_mtim.tv_nsec >= when.tv_nsec)))
			continue;
		when = st.st_mtim;
		(void)snprintf(oldest, PATH, "%.3800s/%s", directory,
		               e->d_name);
	}
	if (d)
		(void)closedir(d);
	return sum;
}

void convert_trim(const char *directory, uint64_t bytes)
{
	char oldest[PATH];

	while (look(directory, oldest) > bytes && oldest[0]) {
		if (unlink(oldest))
			return;
	}
}

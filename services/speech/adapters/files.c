/*
 * files.c - what the thread of disk.h does with files; everything blocks
 */
#include "adapters/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sys/random.h>
#include <sys/stat.h>

#include "core/wav.h"

enum { FILES_MAX = 200000 };      /* that are looked at in a folder */
enum { LEFTOVER_SECONDS = 3600 }; /* age of a file whose writer died */

int files_prepare(const char *folder)
{
	if (mkdir(folder, 0755) && errno != EEXIST)
		return errno;
	return access(folder, R_OK | W_OK | X_OK) ? errno : 0;
}

static int read_fd(int fd, size_t max, struct bytes *out)
{
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	if (st.st_size > (off_t)max)
		return EFBIG;
	out->v = malloc((size_t)st.st_size + 1);
	if (!out->v)
		return ENOMEM;
	while (n < (size_t)st.st_size) {
		ssize_t got = read(fd, out->v + n, (size_t)st.st_size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	out->n = n;
	return 0;
}

int files_read(const char *path, size_t max, struct bytes *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err;

	*out = (struct bytes){NULL, 0};
	if (fd < 0)
		return errno;
	err = read_fd(fd, max, out);
	close(fd);
	return err;
}

static void path_of(const char *folder, const char *key, char out[PATH_MAX])
{
	(void)snprintf(out, PATH_MAX, "%s/%.2s/%s.wav", folder, key, key);
}

int files_load(const char *folder, const char *key, struct bytes *out)
{
	char path[PATH_MAX];
	struct wav wav;
	int err;

	path_of(folder, key, path);
	err = files_read(path, FILES_LOAD_MAX, out);
	if (err || !out->v)
		return err;
	if (wav_read(out->v, out->n, &wav)) {
		free(out->v);
		*out = (struct bytes){NULL, 0};
		(void)unlink(path);
		return ENOENT;
	}
	memmove(out->v, wav.data, wav.n);
	out->n = wav.n;
	(void)utimensat(AT_FDCWD, path, NULL, 0);
	return 0;
}

static int write_all(int fd, const void *from, size_t n)
{
	const uint8_t *p = from;

	while (n) {
		ssize_t put = write(fd, p, n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return errno;
		p += put;
		n -= (size_t)put;
	}
	return 0;
}

static int write_file(const char *path, uint32_t rate, const struct bytes *b)
{
	uint8_t header[WAV_HEADER_SIZE];
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int err;

	if (fd < 0)
		return errno;
	wav_header(header, rate, b->n);
	err = write_all(fd, header, sizeof(header));
	if (!err)
		err = write_all(fd, b->v, b->n);
	/* The name must not be there before the bytes are. */
	if (!err && fdatasync(fd))
		err = errno;
	if (close(fd) && !err)
		err = errno;
	return err;
}

static int take_stored(const char *folder, const char *key, struct bytes *b)
{
	struct bytes stored;
	int err = files_load(folder, key, &stored);

	if (err)
		return err;
	free(b->v);
	*b = stored;
	return 0;
}

int files_store(const char *folder, const char *key, uint32_t rate,
                struct bytes *bytes)
{
	char path[PATH_MAX], temporary[PATH_MAX + 32];
	uint64_t random;
	int err;

	(void)snprintf(path, sizeof(path), "%s/%.2s", folder, key);
	(void)mkdir(path, 0755);
	path_of(folder, key, path);
	/* Process ids of containers that share the folder are the same. */
	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return EIO;
	(void)snprintf(temporary, sizeof(temporary), "%s.%016" PRIx64 ".part",
	               path, random);
	err = write_file(temporary, rate, bytes);
	/* link() and not rename(): the first one stays. */
	if (!err && link(temporary, path))
		err = errno;
	(void)unlink(temporary);
	return err == EEXIST ? take_stored(folder, key, bytes) : err;
}

/* --- the limit ------------------------------------------------------------- */

struct file {
	char name[100]; /* from the folder */
	off_t size;
	time_t used;
};

struct listing {
	struct file *v;
	size_t n, room;
	uint64_t total;
};

static void list_one(struct listing *l, const char *folder, const char *sub,
                     const char *name)
{
	struct file *f;
	char path[PATH_MAX];
	struct stat st;

	if (l->n == FILES_MAX)
		return;
	if (l->n == l->room) {
		size_t room = l->room ? l->room * 2 : 256;

		f = realloc(l->v, room * sizeof(*f));
		if (!f)
			return;
		l->v = f;
		l->room = room;
	}
	f = &l->v[l->n];
	(void)snprintf(f->name, sizeof(f->name), "%.2s/%.90s", sub, name);
	(void)snprintf(path, sizeof(path), "%s/%s", folder, f->name);
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return;
	if (strstr(name, ".part")) {
		if (time(NULL) - st.st_mtime > LEFTOVER_SECONDS)
			(void)unlink(path);
		return;
	}
	f->size = st.st_size;
	f->used = st.st_mtime;
	l->total += (uint64_t)st.st_size;
	l->n++;
}

static void list_sub(struct listing *l, const char *folder, const char *sub)
{
	char path[PATH_MAX];
	struct dirent *e;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, sub);
	dir = opendir(path);
	while (dir && (e = readdir(dir)))
		list_one(l, folder, sub, e->d_name);
	if (dir)
		closedir(dir);
}

static int older(const void *a, const void *b)
{
	const struct file *x = a, *y = b;

	return (x->used > y->used) - (x->used < y->used);
}

void files_trim(const char *folder, uint64_t max)
{
	struct listing l = {NULL, 0, 0, 0};
	struct dirent *e;
	DIR *dir = opendir(folder);
	char path[PATH_MAX];

	while (dir && (e = readdir(dir))) {
		if (strlen(e->d_name) == 2 && e->d_name[0] != '.')
			list_sub(&l, folder, e->d_name);
	}
	if (dir)
		closedir(dir);
	if (l.total > max)
		qsort(l.v, l.n, sizeof(*l.v), older);
	for (size_t i = 0; i < l.n && l.total > max; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		               l.v[i].name);
		if (unlink(path) == 0)
			l.total -= (uint64_t)l.v[i].size;
	}
	free(l.v);
}

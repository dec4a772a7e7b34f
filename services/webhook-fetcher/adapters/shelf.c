/*
 * shelf.c - kept audio as files that outlive the process
 */
#include "adapters/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loop/loop.h"

enum { PATH = 4096 };
enum { BETWEEN_MS = 60000 }; /* nobody takes so long for a name */

static const char suffix[] = ".audio";

/* @return does it fit? */
static bool path_of(const char *directory, const char *key, const char *end,
                    char out[PATH])
{
	return (size_t)snprintf(out, PATH, "%s/%s%s", directory, key, end) <
	       PATH;
}

/* A name for a file that has none; the one that had it loses it. */
static int give_name(const char *directory, int fd, const char *key)
{
	char name[PATH], between[PATH], own[64], pid[32];

	(void)snprintf(own, sizeof(own), "/proc/self/fd/%d", fd);
	(void)snprintf(pid, sizeof(pid), ".%ld", (long)getpid());
	if (!path_of(directory, key, suffix, name) ||
	    !path_of(directory, key, pid, between))
		return ENAMETOOLONG;
	(void)unlink(between);
	if (linkat(AT_FDCWD, own, AT_FDCWD, between, AT_SYMLINK_FOLLOW))
		return errno;
	if (rename(between, name)) {
		int err = errno;

		(void)unlink(between);
		return err;
	}
	return 0;
}

int shelf_keep(const char *directory, int fd, const struct label *l, bool named)
{
	char text[LABEL_SIZE];
	ssize_t n;

	label_write(l, text);
	n = pwrite(fd, text, sizeof(text), 0);
	if (n != (ssize_t)sizeof(text))
		return n < 0 ? errno : ENOSPC;
	return named ? 0 : give_name(directory, fd, l->key);
}

void shelf_drop(const char *directory, const char *key, int fd)
{
	struct stat ours, there;
	char name[PATH];

	if (path_of(directory, key, suffix, name) && fstat(fd, &ours) == 0 &&
	    lstat(name, &there) == 0 && ours.st_ino == there.st_ino &&
	    ours.st_dev == there.st_dev)
		(void)unlink(name);
}

/* --- what another life left ------------------------------------------------- */

/* "<key>.…" to its key. @return what stands behind it; NULL: it is no such name */
static const char *key_of(const char *name, char key[LABEL_KEY_SIZE])
{
	if (strlen(name) < LABEL_KEY_SIZE || name[LABEL_KEY_SIZE - 1] != '.')
		return NULL;
	memcpy(key, name, LABEL_KEY_SIZE - 1);
	key[LABEL_KEY_SIZE - 1] = '\0';
	return label_is_key(key) ? name + LABEL_KEY_SIZE - 1 : NULL;
}

static bool is_good(int fd, const char *key, struct label *l, struct stat *st)
{
	char text[LABEL_SIZE];

	return fstat(fd, st) == 0 && S_ISREG(st->st_mode) &&
	       pread(fd, text, sizeof(text), 0) == (ssize_t)sizeof(text) &&
	       label_read(l, text) && strcmp(l->key, key) == 0 &&
	       (uint64_t)st->st_size == LABEL_SIZE + l->bytes;
}

static uint64_t age_of(const struct stat *st)
{
	uint64_t then = (uint64_t)st->st_mtim.tv_sec * 1000;
	uint64_t now = loop_wall_ms();

	return now > then ? now - then : 0;
}

/* @return was it told of? */
static bool load(int dir, const char *name, shelf_found_h *found, void *arg)
{
	char key[LABEL_KEY_SIZE];
	const char *end = key_of(name, key);
	struct label label;
	struct stat st;
	int fd;

	/* what others wrote is not believed */
	if (!end || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    st.st_uid != geteuid())
		return false;
	if (strcmp(end, suffix) != 0) { /* it got no further (give_name()) */
		if (age_of(&st) > BETWEEN_MS)
			(void)unlinkat(dir, name, 0);
		return false;
	}
	fd = openat(dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return false;
	if (is_good(fd, key, &label, &st)) {
		found(arg, fd, &label, age_of(&st));
		return true;
	}
	close(fd);
	(void)unlinkat(dir, name, 0);
	return false;
}

void shelf_load(const char *directory, size_t max, shelf_found_h *found,
                void *arg)
{
	DIR *d = opendir(directory);
	struct dirent *e;
	size_t n = 0;

	while (d && n < max && (e = readdir(d)))
		n += load(dirfd(d), e->d_name, found, arg);
	if (d)
		(void)closedir(d);
}

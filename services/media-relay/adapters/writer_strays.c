/*
 * writer_strays.c - what relays were recording that never came back
 *
 * A relay holds a lock on its own .partial-<instance>/, which goes with its
 * process. Who has the lock of another one's and finds files that were not
 * touched for WRITER_STRAY_S, in which it would have come back, finishes them.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "adapters/writer_files.h"
#include "loop/loop.h"

enum { TRIES = 20 };

static const char prefix[] = ".partial-";

void strays_keep_ours(struct writer_files *f)
{
	const struct timespec moment = {0, 50000000};

	if (f->lock >= 0)
		close(f->lock);
	f->lock = open(f->partial, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* somebody may just be looking */
	for (int i = 0;
	     i < TRIES && f->lock >= 0 && flock(f->lock, LOCK_EX | LOCK_NB);
	     i++)
		(void)nanosleep(&moment, NULL);
}

static bool is_old(const struct stat *st)
{
	return st->st_mtim.tv_sec < time(NULL) - WRITER_STRAY_S;
}

/* Its files that were not touched for long */
static void take(struct writer_files *f, DIR *d, const char *path)
{
	char partial[FILES_PATH], whole[FILES_PATH], sid[WRITER_SID_SIZE];
	struct dirent *e;
	struct stat st;

	while ((e = readdir(d))) {
		if (!files_sid(e->d_name, sid) ||
		    fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
		    !is_old(&st))
			continue;
		(void)snprintf(partial, sizeof(partial), "%.4000s/%.48s", path,
		               e->d_name);
		(void)snprintf(whole, sizeof(whole), "%.4000s/%.48s",
		               f->cfg->directory, e->d_name);
		files_left(f, partial, whole, sid);
	}
}

static void visit(struct writer_files *f, const char *name)
{
	char path[FILES_PATH];
	struct stat st;
	DIR *d;

	(void)snprintf(path, sizeof(path), "%.3800s/%.255s", f->cfg->directory,
	               name);
	d = strcmp(path, f->partial) == 0 ? NULL : opendir(path);
	if (!d)
		return;
	if (flock(dirfd(d), LOCK_EX | LOCK_NB) == 0) {
		if (fstat(dirfd(d), &st) == 0 && is_old(&st))
			(void)rmdir(path); /* if it is empty */
		take(f, d, path);
	}
	(void)closedir(d);
}

void strays_look(struct writer_files *f)
{
	uint64_t now = loop_now_ms();
	struct dirent *e;
	DIR *d;

	if (f->strays_ms && now - f->strays_ms < WRITER_STRAY_S * 1000ULL)
		return;
	f->strays_ms = now;
	d = opendir(f->cfg->directory);
	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, prefix, sizeof(prefix) - 1) == 0)
			visit(f, e->d_name);
	}
	if (d)
		(void)closedir(d);
}

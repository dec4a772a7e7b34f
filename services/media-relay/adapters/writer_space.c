/*
 * writer_space.c - how much of the disk recordings may take
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "adapters/writer_files.h"
#include "base/log.h"
#include "loop/loop.h"

static int make_directory(const char *path)
{
	char part[FILES_PATH];

	for (size_t i = 1; path[i - 1]; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0750) && errno != EEXIST)
			return errno;
	}
	return 0;
}

int space_prepare(struct writer_files *f)
{
	const char *directory = f->cfg->directory;
	int err;

	if ((size_t)snprintf(f->partial, sizeof(f->partial), "%s/.partial-%s",
	                     directory, f->cfg->instance) >= FILES_PATH - 64)
		err = ENAMETOOLONG;
	else
		err = make_directory(f->partial);
	if (!err)
		strays_keep_ours(f);
	if (err)
		log_error(f->cfg->log,
		          "nothing can be recorded in %s: %s; set "
		          "TRESTLE_RECORDINGS",
		          directory, strerror(err));
	return err;
}

/* Other relays write and remove there too: count it now and then. */
static void count(struct writer_files *f)
{
	DIR *d = opendir(f->cfg->directory);
	char sid[WRITER_SID_SIZE];
	struct dirent *e;
	struct stat st;

	f->looked_ms = loop_now_ms();
	if (!d)
		return;
	f->used = files_bytes(f);
	while ((e = readdir(d))) {
		if (files_sid(e->d_name, sid) &&
		    fstatat(dirfd(d), e->d_name, &st, 0) == 0)
			f->used += (uint64_t)st.st_size;
	}
	(void)closedir(d);
}

static int look_at_disk(struct writer_files *f, uint64_t bytes)
{
	struct statvfs st;

	f->unseen = 0;
	if (statvfs(f->cfg->directory, &st))
		return errno;
	if ((uint64_t)st.f_bavail * st.f_frsize < f->cfg->bytes_free + bytes)
		return ENOSPC;
	return 0;
}

int space_left(struct writer_files *f, uint64_t bytes)
{
	const uint64_t most = f->cfg->bytes_max;
	bool old = f->looked_ms == 0 ||
	           loop_now_ms() - f->looked_ms > WRITER_LOOK_S * 1000ULL;

	if (most > 0 && old)
		count(f);
	if (most > 0 && f->used + bytes > most)
		return EDQUOT;
	f->unseen += bytes;
	return bytes == 0 || f->unseen > WRITER_LOOK_BYTES
	               ? look_at_disk(f, bytes)
	               : 0;
}

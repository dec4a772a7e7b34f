/*
 * test_media_disk.c - TRESTLE_MEDIA_CACHE: a disk that is full
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "player.h"
#include "service/gallery.h"
#include "unit/test.h"

enum { DISK_KB = 400 };

static char folder[] = "/tmp/media-XXXXXX";

/* All that is left of the disk, for something else */
static void fill(const char *name)
{
	static char bytes[4096];
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	close(fd);
}

static void a_full_disk_is_no_reason_for_silence(void **state)
{
	char options[64], cache[64];

	(void)state;
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		skip(); /* needs root */
	(void)snprintf(options, sizeof(options), "size=%dk,nr_inodes=4",
	               DISK_KB);
	assert_int_equal(0, mount("tmpfs", folder, "tmpfs", 0, options));
	(void)snprintf(cache, sizeof(cache), "%s", folder);
	(void)process_stop(fixture.fetcher, SIGKILL);
	setenv("TRESTLE_MEDIA_CACHE", cache, 1);
	fixture_start_fetcher();
	/* it is full in the middle of a file */
	player_put("/long.wav", "Cache-Control: max-age=60\r\n", PLAYER_BODY);
	(void)player_whole("/long.wav", PLAYER_BODY);
	(void)player_whole("/long.wav", PLAYER_BODY);
	assert_int_equal(1, gallery_requests("/long.wav"));
	/* before its first byte, and then there can not be a file at all */
	fill("one");
	player_put("/more.wav", NULL, 100000);
	(void)player_whole("/more.wav", 100000);
	fill("two");
	fill("three");
	player_put("/most.wav", NULL, 100000);
	(void)player_whole("/most.wav", 100000);
	/* nor is it one not to start */
	(void)process_stop(fixture.fetcher, SIGTERM);
	fixture_start_fetcher();
	(void)player_whole("/long.wav", PLAYER_BODY);
}

static int set_up(void **state)
{
	assert_non_null(mkdtemp(folder));
	setenv("TRESTLE_MEDIA_CACHE", folder, 1);
	return player_set_up(state);
}

static int tear_down(void **state)
{
	int err = fixture_tear_down(state);

	(void)umount(folder);
	(void)rmdir(folder);
	return err;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_disk_is_no_reason_for_silence),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}

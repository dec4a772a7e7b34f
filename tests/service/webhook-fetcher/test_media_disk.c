/*
 * test_media_disk.c - TRESTLE_MEDIA_CACHE: after a restart, on a full disk
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "player.h"
#include "service/gallery.h"
#include "unit/test.h"

enum { DISK_KB = 400 };

/* All that is left of the disk, for something else */
static void fill(const char *name)
{
	static char bytes[4096];
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", player_folder(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		;
	close(fd);
}

static void restart(int signal)
{
	(void)process_stop(fixture.fetcher, signal);
	fixture_start_fetcher();
}

/* The only file of kept audio, or NULL. @return static */
static const char *kept_file(void)
{
	static char path[320];
	struct dirent *e;
	DIR *d = opendir(player_folder());

	path[0] = '\0';
	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		assert_true(path[0] == '\0');
		(void)snprintf(path, sizeof(path), "%s/%s", player_folder(),
		               e->d_name);
	}
	(void)closedir(d);
	return path[0] ? path : NULL;
}

static void what_was_fetched_outlives_the_process(void **state)
{
	static const int signals[] = {SIGKILL, SIGTERM};
	char version[64];

	(void)state;
	player_put("/kept.wav", "Cache-Control: max-age=60\r\n", PLAYER_BODY);
	(void)snprintf(version, sizeof(version), "%s",
	               player_whole("/kept.wav", PLAYER_BODY));
	for (size_t i = 0; i < N_OF(signals); i++) {
		struct piece *p;

		restart(signals[i]);
		assert_string_equal(version,
		                    player_whole("/kept.wav", PLAYER_BODY));
		p = player_piece("/kept.wav", 0, "");
		assert_in_range(p->fresh_ms, 30000, 60000);
		assert_string_equal("audio/wav", p->type);
	}
	assert_int_equal(1, gallery_requests("/kept.wav"));
	/* the rest of it, for a relay that has the begin */
	assert_int_equal(
		100000,
		player_piece("/kept.wav", PLAYER_BODY - 100000, version)->n);
	assert_int_equal(0, unlink(kept_file()));
}

static void what_may_have_changed_is_asked_about_after_a_restart(void **state)
{
	(void)state;
	player_put("/asked.wav", "ETag: \"one\"\r\n", 5000);
	(void)player_whole("/asked.wav", 5000);
	restart(SIGKILL);
	(void)player_whole("/asked.wav", 5000);
	assert_int_equal(2, gallery_requests("/asked.wav"));
	assert_int_equal(1, gallery_unchanged("/asked.wav"));
	/* then it is another one, and that is kept in its place */
	player_put("/asked.wav", "ETag: \"two\"\r\n", 4000);
	(void)player_whole("/asked.wav", 4000);
	restart(SIGKILL);
	(void)player_whole("/asked.wav", 4000);
	assert_int_equal(2, gallery_requests("/asked.wav"));
	assert_int_equal(1, gallery_unchanged("/asked.wav"));
	assert_int_equal(0, unlink(kept_file()));
}

static void what_may_not_be_used_again_leaves_nothing(void **state)
{
	(void)state;
	player_put("/secret.wav", "Cache-Control: no-store, max-age=60\r\n",
	           5000);
	(void)player_whole("/secret.wav", 5000);
	player_put("/plain.wav", NULL, 5000);
	(void)player_whole("/plain.wav", 5000);
	assert_null(kept_file());
	/* nor what was to be used for a second, once that is over */
	player_put("/short.wav", "Cache-Control: max-age=1\r\n", 5000);
	(void)player_whole("/short.wav", 5000);
	assert_non_null(kept_file());
	(void)process_stop(fixture.fetcher, SIGKILL);
	(void)usleep(1100000);
	fixture_start_fetcher();
	(void)player_whole("/short.wav", 5000);
	assert_int_equal(2, gallery_requests("/short.wav"));
	assert_int_equal(0, unlink(kept_file()));
}

static void a_damaged_file_is_fetched_anew(void **state)
{
	static const struct {
		const char *name, *command;
	} rows[] = {
		{"cut off", "truncate -s -1 %s"},
		{"longer", "echo >>%s"},
		{"without a label",
	         "printf '%%%%2048s' '' | dd of=%s conv=notrunc 2>/dev/null"},
		{"another's", "sed -i 's/^key: ../key: zz/' %s"},
		{"empty", "truncate -s 0 %s"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char format[128], command[512];

		player_put("/damaged.wav", "Cache-Control: max-age=60\r\n",
		           5000);
		(void)player_whole("/damaged.wav", 5000);
		(void)snprintf(format, sizeof(format), "%s", rows[i].command);
		(void)process_stop(fixture.fetcher, SIGKILL);
		// NOLINTNEXTLINE(clang-diagnostic-format-nonliteral)
		(void)snprintf(command, sizeof(command), format, kept_file());
		// NOLINTNEXTLINE(cert-env33-c): by our words
		assert_int_equal(0, system(command));
		fixture_start_fetcher();
		if (kept_file())
			fail_msg("%s: it is still there", rows[i].name);
		(void)player_whole("/damaged.wav", 5000);
		assert_int_equal(2, gallery_requests("/damaged.wav"));
		restart(SIGKILL);
		(void)player_whole("/damaged.wav", 5000);
		assert_int_equal(2, gallery_requests("/damaged.wav"));
		assert_int_equal(0, unlink(kept_file()));
		restart(SIGKILL);
	}
}

static void a_full_disk_is_no_reason_for_silence(void **state)
{
	char options[64];

	(void)state;
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		skip(); /* needs root */
	(void)snprintf(options, sizeof(options), "size=%dk,nr_inodes=4",
	               DISK_KB);
	assert_int_equal(0,
	                 mount("tmpfs", player_folder(), "tmpfs", 0, options));
	(void)process_stop(fixture.fetcher, SIGKILL);
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
	restart(SIGTERM);
	(void)player_whole("/long.wav", PLAYER_BODY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_fetched_outlives_the_process),
		cmocka_unit_test(
			what_may_have_changed_is_asked_about_after_a_restart),
		cmocka_unit_test(what_may_not_be_used_again_leaves_nothing),
		cmocka_unit_test(a_damaged_file_is_fetched_anew),
		cmocka_unit_test(a_full_disk_is_no_reason_for_silence),
	};

	return cmocka_run_group_tests(tests, player_set_up, player_tear_down);
}

/*
 * test_recording_faults.c - recordings when the relay is killed, and when the
 * disk is full
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "recorded.h"
#include "unit/test.h"

enum { SOON_MS = 2000, DISK_KB = 256 };
enum { ERROR_FULL = 12400 };

#define STARTED TRESTLE__MEDIA_EVENT__TYPE__RECORDING_STARTED
#define ENDED   TRESTLE__MEDIA_EVENT__TYPE__RECORDING_ENDED
#define FAILED  TRESTLE__MEDIA_EVENT__ENDED_BY__FAILED

static void kill_relay(struct world *w)
{
	(void)process_stop(w->relay, SIGKILL);
	w->relay = 0;
}

static void a_killed_relay_goes_on_with_the_file(void **state)
{
	struct fixture *f = fixture_begin(state);
	const struct world_event *ev;
	struct recorded r;

	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.dual = true;
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 2200);
	assert_non_null(recorded_event(&r, STARTED, SOON_MS));
	kill_relay(&f->world);
	world_start_relay(&f->world, NULL);
	recorded_talk(&r, 500, 1250, 2500);
	recorded_stop(&r);
	ev = recorded_event(&r, ENDED, SOON_MS);
	assert_non_null(ev);
	assert_int_equal(1, recorded_count(&r, STARTED));
	/* all of the time is in it: what was not heard is silence */
	assert_in_range(ev->length_ms, 4400, 5200);
	assert_in_range(recorded_hz(&r, 1, 300, 1000), 490, 510);
	assert_in_range(recorded_hz(&r, 2, 300, 1000), 1235, 1265);
	assert_in_range(recorded_hz(&r, 1, ev->length_ms - 600, 500), 490, 510);
	assert_in_range(recorded_hz(&r, 2, ev->length_ms - 600, 500), 1235,
	                1265);
	fixture_end(f);
}

static bool file_is_there(void *arg)
{
	return recorded_exists(arg, ".wav");
}

static void what_nobody_goes_on_with_is_finished(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;
	char words[160];

	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 2200);
	assert_non_null(recorded_event(&r, STARTED, SOON_MS));
	kill_relay(&f->world);
	redis_cli(&f->world.redis_server, "DEL relay:relay-t:sessions", "1");
	world_start_relay(&f->world, NULL);
	assert_true(world_run(&f->world, file_is_there, &r, 2 * SOON_MS));
	assert_in_range(recorded_ms(&r), 1000, 2300);
	world_wait_relay(&f->world);
	(void)snprintf(words, sizeof(words), "HGET recording:{%s} status",
	               r.sid);
	redis_cli(&f->world.redis_server, words, "completed");
	phone_close(&f->a);
	phone_close(&f->b);
}

/* In the name of another relay, and so long ago */
static void give_away(struct recorded *r, const char *relay, time_t age_s)
{
	struct timespec then[2] = {{.tv_sec = time(NULL) - age_s},
	                           {.tv_sec = time(NULL) - age_s}};
	const char *folder = r->f->world.recordings;
	char ours[96], theirs[96], file[160];

	(void)snprintf(ours, sizeof(ours), "%s/.partial-relay-t", folder);
	(void)snprintf(theirs, sizeof(theirs), "%s/.partial-%s", folder, relay);
	(void)snprintf(file, sizeof(file), "%s/%s.wav", theirs, r->sid);
	assert_int_equal(0, rename(ours, theirs));
	assert_int_equal(0, utimensat(AT_FDCWD, file, then, 0));
	assert_int_equal(0, utimensat(AT_FDCWD, theirs, then, 0));
}

/* Three relays that do not come back: one long ago; one just now; one that is
 * only silent for long. */
static void another_relay_finishes_what_one_left_for_good(void **state)
{
	static const struct {
		const char *relay;
		time_t age_s;
	} rows[] = {{"relay-x", 700}, {"relay-y", 300}, {"relay-z", 700}};
	struct recorded r[N_OF(rows)];
	struct fixture *f = *state;
	char words[160], path[96];
	int silent = -1;

	for (size_t i = 0; i < N_OF(rows); i++) {
		(void)fixture_begin(state);
		fixture_talk(f);
		recorded_begin(&r[i], f);
		recorded_put(&r[i]);
		recorded_talk(&r[i], 500, 1250, 2200);
		assert_non_null(recorded_event(&r[i], STARTED, SOON_MS));
		kill_relay(&f->world);
		give_away(&r[i], rows[i].relay, rows[i].age_s);
		redis_cli(&f->world.redis_server, "DEL relay:relay-t:sessions",
		          "1");
		phone_close(&f->a);
		phone_close(&f->b);
		if (i == N_OF(rows) - 1) {
			(void)snprintf(path, sizeof(path), "%s/.partial-%s",
			               f->world.recordings, rows[i].relay);
			silent = open(path, O_RDONLY | O_CLOEXEC);
			assert_int_equal(0, flock(silent, LOCK_EX));
		}
		world_start_relay(&f->world, NULL);
		world_wait_relay(&f->world);
		assert_true(world_run(&f->world, file_is_there, &r[0],
		                      2 * SOON_MS));
	}
	assert_in_range(recorded_ms(&r[0]), 1000, 2300);
	(void)snprintf(words, sizeof(words), "HGET recording:{%s} status",
	               r[0].sid);
	redis_cli(&f->world.redis_server, words, "completed");
	world_pass(&f->world, 300);
	assert_false(recorded_exists(&r[1], ".wav"));
	assert_false(recorded_exists(&r[2], ".wav"));
	close(silent);
}

static void its_end_is_told_though_the_relay_died_before(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;

	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 500);
	assert_non_null(recorded_event(&r, STARTED, SOON_MS));
	f->world.deaf = 100; /* until it is dead */
	recorded_stop(&r);
	assert_non_null(recorded_event(&r, ENDED, SOON_MS));
	world_pass(&f->world, 100);
	kill_relay(&f->world);
	f->world.n_events = 0;
	f->world.deaf = 0;
	world_start_relay(&f->world, NULL);
	assert_non_null(recorded_event(&r, ENDED, 3 * SOON_MS));
	assert_int_equal(0, recorded_count(&r, STARTED));
	fixture_end(f);
}

static void restart(struct fixture *f, const char *setting)
{
	kill_relay(&f->world);
	redis_cli(&f->world.redis_server, "FLUSHALL", "OK");
	world_start_relay(&f->world, setting);
	world_wait_relay(&f->world);
}

static void a_full_disk_ends_recordings_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	const struct world_event *ev;
	struct recorded r, s;
	char options[32];

	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		skip(); /* needs root */
	(void)snprintf(options, sizeof(options), "size=%dk", DISK_KB);
	assert_int_equal(
		0, mount("tmpfs", f->world.recordings, "tmpfs", 0, options));
	restart(f, "TRESTLE_RECORDINGS_FREE=0");
	(void)fixture_begin(state);
	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.dual = true; /* 32 kB a second */
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 9500);
	ev = recorded_event(&r, ENDED, SOON_MS);
	assert_non_null(ev);
	assert_int_equal(FAILED, ev->ended_by);
	assert_int_equal(ERROR_FULL, ev->error);
	/* what was heard before is kept */
	assert_in_range(ev->length_ms, 6000, 8200);
	assert_in_range(recorded_hz(&r, 2, 5000, 500), 1235, 1265);
	recorded_stop(&r);
	/* another one has what little is left */
	recorded_begin(&s, f);
	recorded_put(&s);
	recorded_talk(&s, 500, 1250, 1500);
	ev = recorded_event(&s, ENDED, SOON_MS);
	assert_non_null(ev);
	assert_int_equal(FAILED, ev->ended_by);
	assert_in_range(ev->length_ms, 0, 500);
	/* and the call goes on */
	assert_true(phone_reaches(&f->a, &f->b, 0, SOON_MS));
	fixture_end(f);
	/* 100 MB are to stay free: none begins */
	restart(f, NULL);
	(void)fixture_begin(state);
	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	ev = recorded_event(&r, ENDED, SOON_MS);
	assert_non_null(ev);
	assert_int_equal(FAILED, ev->ended_by);
	assert_int_equal(0, ev->length_ms);
	assert_true(phone_reaches(&f->a, &f->b, 0, SOON_MS));
	fixture_end(f);
	assert_int_equal(0, umount2(f->world.recordings, MNT_DETACH));
}

static void the_folder_has_a_limit(void **state)
{
	struct fixture *f = *state;
	const struct world_event *ev;
	struct recorded r;
	char path[96];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/RE%032x.wav",
	               f->world.recordings, 0xffff);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(0, ftruncate(fd, 1000001));
	close(fd);
	restart(f, "TRESTLE_RECORDINGS_MAX=1");
	(void)fixture_begin(state);
	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	ev = recorded_event(&r, ENDED, SOON_MS);
	assert_non_null(ev);
	assert_int_equal(FAILED, ev->ended_by);
	assert_int_equal(ERROR_FULL, ev->error);
	fixture_end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_relay_goes_on_with_the_file),
		cmocka_unit_test(what_nobody_goes_on_with_is_finished),
		cmocka_unit_test(another_relay_finishes_what_one_left_for_good),
		cmocka_unit_test(its_end_is_told_though_the_relay_died_before),
		cmocka_unit_test(a_full_disk_ends_recordings_and_nothing_else),
		cmocka_unit_test(the_folder_has_a_limit),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

/*
 * test_loop.c - watches and timers; built once for each back end
 */
#include "loop/loop.h"

#include <unistd.h>

#include "unit/test.h"

struct fixture {
	struct loop *loop;
	struct watch *watch;
	struct watch *other;
	struct timer *timer[3];
	int fd[2];
	int other_fd[2];
	char order[16];
	int calls;
};

static void open_fixture(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	assert_int_equal(0, loop_alloc(&f->loop));
	assert_int_equal(0, pipe(f->fd));
	assert_int_equal(0, pipe(f->other_fd));
}

static void close_fixture(struct fixture *f)
{
	watch_free(f->watch);
	watch_free(f->other);
	for (size_t i = 0; i < N_OF(f->timer); i++)
		timer_free(f->timer[i]);
	loop_free(f->loop);
	for (int i = 0; i < 2; i++) {
		close(f->fd[i]);
		close(f->other_fd[i]);
	}
}

static void stop(void *arg)
{
	struct fixture *f = arg;

	loop_stop(f->loop);
}

static void note(struct fixture *f, char c)
{
	f->order[strlen(f->order)] = c;
}

static void a(void *arg)
{
	note(arg, 'a');
}

static void b(void *arg)
{
	note(arg, 'b');
}

static void timers_fire_in_the_order_of_their_times(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(0, timer_alloc(&f.timer[0], f.loop, stop, &f));
	assert_int_equal(0, timer_alloc(&f.timer[1], f.loop, a, &f));
	assert_int_equal(0, timer_alloc(&f.timer[2], f.loop, b, &f));
	timer_start(f.timer[0], 30);
	timer_start(f.timer[1], 20);
	timer_start(f.timer[2], 1);
	loop_run(f.loop);
	assert_string_equal("ba", f.order);
	close_fixture(&f);
}

static void a_stopped_timer_does_not_fire_and_a_restart_counts_anew(
	void **state)
{
	struct fixture f;
	uint64_t start = loop_now_ms();

	(void)state;
	open_fixture(&f);
	assert_int_equal(0, timer_alloc(&f.timer[0], f.loop, stop, &f));
	assert_int_equal(0, timer_alloc(&f.timer[1], f.loop, a, &f));
	timer_start(f.timer[1], 1);
	timer_stop(f.timer[1]);
	timer_start(f.timer[0], 1);
	timer_start(f.timer[0], 25);
	loop_run(f.loop);
	assert_true(loop_now_ms() - start >= 25);
	assert_string_equal("", f.order);
	close_fixture(&f);
}

static void free_myself(void *arg)
{
	struct fixture *f = arg;

	timer_free(f->timer[0]);
	f->timer[0] = NULL;
	loop_stop(f->loop);
}

static void a_timer_may_free_itself(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(0, timer_alloc(&f.timer[0], f.loop, free_myself, &f));
	timer_start(f.timer[0], 0);
	loop_run(f.loop);
	assert_null(f.timer[0]);
	close_fixture(&f);
}

static void thousands_of_timers_fire_in_order(void **state)
{
	enum { N = 3000 };
	static struct timer *timers[N];
	struct fixture f;

	(void)state;
	open_fixture(&f);
	for (int i = 0; i < N; i++) {
		assert_int_equal(0, timer_alloc(&timers[i], f.loop, stop, &f));
		timer_start(timers[i], (uint32_t)(100000 + i * 7919 % N));
	}
	for (int i = 0; i < N; i += 2)
		timer_free(timers[i]);
	assert_int_equal(0, timer_alloc(&f.timer[0], f.loop, stop, &f));
	timer_start(f.timer[0], 5);
	loop_run(f.loop);
	for (int i = 1; i < N; i += 2)
		timer_free(timers[i]);
	close_fixture(&f);
}

static void on_readable(void *arg, int events)
{
	struct fixture *f = arg;
	char c;

	assert_int_equal(LOOP_READ, events);
	assert_int_equal(1, read(f->fd[0], &c, 1));
	if (++f->calls == 2)
		loop_stop(f->loop);
}

static void a_watch_is_level_triggered(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(0, watch_alloc(&f.watch, f.loop, f.fd[0], LOOP_READ,
	                                on_readable, &f));
	assert_int_equal(2, write(f.fd[1], "xy", 2));
	loop_run(f.loop);
	assert_int_equal(2, f.calls);
	close_fixture(&f);
}

static void count(void *arg, int events)
{
	(void)events;
	((struct fixture *)arg)->calls++;
}

static void a_paused_watch_is_silent_even_when_the_peer_hangs_up(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(0, watch_alloc(&f.watch, f.loop, f.fd[0], LOOP_READ,
	                                count, &f));
	assert_int_equal(0, timer_alloc(&f.timer[0], f.loop, stop, &f));
	watch_set(f.watch, 0);
	close(f.fd[1]);
	f.fd[1] = -1;
	timer_start(f.timer[0], 10);
	loop_run(f.loop);
	assert_int_equal(0, f.calls);
	close_fixture(&f);
}

static void free_both(void *arg, int events)
{
	struct fixture *f = arg;

	(void)events;
	f->calls++;
	watch_free(f->watch);
	watch_free(f->other);
	f->watch = f->other = NULL;
	timer_start(f->timer[0], 5);
}

static void a_handler_may_free_its_own_watch_and_another(void **state)
{
	struct fixture f;

	(void)state;
	open_fixture(&f);
	assert_int_equal(0, timer_alloc(&f.timer[0], f.loop, stop, &f));
	assert_int_equal(0, watch_alloc(&f.watch, f.loop, f.fd[0], LOOP_READ,
	                                free_both, &f));
	assert_int_equal(0, watch_alloc(&f.other, f.loop, f.other_fd[0],
	                                LOOP_READ, free_both, &f));
	assert_int_equal(1, write(f.fd[1], "x", 1));
	assert_int_equal(1, write(f.other_fd[1], "x", 1));
	loop_run(f.loop);
	assert_int_equal(1, f.calls);
	close_fixture(&f);
}

TEST_MAIN(
	cmocka_unit_test(timers_fire_in_the_order_of_their_times),
	cmocka_unit_test(
		a_stopped_timer_does_not_fire_and_a_restart_counts_anew),
	cmocka_unit_test(a_timer_may_free_itself),
	cmocka_unit_test(thousands_of_timers_fire_in_order),
	cmocka_unit_test(a_watch_is_level_triggered),
	cmocka_unit_test(a_paused_watch_is_silent_even_when_the_peer_hangs_up),
	cmocka_unit_test(a_handler_may_free_its_own_watch_and_another))

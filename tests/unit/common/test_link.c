/*
 * test_link.c - a process without descriptors goes on, or ends in order
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include "bus/link.h"
#include "loop/loop.h"
#include "unit/test.h"

enum { LIMIT = 128, SPARE_MAX = 40 };

/* Take all descriptors but @p spare. */
static void leave(unsigned spare)
{
	const struct rlimit limit = {LIMIT, LIMIT};
	int last = -1, fd;

	assert_int_equal(0, setrlimit(RLIMIT_NOFILE, &limit));
	while ((fd = dup(STDERR_FILENO)) >= 0)
		last = fd;
	for (unsigned i = 0; i < spare; i++)
		(void)close(last - (int)i);
}

/* @return 0 when what had to work did, and all else was an error */
static int try_links(unsigned spare)
{
	const struct link_keys open = {NULL, NULL};
	struct link first = {.handler = NULL}, second = {.handler = NULL};
	struct loop *loop;
	int err;

	if (loop_alloc(&loop))
		return 1;
	leave(spare);
	err = link_bind(&first, loop, "tcp://127.0.0.1:*", &open);
	if (err)
		return err == EMFILE && spare < SPARE_MAX ? 0 : 2;
	leave(spare % 8);
	err = link_connect(&second, loop, "tcp://127.0.0.1:9", &open);
	if (err && err != EMFILE)
		return 3;
	if (!err)
		link_close(&second);
	link_close(&first);
	loop_free(loop);
	return 0;
}

static void without_descriptors_nothing_is_opened_and_nothing_aborts(
	void **state)
{
	(void)state;
	for (unsigned spare = 0; spare <= SPARE_MAX; spare++) {
		int status = -1;
		pid_t pid = fork();

		if (pid == 0)
			_exit(try_links(spare));
		assert_int_equal(pid, waitpid(pid, &status, 0));
		if (status != 0)
			fail_msg("%u spare: status %#x", spare,
			         (unsigned)status);
	}
}

TEST_MAIN(cmocka_unit_test(
	without_descriptors_nothing_is_opened_and_nothing_aborts))

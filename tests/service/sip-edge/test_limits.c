/*
 * test_limits.c - the first defence: floods, slow senders, scanners, junk
 */
#include "world.h"

#include <unistd.h>

#include "unit/test.h"

static struct world w;
static int phone;

static int open_world(void **state)
{
	static const char *const more[] = {
		"TRESTLE_SIP_RATE=20",        "TRESTLE_SIP_ANSWER_RATE=5",
		"TRESTLE_SIP_CONNECTIONS=3",  "TRESTLE_SIP_MESSAGE_SECONDS=1",
		"TRESTLE_SIP_IDLE_SECONDS=2", NULL,
	};

	(void)state;
	world_open(&w, more);
	phone = world_udp();
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	close(phone);
	world_close(&w);
	return 0;
}

static void options(int i, const char *more)
{
	world_say(phone, world_edge(&w),
	          "OPTIONS sip:d SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK%d\n"
	          "From: <sip:a@d>;tag=1\nTo: <sip:d>\nCall-ID: o%d\n"
	          "CSeq: 1 OPTIONS\n%s\n",
	          i, i, more);
}

static void keep_alives_and_junk_are_swallowed(void **state)
{
	(void)state;
	world_say(phone, world_edge(&w), "\n\n");
	world_say(phone, world_edge(&w), "\n");
	world_say(phone, world_edge(&w), "jaK");
	world_say(phone, world_edge(&w), "hello, is there anybody\n\n");
	world_count(&w, "trestle_edge_dropped_total{reason=\"keepalive\"} ", 3);
	world_count(&w, "trestle_edge_dropped_total{reason=\"junk\"} ", 1);
	world_silent(&w, phone, 50);
}

static void scanners_hear_nothing(void **state)
{
	(void)state;
	options(1, "User-Agent: friendly-scanner\n");
	options(2, "User-Agent: sipvicious 0.3\n");
	options(3, "user-agent : SIPcli/1.8\n");
	world_count(&w, "trestle_edge_dropped_total{reason=\"scanner\"} ", 3);
	world_silent(&w, phone, 50);
}

static void a_flood_gets_few_answers(void **state)
{
	size_t heard = 0;

	(void)state;
	for (int i = 0; i < 200; i++)
		options(i, "");
	while (world_hears(&w, phone, 100))
		heard++;
	assert_true(heard >= 1 && heard <= 15);
	world_count(&w, "trestle_edge_dropped_total{reason=\"rate\"} ", 150);
}

static void a_source_may_open_so_many_connections(void **state)
{
	int fds[5];
	char path[1024];

	(void)state;
	for (int i = 0; i < 3; i++)
		fds[i] = world_tcp(&w, w.port);
	fds[3] = world_tcp(&w, w.port);
	world_closed(&w, fds[3], 1000);
	world_count(&w,
	            "trestle_edge_connections_ended_total{reason=\"source\"} ",
	            1);

	/* one on which a phone registered counts no more */
	world_write(fds[0], "REGISTER sip:d SIP/2.0\n"
	                    "Via: SIP/2.0/TCP h;branch=z9hG4bKr\n"
	                    "From: <sip:a@d>;tag=1\nTo: <sip:a@d>\n"
	                    "Call-ID: reg\nCSeq: 1 REGISTER\n"
	                    "Content-Length: 0\n\n");
	world_hear(&w, w.services[REGISTRAR].fd, "REGISTER ");
	(void)world_header(&w, "Path", 0, path);
	world_answer(&w, w.services[REGISTRAR].fd, "200 OK", "");
	world_hear(&w, fds[0], "SIP/2.0 200 ");
	fds[4] = world_tcp(&w, w.port);
	world_write(fds[4], "\n\n");
	world_hear(&w, fds[4], "\r\n");

	/* the others are silent: closed; the phone's stays */
	world_closed(&w, fds[1], 5000);
	world_closed(&w, fds[4], 5000);
	world_count(&w,
	            "trestle_edge_connections_ended_total{reason=\"idle\"} ",
	            3);
	world_write(fds[0], "\n\n");
	world_hear(&w, fds[0], "\r\n");
	for (int i = 0; i < 5; i++)
		close(fds[i]);
}

static void a_message_that_does_not_end_is_not_waited_for(void **state)
{
	int fd = world_tcp(&w, w.port);

	(void)state;
	world_write(fd, "INVITE sip:d SIP/2.0\nVia: ");
	world_closed(&w, fd, 4000);
	world_count(&w,
	            "trestle_edge_connections_ended_total{reason=\"slow\"} ",
	            1);
	close(fd);
}

static void large_datagrams_cost_little_and_are_refused(void **state)
{
	static char more[62000];
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 5000; i++)
		n += (size_t)snprintf(more + n, sizeof(more) - n, "A: b\n");
	options(9, more);
	memset(more, 'a', sizeof(more) - 2);
	more[1] = ':';
	more[sizeof(more) - 2] = '\n';
	options(10, more);
	options(11, "");
	for (int i = 0; i < 3; i++) {
		if (!world_hears(&w, phone, WORLD_WAIT_MS))
			fail_msg("answer %d of 3 is missing", i);
		world_has(&w, i < 2 ? "SIP/2.0 513 " : "SIP/2.0 200 ");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keep_alives_and_junk_are_swallowed),
		cmocka_unit_test(scanners_hear_nothing),
		cmocka_unit_test(a_flood_gets_few_answers),
		cmocka_unit_test(a_source_may_open_so_many_connections),
		cmocka_unit_test(a_message_that_does_not_end_is_not_waited_for),
		cmocka_unit_test(large_datagrams_cost_little_and_are_refused),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}

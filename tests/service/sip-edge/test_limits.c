/*
 * test_limits.c - the first defence: floods, slow senders, scanners, junk
 */
#include "world.h"

#include <signal.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>

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
	world_count(&w, "trestle_edge_dropped_total{reason=\"keepalive\"}", 3);
	world_count(&w, "trestle_edge_dropped_total{reason=\"junk\"}", 1);
	world_silent(&w, phone, 50);
}

static void scanners_hear_nothing(void **state)
{
	(void)state;
	options(1, "User-Agent: friendly-scanner\n");
	options(2, "User-Agent: sipvicious 0.3\n");
	options(3, "user-agent : SIPcli/1.8\n");
	world_count(&w, "trestle_edge_dropped_total{reason=\"scanner\"}", 3);
	world_silent(&w, phone, 50);
}

/* A socket at another address: what is done to it harms no other test */
static int udp_of(const char *ip)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	assert_int_equal(1, inet_pton(AF_INET, ip, &a.sin_addr));
	assert_int_equal(0, bind(fd, (struct sockaddr *)&a, sizeof(a)));
	return fd;
}

static void say(int fd, int i, const char *method, const char *more)
{
	world_say(fd, world_edge(&w),
	          "%s sip:d SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bKs%d\n"
	          "From: <sip:a@d>;tag=1\nCall-ID: s%d\n"
	          "CSeq: 1 %s\n%s\n",
	          method, i, i, method, more);
}

static void a_scanner_s_address_is_banned(void **state)
{
	int fd = udp_of("127.0.0.66"), tcp;

	(void)state;
	for (int i = 0; i < 5; i++)
		say(fd, i, "OPTIONS",
		    "To: <sip:d>\nUser-Agent: friendly-scanner\n");
	world_count(&w, "trestle_edge_bans_total", 1);
	/* as somebody else it is not heard either */
	say(fd, 9, "OPTIONS", "To: <sip:d>\nUser-Agent: phone\n");
	world_count(&w, "trestle_edge_dropped_total{reason=\"banned\"}", 1);
	world_silent(&w, fd, 50);
	tcp = world_tcp(&w, w.port); /* of another address */
	world_write(tcp, "\n\n");
	world_hear(&w, tcp, "\r\n");
	close(tcp);
	close(fd);
}

/* It stood still for a second: what waited that long and is new is refused,
 * what is in a dialog goes on; and then all is as before. */
static void when_it_lags_new_calls_wait_and_old_ones_go_on(void **state)
{
	const struct timespec second = {.tv_sec = 1};
	int fd = udp_of("127.0.0.67");

	(void)state;
	assert_int_equal(0, kill(w.edge, SIGSTOP));
	say(fd, 1, "INVITE", "To: <sip:d>\nContact: <sip:a@h>\n");
	say(fd, 2, "BYE", "To: <sip:d>;tag=2\n");
	nanosleep(&second, NULL);
	assert_int_equal(0, kill(w.edge, SIGCONT));
	world_hear(&w, fd, "SIP/2.0 503 ");
	world_has(&w, "Retry-After: ");
	if (!world_hears(&w, w.services[CONTROLLER_1].fd, 1000))
		world_hear(&w, w.services[CONTROLLER_2].fd, "BYE ");
	world_count(&w, "trestle_edge_shed_total", 1);
	say(fd, 3, "INVITE", "To: <sip:d>\nContact: <sip:a@h>\n");
	if (!world_hears(&w, w.services[CONTROLLER_1].fd, 1000))
		world_hear(&w, w.services[CONTROLLER_2].fd, "INVITE ");
	close(fd);
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
	world_count(&w, "trestle_edge_dropped_total{reason=\"rate\"}", 150);
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
	            "trestle_edge_connections_ended_total{reason=\"source\"}",
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
	world_count(&w, "trestle_edge_connections_ended_total{reason=\"idle\"}",
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
	world_count(&w, "trestle_edge_connections_ended_total{reason=\"slow\"}",
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

static void register_at(int fd, const char *domain, int i)
{
	world_say(fd, world_edge(&w),
	          "REGISTER sip:%s SIP/2.0\n"
	          "Via: SIP/2.0/UDP h;branch=z9hG4bKlost%d;rport\n"
	          "From: <sip:a@%s>;tag=1\nTo: <sip:a@%s>\nCall-ID: lost%d\n"
	          "CSeq: 1 REGISTER\n\n",
	          domain, i, domain, domain, i);
}

static void who_asks_for_unknown_domains_is_not_answered_for_long(void **state)
{
	int fd = udp_of("127.0.0.78");
	int registrar = w.services[REGISTRAR].fd;

	(void)state;
	redis_cli(&w.redis,
	          "HSET domain:known.test sid "
	          "SD00000000000000000000000000000001 domain_name known.test "
	          "account_sid AC00000000000000000000000000000001",
	          NULL);
	redis_cli(&w.redis, "SADD domains known.test", NULL);
	redis_cli(&w.redis, "INCR config:version", NULL);
	redis_cli(&w.redis, "PUBLISH config 1", NULL);
	for (int i = 0; i < 3; i++) {
		register_at(fd, "unknown.test", i);
		world_hear(&w, registrar, "REGISTER sip:unknown.test ");
		world_answer(&w, registrar, "404 Domain Not Found",
		             "X-Trestle-Error: 32002 No SIP domain\n");
		world_hear(&w, fd, "SIP/2.0 404 ");
	}
	register_at(fd, "unknown.test", 4);
	world_count(&w, "trestle_edge_dropped_total{reason=\"unknown-domain\"}",
	            1);
	world_silent(&w, registrar, 50);
	register_at(fd, "Known.test", 5);
	world_hear(&w, registrar, "REGISTER sip:Known.test ");
	world_answer(&w, registrar, "401 Unauthorized", "");
	world_hear(&w, fd, "SIP/2.0 401 ");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keep_alives_and_junk_are_swallowed),
		cmocka_unit_test(scanners_hear_nothing),
		cmocka_unit_test(a_scanner_s_address_is_banned),
		cmocka_unit_test(
			when_it_lags_new_calls_wait_and_old_ones_go_on),
		cmocka_unit_test(
			who_asks_for_unknown_domains_is_not_answered_for_long),
		cmocka_unit_test(a_flood_gets_few_answers),
		cmocka_unit_test(a_source_may_open_so_many_connections),
		cmocka_unit_test(a_message_that_does_not_end_is_not_waited_for),
		cmocka_unit_test(large_datagrams_cost_little_and_are_refused),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}

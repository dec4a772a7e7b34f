/*
 * test_dns.c - URIs of others: NAPTR, SRV, and servers that do not answer
 */
#include "world.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "service/dns.h"
#include "unit/test.h"

enum { RECORDS_MAX = 16 };

static struct world w;
static int first, second, listener; /* servers of the carrier */
static struct dns_record records[RECORDS_MAX];
static size_t n_records;
static bool served;

static uint16_t tcp_listen(int *fd)
{
	struct sockaddr_in a = {.sin_family = AF_INET};

	assert_int_equal(1, inet_pton(AF_INET, "127.0.0.1", &a.sin_addr));
	*fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(0, bind(*fd, (struct sockaddr *)&a, sizeof(a)));
	assert_int_equal(0, listen(*fd, 5));
	return world_port(*fd);
}

static void srv(const char *name, uint16_t priority, const char *host,
                uint16_t port)
{
	records[n_records++] = (struct dns_record){.name = name,
	                                           .type = DNS_SRV,
	                                           .data = host,
	                                           .priority = priority,
	                                           .weight = 1,
	                                           .port = port};
}

static const char *const more[] = {"TRESTLE_SIP_ALLOW_PRIVATE=127.0.0.0/8",
                                   NULL};

static int open_world(void **state)
{
	uint16_t port;

	(void)state;
	first = world_udp();
	second = world_udp();
	port = tcp_listen(&listener);
	srv("_sip._udp.udp.test", 1, "a.test", world_port(first));
	srv("_sip._udp.udp.test", 2, "b.test", world_port(second));
	srv("_sip._tcp.tcp.test", 1, "a.test", free_port()); /* nobody there */
	srv("_sip._tcp.tcp.test", 2, "b.test", port);
	srv("_sip._tcp.by-naptr.test", 1, "b.test", port);
	records[n_records++] = (struct dns_record){
		"a.test", DNS_A, "127.0.0.1", 0, 0, 0, NULL};
	records[n_records++] = (struct dns_record){
		"b.test", DNS_A, "127.0.0.1", 0, 0, 0, NULL};
	records[n_records++] = (struct dns_record){
		"naptr.test", DNS_NAPTR, "_sip._tcp.by-naptr.test", 1, 1, 0,
		"SIP+D2T"};
	served = dns_start(records, n_records, false);
	if (served)
		world_open(&w, more);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	if (served)
		world_close(&w);
	return 0;
}

static void invite(const char *uri, int call)
{
	world_say(w.services[CONTROLLER_1].fd, world_inside(&w),
	          "INVITE %s SIP/2.0\n"
	          "Via: SIP/2.0/UDP %s;branch=z9hG4bKdns%d\n"
	          "From: <sip:bob@d>;tag=b\nTo: <%s>\n"
	          "Call-ID: dns%d\nCSeq: 1 INVITE\nMax-Forwards: 70\n"
	          "Content-Length: 0\n\n",
	          uri, w.services[CONTROLLER_1].sip, call, uri, call);
}

static void needs_dns(void)
{
	if (!served)
		skip();
}

/* RFC 3263 4.3, as far as a stateless proxy can: who sends a third time has not
 * been answered. */
static void an_invite_that_is_not_answered_goes_to_the_next_server(void **state)
{
	(void)state;
	needs_dns();
	invite("sip:x@udp.test", 1);
	world_hear(&w, first, "INVITE sip:x@udp.test ");
	invite("sip:x@udp.test", 1);
	world_hear(&w, first, "INVITE ");
	invite("sip:x@udp.test", 1);
	world_hear(&w, second, "INVITE ");
	/* the next call does not try the dead one first */
	invite("sip:x@udp.test", 2);
	world_hear(&w, second, "INVITE ");
	world_silent(&w, first, 50);
}

static void expect_by_tcp(void)
{
	int fd;

	alarm(10);
	fd = accept(listener, NULL, NULL);
	alarm(0);
	assert_true(fd >= 0);
	world_hear(&w, fd, "INVITE ");
	world_has(&w, "Via: SIP/2.0/TCP ");
	close(fd);
}

static void a_server_without_an_open_port_is_passed_over(void **state)
{
	(void)state;
	needs_dns();
	invite("sip:x@tcp.test;transport=tcp", 3);
	expect_by_tcp();
}

static void naptr_says_the_transport(void **state)
{
	(void)state;
	needs_dns();
	invite("sip:x@naptr.test", 4);
	expect_by_tcp();
}

static void a_name_that_is_nobody_s_is_503(void **state)
{
	(void)state;
	needs_dns();
	invite("sip:x@nobody.test", 5);
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 503 No Such Host");
	world_has(&w, "X-Trestle-Error: 13254 ");
}

/* The broadcast address stands for all that connect() refuses. Sofia-SIP goes
 * round for ever then, and nobody else is served. */
static void without_a_way_to_a_name_server_the_answer_is_503(void **state)
{
	(void)state;
	needs_dns();
	world_close(&w);
	dns_name("255.255.255.255");
	world_open(&w, more);
	invite("sip:x@unreachable.test", 6);
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 503 No Such Host");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_invite_that_is_not_answered_goes_to_the_next_server),
		cmocka_unit_test(a_server_without_an_open_port_is_passed_over),
		cmocka_unit_test(naptr_says_the_transport),
		cmocka_unit_test(a_name_that_is_nobody_s_is_503),
		cmocka_unit_test(
			without_a_way_to_a_name_server_the_answer_is_503),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}

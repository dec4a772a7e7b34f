/*
 * test_streams.c - TCP and TLS: flows on exactly one connection, framing, URIs
 */
#include "world.h"

#include <unistd.h>

#include <netinet/in.h>

#include "unit/test.h"

static struct world w;

static int open_world(void **state)
{
	static const char *const more[] = {
		"TRESTLE_SIP_ALLOW_PRIVATE=127.0.0.0/8 ::1", NULL};

	(void)state;
	world_open(&w, more);
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&w);
	return 0;
}

static const char request[] =
	"%s sip:d SIP/2.0\n"
	"Via: SIP/2.0/%s 10.9.9.9;branch=z9hG4bK%s;rport\n"
	"From: <sip:alice@d>;tag=f\nTo: <sip:alice@d>\nCall-ID: %s\n"
	"CSeq: 1 %s\nMax-Forwards: 70\nContent-Length: 0\n\n";

/* A REGISTER came to the registrar: remember its Path, say 200 */
static void accept_registration(char path[1024])
{
	world_hear(&w, w.services[REGISTRAR].fd, "REGISTER ");
	(void)world_header(&w, "Path", 0, path);
	world_answer(&w, w.services[REGISTRAR].fd, "200 OK", "");
}

static void invite(const char *uri, const char *route)
{
	world_say(w.services[CONTROLLER_1].fd, world_inside(&w),
	          "INVITE %s SIP/2.0\n"
	          "Via: SIP/2.0/UDP %s;branch=z9hG4bKc1\n"
	          "Route: %s\nFrom: <sip:bob@d>;tag=b\nTo: <sip:alice@d>\n"
	          "Call-ID: c1\nCSeq: 1 INVITE\nContent-Length: 0\n\n",
	          uri, w.services[CONTROLLER_1].sip, route);
}

static void a_tcp_flow_is_that_connection_and_dies_with_it(void **state)
{
	int other = world_tcp(&w, w.port);
	int fd = world_tcp(&w, w.port);
	char path[1024];

	(void)state;
	world_write(fd, request, "REGISTER", "TCP", "t1", "t1", "REGISTER");
	accept_registration(path);
	world_hear(&w, fd, "SIP/2.0 200 OK\r\n");
	invite("sip:alice@10.1.1.1;transport=tcp", path);
	world_hear(&w, fd, "INVITE sip:alice@10.1.1.1;transport=tcp SIP/2.0");
	world_has(&w, "Via: SIP/2.0/TCP ");
	world_has(&w, ";transport=tcp;lr>\r\n");
	world_silent(&w, other, 30);
	close(fd);
	world_count(&w, "trestle_edge_connections_ended_total{reason=\"peer\"}",
	            1);
	invite("sip:alice@10.1.1.1;transport=tcp", path);
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 430 Flow Failed");
	close(other);
}

static void a_tcp_flow_does_not_outlive_the_edge(void **state)
{
	int fd = world_tcp(&w, w.port);
	char path[1024];

	(void)state;
	world_write(fd, request, "REGISTER", "TCP", "t2", "t2", "REGISTER");
	accept_registration(path);
	world_hear(&w, fd, "SIP/2.0 200 OK\r\n");
	world_restart_edge(&w);
	close(fd);
	fd = world_tcp(&w, w.port);
	invite("sip:alice@10.1.1.1", path);
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 430 ");
	world_silent(&w, fd, 30);
	close(fd);
}

static void say_tls(SSL *ssl, const char *text)
{
	char out[1024];
	int n = 0;

	for (; *text; text++) {
		if (*text == '\n')
			out[n++] = '\r';
		out[n++] = *text;
	}
	assert_int_equal(n, SSL_write(ssl, out, n));
}

static void hear_tls(SSL *ssl, const char *start)
{
	int n = SSL_read(ssl, w.text, sizeof(w.text) - 1);

	assert_true(n > 0);
	w.text[n] = '\0';
	assert_memory_equal(start, w.text, strlen(start));
}

static void a_tls_flow_is_that_connection(void **state)
{
	SSL *ssl = world_tls(&w);
	char text[1024];
	char path[1024];

	(void)state;
	(void)snprintf(text, sizeof(text), request, "REGISTER", "TLS", "s1",
	               "s1", "REGISTER");
	say_tls(ssl, text);
	accept_registration(path);
	world_has(&w, ";transport=tls\r\n");
	hear_tls(ssl, "SIP/2.0 200 OK\r\n");
	say_tls(ssl, "\n\n");
	hear_tls(ssl, "\r\n");
	invite("sips:alice@10.1.1.1", path);
	hear_tls(ssl, "INVITE sips:alice@10.1.1.1 SIP/2.0\r\n");
	world_has(&w, "Via: SIP/2.0/TLS ");
	(void)snprintf(text, sizeof(text), "<sips:127.0.0.1:%u;lr>",
	               w.sips_port);
	world_has(&w, text);
	world_tls_free(ssl);
}

static void a_ping_is_answered_with_a_pong(void **state)
{
	int fd = world_tcp(&w, w.port);

	(void)state;
	world_write(fd, "\n\n");
	world_hear(&w, fd, "\r\n");
	assert_int_equal(2, strlen(w.text));
	close(fd);
}

static void requests_may_come_byte_by_byte_and_one_after_the_other(void **state)
{
	int fd = world_tcp(&w, w.port);
	char text[4096];
	char crlf[8192];
	size_t n = 0;
	size_t heard = 0;
	int len = 0;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		char id[16];

		(void)snprintf(id, sizeof(id), "b%d", i);
		len += snprintf(text + len, sizeof(text) - (size_t)len, request,
		                "OPTIONS", "TCP", id, id, "OPTIONS");
		len += snprintf(text + len, sizeof(text) - (size_t)len, "\n");
	}
	for (const char *p = text; *p; p++) {
		if (*p == '\n')
			crlf[n++] = '\r';
		crlf[n++] = *p;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(1, send(fd, crlf + i, 1, 0));
	while (heard < 3 && world_hears(&w, fd, WORLD_WAIT_MS)) {
		for (const char *p = w.text; (p = strstr(p, "SIP/2.0 200"));
		     p++)
			heard++;
	}
	assert_int_equal(3, heard);
	close(fd);
}

static void a_stream_that_lies_is_told_so_and_closed(void **state)
{
	static const char *const lengths[] = {
		"Content-Length: 4294967297\n",
		"Content-Length: -1\n",
		"Content-Length: 18446744073709551615\n",
		"Content-Length: 10, 20\n",
		"Content-Length: 1\nl: 2\n",
		"",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(lengths); i++) {
		int fd = world_tcp(&w, w.port);

		world_write(fd,
		            "INVITE sip:d SIP/2.0\nVia: SIP/2.0/TCP h;branch="
		            "z9hG4bK1\nFrom: <sip:a@d>;tag=1\nTo: <sip:d>\n"
		            "Call-ID: lie\nCSeq: 1 INVITE\n%s\n"
		            "OPTIONS sip:d SIP/2.0\nVia: SIP/2.0/TCP h;branch="
		            "z9hG4bK2\nFrom: <sip:a@d>;tag=1\nTo: <sip:d>\n"
		            "Call-ID: smuggled\nCSeq: 1 OPTIONS\n"
		            "Content-Length: 0\n\n",
		            lengths[i]);
		world_hear(&w, fd, "SIP/2.0 400 ");
		world_lacks(&w, "smuggled");
		world_closed(&w, fd, 3000);
		close(fd);
	}
}

static void what_is_no_sip_is_closed(void **state)
{
	int fd = world_tcp(&w, w.port);

	(void)state;
	world_write(fd, "GET / HTTP/1.1\nHost: x\nContent-Length: 0\n\n");
	world_closed(&w, fd, 3000);
	close(fd);
}

static int listener(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(0, bind(fd, (struct sockaddr *)&sa, sizeof(sa)));
	assert_int_equal(0, listen(fd, 5));
	return fd;
}

static const char *own_route(void)
{
	static char route[64];

	(void)snprintf(route, sizeof(route), "<sip:%s;lr>", world_inside(&w));
	return route;
}

static void a_carrier_is_called_over_tcp_on_one_connection(void **state)
{
	int server = listener();
	char uri[128];
	int fd;

	(void)state;
	/* by name: from the hosts file */
	(void)snprintf(uri, sizeof(uri), "sip:+1555@localhost:%u;transport=tcp",
	               world_port(server));
	invite(uri, own_route());
	if (!world_waits(&w, server))
		world_silent(&w, w.services[CONTROLLER_1].fd, 100);
	fd = accept4(server, NULL, NULL, SOCK_NONBLOCK);
	assert_true(fd >= 0);
	world_hear(&w, fd, "INVITE ");
	world_has(&w, "Via: SIP/2.0/TCP ");
	world_write(fd, "SIP/2.0 486 Busy\nVia: SIP/2.0/TCP x\n"
	                "Content-Length: 0\n\n");
	invite(uri, own_route());
	world_hear(&w, fd, "INVITE ");
	close(fd);
	close(server);
}

static void a_carrier_is_called_over_udp(void **state)
{
	int carrier = world_udp();
	char uri[128];

	(void)state;
	(void)snprintf(uri, sizeof(uri), "sip:+1555@127.0.0.1:%u",
	               world_port(carrier));
	invite(uri, own_route());
	world_hear(&w, carrier, "INVITE ");
	assert_string_equal(w.from, world_edge(&w));
	world_answer(&w, carrier, "200 OK", "");
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 200 OK");
	close(carrier);
}

static void who_does_not_listen_is_reported(void **state)
{
	int server = listener();
	char uri[128];

	(void)state;
	(void)snprintf(uri, sizeof(uri), "sip:+1555@127.0.0.1:%u;transport=tcp",
	               world_port(server));
	close(server);
	invite(uri, own_route());
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 503 ");
	world_has(&w, "Call-ID: c1\r\n");
	world_lacks(&w, "flow=");
}

static void a_certificate_of_another_is_refused(void **state)
{
	char uri[128];

	(void)state;
	/* ourselves: a certificate that nobody vouches for */
	(void)snprintf(uri, sizeof(uri), "sips:+1555@localhost:%u",
	               w.sips_port);
	invite(uri, own_route());
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 503 ");
}

static void what_only_we_may_speak_to_is_not_called(void **state)
{
	char uri[128];

	(void)state;
	(void)snprintf(uri, sizeof(uri), "sip:x@127.0.0.1:%u;transport=tcp",
	               w.redis.port);
	invite(uri, own_route());
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 403 ");
	(void)snprintf(uri, sizeof(uri), "sip:x@%s", w.services[REGISTRAR].sip);
	invite(uri, own_route());
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 403 ");
	invite("sip:x@169.254.169.254;transport=tcp", own_route());
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 403 ");
	invite("sip:x@[::ffff:10.0.0.1]", own_route());
	world_hear(&w, w.services[CONTROLLER_1].fd, "SIP/2.0 403 ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_tcp_flow_is_that_connection_and_dies_with_it),
		cmocka_unit_test(a_tcp_flow_does_not_outlive_the_edge),
		cmocka_unit_test(a_tls_flow_is_that_connection),
		cmocka_unit_test(a_ping_is_answered_with_a_pong),
		cmocka_unit_test(
			requests_may_come_byte_by_byte_and_one_after_the_other),
		cmocka_unit_test(a_stream_that_lies_is_told_so_and_closed),
		cmocka_unit_test(what_is_no_sip_is_closed),
		cmocka_unit_test(
			a_carrier_is_called_over_tcp_on_one_connection),
		cmocka_unit_test(a_carrier_is_called_over_udp),
		cmocka_unit_test(who_does_not_listen_is_reported),
		cmocka_unit_test(a_certificate_of_another_is_refused),
		cmocka_unit_test(what_only_we_may_speak_to_is_not_called),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}

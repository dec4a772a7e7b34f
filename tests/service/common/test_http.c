/*
 * test_http.c - the HTTP server on a real socket
 */
#include "unit/test.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "http/server.h"
#include "loop/loop.h"

enum { ANSWER_MAX = 200 * 1024, LATE_MS = 30 };

static struct timer *late_timer;
static struct http_request *late;

static void answer_late(void *arg)
{
	(void)arg;
	http_reply(late, 200, "text/plain", "late", 4);
}

static void refuse(void *arg, struct http_request *r, unsigned status)
{
	(void)arg;
	http_reply(r, status, "text/plain", "refused", 7);
}

static void handle(void *arg, struct http_request *r)
{
	const char *path = http_request_path(r), *body;
	size_t len;

	(void)arg;
	if (strcmp(path, "/late") == 0) {
		late = r;
		timer_start(late_timer, LATE_MS);
	} else if (strcmp(path, "/echo") == 0) {
		body = http_request_body(r, &len);
		http_reply(r, 200, "text/plain", body, len);
	} else if (strcmp(path, "/query it") == 0) {
		body = http_request_query(r);
		http_reply(r, 200, "text/plain", body, strlen(body));
	} else {
		body = http_request_header(r, "X-Word");
		http_reply(r, 404, "text/plain", body ? body : "",
		           body ? strlen(body) : 0);
	}
}

static uint16_t port;
static pid_t server;

static void serve(int out)
{
	struct http_config config = {.address = "127.0.0.1",
	                             .handler = handle,
	                             .refused = refuse,
	                             .arg = NULL};
	struct http_server *s;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (loop_alloc(&config.loop) ||
	    timer_alloc(&late_timer, config.loop, answer_late, NULL) ||
	    http_server_alloc(&s, &config))
		_exit(1);
	port = http_server_port(s);
	(void)!write(out, &port, sizeof(port));
	loop_run(config.loop);
	_exit(0);
}

static int start(void **state)
{
	int pipes[2];

	(void)state;
	if (pipe(pipes))
		return -1;
	server = fork();
	if (server == 0)
		serve(pipes[1]);
	return read(pipes[0], &port, sizeof(port)) == sizeof(port) ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	return 0;
}

static char answer[ANSWER_MAX];

static const char *ask(const char *text, size_t len)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	                         .sin_port = htons(port),
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t n = 0;
	ssize_t got;

	assert_int_equal(0, connect(fd, (struct sockaddr *)&at, sizeof(at)));
	for (size_t sent = 0; sent < len;) {
		ssize_t some = send(fd, text + sent, len - sent, MSG_NOSIGNAL);

		if (some < 0)
			break;
		sent += (size_t)some;
	}
	while ((got = recv(fd, answer + n, sizeof(answer) - 1 - n, 0)) > 0)
		n += (size_t)got;
	answer[n] = '\0';
	(void)close(fd);
	return answer;
}

static void requests_are_answered_by_path_query_header_and_body(void **state)
{
	static const struct {
		const char *request, *expect;
	} rows[] = {
		{"GET /query%20it?a=b%20c&d HTTP/1.1\r\nHost: x\r\n"
	         "Connection: close\r\n\r\n",
	         "\r\n\r\na=b%20c&d"},
		{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
	         "Connection: close\r\n\r\nhello",
	         "\r\n\r\nhello"},
		{"GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Word: yes\r\n"
	         "Connection: close\r\n\r\n",
	         "\r\n\r\nyes"},
		{"GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	         "\r\n\r\nlate"},
	};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		if (!strstr(ask(rows[i].request, strlen(rows[i].request)),
		            rows[i].expect))
			fail_msg("%s: %s", rows[i].request, answer);
}

static void a_body_over_the_limit_is_answered_413(void **state)
{
	size_t body = (size_t)HTTP_BODY_MAX + 1;
	char *text = calloc(1, body + 200);
	int head = snprintf(text, 200,
	                    "POST /echo HTTP/1.1\r\nHost: x\r\n"
	                    "Content-Length: %zu\r\nConnection: close\r\n\r\n",
	                    body);

	(void)state;
	memset(text + head, 'x', body);
	assert_non_null(strstr(ask(text, (size_t)head + body), " 413 "));
	assert_non_null(strstr(answer, "\r\n\r\nrefused"));
	free(text);
}

/* RFC 9112 6.3: what is behind it would be another request to a proxy. */
static void a_length_that_is_not_known_for_sure_is_refused(void **state)
{
	static const char *const lengths[] = {
		"Content-Length: 5\r\nContent-Length: 50\r\n",
		"Content-Length: 5\r\nContent-Length: 5\r\n",
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
		"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
		"Transfer-Encoding: nonsense\r\n",
		"Transfer-Encoding: gzip, chunked\r\n",
		"Transfer-Encoding: identity\r\n",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(lengths); i++) {
		char text[400];
		int n = snprintf(text, sizeof(text),
		                 "POST /echo HTTP/1.1\r\nHost: x\r\n%s"
		                 "\r\nhelloGET /x "
		                 "HTTP/1.1\r\nHost: x\r\n\r\n",
		                 lengths[i]);

		if (!strstr(ask(text, (size_t)n), "HTTP/1.1 400 ") ||
		    !strstr(answer, "\r\n\r\nrefused"))
			fail_msg("%s: %s", lengths[i], answer);
		assert_null(strstr(answer, " 404 "));
	}
}

static void garbage_is_refused_and_the_server_lives(void **state)
{
	static const char garbage[] = "\x16\x03\x01 hello\r\n\r\n\r\n";
	static const char request[] =
		"GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

	static const char cut[] =
		"GET /echo%00x HTTP/1.1\r\nHost: x\r\nConnection: "
		"close\r\n\r\n";

	(void)state;
	(void)ask(garbage, sizeof(garbage) - 1);
	assert_non_null(strstr(ask(cut, sizeof(cut) - 1), " 400 "));
	assert_non_null(strstr(ask(request, sizeof(request) - 1), " 404 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			requests_are_answered_by_path_query_header_and_body),
		cmocka_unit_test(a_body_over_the_limit_is_answered_413),
		cmocka_unit_test(
			a_length_that_is_not_known_for_sure_is_refused),
		cmocka_unit_test(garbage_is_refused_and_the_server_lives),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

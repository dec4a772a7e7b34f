/*
 * api.c - requests to the REST API: how many a second, how soon each
 *
 *     api IP PORT AUTHORIZATION METHOD PATH BODY REQUESTS CONNECTIONS PIDS
 *
 * Keeps one request under way on each of its connections. A `%` in BODY is the
 * number of the request. Prints one line, and the processor time of PIDS ("" = none).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "lib/cpu.h"
#include "lib/figures.h"
#include "lib/net.h"

enum { CONNECTIONS_MAX = 256, RESPONSE_MAX = 4 * 1024 * 1024, READY_MAX = 64 };

struct connection {
	int fd;
	uint64_t asked_us;
	char *answer;
	size_t n;
};

struct bench {
	struct sockaddr_in to;
	const char *authorization, *method, *path, *body;
	unsigned requests, asked, answered, failed;
	uint32_t *took_us;
	int epoll;
	struct connection connections[CONNECTIONS_MAX];
};

static void ask(struct bench *b, struct connection *c)
{
	const char *mark = strchr(b->body, '%');
	char body[1024], text[4096];
	int n;

	if (b->asked == b->requests)
		return;
	b->asked++;
	(void)snprintf(body, sizeof(body), "%.*s",
	               mark ? (int)(mark - b->body) : 900, b->body);
	if (mark)
		(void)snprintf(body + strlen(body), sizeof(body) - strlen(body),
		               "%u%s", b->asked, mark + 1);
	n = snprintf(text, sizeof(text),
	             "%s %s HTTP/1.1\r\nHost: api\r\nAuthorization: %s\r\n"
	             "Content-Type: application/x-www-form-urlencoded\r\n"
	             "Content-Length: %zu\r\n\r\n%s",
	             b->method, b->path, b->authorization, strlen(body), body);
	c->asked_us = net_now_us();
	c->n = 0;
	if (send(c->fd, text, (size_t)n, 0) != n)
		net_die("send");
}

/* The whole length of the response that begins there; 0 = not known yet */
static size_t length_of(const struct connection *c)
{
	const char *end = strstr(c->answer, "\r\n\r\n");
	const char *length = strcasestr(c->answer, "\r\nContent-Length:");

	if (!end)
		return 0;
	return (size_t)(end - c->answer) + 4 +
	       (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

static void on_ready(struct bench *b, struct connection *c)
{
	ssize_t n = recv(c->fd, c->answer + c->n, RESPONSE_MAX - c->n, 0);
	size_t length;

	if (n <= 0)
		net_die("the connection");
	c->n += (size_t)n;
	c->answer[c->n] = '\0';
	length = length_of(c);
	if (!length || c->n < length)
		return;
	if (strncmp(c->answer, "HTTP/1.1 2", 10) != 0) {
		if (!b->failed++)
			(void)fprintf(stderr, "%.300s\n", c->answer);
	}
	b->took_us[b->answered++] = (uint32_t)(net_now_us() - c->asked_us);
	ask(b, c);
}

static void connect_one(struct bench *b, struct connection *c)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
	int yes = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	c->answer = malloc(RESPONSE_MAX + 1);
	if (c->fd < 0 || !c->answer ||
	    connect(c->fd, (struct sockaddr *)&b->to, sizeof(b->to)) ||
	    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) ||
	    epoll_ctl(b->epoll, EPOLL_CTL_ADD, c->fd, &ev))
		net_die("connect");
}

static void report(struct bench *b, uint64_t us)
{
	size_t half = b->answered / 2, most = b->answered * 99UL / 100;

	figures_sort_u32(b->took_us, b->answered);
	(void)printf("%8.0f a second, p50 %7.2f ms, p99 %7.2f ms%s",
	             b->answered * 1e6 / (double)us, b->took_us[half] / 1e3,
	             b->took_us[most] / 1e3, b->failed ? ", " : "\n");
	if (b->failed)
		(void)printf("%u failed\n", b->failed);
}

static void run(struct bench *b, unsigned n)
{
	struct epoll_event ready[READY_MAX];

	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	for (unsigned i = 0; i < n; i++) {
		connect_one(b, &b->connections[i]);
		ask(b, &b->connections[i]);
	}
	while (b->answered < b->requests) {
		int got = epoll_wait(b->epoll, ready, READY_MAX, 10000);

		if (got <= 0)
			net_die("an answer");
		for (int i = 0; i < got; i++)
			on_ready(b, ready[i].data.ptr);
	}
}

int main(int argc, char **argv)
{
	static struct bench b;
	struct cpu_set cpu = {.n = 0};
	uint64_t begin;
	unsigned n;

	if (argc != 10) {
		(void)fprintf(stderr, "see the head of tests/bench/api.c\n");
		return 2;
	}
	b.to = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10))};
	if (inet_pton(AF_INET, argv[1], &b.to.sin_addr) != 1)
		net_die("the address");
	b.authorization = argv[3];
	b.method = argv[4];
	b.path = argv[5];
	b.body = argv[6];
	b.requests = (unsigned)strtoul(argv[7], NULL, 10);
	n = (unsigned)strtoul(argv[8], NULL, 10);
	b.took_us = calloc(b.requests + 1, sizeof(*b.took_us));
	if (!b.took_us || n > CONNECTIONS_MAX || cpu_parse(&cpu, argv[9]))
		net_die("the arguments");
	cpu_start(&cpu);
	begin = net_now_us();
	run(&b, n);
	report(&b, net_now_us() - begin);
	if (cpu.n)
		(void)cpu_report(&cpu, b.answered);
	return b.failed != 0;
}

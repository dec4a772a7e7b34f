/*
 * hostile.c - an application that answers as its URL says, badly mostly
 */
#include "hostile.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { KEPT = 8 };

static struct {
	pthread_mutex_t lock;
	unsigned requests, connections;
	char kept[KEPT][HOSTILE_TEXT_MAX];
} state = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* A connection */
struct peer {
	int fd;
	char text[HOSTILE_TEXT_MAX]; /* of the request, NUL-terminated */
	char path[8192];
};

unsigned hostile_requests(void)
{
	unsigned n;

	pthread_mutex_lock(&state.lock);
	n = state.requests;
	pthread_mutex_unlock(&state.lock);
	return n;
}

unsigned hostile_connections(void)
{
	unsigned n;

	pthread_mutex_lock(&state.lock);
	n = state.connections;
	pthread_mutex_unlock(&state.lock);
	return n;
}

void hostile_reset(void)
{
	pthread_mutex_lock(&state.lock);
	state.requests = state.connections = 0;
	pthread_mutex_unlock(&state.lock);
}

size_t hostile_request(unsigned n, char *out, size_t size)
{
	int len = 0;

	out[0] = '\0';
	pthread_mutex_lock(&state.lock);
	if (n < state.requests)
		len = snprintf(out, size, "%s", state.kept[n % KEPT]);
	pthread_mutex_unlock(&state.lock);
	return (size_t)len;
}

static void keep(const struct peer *p)
{
	pthread_mutex_lock(&state.lock);
	memcpy(state.kept[state.requests % KEPT], p->text, sizeof(p->text));
	state.requests++;
	pthread_mutex_unlock(&state.lock);
}

static bool put(const struct peer *p, const char *s, size_t n)
{
	return send(p->fd, s, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static bool say(const struct peer *p, const char *s)
{
	return put(p, s, strlen(s));
}

/* Status, further header lines, type, body */
static bool reply(const struct peer *p, const char *status, const char *headers,
                  const char *type, const char *body)
{
	char head[10000];

	(void)snprintf(head, sizeof(head),
	               "HTTP/1.1 %s\r\n%sContent-Type: %s\r\n"
	               "Content-Length: %zu\r\n\r\n%s",
	               status, headers, type, strlen(body), body);
	return say(p, head);
}

static bool echo(const struct peer *p)
{
	return reply(p, "200 OK", "", "text/xml; charset=utf-8", "<Response/>");
}

static bool redirect(const struct peer *p, const char *to)
{
	char line[9000];

	(void)snprintf(line, sizeof(line), "Location: %s\r\n", to);
	return reply(p, "302 Found", line, "text/plain", "moved");
}

static bool repeat(const struct peer *p, const char *head, const char *part,
                   useconds_t pause_us)
{
	bool more = say(p, head);

	while (more) {
		more = say(p, part);
		usleep(pause_us);
	}
	return false;
}

static bool large(const struct peer *p, size_t n)
{
	char head[128], *body = malloc(n + 1);
	bool sent;

	if (!body)
		return false;
	memset(body, 'x', n);
	(void)snprintf(head, sizeof(head),
	               "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
	               "Content-Length: %zu\r\n\r\n",
	               n);
	sent = say(p, head) && put(p, body, n);
	free(body);
	return sent;
}

static bool guarded(const struct peer *p, const char *scheme,
                    const char *challenge)
{
	char wanted[64];

	(void)snprintf(wanted, sizeof(wanted), "\r\nAuthorization: %s", scheme);
	if (strstr(p->text, wanted))
		return echo(p);
	return reply(p, "401 Unauthorized", challenge, "text/plain", "no");
}

static const char *after(const struct peer *p, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(p->path, prefix, n) == 0 ? p->path + n : NULL;
}

static bool number_route(const struct peer *p, bool *more)
{
	const char *rest;
	char text[64];

	if ((rest = after(p, "/status/"))) {
		(void)snprintf(text, sizeof(text), "%.3s Said", rest);
		*more = reply(p, text, "", "text/html", "<p>no</p>");
	} else if ((rest = after(p, "/slow/"))) {
		usleep((useconds_t)strtoul(rest, NULL, 10) * 1000);
		*more = echo(p);
	} else if ((rest = after(p, "/large/"))) {
		*more = large(p, strtoul(rest, NULL, 10));
	} else if ((rest = after(p, "/redirect/"))) {
		unsigned long n = strtoul(rest, NULL, 10);

		(void)snprintf(text, sizeof(text), "%lu", n - 1);
		*more = n ? redirect(p, text) : echo(p);
	} else if ((rest = after(p, "/type/"))) {
		*more = reply(p, "200 OK", "", rest, "text");
	} else if ((rest = after(p, "/to?"))) {
		*more = redirect(p, rest);
	} else {
		return false;
	}
	return true;
}

static bool endless_route(const struct peer *p)
{
	if (after(p, "/trickle"))
		repeat(p,
		       "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
		       "Content-Length: 99999\r\n\r\n",
		       "x", 50000);
	else if (after(p, "/endless"))
		repeat(p,
		       "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
		       "Transfer-Encoding: chunked\r\n\r\n",
		       "8\r\nxxxxxxxx\r\n", 0);
	else if (after(p, "/headers"))
		repeat(p, "HTTP/1.1 200 OK\r\n", "X-Header: xxxxxxxxxxxxx\r\n",
		       0);
	else if (after(p, "/garbage"))
		say(p, "+OK redis here\r\n");
	else if (after(p, "/cut"))
		say(p, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
		       "Content-Length: 100\r\n\r\n<Respo");
	else if (!after(p, "/close"))
		return false;
	return true;
}

/* @return may another request come on this connection? */
static bool answer(const struct peer *p)
{
	bool more = true;

	if (number_route(p, &more))
		return more;
	if (endless_route(p))
		return false;
	if (after(p, "/empty"))
		return reply(p, "200 OK", "", "text/xml", "");
	if (after(p, "/nowhere"))
		return reply(p, "302 Found", "", "text/plain", "");
	if (after(p, "/cookie"))
		return reply(p, "200 OK", "Set-Cookie: s=1; Path=/\r\n",
		             "text/xml", "<Response/>");
	if (after(p, "/basic"))
		return guarded(p, "Basic ",
		               "WWW-Authenticate: Basic realm=\"a\"\r\n");
	if (after(p, "/digest"))
		return guarded(p, "Digest ",
		               "WWW-Authenticate: Digest realm=\"a\", "
		               "nonce=\"n\", qop=\"auth\"\r\n");
	return echo(p);
}

static size_t body_length(const char *text)
{
	const char *at = strcasestr(text, "\r\ncontent-length:");

	return at ? strtoul(at + 17, NULL, 10) : 0;
}

/* Read a whole request. @return false: the connection ended */
static bool receive(struct peer *p)
{
	size_t n = 0, whole = 0;

	while (whole == 0 || n < whole) {
		const char *end;
		ssize_t got =
			recv(p->fd, p->text + n, sizeof(p->text) - 1 - n, 0);

		if (got <= 0)
			return false;
		n += (size_t)got;
		p->text[n] = '\0';
		end = strstr(p->text, "\r\n\r\n");
		if (end && !whole)
			whole = (size_t)(end + 4 - p->text) +
			        body_length(p->text);
	}
	return sscanf(p->text, "%*s %8191s", p->path) == 1;
}

static void *serve(void *arg)
{
	struct peer *p = arg;

	while (receive(p)) {
		keep(p);
		if (!answer(p))
			break;
	}
	close(p->fd);
	free(p);
	return NULL;
}

static void start_thread(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, arg))
		abort();
	pthread_detach(thread);
}

static void *accept_all(void *arg)
{
	int listener = (int)(intptr_t)arg, fd, on = 1;

	while ((fd = accept(listener, NULL, NULL)) >= 0) {
		struct peer *p = calloc(1, sizeof(*p));

		if (!p)
			abort();
		p->fd = fd;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		pthread_mutex_lock(&state.lock);
		state.connections++;
		pthread_mutex_unlock(&state.lock);
		start_thread(serve, p);
	}
	return NULL;
}

uint16_t hostile_start(const char *address)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &in.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, sizeof(in)) ||
	    listen(fd, 128) || getsockname(fd, (struct sockaddr *)&in, &len))
		abort();
	start_thread(accept_all, (void *)(intptr_t)fd);
	return ntohs(in.sin_port);
}

/*
 * talk.c - what a phone or a service says to the edge and hears from it
 */
#include "world.h"

#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include "loop/loop.h"
#include "unit/test.h"

static struct sockaddr_in name_of(const char *text)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	const char *colon = strchr(text, ':');
	char ip[32];

	assert_non_null(colon);
	(void)snprintf(ip, sizeof(ip), "%.*s", (int)(colon - text), text);
	assert_int_equal(1, inet_pton(AF_INET, ip, &sa.sin_addr));
	sa.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	return sa;
}

uint16_t world_port(int fd)
{
	struct sockaddr_in sa = {.sin_port = 0};
	socklen_t len = sizeof(sa);

	assert_int_equal(0, getsockname(fd, (struct sockaddr *)&sa, &len));
	return ntohs(sa.sin_port);
}

int world_udp(void)
{
	struct sockaddr_in sa = name_of("127.0.0.1:0");
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(0, bind(fd, (struct sockaddr *)&sa, sizeof(sa)));
	return fd;
}

int world_tcp(struct world *w, uint16_t port)
{
	struct sockaddr_in sa = name_of("127.0.0.1:0");
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	(void)w;
	sa.sin_port = htons(port);
	assert_int_equal(0, connect(fd, (struct sockaddr *)&sa, sizeof(sa)));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

SSL *world_tls(struct world *w)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl = SSL_new(ctx);

	SSL_CTX_free(ctx);
	assert_int_equal(1, SSL_set_fd(ssl, world_tcp(w, w->sips_port)));
	assert_int_equal(1, SSL_connect(ssl));
	return ssl;
}

void world_tls_free(SSL *ssl)
{
	int fd = SSL_get_fd(ssl);

	SSL_free(ssl);
	close(fd);
}

/* Printf with CRLF for \n. @return length */
static size_t print(char *out, size_t size, const char *fmt, va_list ap)
{
	static char plain[WORLD_TEXT];
	size_t n = 0;
	int len = vsnprintf(plain, sizeof(plain), fmt, ap);

	assert_true(len >= 0 && (size_t)len < sizeof(plain));
	for (int i = 0; i < len; i++) {
		assert_true(n + 2 < size);
		if (plain[i] == '\n')
			out[n++] = '\r';
		out[n++] = plain[i];
	}
	return n;
}

static char said[WORLD_TEXT * 2];

void world_send(int fd, const char *to, const char *text, size_t n)
{
	struct sockaddr_in sa = name_of(to);

	assert_int_equal(
		n, sendto(fd, text, n, 0, (struct sockaddr *)&sa, sizeof(sa)));
}

void world_say(int fd, const char *to, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = print(said, sizeof(said), fmt, ap);
	va_end(ap);
	world_send(fd, to, said, n);
}

void world_write(int fd, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	n = print(said, sizeof(said), fmt, ap);
	va_end(ap);
	assert_int_equal(n, send(fd, said, n, MSG_NOSIGNAL));
}

static bool readable(void *arg)
{
	struct pollfd p = {.fd = *(int *)arg, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static ssize_t receive(struct world *w, int fd)
{
	struct sockaddr_in sa = {.sin_port = 0};
	socklen_t len = sizeof(sa);
	char ip[INET_ADDRSTRLEN];
	ssize_t n = recvfrom(fd, w->text, sizeof(w->text) - 1, 0,
	                     (struct sockaddr *)&sa, &len);

	w->text[n > 0 ? n : 0] = '\0';
	(void)snprintf(w->from, sizeof(w->from), "%s:%u",
	               inet_ntop(AF_INET, &sa.sin_addr, ip, sizeof(ip)),
	               ntohs(sa.sin_port));
	return n;
}

bool world_waits(struct world *w, int fd)
{
	return run_until(w->loop, readable, &fd, WORLD_WAIT_MS);
}

bool world_hears(struct world *w, int fd, uint32_t ms)
{
	w->text[0] = '\0';
	return run_until(w->loop, readable, &fd, ms) && receive(w, fd) > 0;
}

void world_hear(struct world *w, int fd, const char *start)
{
	if (!world_hears(w, fd, WORLD_WAIT_MS))
		fail_msg("nothing came, wanted %s", start);
	if (strncmp(w->text, start, strlen(start)) != 0)
		fail_msg("wanted %s, came %s", start, w->text);
}

void world_silent(struct world *w, int fd, uint32_t ms)
{
	if (world_hears(w, fd, ms))
		fail_msg("wanted nothing, came %s", w->text);
}

void world_closed(struct world *w, int fd, uint32_t ms)
{
	uint64_t end = loop_now_ms() + ms;

	while (loop_now_ms() < end) {
		if (run_until(w->loop, readable, &fd, ms) &&
		    receive(w, fd) <= 0)
			return;
	}
	fail_msg("the connection is still open");
}

void world_has(struct world *w, const char *part)
{
	if (!strstr(w->text, part))
		fail_msg("no %s in %s", part, w->text);
}

void world_lacks(struct world *w, const char *part)
{
	if (strstr(w->text, part))
		fail_msg("%s in %s", part, w->text);
}

const char *world_header(struct world *w, const char *name, int n,
                         char out[1024])
{
	size_t len = strlen(name);

	out[0] = '\0';
	for (const char *line = strstr(w->text, "\r\n"); line;
	     line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, len) != 0 ||
		    line[2 + len] != ':' || n-- > 0)
			continue;
		(void)snprintf(out, 1024, "%.*s",
		               (int)strcspn(line + 4 + len, "\r"),
		               line + 4 + len);
		break;
	}
	return out;
}

static size_t copy_headers(struct world *w, const char *name, char *out,
                           size_t size)
{
	char value[1024];
	size_t n = 0;

	for (int i = 0; *world_header(w, name, i, value); i++)
		n += (size_t)snprintf(out + n, size - n, "%s: %s\n", name,
		                      value);
	return n;
}

void world_answer(struct world *w, int fd, const char *status, const char *more)
{
	static const char *const names[] = {"Via", "Record-Route", "From",
	                                    "To",  "Call-ID",      "CSeq"};
	char head[8192];
	size_t n = 0;

	for (size_t i = 0; i < N_OF(names); i++)
		n += copy_headers(w, names[i], head + n, sizeof(head) - n);
	world_say(fd, w->from, "SIP/2.0 %s\n%s%sContent-Length: 0\n\n", status,
	          head, more);
}

const char *world_edge(const struct world *w)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "127.0.0.1:%u", w->port);
	return text;
}

const char *world_inside(const struct world *w)
{
	static char text[32];

	(void)snprintf(text, sizeof(text), "127.0.0.1:%u", w->internal);
	return text;
}

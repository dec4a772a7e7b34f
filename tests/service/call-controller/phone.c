/*
 * phone.c - a UDP socket that speaks SIP in words: edge, caller and callee
 */
#include "phone.h"

#include <stdarg.h>
#include <strings.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "loop/loop.h"
#include "service/harness.h"
#include "unit/test.h"

enum { WAIT_MS = 5000 };

static void on_readable(void *arg, int events)
{
	struct phone *p = arg;
	char text[PHONE_MESSAGE_MAX];
	ssize_t n;

	(void)events;
	while ((n = recv(p->fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		text[n] = 0;
		if (p->n < PHONE_INBOX_MAX)
			p->inbox[p->n++] = strdup(text);
	}
}

void phone_open(struct phone *p, struct loop *loop, const char *ip)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t len = sizeof(sa);

	*p = (struct phone){.loop = loop};
	p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(p->fd >= 0);
	assert_int_equal(1, inet_pton(AF_INET, ip, &sa.sin_addr));
	assert_int_equal(0, bind(p->fd, (struct sockaddr *)&sa, len));
	assert_int_equal(0, getsockname(p->fd, (struct sockaddr *)&sa, &len));
	p->port = ntohs(sa.sin_port);
	snprintf(p->address, sizeof(p->address), "%s:%u", ip, p->port);
	assert_int_equal(0, watch_alloc(&p->watch, loop, p->fd, LOOP_READ,
	                                on_readable, p));
}

void phone_close(struct phone *p)
{
	watch_free(p->watch);
	close(p->fd);
	while (p->n)
		free(p->inbox[--p->n]);
}

/* Lines end with CRLF on the wire, and the length of the body is stated. */
static size_t to_wire(const char *text, char *out, size_t size)
{
	const char *body = strstr(text, "\n\n");
	size_t head = body ? (size_t)(body - text) : strlen(text);
	size_t n = 0;
	char wire_body[8192];
	size_t len = 0;

	for (body = body ? body + 2 : ""; *body; body++) {
		if (*body == '\n')
			wire_body[len++] = '\r';
		wire_body[len++] = *body;
	}
	for (size_t i = 0; i < head; i++) {
		if (text[i] == '\n')
			out[n++] = '\r';
		out[n++] = text[i];
	}
	n += (size_t)snprintf(out + n, size - n,
	                      "\r\nContent-Length: %zu\r\n\r\n%.*s", len,
	                      (int)len, wire_body);
	return n;
}

void phone_send(struct phone *p, const char *fmt, ...)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	char text[16384], wire[32768], ip[64];
	const char *colon = strchr(p->peer, ':');
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	n = to_wire(text, wire, sizeof(wire));
	assert_non_null(colon);
	snprintf(ip, sizeof(ip), "%.*s", (int)(colon - p->peer), p->peer);
	inet_pton(AF_INET, ip, &sa.sin_addr);
	sa.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	assert_int_equal(n, sendto(p->fd, wire, n, 0, (struct sockaddr *)&sa,
	                           sizeof(sa)));
}

struct wanted {
	struct phone *p;
	const char *start, *with;
	unsigned index;
};

static bool is_there(void *arg)
{
	struct wanted *w = arg;

	for (w->index = 0; w->index < w->p->n; w->index++) {
		const char *text = w->p->inbox[w->index];

		if (strncmp(text, w->start, strlen(w->start)) == 0 &&
		    strstr(text, w->with))
			return true;
	}
	return false;
}

bool phone_has(struct phone *p, const char *start, const char *with,
               uint32_t ms)
{
	struct wanted w = {.p = p, .start = start, .with = with};

	return run_until(p->loop, is_there, &w, ms);
}

const char *phone_wait(struct phone *p, const char *start, const char *with)
{
	struct wanted w = {.p = p, .start = start, .with = with};

	if (!run_until(p->loop, is_there, &w, WAIT_MS)) {
		for (unsigned i = 0; i < p->n; i++)
			print_error("inbox: %s\n", p->inbox[i]);
		fail_msg("no message: %s … %s", start, with);
	}
	snprintf(p->now, sizeof(p->now), "%s", p->inbox[w.index]);
	free(p->inbox[w.index]);
	p->n--;
	memmove(p->inbox + w.index, p->inbox + w.index + 1,
	        (p->n - w.index) * sizeof(*p->inbox));
	return p->now;
}

static const char *next_line(const char *line)
{
	line = strstr(line, "\r\n");
	return line && line[2] != '\r' ? line + 2 : NULL;
}

const char *phone_header(struct phone *p, const char *name)
{
	size_t n = strlen(name);

	p->value[0] = 0;
	for (const char *s = next_line(p->now); s; s = next_line(s)) {
		if (strncasecmp(s, name, n) != 0 || s[n] != ':')
			continue;
		s += n + 1;
		s += strspn(s, " ");
		snprintf(p->value, sizeof(p->value), "%.*s",
		         (int)strcspn(s, "\r"), s);
		break;
	}
	return p->value;
}

/* All headers of that name, as lines */
static void copy_headers(const struct phone *p, const char *name, char *out,
                         size_t size)
{
	size_t n = strlen(name), len = strlen(out);

	for (const char *s = next_line(p->now); s; s = next_line(s))
		if (strncasecmp(s, name, n) == 0 && s[n] == ':')
			len += (size_t)snprintf(out + len, size - len, "%.*s\n",
			                        (int)strcspn(s, "\r"), s);
}

void phone_answer(struct phone *p, const char *status, const char *tag,
                  const char *more)
{
	static const char *const names[] = {"Via", "Record-Route", "From",
	                                    "Call-ID", "CSeq"};
	char head[8192] = "";
	char to[512];
	bool tagged;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		copy_headers(p, names[i], head, sizeof(head));
	snprintf(to, sizeof(to), "%s", phone_header(p, "To"));
	tagged = strstr(to, ";tag=") != NULL || tag[0] == 0;
	phone_send(p, "SIP/2.0 %s\n%sTo: %s%s%s\n%s", status, head, to,
	           tagged ? "" : ";tag=", tagged ? "" : tag, more);
}

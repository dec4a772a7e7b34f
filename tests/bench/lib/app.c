/*
 * app.c - the customer's application of the benchmark
 *
 * The parameter SipHeader_X-Bench of the request comes back as a header of the
 * child INVITE, so that parent and child can be paired.
 */
#include "app.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, REQUEST_MAX = 8192 };

struct client {
	size_t len;
	char text[REQUEST_MAX];
};

struct app {
	int epoll;
	int listener;
	char dial[200];
	app_document_h *document; /* NULL = the <Dial> */
	void *arg;
	struct client *clients[CLIENTS_MAX]; /* by descriptor */
};

static void add(int epoll, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev);
}

int app_alloc(struct app **ap, int epoll, const char *ip, int port,
              const char *dial)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)port)};
	struct app *app = calloc(1, sizeof(*app));
	int one = 1;

	if (!app)
		return ENOMEM;
	app->epoll = epoll;
	(void)snprintf(app->dial, sizeof(app->dial), "%s", dial);
	(void)inet_pton(AF_INET, ip, &at.sin_addr);
	app->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	(void)setsockopt(app->listener, SOL_SOCKET, SO_REUSEADDR, &one,
	                 sizeof(one));
	if (bind(app->listener, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(app->listener, 128)) {
		app_free(app);
		return errno;
	}
	add(epoll, app->listener);
	*ap = app;
	return 0;
}

void app_free(struct app *app)
{
	if (!app)
		return;
	for (int fd = 0; fd < CLIENTS_MAX; fd++)
		if (app->clients[fd]) {
			(void)close(fd);
			free(app->clients[fd]);
		}
	(void)close(app->listener);
	free(app);
}

void app_on_request(struct app *app, app_document_h *h, void *arg)
{
	app->document = h;
	app->arg = arg;
}

static void reply(const struct app *app, int fd, const char *request)
{
	static const char mark[] = "SipHeader_X-Bench=";
	const char *bench = strstr(request, mark);
	char body[512], text[1024];
	int n;

	if (app->document)
		app->document(app->arg, body, sizeof(body));
	else
		(void)snprintf(
			body, sizeof(body),
			"<Response><Dial answerOnBridge=\"true\"><Sip>%s?"
			"X-Bench=%d</Sip></Dial></Response>",
			app->dial, bench ? atoi(bench + sizeof(mark) - 1) : 0);
	n = snprintf(text, sizeof(text),
	             "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
	             "Content-Length: %zu\r\n\r\n%s",
	             strlen(body), body);
	(void)!write(fd, text, (size_t)n);
}

/* Bytes of the first request in the buffer when it is whole, else 0. */
static size_t whole(const struct client *c)
{
	const char *end = strstr(c->text, "\r\n\r\n");
	const char *length = strcasestr(c->text, "\r\nContent-Length:");
	size_t n;

	if (!end)
		return 0;
	n = (size_t)(end + 4 - c->text);
	if (length && length < end)
		n += (size_t)atoi(length + 17);
	return c->len >= n ? n : 0;
}

static void read_client(struct app *app, int fd)
{
	struct client *c = app->clients[fd];
	ssize_t n = read(fd, c->text + c->len, REQUEST_MAX - 1 - c->len);
	size_t used;

	if (n <= 0) {
		(void)close(fd);
		free(c);
		app->clients[fd] = NULL;
		return;
	}
	c->len += (size_t)n;
	c->text[c->len] = '\0';
	while ((used = whole(c)) > 0) {
		reply(app, fd, c->text);
		c->len -= used;
		memmove(c->text, c->text + used, c->len + 1);
	}
}

void app_ready(struct app *app, int fd)
{
	int client;

	if (fd != app->listener) {
		if (fd >= 0 && fd < CLIENTS_MAX && app->clients[fd])
			read_client(app, fd);
		return;
	}
	client = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	if (client < 0)
		return;
	if (client < CLIENTS_MAX)
		app->clients[client] = calloc(1, sizeof(struct client));
	if (client >= CLIENTS_MAX || !app->clients[client])
		(void)close(client);
	else
		add(app->epoll, client);
}

/*
 * server.c - HTTP in, by libmicrohttpd, on the process's own loop
 *
 *     READING ──whole──► ASKED ──http_reply()──► ANSWERED ──sent──► freed
 *
 * The library polls its own epoll descriptor, which our loop watches. A request
 * that is not answered at once is suspended; http_reply() resumes it, and the
 * library asks again for the answer.
 */
#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <microhttpd.h>

#include "base/strbuf.h"
#include "loop/loop.h"

enum request_state { READING, ASKED, SUSPENDED, ANSWERED };

struct http_request {
	struct http_request *next, **at; /* in the list of suspended ones */
	struct http_server *server;
	struct MHD_Connection *connection; /* borrowed: lives until freed */
	enum request_state state;
	bool too_large;
	bool cut; /* a NUL in its path: what is behind it would not be seen */
	const char *method; /* borrowed from the library */
	const char *path;
	char *query; /* raw */
	struct strbuf body;
	struct MHD_Response *response;
	unsigned status;
};

struct http_server {
	struct MHD_Daemon *daemon;
	struct watch *watch;
	struct timer *timer; /* of the library's timeouts and of resumptions */
	struct http_request *suspended;
	http_handler_h *handler;
	http_refused_h *refused;
	void *arg;
};

/* Let the library work, then sleep as long as it says. */
static void work(struct http_server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;

	(void)MHD_run(s->daemon);
	if (MHD_get_timeout(s->daemon, &ms) == MHD_YES)
		timer_start(s->timer, ms > 60000 ? 60000 : (uint32_t)ms);
	else
		timer_stop(s->timer);
}

static void on_readable(void *arg, int events)
{
	(void)events;
	work(arg);
}

static void on_timer(void *arg)
{
	work(arg);
}

/* A new request: the only moment when its query can be had raw. */
static void *on_uri(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct http_request *r = calloc(1, sizeof(*r));
	const char *mark = strchr(uri, '?');

	if (!r)
		return NULL;
	r->server = arg;
	r->connection = c;
	r->query = strdup(mark ? mark + 1 : "");
	r->cut = memmem(uri, mark ? (size_t)(mark - uri) : strlen(uri), "%00",
	                3) != NULL;
	return r;
}

static void on_completed(void *arg, struct MHD_Connection *c, void **rp,
                         enum MHD_RequestTerminationCode why)
{
	struct http_request *r = *rp;

	(void)arg;
	(void)c;
	(void)why;
	if (!r)
		return;
	if (r->response)
		MHD_destroy_response(r->response);
	strbuf_close(&r->body);
	free(r->query);
	free(r);
	*rp = NULL;
}

static enum MHD_Result take_body(struct http_request *r, const char *data,
                                 size_t *len)
{
	if (r->body.len + *len > HTTP_BODY_MAX)
		r->too_large = true;
	else
		strbuf_addn(&r->body, data, *len);
	*len = 0;
	return MHD_YES;
}

static void suspend(struct http_request *r)
{
	struct http_server *s = r->server;

	r->state = SUSPENDED;
	r->at = &s->suspended;
	r->next = s->suspended;
	if (r->next)
		r->next->at = &r->next;
	s->suspended = r;
	MHD_suspend_connection(r->connection);
}

static void resume(struct http_request *r)
{
	*r->at = r->next;
	if (r->next)
		r->next->at = r->at;
	MHD_resume_connection(r->connection);
	timer_start(r->server->timer, 0);
}

/* What headers say of the length of the body */
struct lengths {
	unsigned n;
	bool unknown; /* a coding that is not ours */
};

static enum MHD_Result read_length(void *arg, enum MHD_ValueKind kind,
                                   const char *name, const char *value)
{
	struct lengths *l = arg;

	(void)kind;
	if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0)
		l->n++;
	if (strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
		l->n++;
		l->unknown = !value || strcasecmp(value, "chunked") != 0;
	}
	return MHD_YES;
}

/* A length that is said twice is read by others in another way than by us: what
 * is behind it would be another request to them (RFC 9112 6.3). Of another coding
 * the library would wait for the end of the connection. */
static bool is_ambiguous(struct MHD_Connection *c)
{
	struct lengths l = {0, false};

	(void)MHD_get_connection_values(c, MHD_HEADER_KIND, read_length, &l);
	return l.n > 1 || l.unknown;
}

static void refuse(struct http_request *r, unsigned status)
{
	struct http_server *s = r->server;

	if (s->refused)
		s->refused(s->arg, r, status);
	else
		http_reply(r, status, NULL, "", 0);
}

/* Before its body, which may have no end */
static enum MHD_Result refuse_head(struct http_request *r)
{
	refuse(r, 400);
	if (!r->response ||
	    MHD_add_response_header(r->response, MHD_HTTP_HEADER_CONNECTION,
	                            "close") != MHD_YES)
		return MHD_NO;
	return MHD_queue_response(r->connection, r->status, r->response);
}

/* It is whole. */
static void begin(struct http_server *s, struct http_request *r)
{
	if (r->too_large)
		refuse(r, 413);
	else if (r->body.failed)
		http_reply(r, 503, NULL, "", 0);
	else
		s->handler(s->arg, r);
}

/* The library calls it again and again for one request: at its head, for each
 * piece of its body, at its end, and when it was resumed. */
// NOLINTNEXTLINE(readability-function-size): the library fixes its parameters
static enum MHD_Result on_request(void *arg, struct MHD_Connection *c,
                                  const char *path, const char *method,
                                  const char *version, const char *data,
                                  size_t *len, void **rp)
{
	struct http_server *s = arg;
	struct http_request *r = *rp;

	(void)version;
	if (!r || !r->query)
		return MHD_NO; /* out of memory: the connection closes */
	if (!r->method) {
		r->method = method;
		r->path = path;
		return r->cut || is_ambiguous(c) ? refuse_head(r) : MHD_YES;
	}
	if (*len)
		return take_body(r, data, len);
	if (r->state == READING) {
		r->state = ASKED;
		begin(s, r);
	}
	if (r->state == ASKED) {
		suspend(r);
		return MHD_YES;
	}
	return r->response ? MHD_queue_response(c, r->status, r->response)
	                   : MHD_NO;
}

static struct MHD_Response *make_response(const struct http_answer *a)
{
	struct MHD_Response *response;

	if (!a->is_file)
		return MHD_create_response_from_buffer(
			a->len, (void *)(uintptr_t)a->body,
			MHD_RESPMEM_MUST_COPY);
	response = MHD_create_response_from_fd_at_offset64(a->length, a->fd,
	                                                   a->from);
	if (!response)
		close(a->fd);
	return response;
}

void http_answer(struct http_request *r, const struct http_answer *a)
{
	bool suspended = r->state == SUSPENDED;
	const char *const *header = a->headers;

	r->status = a->status;
	r->response = make_response(a);
	if (r->response && a->content_type)
		(void)MHD_add_response_header(r->response,
		                              MHD_HTTP_HEADER_CONTENT_TYPE,
		                              a->content_type);
	for (; r->response && header && *header; header += 2)
		(void)MHD_add_response_header(r->response, header[0],
		                              header[1]);
	r->state = ANSWERED;
	if (suspended)
		resume(r);
}

void http_reply(struct http_request *r, unsigned status,
                const char *content_type, const void *body, size_t len)
{
	const struct http_answer answer = {.status = status,
	                                   .content_type = content_type,
	                                   .body = body,
	                                   .len = len};

	http_answer(r, &answer);
}

static int start_daemon(struct http_server *s, const struct sockaddr_in *at)
{
	const union MHD_DaemonInfo *info;

	s->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		on_request, s, MHD_OPTION_SOCK_ADDR, at,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTP_IDLE_S,
		MHD_OPTION_URI_LOG_CALLBACK, on_uri, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
		MHD_OPTION_END);
	if (!s->daemon)
		return EADDRINUSE;
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	return info ? 0 : ENOMEM;
}

int http_server_alloc(struct http_server **sp, const struct http_config *c)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
	                         .sin_port = htons(c->port)};
	struct http_server *s = calloc(1, sizeof(*s));
	const union MHD_DaemonInfo *info;
	int err = ENOMEM;

	if (!s)
		goto out;
	s->handler = c->handler;
	s->refused = c->refused;
	s->arg = c->arg;
	err = EINVAL;
	if (inet_pton(AF_INET, c->address, &at.sin_addr) != 1)
		goto out;
	err = start_daemon(s, &at);
	if (err)
		goto out;
	info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	err = watch_alloc(&s->watch, c->loop, info->epoll_fd, LOOP_READ,
	                  on_readable, s);
	if (!err)
		err = timer_alloc(&s->timer, c->loop, on_timer, s);
out:
	if (err)
		http_server_free(s);
	else
		*sp = s;
	return err;
}

void http_server_free(struct http_server *s)
{
	if (!s)
		return;
	while (s->suspended) /* the library must not stop with these */
		http_reply(s->suspended, 503, NULL, "", 0);
	if (s->daemon) {
		(void)MHD_run(s->daemon);
		MHD_stop_daemon(s->daemon);
	}
	watch_free(s->watch);
	timer_free(s->timer);
	free(s);
}

uint16_t http_server_port(const struct http_server *s)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info ? info->port : 0;
}

void http_request_source(const struct http_request *r, char *out, size_t size)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		r->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	*out = '\0';
	if (info && info->client_addr)
		(void)getnameinfo(info->client_addr,
		                  info->client_addr->sa_family == AF_INET6
		                          ? sizeof(struct sockaddr_in6)
		                          : sizeof(struct sockaddr_in),
		                  out, (socklen_t)size, NULL, 0,
		                  NI_NUMERICHOST);
}

const char *http_request_method(const struct http_request *r)
{
	return r->method;
}

const char *http_request_path(const struct http_request *r)
{
	return r->path;
}

const char *http_request_query(const struct http_request *r)
{
	return r->query;
}

const char *http_request_header(const struct http_request *r, const char *name)
{
	return MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND,
	                                   name);
}

const char *http_request_body(const struct http_request *r, size_t *len)
{
	*len = r->body.len;
	return strbuf_str(&r->body);
}

/*
 * server.h - HTTP in, by libmicrohttpd, on the process's own loop
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_server;
struct http_request;
struct loop;

enum { HTTP_BODY_MAX = 64 * 1024 }; /* bytes of a request body; then 413 */
enum { HTTP_CONNECTIONS_MAX = 1000 };
enum { HTTP_IDLE_S = 15 }; /* a silent connection is closed */

/** A whole request is there. Answer with http_reply(), now or later, once;
 *  @p r and all that http_request_*() return live until then. */
typedef void http_handler_h(void *arg, struct http_request *r);

/** No whole request is, or will be, there: 413, its body is too large; 400, its
 *  path has a NUL, or how long its body is can not be known for sure. Answer with
 *  http_reply(), now; the connection of a 400 is closed. */
typedef void http_refused_h(void *arg, struct http_request *r, unsigned status);

struct http_config {
	struct loop *loop;
	const char *address; /**< IPv4 to listen on */
	uint16_t port;       /**< 0: any free one */
	http_handler_h *handler;
	http_refused_h *refused; /**< NULL = these answers have no body */
	void *arg;
};

/** @return 0, EADDRINUSE, EINVAL (the address) or ENOMEM */
int http_server_alloc(struct http_server **sp, const struct http_config *c);
void http_server_free(struct http_server *s);
uint16_t http_server_port(const struct http_server *s);

/** The address that it came from; "" when nobody knows. A proxy's, behind one. */
void http_request_source(const struct http_request *r, char *out, size_t size);
const char *http_request_method(const struct http_request *r);
const char *http_request_path(
	const struct http_request *r); /**< decoded, no query */
const char *http_request_query(
	const struct http_request *r); /**< raw, "" = none */
const char *http_request_header(const struct http_request *r,
                                const char *name); /**< NULL = absent */
const char *http_request_body(const struct http_request *r, size_t *len);

/** Copies @p body. @p content_type NULL = no body. */
void http_reply(struct http_request *r, unsigned status,
                const char *content_type, const void *body, size_t len);

/** A reply with all that one can have */
struct http_answer {
	unsigned status;
	const char *content_type;   /**< NULL = no body */
	const char *const *headers; /**< name, value, name …, NULL; or NULL */
	const void *body;           /**< copied; unless there is a file: */
	size_t len;
	bool is_file;
	int fd;                /**< given away; read when the client takes it */
	uint64_t from, length; /**< part of the file [bytes] */
};

void http_answer(struct http_request *r, const struct http_answer *a);

#endif

/*
 * client.h - one HTTP request and its response, by libcurl on our loop
 *
 * Neither retries nor follows redirects: core/exchange.h does. Every address
 * is checked just before it is connected to (core/target.h).
 */
#ifndef FETCHER_ADAPTERS_CLIENT_H
#define FETCHER_ADAPTERS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/outcome.h"

struct client;
struct loop;
struct transfer;

enum { CLIENT_CONNECTIONS_MAX = 1024 }; /* kept open for the next request */

struct client_config {
	struct loop *loop;
	const struct target_policy *policy;
	const char *ca_file; /**< PEM bundle; "" = the system's */
};

/** @return 0 or ENOMEM */
int client_alloc(struct client **cp, const struct client_config *cfg);
void client_free(struct client *c); /**< no handler is called; NULL: no-op */

/** Who may be connected to, besides public addresses */
enum client_reach {
	CLIENT_PUBLIC, /**< nobody: the policy decides            */
	CLIENT_NAMED,  /**< any address of this host (allow-list) */
	CLIENT_OURS    /**< any address and port: a peer of ours  */
};

/** Of a response whose body is coming in; borrowed */
struct client_head {
	unsigned status;
	const char *content_type;
	const char *cache; /**< as in struct client_answer */
};

/** A piece of a 2xx body of PURPOSE_MEDIA. @return CUT_NONE, or why no more of
 *  it is wanted */
typedef enum cut client_data_h(void *arg, const struct client_head *head,
                               const void *p, size_t n);

/** All strings are borrowed until client_send() returns, but for the body */
struct client_req {
	const char *url;
	const char *body; /**< POST; NULL = GET. Borrowed to the end */
	size_t body_len;
	const char *host;            /**< Host header; NULL = as in the URL */
	const char *user, *password; /**< NULL = none; secret */
	bool digest;                 /**< answer with digest, not basic */
	const char *signature;
	const char *token;   /**< I-Twilio-Idempotency-Token */
	const char *cookies; /**< "" = none */
	enum client_reach reach;
	enum purpose purpose;   /**< whether the body is kept */
	client_data_h *on_data; /**< of PURPOSE_MEDIA, else NULL */
	const char *etag,
		*last_modified; /**< to ask whether it changed; NULL or
	                                       "" = to ask for it */
	uint32_t connect_ms, read_ms, total_ms;
};

/** What came back; borrowed until the handler returns */
struct client_answer {
	struct result result;
	const char *body;
	size_t body_len;         /**< of what is kept of it */
	const char *set_cookies; /**< values of Set-Cookie, each with \n */
	const char *cache;       /**< headers about caching: core/freshness.h */
	const char *asked, *told; /**< header lines of the request, but for its
	                           *   credentials, and of the response        */
};

typedef void client_h(void *arg, const struct client_answer *answer);

/**
 * Send. The handler is called once, from the loop, never from here.
 * @param tp for client_cancel(), valid until the handler was called
 * @return 0 or ENOMEM
 */
int client_send(struct client *c, const struct client_req *req,
                client_h *handler, void *arg, struct transfer **tp);

void client_cancel(struct transfer *t); /**< its handler is not called */

#endif

/*
 * transfer.h - inside of the HTTP client: one libcurl easy handle
 */
#ifndef FETCHER_ADAPTERS_TRANSFER_H
#define FETCHER_ADAPTERS_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include <netinet/in.h>
#include <sys/queue.h>

#include <curl/curl.h>

#include "adapters/client.h"
#include "base/strbuf.h"

enum { TRANSFER_TYPE_MAX = 128 }; /* bytes of a content type */
enum {
	TRANSFER_BODY_MAX = 16 * 1024
};                                     /* bytes that are kept of a body that
                                           means nothing to us */
enum { TRANSFER_LOCATION_MAX = 8192 }; /* bytes; longer ones are cut off */

/** Audio that comes slower than that is given up [bytes/s, s] */
enum { TRANSFER_SLOW_BYTES = 1000, TRANSFER_SLOW_S = 15 };

struct transfer {
	TAILQ_ENTRY(transfer) link;
	struct client *client;              /**< borrowed */
	const struct target_policy *policy; /**< borrowed */
	CURL *easy;
	struct curl_slist *headers;
	client_h *handler;
	void *arg;
	enum client_reach reach;
	enum purpose purpose;
	uint32_t read_ms;
	uint64_t active_at; /**< last sign of life, monotonic [ms] */
	bool resolved, connected, digest_offered, used_auth;
	unsigned status; /**< of the response that is coming in */
	enum cut cut;
	enum target_verdict verdict;
	char address[INET6_ADDRSTRLEN]; /**< that was refused */
	char content_type[TRANSFER_TYPE_MAX];
	size_t header_len, body_len;
	struct strbuf body, location, set_cookies, cache;
	struct strbuf asked, told; /**< header lines, for the inspector */
	client_data_h *on_data;
	bool conditional;
};

/** @param share of TLS sessions, borrowed. @return NULL: out of memory */
struct transfer *transfer_alloc(const struct target_policy *policy,
                                const char *ca_file, CURLSH *share);
void transfer_free(struct transfer *t);

/** Set it up for a request. @return 0 or ENOMEM */
int transfer_prepare(struct transfer *t, const struct client_req *req);

/** Take a header line of the response. */
void transfer_header(struct transfer *t, const char *line, size_t n);

/** Tell its handler how it ended. */
void transfer_report(struct transfer *t, CURLcode code);

#endif

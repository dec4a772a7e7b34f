/*
 * transfer.c - one libcurl easy handle: its options, what it hears
 */
#include "adapters/transfer.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>
#include <sys/socket.h>

#include <openssl/x509_vfy.h>

#include "loop/loop.h"

#define USER_AGENT "TwilioProxy/1.1"

static void note_refused(struct transfer *t, const struct sockaddr *sa)
{
	const void *from = NULL;

	if (sa->sa_family == AF_INET)
		from = &((const struct sockaddr_in *)(const void *)sa)
		                ->sin_addr;
	else if (sa->sa_family == AF_INET6)
		from = &((const struct sockaddr_in6 *)(const void *)sa)
		                ->sin6_addr;
	if (!from ||
	    !inet_ntop(sa->sa_family, from, t->address, sizeof(t->address)))
		t->address[0] = '\0';
}

static bool may_reach(struct transfer *t, const struct sockaddr *sa)
{
	enum target_verdict verdict;

	if (t->reach == CLIENT_OURS)
		return true;
	verdict = target_check(t->policy, sa, t->reach == CLIENT_NAMED);
	if (verdict == TARGET_ALLOWED)
		return true;
	t->verdict = verdict;
	note_refused(t, sa);
	return false;
}

/* The gate before a connection: it sees the address that DNS gave. */
static curl_socket_t on_open(void *arg, curlsocktype type,
                             struct curl_sockaddr *to)
{
	struct transfer *t = arg;

	(void)type;
	t->resolved = true;
	if (!may_reach(t, &to->addr))
		return CURL_SOCKET_BAD;
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* The gate before a request: its connection may have been opened for somebody
 * who is allowed more. */
static int on_connected(void *arg, char *to, char *from, int to_port,
                        int from_port)
{
	struct transfer *t = arg;
	struct sockaddr_in in = {.sin_family = AF_INET,
	                         .sin_port = htons((uint16_t)to_port)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6,
	                           .sin6_port = htons((uint16_t)to_port)};
	bool is_v4 = inet_pton(AF_INET, to, &in.sin_addr) == 1;

	(void)from;
	(void)from_port;
	if (!is_v4 && inet_pton(AF_INET6, to, &in6.sin6_addr) != 1)
		return CURL_PREREQFUNC_ABORT;
	t->resolved = true;
	if (!may_reach(t, is_v4 ? (struct sockaddr *)&in
	                        : (struct sockaddr *)&in6))
		return CURL_PREREQFUNC_ABORT;
	t->connected = true;
	t->active_at = loop_now_ms();
	return CURL_PREREQFUNC_OK;
}

/* A status line begins a response; after a 1xx another one follows. */
static void begin_response(struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->status = (unsigned)status;
	t->content_type[0] = '\0';
	t->digest_offered = false;
	strbuf_reset(&t->location);
	strbuf_reset(&t->cache);
	strbuf_reset(&t->told);
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	n *= size;
	t->active_at = loop_now_ms();
	t->header_len += n;
	if (t->header_len > OUTCOME_HEADERS_MAX) {
		t->cut = CUT_HEADERS;
		return 0;
	}
	if (n > 5 && memcmp(line, "HTTP/", 5) == 0)
		begin_response(t);
	else if (n > 2) {
		strbuf_addn(&t->told, line, n);
		transfer_header(t, line, n);
	}
	return n;
}

static bool is_well(const struct transfer *t)
{
	return t->status >= 200 && t->status <= 299;
}

static size_t on_media(struct transfer *t, const char *data, size_t n)
{
	const struct client_head head = {
		.status = t->status,
		.content_type = t->content_type,
		.cache = strbuf_str(&t->cache),
	};

	t->body_len += n;
	t->cut = t->on_data(t->arg, &head, data, n);
	return t->cut == CUT_NONE ? n : 0;
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;
	bool well;

	n *= size;
	t->active_at = loop_now_ms();
	well = is_well(t);
	if (well && t->on_data)
		return on_media(t, data, n);
	if (well && t->purpose == PURPOSE_DOCUMENT &&
	    strncmp(t->content_type, "audio/", 6) == 0) {
		t->cut = CUT_UNREAD;
		return 0;
	}
	t->body_len += n;
	if (t->body_len > OUTCOME_BODY_MAX) {
		t->cut = CUT_BODY;
		return 0;
	}
	/* What is no document is only to be looked at. */
	if ((well && t->purpose == PURPOSE_DOCUMENT) ||
	    t->body.len < TRANSFER_BODY_MAX)
		strbuf_addn(&t->body, data, n);
	return t->body.failed ? 0 : n;
}

/* What is the same for every request */
static void set_once(struct transfer *t, const char *ca_file, CURLSH *share)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(e, CURLOPT_USERAGENT, USER_AGENT);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	/* With a directory libcurl would read all certificates again for each
	 * connection; from one file it keeps them. */
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (ca_file[0])
		curl_easy_setopt(e, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(e, CURLOPT_SHARE, share);
	/* Both are made and freed for each request. */
	curl_easy_setopt(e, CURLOPT_UPLOAD_BUFFERSIZE, 16384L);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, 16384L);
	/* A look-up that is given up is left to its thread: without this
	 * libcurl waits for it, and our loop with it. */
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, on_connected);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
}

struct transfer *transfer_alloc(const struct target_policy *policy,
                                const char *ca_file, CURLSH *share)
{
	struct transfer *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->policy = policy;
	t->easy = curl_easy_init();
	if (!t->easy) {
		free(t);
		return NULL;
	}
	set_once(t, ca_file, share);
	return t;
}

void transfer_free(struct transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	strbuf_close(&t->body);
	strbuf_close(&t->location);
	strbuf_close(&t->set_cookies);
	strbuf_close(&t->cache);
	strbuf_close(&t->asked);
	strbuf_close(&t->told);
	free(t);
}

static int add_header(struct transfer *t, const char *name, const char *value)
{
	struct strbuf line = {0};
	struct curl_slist *list = NULL;

	strbuf_add(&line, name);
	strbuf_add(&line, ": ");
	strbuf_add(&line, value);
	/* What would begin another header line never leaves. */
	if (!line.failed && !strpbrk(line.s, "\r\n"))
		list = curl_slist_append(t->headers, line.s);
	if (list) {
		t->headers = list;
		strbuf_add(&t->asked, line.s);
		strbuf_add(&t->asked, "\r\n");
	}
	strbuf_close(&line);
	return list ? 0 : ENOMEM;
}

static int set_headers(struct transfer *t, const struct client_req *req)
{
	int err;

	curl_slist_free_all(t->headers);
	t->headers = NULL;
	strbuf_reset(&t->asked);
	strbuf_add(&t->asked, "User-Agent: " USER_AGENT "\r\nAccept: */*\r\n");
	err = add_header(t, "X-Twilio-Signature", req->signature);
	if (!err)
		err = add_header(t, "I-Twilio-Idempotency-Token", req->token);
	if (!err && req->body)
		err = add_header(t, "Content-Type",
		                 "application/x-www-form-urlencoded; "
		                 "charset=UTF-8");
	if (!err && req->cookies[0])
		err = add_header(t, "Cookie", req->cookies);
	if (!err && req->host)
		err = add_header(t, "Host", req->host);
	if (!err && req->etag && req->etag[0])
		err = add_header(t, "If-None-Match", req->etag);
	if (!err && req->last_modified && req->last_modified[0])
		err = add_header(t, "If-Modified-Since", req->last_modified);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return err;
}

static void forget_last(struct transfer *t)
{
	t->resolved = t->connected = t->digest_offered = false;
	t->status = 0;
	t->cut = CUT_NONE;
	t->verdict = TARGET_ALLOWED;
	t->address[0] = t->content_type[0] = '\0';
	t->header_len = t->body_len = 0;
	strbuf_reset(&t->body);
	strbuf_reset(&t->location);
	strbuf_reset(&t->set_cookies);
	strbuf_reset(&t->cache);
	strbuf_reset(&t->told);
}

static int set_credentials(struct transfer *t, const struct client_req *req)
{
	CURLcode code;

	if (!req->user && !t->used_auth)
		return 0;
	t->used_auth = req->user != NULL;
	code = curl_easy_setopt(t->easy, CURLOPT_USERNAME, req->user);
	if (!code)
		code = curl_easy_setopt(t->easy, CURLOPT_PASSWORD,
		                        req->password);
	if (!code)
		code = curl_easy_setopt(t->easy, CURLOPT_HTTPAUTH,
		                        req->digest ? (long)CURLAUTH_DIGEST
		                                    : (long)CURLAUTH_BASIC);
	return code ? ENOMEM : 0;
}

int transfer_prepare(struct transfer *t, const struct client_req *req)
{
	CURL *e = t->easy;
	int err;

	forget_last(t);
	t->reach = req->reach;
	t->purpose = req->purpose;
	t->on_data = req->on_data;
	t->conditional = (req->etag && req->etag[0]) ||
	                 (req->last_modified && req->last_modified[0]);
	t->read_ms = req->read_ms;
	t->active_at = loop_now_ms();
	if (curl_easy_setopt(e, CURLOPT_URL, req->url))
		return ENOMEM;
	if (req->body) {
		curl_easy_setopt(e, CURLOPT_POST, 1L);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE, (long)req->body_len);
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, req->body);
	} else {
		curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
	}
	/* Audio may take its time, but it has to come. */
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT,
	                 req->on_data ? (long)TRANSFER_SLOW_BYTES : 0L);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME,
	                 req->on_data ? (long)TRANSFER_SLOW_S : 0L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)req->connect_ms);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)req->total_ms);
	err = set_credentials(t, req);
	return err ? err : set_headers(t, req);
}

void transfer_report(struct transfer *t, CURLcode code)
{
	long os_errno = 0, verify = 0;
	struct client_answer answer = {
		.result = {.curl = (int)code,
	                   .resolved = t->resolved,
	                   .connected = t->connected,
	                   .cut = t->cut,
	                   .verdict = t->verdict,
	                   .address = t->address,
	                   .status = t->status,
	                   .content_type = t->content_type,
	                   .location = t->location.len
	                                       ? strbuf_str(&t->location)
	                                       : NULL,
	                   .digest_offered = t->digest_offered,
	                   .conditional = t->conditional,
	                   .body_len = t->body_len},
		.body = strbuf_str(&t->body),
		.body_len = t->body.len,
		.set_cookies = strbuf_str(&t->set_cookies),
		.cache = strbuf_str(&t->cache),
		.asked = strbuf_str(&t->asked),
		.told = strbuf_str(&t->told),
	};

	if (code) {
		curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &os_errno);
		curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &verify);
		answer.result.os_errno = (int)os_errno;
		answer.result.tls_verify = verify;
		answer.result.detail =
			verify ? X509_verify_cert_error_string(verify)
			       : curl_easy_strerror(code);
	}
	t->handler(t->arg, &answer);
}

/*
 * http.c - requests to the HTTP engines of this installation, by libcurl
 */
#include "adapters/http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "base/log.h"
#include "base/strbuf.h"
#include "http/multi.h"

enum { CONNECT_MS = 3000 };

struct transfer {
	LIST_ENTRY(transfer) link;
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *headers;
	struct strbuf body;
	http_h *handler;
	void *arg;
};

struct http {
	const struct log *log;
	struct multi *multi;
	LIST_HEAD(, transfer) open;
	size_t n_open;
};

static void transfer_free(struct transfer *t)
{
	curl_easy_cleanup(t->easy);
	curl_mime_free(t->mime);
	curl_slist_free_all(t->headers);
	strbuf_close(&t->body);
	free(t);
}

static int judge(const struct http *h, struct transfer *t, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (!code && status == 200 && !t->body.failed)
		return 0;
	log_warn(h->log, "an HTTP engine failed: %s, status %ld",
	         code ? curl_easy_strerror(code) : "it answered", status);
	return code == CURLE_OPERATION_TIMEDOUT ? ETIMEDOUT : EIO;
}

static void end(void *arg, void *transfer, CURLcode code)
{
	struct http *h = arg;
	struct transfer *t = transfer;
	int err = judge(h, t, code);

	curl_multi_remove_handle(multi_handle(h->multi), t->easy);
	LIST_REMOVE(t, link);
	h->n_open--;
	t->handler(t->arg, err, strbuf_str(&t->body), t->body.len);
	transfer_free(t);
}

int http_alloc(struct http **hp, struct loop *loop, const struct log *log)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h)
		return ENOMEM;
	h->log = log;
	LIST_INIT(&h->open);
	if (multi_alloc(&h->multi, loop, end, h)) {
		free(h);
		return ENOMEM;
	}
	*hp = h;
	return 0;
}

void http_free(struct http *h)
{
	struct transfer *t;

	if (!h)
		return;
	while ((t = LIST_FIRST(&h->open))) {
		LIST_REMOVE(t, link);
		curl_multi_remove_handle(multi_handle(h->multi), t->easy);
		transfer_free(t);
	}
	multi_free(h->multi);
	free(h);
}

/* --- one request ----------------------------------------------------------- */

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	if (t->body.len + n * size > HTTP_BODY_MAX)
		return 0;
	strbuf_addn(&t->body, data, n * size);
	return t->body.failed ? 0 : n * size;
}

static bool add_header(struct transfer *t, const char *line)
{
	struct curl_slist *all = curl_slist_append(t->headers, line);

	if (all)
		t->headers = all;
	return all != NULL;
}

static bool add_key(struct transfer *t, const char *key)
{
	struct strbuf line = {0};
	bool well;

	if (!*key)
		return true;
	strbuf_addf(&line, "Authorization: Bearer %s", key);
	well = !line.failed && add_header(t, line.s);
	if (line.s)
		explicit_bzero(line.s, line.len);
	strbuf_close(&line);
	return well;
}

static bool add_field(struct transfer *t, const char *name, const void *data,
                      size_t n)
{
	curl_mimepart *part = curl_mime_addpart(t->mime);

	return part && !curl_mime_name(part, name) &&
	       !curl_mime_data(part, data, n);
}

static bool add_form(struct transfer *t, const struct http_request_spec *spec)
{
	curl_mimepart *file;

	t->mime = curl_mime_init(t->easy);
	if (!t->mime ||
	    !add_field(t, "model", spec->model, strlen(spec->model)))
		return false;
	if (*spec->language &&
	    !add_field(t, "language", spec->language, strlen(spec->language)))
		return false;
	file = curl_mime_addpart(t->mime);
	return file && !curl_mime_name(file, "file") &&
	       !curl_mime_filename(file, "speech.wav") &&
	       !curl_mime_type(file, "audio/wav") &&
	       !curl_mime_data(file, spec->file, spec->n_file) &&
	       !curl_easy_setopt(t->easy, CURLOPT_MIMEPOST, t->mime);
}

static bool prepare(struct transfer *t, const struct http_request_spec *spec)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_URL, spec->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)spec->timeout_ms);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	if (!add_key(t, spec->key))
		return false;
	if (!spec->json) {
		if (!add_form(t, spec))
			return false;
	} else if (!add_header(t, "Content-Type: application/json") ||
	           curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, spec->json)) {
		return false;
	}
	return !curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
}

int http_send(struct http *h, const struct http_request_spec *spec,
              http_h *handler, void *arg)
{
	struct transfer *t;

	if (h->n_open >= HTTP_OPEN_MAX)
		return ENOBUFS;
	t = calloc(1, sizeof(*t));
	if (!t)
		return ENOMEM;
	t->handler = handler;
	t->arg = arg;
	t->easy = curl_easy_init();
	if (!t->easy || !prepare(t, spec) ||
	    curl_multi_add_handle(multi_handle(h->multi), t->easy)) {
		transfer_free(t);
		return ENOMEM;
	}
	LIST_INSERT_HEAD(&h->open, t, link);
	h->n_open++;
	return 0;
}

/*
 * ask.c - one request to the API, from its path to its answer
 */
#include "ask.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "adapters/records.h"
#include "app.h"
#include "ask_auth.h"
#include "ask_bus.h"
#include "base/log.h"
#include "core/error.h"
#include "core/xml.h"
#include "http/server.h"
#include "resources/resources.h"

static const char type_json[] = "application/json; charset=utf-8";
static const char type_xml[] = "application/xml; charset=utf-8";

/* --- answers -------------------------------------------------------------------- */

static void done(struct ask *q)
{
	*q->at = q->next;
	if (q->next)
		q->next->at = q->at;
	q->app->n_open--;
	fields_close(&q->account);
	fields_close(&q->params);
	fields_close(&q->draft);
	fields_close(&q->was);
	free(q->more);
	free(q);
}

void ask_answer(struct ask *q, const struct http_answer *a)
{
	if (q->request)
		http_answer(q->request, a);
	else if (a->is_file)
		close(a->fd);
	done(q);
}

static void answer(struct ask *q, unsigned status, char *body)
{
	static const char *const who[] = {"WWW-Authenticate",
	                                  "Basic realm=\"Trestle API\"", NULL};
	char methods[32];
	const char *const allow[] = {"Allow", methods, NULL};
	const char *const later[] = {"Retry-After", q->closed ? "60" : "1",
	                             NULL};
	struct http_answer a = {
		.status = body ? status : 503,
		.content_type = q->path.json ? type_json : type_xml,
		.headers = status == 401   ? who
	                   : status == 405 ? allow
	                   : status == 429 ? later
	                                   : NULL,
		.body = body ? body : "",
		.len = body ? strlen(body) : 0,
	};

	(void)snprintf(methods, sizeof(methods), "%s%s%s",
	               q->route->get ? "GET, HEAD, " : "",
	               q->route->post ? "POST, " : "",
	               q->route->remove ? "DELETE, " : "");
	methods[strlen(methods) - 2] = '\0'; /* each route has a method */
	ask_answer(q, &a);
	free(body);
}

static void answer_json(struct ask *q, unsigned status, const char *name,
                        json_t *json)
{
	char *body = NULL;

	if (json)
		body = q->path.json
		               ? json_dumps(json,
		                            JSON_COMPACT |
		                                    JSON_REAL_PRECISION(15))
		               : xml_document(name, json);
	json_decref(json);
	answer(q, status, body);
}

void ask_ok(struct ask *q, const char *name, json_t *json)
{
	answer_json(q, 200, name, json);
}

void ask_created(struct ask *q, const char *name, json_t *json)
{
	answer_json(q, 201, name, json);
}

void ask_accepted(struct ask *q, const char *name, json_t *json)
{
	answer_json(q, 202, name, json);
}

const char *ask_header(const struct ask *q, const char *name)
{
	return q->request ? http_request_header(q->request, name) : NULL;
}

void ask_base(const struct ask *q, char *out, size_t size)
{
	const char *host = ask_header(q, "Host");
	const char *proto = ask_header(q, "X-Forwarded-Proto");

	(void)snprintf(out, size, "%s://%.255s",
	               proto && strcmp(proto, "https") == 0 ? "https" : "http",
	               host ? host : "localhost");
}

void ask_list(struct ask *q, const char *key, json_t *records, const char *last)
{
	bool newer = q->route->pattern[0] == '/';
	char base[ASK_BASE_SIZE];
	const struct page_list list = {
		.page = &q->page,
		.base = base,
		.path = ask_path(q),
		.params = &q->params,
		.key = key,
	};

	ask_base(q, base, sizeof(base));
	ask_ok(q, key,
	       newer ? page_wrap_meta(&list, records, last)
	             : page_wrap(&list, records, last));
}

void ask_gone(struct ask *q)
{
	if (q->request)
		http_reply(q->request, 204, NULL, "", 0);
	done(q);
}

void ask_fail(struct ask *q, uint32_t code, const char *detail)
{
	char *body = q->path.json ? error_json(code, detail)
	                          : error_xml(code, detail);

	answer(q, error_of(code)->status, body);
}

void ask_fail_errno(struct ask *q, int err)
{
	if (err == ECANCELED || err == ENOTCONN || err == ETIMEDOUT ||
	    err == ENOMEM) {
		ask_fail(q, ERROR_AWAY, NULL);
		return;
	}
	if (err != EACCES) /* of that the log knows the remedy already */
		log_error(q->app->log,
		          "%s: Redis refused what the API asked it",
		          q->route->pattern);
	ask_fail(q, ERROR_INTERNAL, NULL);
}

const char *ask_account(const struct ask *q)
{
	return q->path.account_sid[0] ? q->path.account_sid : q->caller_sid;
}

bool ask_is_subaccount(const struct ask *q)
{
	const char *owner = fields_text(&q->account, "owner_account_sid");

	return *owner && strcmp(owner, ask_account(q)) != 0;
}

const char *ask_path(const struct ask *q)
{
	return q->request ? http_request_path(q->request) : "";
}

const char *ask_part(const struct ask *q, size_t n)
{
	return n < q->path.n ? q->path.parts[n] : "";
}

/* --- the request ---------------------------------------------------------------- */

static bool is_form(const struct http_request *r)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const char *given = http_request_header(r, "Content-Type");

	return !given || strncasecmp(given, type, sizeof(type) - 1) == 0;
}

/* What the body says stands over what the query says. @return 0, or a code and
 * what is wrong */
static uint32_t read_params(struct ask *q, bool post, const char **why)
{
	const char *query = http_request_query(q->request);
	size_t len = 0;
	const char *body = http_request_body(q->request, &len);
	int err = fields_form(&q->params, query, strlen(query));

	*why = "Content-Type: send application/x-www-form-urlencoded";
	if (post && len && !is_form(q->request))
		return ERROR_PARAMETER;
	if (!err && post)
		err = fields_form(&q->params, body, len);
	*why = "of the request: they are not well encoded, or too many";
	if (err)
		return err == ENOMEM ? ERROR_AWAY : ERROR_PARAMETER;
	*why = "Page: it is no number of its range";
	return post ? 0 : page_read(&q->page, &q->params);
}

static void (*handler_of(const struct ask *q))(struct ask *)
{
	const char *method = http_request_method(q->request);

	if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
		return q->route->get;
	if (strcmp(method, "POST") == 0)
		return q->route->post;
	return strcmp(method, "DELETE") == 0 ? q->route->remove : NULL;
}

/* Who asks is known and may. */
static void on_known(struct ask *q)
{
	void (*handler)(struct ask *) = handler_of(q);
	const char *method = http_request_method(q->request);
	const char *why;
	uint32_t code;

	if (!handler) {
		ask_fail(q, ERROR_METHOD, method);
		return;
	}
	code = read_params(q, strcmp(method, "POST") == 0, &why);
	if (code)
		ask_fail(q, code, why);
	else
		handler(q);
}

/* A recording's sound is had by who knows its URL, as at the original. */
static bool is_open_to_all(const struct ask *q)
{
	return (q->route->flags & ROUTE_MEDIA) && !q->app->recordings_auth &&
	       q->path.suffix != SUFFIX_JSON && handler_of(q) == q->route->get;
}

bool ask_serve(struct app *app, struct http_request *r)
{
	struct path path;
	const struct route *route =
		route_find(resources_routes, http_request_path(r), &path);
	struct ask *q;

	if (!route)
		return false;
	q = calloc(1, sizeof(*q));
	if (!q) {
		http_reply(r, 503, NULL, "", 0);
		return true;
	}
	q->app = app;
	q->request = r;
	q->route = route;
	q->path = path;
	q->at = &app->asks;
	q->next = app->asks;
	if (q->next)
		q->next->at = &q->next;
	app->asks = q;
	app->n_open++;
	if (is_open_to_all(q))
		on_known(q);
	else
		ask_auth(q, on_known);
	return true;
}

void ask_refused(struct http_request *r, unsigned status)
{
	char *body = status == 413 ? error_json(ERROR_TOO_LARGE, NULL)
	                           : error_json(ERROR_PARAMETER,
	                                        "Content-Length or "
	                                        "Transfer-Encoding, or a NUL "
	                                        "in the path");

	http_reply(r, status, type_json, body ? body : "",
	           body ? strlen(body) : 0);
	free(body);
}

void ask_close(struct app *app)
{
	struct ask *next;

	for (struct ask *q = app->asks; q; q = next) {
		next = q->next;
		http_reply(q->request, 503, NULL, "", 0);
		q->request = NULL;
		ask_bus_cancel(q);
	}
}

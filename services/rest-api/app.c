/*
 * app.c - rest-api: requests from the HTTP port to their answers
 *
 *     GET, POST /twiml/EH…  a TwiML Bin, rendered with the request's parameters
 *     POST /verifications/CA…  documents of a call that verifies a caller id, on the
 *                           internal port only
 *     /2010-04-01/…, /v1/…  the resources of the API, ask.c
 *
 * The same is served on two ports: the one that the world may reach, and the
 * internal one that is announced to other processes, where /healthz and
 * /metrics are too.
 */
#include "app.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "adapters/bins.h"
#include "adapters/converter.h"
#include "adapters/records.h"
#include "ask.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "base/sid.h"
#include "base/strbuf.h"
#include "core/error.h"
#include "core/variables.h"
#include "gate.h"
#include "http/server.h"
#include "store/alert.h"
#include "store/tenants.h"
#include "twiml_bin/template.h"
#include "verifications.h"

static const char xml[] = "text/xml; charset=utf-8";
static const char plain[] = "text/plain; charset=utf-8";
static const char bins_path[] = "/twiml/";

/* A request for a bin, while Redis is asked */
struct question {
	struct app *app;
	struct http_request *request;
	char sid[SID_SIZE];
};

static void reply_text(struct http_request *r, unsigned status,
                       const char *text)
{
	http_reply(r, status, plain, text, strlen(text));
}

static void reply_missing(struct app *app, struct http_request *r)
{
	char *json = error_json(ERROR_MISSING, http_request_path(r));

	metric_add(app->missing, 1);
	http_reply(r, error_of(ERROR_MISSING)->status, "application/json",
	           json ? json : "", json ? strlen(json) : 0);
	free(json);
}

static bool is_form(const struct http_request *r)
{
	static const char type[] = "application/x-www-form-urlencoded";
	const char *given = http_request_header(r, "Content-Type");

	return given && strncasecmp(given, type, sizeof(type) - 1) == 0;
}

static int read_variables(const struct http_request *r, struct variables *vars)
{
	size_t len = 0;
	const char *body = is_form(r) ? http_request_body(r, &len) : "";

	return variables_take(vars, http_request_query(r), body ? body : "",
	                      body ? len : 0);
}

/* The tenant made the template: it is told what is wrong with it. */
static void alert_tenant(struct app *app, const struct question *q,
                         const struct bin *bin, const struct variables *vars,
                         const struct template_error *error)
{
	const char *call_sid = variables_get(vars, "CallSid");
	char text[256], path[64];
	struct alert alert = {
		.account_sid = bin->account_sid,
		.call_sid = sid_valid(call_sid, "CA") ? call_sid : NULL,
		.code = error->code,
		.text = text,
		.url = path,
	};

	(void)snprintf(text, sizeof(text), "TwiML Bin %s, line %u: %s", q->sid,
	               error->line, error->why);
	(void)snprintf(path, sizeof(path), "%s%s", bins_path, q->sid);
	alert_write(app->redis, app->log, &alert);
}

static void reply_error(struct http_request *r,
                        const struct template_error *error)
{
	char text[256];

	(void)snprintf(text, sizeof(text), "Error %u, line %u: %s\n",
	               error->code, error->line, error->why);
	reply_text(r, 500, text);
}

static void render(struct question *q, const struct bin *bin,
                   const struct variables *vars)
{
	struct app *app = q->app;
	struct template_error error = {0, 0, NULL};
	struct strbuf out = {0};
	int err = template_render(bin->twiml, vars->v, vars->n, &out, &error);

	metric_add(err ? app->failed : app->served, 1);
	if (err == EINVAL) {
		alert_tenant(app, q, bin, vars, &error);
		reply_error(q->request, &error);
	} else if (err) {
		reply_text(q->request, 503, "Memory ran out.\n");
	} else {
		http_reply(q->request, 200, xml, strbuf_str(&out), out.len);
	}
	strbuf_close(&out);
}

static void on_bin(void *arg, int err, const struct bin *bin)
{
	struct question *q = arg;
	struct variables vars = {.n = 0};

	q->app->n_open--;
	if (err)
		reply_text(q->request, 503, "Redis is away.\n");
	else if (!bin)
		reply_missing(q->app, q->request);
	else if (read_variables(q->request, &vars))
		reply_text(q->request, 400,
		           "The parameters are not well encoded.\n");
	else
		render(q, bin, &vars);
	variables_close(&vars);
	free(q);
}

static void serve_bin(struct app *app, struct http_request *r, const char *sid)
{
	struct question *q = malloc(sizeof(*q));

	if (!q) {
		reply_text(r, 503, "Memory ran out.\n");
		return;
	}
	q->app = app;
	q->request = r;
	memcpy(q->sid, sid, SID_SIZE);
	app->n_open++;
	bins_find(app->bins, sid, on_bin, q);
}

/* Of HEAD the body stays here (RFC 9110 9.3.2). */
static bool serves(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	       strcmp(method, "POST") == 0;
}

static void on_request(void *arg, struct http_request *r)
{
	static const char *const allow[] = {"Allow", "GET, HEAD, POST", NULL};
	static const char sorry[] = "Only GET, HEAD and POST are served.\n";
	static const struct http_answer not_allowed = {
		.status = 405,
		.content_type = "text/plain",
		.headers = allow,
		.body = sorry,
		.len = sizeof(sorry) - 1,
	};
	struct app *app = arg;
	const char *path = http_request_path(r);
	const char *sid = path + sizeof(bins_path) - 1;

	if (ask_serve(app, r))
		return;
	if (strncmp(path, bins_path, sizeof(bins_path) - 1) != 0 ||
	    !sid_valid(sid, "EH"))
		reply_missing(app, r);
	else if (!serves(http_request_method(r)))
		http_answer(r, &not_allowed);
	else
		serve_bin(app, r, sid);
}

/* From other processes only: what callers press is believed. */
static void on_internal(void *arg, struct http_request *r)
{
	const struct app *app = arg;

	if (!verifications_serve(app->verifications, r))
		on_request(arg, r);
}

static void on_refused(void *arg, struct http_request *r, unsigned status)
{
	(void)arg;
	ask_refused(r, status);
}

static bool drained(void *arg)
{
	const struct app *app = arg;

	return app->n_open == 0;
}

static void add_metrics(struct app *app)
{
	struct metrics *m = service_metrics(app->service);
	static const char name[] = "trestle_bins_total";
	static const char help[] = "TwiML Bins that were asked for";

	app->served = metrics_counter(m, name, "result=\"ok\"", help);
	app->missing = metrics_counter(m, name, "result=\"missing\"", help);
	app->failed = metrics_counter(m, name, "result=\"error\"", help);
}

static int add_recordings(struct app *app, const struct settings *settings)
{
	const struct converter_config cfg = {
		.loop = service_loop(app->service),
		.log = app->log,
		.recordings = settings->recordings,
		.cache_max = settings->recordings_cache * 1000000ULL,
	};

	app->recordings = settings->recordings;
	app->recordings_auth = settings->recordings_auth;
	app->bring_numbers = settings->bring_numbers;
	app->set_rates = settings->set_rates;
	app->set_limits = settings->set_limits;
	return converter_alloc(&app->converter, &cfg);
}

int app_init(struct app *app, struct service *service,
             const struct settings *settings)
{
	const struct http_config http = {
		.loop = service_loop(service),
		.address = settings->address,
		.port = (uint16_t)settings->port,
		.handler = on_request,
		.refused = on_refused,
		.arg = app,
	};

	*app = (struct app){.service = service};
	app->log = service_log(service);
	app->redis = service_redis(service);
	add_metrics(app);
	app->realm = settings->realm;
	if (gate_alloc(&app->gate, settings->wrong_passwords, settings->rate,
	               settings->proxies)) {
		log_error(app->log, "rest-api can not start: is "
		                    "TRESTLE_API_PROXIES a list of networks?");
		return 1;
	}
	app->dialing = settings->dialing;
	if (bins_alloc(&app->bins, app->redis) ||
	    records_db_alloc(&app->db, service_loop(service), app->redis) ||
	    verifications_alloc(&app->verifications, app) ||
	    tenants_alloc(&app->tenants, service_loop(service), app->redis,
	                  app->log, service_instance(service)) ||
	    add_recordings(app, settings)) {
		log_error(app->log, "rest-api can not start");
		return 1;
	}
	if (http_server_alloc(&app->server, &http)) {
		log_error(app->log,
		          "port %u can not be opened: is it in use? Set "
		          "TRESTLE_API_PORT",
		          settings->port);
		return 1;
	}
	service_on_http(service, on_internal, app);
	service_on_drain(service, drained, app);
	if (service_open(service, "", NULL, NULL)) {
		log_error(app->log, "rest-api can not start");
		return 1;
	}
	return 0;
}

void app_close(struct app *app)
{
	tenants_free(app->tenants);
	converter_free(app->converter); /* answers what is open, as the next */
	bins_free(app->bins);
	ask_close(app);
	records_db_free(app->db);
	verifications_free(app->verifications);
	gate_free(app->gate);
	http_server_free(app->server);
}

/*
 * app_recordings.c - the Recording resource over HTTP
 */
#include "app_recordings.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/converter.h"
#include "app_error.h"
#include "base/service.h"
#include "core/basic.h"
#include "core/range.h"
#include "core/recording.h"
#include "gate.h"
#include "http/server.h"
#include "store/redis.h"
#include "store/seal.h"

enum { REMOVE_MS = 5000, HEADER = 96 };

/* A request for a recording, while others are asked */
struct asked {
	struct asked *next, **at; /* of the app */
	struct app *app;
	struct http_request *request;
	struct recording_path path;
	struct basic given;
	bool remove;
	unsigned channels; /* that are wanted */
};

static void done(struct asked *q)
{
	*q->at = q->next;
	if (q->next)
		q->next->at = q->at;
	q->app->n_open--;
	free(q);
}

static void fail(struct asked *q, enum app_error error)
{
	app_error_reply(q->request, error);
	done(q);
}

/* --- the file ---------------------------------------------------------------------- */

static const char *type_of(const struct asked *q)
{
	return q->path.format == RECORDING_MP3 ? "audio/mpeg" : "audio/x-wav";
}

static enum range_result range_of(const struct asked *q, uint64_t size,
                                  struct range *part)
{
	/* It can not be told whether the client's part is of this file: there
	 * is no validator that it could have. */
	bool conditional = http_request_header(q->request, "If-Range") != NULL;

	return range_parse(
		conditional ? NULL : http_request_header(q->request, "Range"),
		size, part);
}

/* Answers with an open file, which is given away. */
static void send_file(struct asked *q, int fd)
{
	char disposition[HEADER], of[HEADER] = "";
	const char *headers[] = {"Accept-Ranges",
	                         "bytes",
	                         "Content-Disposition",
	                         disposition,
	                         "Content-Range",
	                         of,
	                         NULL};
	struct http_answer answer = {
		.status = 200,
		.content_type = type_of(q),
		.headers = headers,
		.is_file = true,
		.fd = fd,
	};
	enum range_result result;
	struct range part;
	struct stat st;

	if (fstat(fd, &st)) {
		close(fd);
		fail(q, APP_ERROR_INTERNAL);
		return;
	}
	(void)snprintf(disposition, sizeof(disposition),
	               "inline; filename=\"%s.%s\"", q->path.sid,
	               q->path.format == RECORDING_MP3 ? "mp3" : "wav");
	result = range_of(q, (uint64_t)st.st_size, &part);
	answer.from = part.from;
	answer.length = part.length;
	switch (result) {
	case RANGE_ALL: headers[4] = NULL; break;
	case RANGE_PART:
		answer.status = 206;
		(void)snprintf(of, sizeof(of),
		               "bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64,
		               part.from, part.from + part.length - 1,
		               (uint64_t)st.st_size);
		break;
	case RANGE_NONE:
		answer.status = 416;
		answer.length = 0;
		(void)snprintf(of, sizeof(of), "bytes */%" PRIu64,
		               (uint64_t)st.st_size);
		break;
	}
	http_answer(q->request, &answer);
	done(q);
}

static void on_converted(void *arg, int err, int fd)
{
	struct asked *q = arg;

	if (!err)
		send_file(q, fd);
	else if (err == ENOENT)
		fail(q, APP_ERROR_MISSING);
	else
		fail(q, err == ECANCELED ? APP_ERROR_AWAY : APP_ERROR_INTERNAL);
}

static void convert(struct asked *q)
{
	const struct conversion what = {
		.sid = q->path.sid,
		.mp3 = q->path.format == RECORDING_MP3,
		.channels = q->channels,
	};
	int fd = converter_open(q->app->converter, &what);

	if (fd >= 0)
		send_file(q, fd);
	else if (converter_start(q->app->converter, &what, on_converted, q))
		fail(q, APP_ERROR_BUSY);
}

static void serve_media(struct asked *q, const struct recording *r)
{
	unsigned has = r->channels[0] == '2' ? 2 : 1;
	int wanted = recording_channels_wanted(http_request_query(q->request));
	char path[CONVERTER_PATH];
	int fd;

	q->channels = wanted > 0 ? (unsigned)wanted : has;
	if (wanted < 0 || q->channels > has) {
		fail(q, wanted < 0 ? APP_ERROR_PARAMETER : APP_ERROR_CHANNELS);
		return;
	}
	if (strcmp(r->status, "completed") != 0) {
		fail(q, APP_ERROR_MISSING);
		return;
	}
	if (q->path.format == RECORDING_MP3 || q->channels != has) {
		convert(q);
		return;
	}
	(void)snprintf(path, sizeof(path), "%.4000s/%s.wav", q->app->recordings,
	               q->path.sid);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		send_file(q, fd);
	else
		fail(q, APP_ERROR_MISSING);
}

/* --- removing ---------------------------------------------------------------------- */

static void on_removed(void *arg, int err, const Trestle__Envelope *reply)
{
	struct asked *q = arg;

	if (err ||
	    reply->body_case != TRESTLE__ENVELOPE__BODY_RECORDING_STATE) {
		fail(q, APP_ERROR_AWAY);
		return;
	}
	if (reply->recording_state->recording[0]) {
		fail(q, APP_ERROR_RECORDING);
		return;
	}
	converter_forget(q->app->converter, q->path.sid);
	http_reply(q->request, 204, NULL, "", 0);
	done(q);
}

static void remove_it(struct asked *q)
{
	const struct bus_req req = {.service = "media-relay",
	                            .timeout_ms = REMOVE_MS,
	                            .retry = true};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RecordingDelete m = TRESTLE__RECORDING_DELETE__INIT;

	m.recording = q->path.sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_RECORDING_DELETE;
	env.recording_delete = &m;
	if (bus_request(service_bus(q->app->service), &req, &env, on_removed,
	                q))
		fail(q, APP_ERROR_AWAY);
}

/* --- what it is -------------------------------------------------------------------- */

static void serve_json(struct asked *q, const struct recording *r)
{
	char *json = recording_json(r);

	if (!json) {
		fail(q, APP_ERROR_AWAY);
		return;
	}
	http_reply(q->request, 200, "application/json", json, strlen(json));
	free(json);
	done(q);
}

/* A deleted one is there for who asks for it, and only as JSON (contract 6.7). */
static bool is_hidden(const struct asked *q, const struct recording *r)
{
	return strcmp(r->status, "deleted") == 0 &&
	       (q->remove || q->path.format != RECORDING_JSON ||
	        !recording_deleted_wanted(http_request_query(q->request)));
}

static void on_recording(void *arg, int err, const redisReply *reply)
{
	struct asked *q = arg;
	const char *values[RECORDING_FIELDS];
	struct recording r;

	if (err || reply->type != REDIS_REPLY_ARRAY ||
	    reply->elements != RECORDING_FIELDS) {
		fail(q, APP_ERROR_AWAY);
		return;
	}
	for (size_t i = 0; i < RECORDING_FIELDS; i++)
		values[i] = reply->element[i]->type == REDIS_REPLY_STRING
		                    ? reply->element[i]->str
		                    : "";
	recording_fill(&r, values);
	if (!recording_fits(&r, &q->path) || is_hidden(q, &r))
		fail(q, APP_ERROR_MISSING);
	else if (q->remove)
		remove_it(q);
	else if (q->path.format == RECORDING_JSON)
		serve_json(q, &r);
	else
		serve_media(q, &r);
}

static void ask_recording(struct asked *q)
{
	const char *argv[2 + RECORDING_FIELDS] = {"HMGET"};
	char key[64];

	(void)snprintf(key, sizeof(key), "recording:{%s}", q->path.sid);
	argv[1] = key;
	for (size_t i = 0; i < RECORDING_FIELDS; i++)
		argv[2 + i] = recording_fields[i];
	if (redis_argv(q->app->redis, on_recording, q, 2 + RECORDING_FIELDS,
	               argv, NULL))
		fail(q, APP_ERROR_AWAY);
}

/* --- who asks ---------------------------------------------------------------------- */

static bool is_token(const struct asked *q, const char *value)
{
	char *opened = NULL;
	int err = redis_open_field(q->app->redis, "auth_token", value, &opened);
	const char *token = opened ? opened : value;
	bool same = !err && *token && basic_same(token, q->given.password);

	seal_cleanse(opened);
	return same;
}

static void on_account(void *arg, int err, const redisReply *reply)
{
	struct asked *q = arg;

	if (err) {
		fail(q, APP_ERROR_AWAY);
	} else if (reply->type != REDIS_REPLY_STRING ||
	           !is_token(q, reply->str)) {
		gate_wrong(q->app->gate, q->request, q->given.user);
		fail(q, APP_ERROR_WHO);
	} else {
		ask_recording(q);
	}
}

/* Its audio may be public; what is known of it, and its end, are not. */
static bool is_open_to_all(const struct asked *q)
{
	return !q->app->recordings_auth && !q->remove &&
	       q->path.format != RECORDING_JSON;
}

static void ask_account(struct asked *q)
{
	const char *header = http_request_header(q->request, "Authorization");

	if (!basic_parse(header, &q->given) ||
	    strcmp(q->given.user, q->path.account_sid) != 0)
		fail(q, APP_ERROR_WHO);
	else if (gate_closed(q->app->gate, q->request, q->given.user))
		fail(q, APP_ERROR_TOO_MANY);
	else if (redis_command(q->app->redis, on_account, q,
	                       "HGET account:%s auth_token",
	                       q->path.account_sid))
		fail(q, APP_ERROR_AWAY);
}

bool app_recordings_serve(struct app *app, struct http_request *r)
{
	const char *method = http_request_method(r);
	bool removes = strcmp(method, "DELETE") == 0;
	struct recording_path path;
	struct asked *q;

	if (!recording_path_parse(&path, http_request_path(r)))
		return false;
	if (!removes && strcmp(method, "GET") != 0 &&
	    strcmp(method, "HEAD") != 0) {
		app_error_reply(r, APP_ERROR_METHOD);
		return true;
	}
	q = calloc(1, sizeof(*q));
	if (!q) {
		app_error_reply(r, APP_ERROR_AWAY);
		return true;
	}
	q->app = app;
	q->request = r;
	q->path = path;
	q->remove = removes;
	q->next = app->asked;
	q->at = &app->asked;
	if (q->next)
		q->next->at = &q->next;
	app->asked = q;
	app->n_open++;
	if (is_open_to_all(q))
		ask_recording(q);
	else
		ask_account(q);
	return true;
}

/* --- set up ------------------------------------------------------------------------ */

int app_recordings_init(struct app *app, const struct settings *settings)
{
	const struct converter_config cfg = {
		.loop = service_loop(app->service),
		.log = app->log,
		.recordings = settings->recordings,
		.cache_max = settings->recordings_cache * 1000000ULL,
	};

	app->recordings = settings->recordings;
	app->recordings_auth = settings->recordings_auth;
	return converter_alloc(&app->converter, &cfg);
}

void app_recordings_close(struct app *app)
{
	struct asked *next;

	converter_free(app->converter);
	for (struct asked *q = app->asked; q; q = next) {
		next = q->next;
		redis_cancel(app->redis, q);
		if (service_bus(app->service))
			bus_cancel(service_bus(app->service), q);
		fail(q, APP_ERROR_AWAY);
	}
}

/*
 * app.c - speech: text to audio and audio to text, from the bus
 *
 *     SpeakRequest ------> speak.c -> clips.c -> disk, HTTP engine, helpers
 *     HearRequest -------> hear.c -------------> helpers
 *     TranscribeRequest -> transcribe.c, hear.c -> listen.c -> HTTP engine
 */
#include "app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/disk.h"
#include "adapters/http.h"
#include "adapters/pool.h"
#include "adapters/recognisers.h"
#include "adapters/text_http.h"
#include "adapters/voice_http.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "clips.h"
#include "hear.h"
#include "listen.h"
#include "loop/loop.h"
#include "speak.h"
#include "transcribe.h"

/* Part of the key of a sentence: change it when other audio is made of the same
 * text. */
static const char embedded[] = "embedded 1";

enum { SWEEP_MS = 200 };
enum { MIB = 1024 * 1024 };

static void on_request(void *arg, const struct bus_return *from,
                       const Trestle__Envelope *env)
{
	struct app *app = arg;

	switch (env->body_case) {
	case TRESTLE__ENVELOPE__BODY_SPEAK_REQUEST:
		speak_on_request(app, from, env);
		break;
	case TRESTLE__ENVELOPE__BODY_HEAR_REQUEST:
		hear_on_request(app, from, env);
		break;
	case TRESTLE__ENVELOPE__BODY_TRANSCRIBE_REQUEST:
		transcribe_on_request(app, from, env);
		break;
	default:
		bus_refuse(app->bus, from,
		           TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "speech does not know this message");
	}
}

static size_t work_in_hand(const struct app *app)
{
	return app->n_speaking + app->n_hearing + app->n_transcribing;
}

static void on_sweep(void *arg)
{
	struct app *app = arg;

	metric_set(app->queue, (double)pool_n_waiting(app->pool));
	metric_set(app->recognisers_used,
	           (double)recognisers_in_use(app->recognisers));
	hear_sweep(app);
	bus_set_load(app->bus, (uint32_t)work_in_hand(app), false);
	timer_start(app->sweep, SWEEP_MS);
}

/* The first caller who speaks should not wait for a model to load. */
static const char *health(void *arg)
{
	const struct app *app = arg;

	return recognisers_ready(app->recognisers)
	               ? NULL
	               : "the recogniser's model is being loaded";
}

static bool drained(void *arg)
{
	const struct app *app = arg;

	return work_in_hand(app) == 0;
}

static void add_metrics(struct app *app)
{
	struct metrics *m = service_metrics(app->service);
	static const char name[] = "trestle_speak_total";
	static const char help[] = "requests to speak that were answered";
	static const char heard[] = "utterances and recordings to text";

	app->speak_well = metrics_counter(m, name, "result=\"ok\"", help);
	app->speak_failed = metrics_counter(m, name, "result=\"error\"", help);
	app->hear_well = metrics_counter(m, "trestle_hear_total",
	                                 "result=\"ok\"", heard);
	app->hear_failed = metrics_counter(m, "trestle_hear_total",
	                                   "result=\"error\"", heard);
	app->recognisers_used = metrics_gauge(m, "trestle_recognisers_used",
	                                      NULL, "recognisers in use");
	app->helper_deaths =
		metrics_counter(m, "trestle_helper_deaths_total", NULL,
	                        "helper processes that died or were killed");
	app->queue = metrics_gauge(m, "trestle_sentences_waiting", NULL,
	                           "sentences that wait for a helper");
}

/* --- start ----------------------------------------------------------------- */

static bool is_installed(const char *program)
{
	const char *path = getenv("PATH");
	char name[512];

	for (path = path ? path : "/usr/bin:/bin"; *path;) {
		size_t n = strcspn(path, ":");

		(void)snprintf(name, sizeof(name), "%.*s/%s", (int)n, path,
		               program);
		if (access(name, X_OK) == 0)
			return true;
		path += n + (path[n] == ':');
	}
	return false;
}

static int open_text_http(struct app *app)
{
	const struct settings *set = app->settings;
	const struct text_http_config cfg = {
		.http = app->http,
		.url = set->text_url,
		.key = set->text_key,
		.model = set->text_model,
		.timeout_ms = set->http_seconds * 1000,
	};

	return text_http_alloc(&app->text_http, &cfg);
}

static int open_recognisers(struct app *app)
{
	const struct recognisers_config cfg = {
		.loop = app->loop,
		.log = app->log,
		.max = app->settings->recognisers,
		.model = app->settings->model,
		.deaths = app->helper_deaths,
	};

	if (access(cfg.model, R_OK))
		log_warn(app->log,
		         "there is no model in %s: helpers recognise "
		         "nothing; see TRESTLE_RECOGNISER_MODEL",
		         cfg.model);
	/* An HTTP engine's are not bounded by helpers. */
	app->hearing_max =
		app->text_http ? HTTP_OPEN_MAX : app->settings->recognisers;
	return hash_init(&app->hearings_by_id) ||
	       recognisers_alloc(&app->recognisers, &cfg);
}

static int open_http(struct app *app)
{
	const struct settings *set = app->settings;
	const struct voice_http_config cfg = {
		.loop = app->loop,
		.log = app->log,
		.url = set->voice_url,
		.key = set->voice_key,
		.model = set->voice_model,
		.timeout_ms = set->http_seconds * 1000,
	};
	struct voice_http_config filled = cfg;

	if (http_alloc(&app->http, app->loop, app->log))
		return 1;
	if (*set->text_url && open_text_http(app))
		return 1;
	if (!*set->voice_url)
		return 0;
	filled.http = app->http;
	app->plan.http_model = set->voice_model;
	app->plan.http_voices = set->voice_map;
	return voice_http_alloc(&app->voice_http, &filled);
}

static int open_disk(struct app *app)
{
	const struct disk_config cfg = {
		.loop = app->loop,
		.log = app->log,
		.cache = app->settings->cache,
		.cache_max = (uint64_t)app->settings->cache_mb * MIB,
	};
	int err = disk_alloc(&app->disk, &cfg);

	if (err)
		log_error(app->log,
		          "the folder %s can not be used: %s; set "
		          "TRESTLE_SPEECH_CACHE",
		          app->settings->cache, strerror(err));
	return err;
}

static int open_pool(struct app *app)
{
	const struct pool_config cfg = {
		.loop = app->loop,
		.log = app->log,
		.n = app->settings->workers,
		.queue_max = app->settings->queue,
		.deaths = app->helper_deaths,
	};

	return pool_alloc(&app->pool, &cfg);
}

static int open_clips(struct app *app)
{
	const struct clips_config cfg = {
		.loop = app->loop,
		.log = app->log,
		.disk = app->disk,
		.pool = app->pool,
		.http = app->voice_http,
		.metrics = service_metrics(app->service),
		.memory_max = (size_t)app->settings->memory_mb * MIB,
	};

	return clips_alloc(&app->clips, &cfg);
}

static int open_all(struct app *app)
{
	app->plan.has_espeak = is_installed("espeak-ng");
	app->plan.embedded = embedded;
	if (!app->plan.has_espeak)
		log_warn(app->log, "espeak-ng is not installed: only English "
		                   "is spoken");
	if (open_disk(app) || open_pool(app) || open_http(app) ||
	    open_clips(app) || open_recognisers(app) ||
	    timer_alloc(&app->sweep, app->loop, on_sweep, app))
		return 1;
	timer_start(app->sweep, SWEEP_MS);
	return 0;
}

int app_init(struct app *app, struct service *service,
             const struct settings *settings)
{
	*app = (struct app){.settings = settings, .service = service};
	app->log = service_log(service);
	app->loop = service_loop(service);
	LIST_INIT(&app->speakings);
	LIST_INIT(&app->hearings);
	LIST_INIT(&app->listenings);
	LIST_INIT(&app->transcribings);
	add_metrics(app);
	if (open_all(app)) {
		log_error(app->log, "speech can not start");
		return 1;
	}
	service_on_drain(service, drained, app);
	service_on_health(service, health, app);
	if (service_open(service, "", on_request, app)) {
		log_error(app->log, "speech can not start");
		return 1;
	}
	app->bus = service_bus(service);
	return 0;
}

void app_close(struct app *app)
{
	speak_close(app);
	hear_close(app);
	transcribe_close(app);
	listen_close(app);
	recognisers_free(app->recognisers);
	http_free(app->http);
	pool_free(app->pool);
	disk_free(app->disk);
	clips_free(app->clips);
	voice_http_free(app->voice_http);
	text_http_free(app->text_http);
	hash_close(&app->hearings_by_id);
	timer_free(app->sweep);
}

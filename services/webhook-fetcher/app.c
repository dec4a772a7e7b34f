/*
 * app.c - the webhook-fetcher: requests in from the bus, answers out
 *
 *     bus --> app.c --> lane --> job.c --> answer --> app_job_ended()
 *
 * A job is a FetchRequest, whose reply is the document, or a NotifyRequest,
 * whose reply is that it is stored; both are asked in the same way.
 */
#include "app.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/callbacks.h"
#include "adapters/client.h"
#include "adapters/debugger.h"
#include "adapters/own_addresses.h"
#include "base/guard.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/service.h"
#include "core/breaker.h"
#include "core/cookies.h"
#include "core/replies.h"
#include "core/target.h"
#include "intake.h"
#include "job.h"
#include "loop/loop.h"
#include "media.h"
#include "store/redis.h"
#include "store/tenants.h"
#include "tell.h"

enum { SWEEP_MS = 200 };

static void set_load(struct app *app)
{
	metric_set(app->in_hand, (double)app->n_jobs);
	metric_set(app->open_breakers, (double)breaker_n_open(app->breaker));
	if (app->bus)
		bus_set_load(app->bus, (uint32_t)app->n_jobs, false);
}

/* --- the end of a job ------------------------------------------------------ */

/* Jobs whose turn came; not by recursion, for a thousand may fail at once. */
static void run_ready(struct app *app)
{
	struct lane_item *item;

	if (app->running)
		return;
	app->running = true;
	while ((item = TAILQ_FIRST(&app->ready))) {
		TAILQ_REMOVE(&app->ready, item, link);
		job_run(hash_object(item, struct job, lane));
	}
	app->running = false;
}

static void remove_job(struct app *app, struct job *job)
{
	struct lane_item *next = lanes_leave(app->lanes, &job->lane);

	TAILQ_REMOVE(&app->jobs, job, link);
	app->n_jobs--;
	job_free(job);
	set_load(app);
	if (next) {
		job_enter(hash_object(next, struct job, lane), JOB_READY);
		TAILQ_INSERT_TAIL(&app->ready, next, link);
	}
	run_ready(app);
}

void app_job_ended(struct app *app, struct job *job)
{
	job_enter(job, JOB_DONE);
	tell_end(app, job);
	remove_job(app, job);
}

/* --- the beginning --------------------------------------------------------- */

static void start_sweep(struct app *app)
{
	if (app->sweeping)
		return;
	app->sweeping = true;
	timer_start(app->sweep, SWEEP_MS);
}

void app_park(struct app *app, struct job *job)
{
	job_enter(job, JOB_PARKED);
	start_sweep(app);
}

static bool timed_out(const struct job *job)
{
	return job->x.purpose != PURPOSE_CALLBACK &&
	       exchange_left_ms(&job->x, loop_now_ms()) == 0;
}

static void sweep(void *arg)
{
	struct app *app = arg;
	size_t n = app->n_jobs;
	struct job *job, *next;

	app->sweeping = false;
	/* What ends here starts others of its lane, which may end at once, the
	 * next one too: they do so when this is over. */
	app->running = true;
	for (job = TAILQ_FIRST(&app->jobs); job && n-- > 0; job = next) {
		next = TAILQ_NEXT(job, link);
		switch (state_due(job->state, timed_out(job))) {
		case JOB_LEAVE: break;
		case JOB_AGAIN: job_run(job); break;
		case JOB_EXPIRE: job_expire(job); break;
		}
	}
	app->running = false;
	run_ready(app);
	if (lanes_n_waiting(app->lanes))
		start_sweep(app);
}

bool app_start(struct app *app, struct job *job)
{
	char lane[LANES_NAME_MAX];
	enum lanes_verdict verdict;

	(void)snprintf(lane, sizeof(lane), "%s %c", job->account_sid,
	               "dcm"[job->x.purpose]);
	verdict = lanes_enter(app->lanes, lane, &job->lane);
	if (verdict == LANES_FULL)
		return false;
	TAILQ_INSERT_TAIL(&app->jobs, job, link);
	app->n_jobs++;
	set_load(app);
	if (verdict == LANES_RUN) {
		job_run(job);
	} else {
		job_enter(job, JOB_WAITING);
		start_sweep(app);
	}
	return true;
}

static const char *health(void *arg)
{
	const struct app *app = arg;

	return tenants_ready(app->tenants)
	               ? NULL
	               : "The accounts were not read from Redis yet.";
}

static bool drained(void *arg)
{
	const struct app *app = arg;

	return app->n_jobs == 0;
}

static void add_metrics(struct app *app)
{
	struct metrics *m = service_metrics(app->service);

	app->well = metrics_counter(m, "trestle_fetches_total", "result=\"ok\"",
	                            "Documents asked for");
	app->failed =
		metrics_counter(m, "trestle_fetches_total", "result=\"error\"",
	                        "Documents asked for");
	app->callbacks_well =
		metrics_counter(m, "trestle_callbacks_total", "result=\"ok\"",
	                        "Status callbacks");
	app->callbacks_failed =
		metrics_counter(m, "trestle_callbacks_total",
	                        "result=\"error\"", "Status callbacks");
	app->seconds = metrics_histogram(m, "trestle_fetch_seconds", NULL,
	                                 "From the question to the document");
	app->in_hand = metrics_gauge(m, "trestle_fetches_in_hand", NULL,
	                             "Fetches and callbacks under way");
	app->open_breakers =
		metrics_gauge(m, "trestle_fetch_open_breakers", NULL,
	                      "Hosts that time out and are not asked");
}

/* For trestle-cli, which writes it into the URLs of bins */
static void on_redis_up(void *arg)
{
	struct app *app = arg;

	(void)redis_command(app->redis, NULL, NULL, "SET public-url %s",
	                    app->settings->public_url);
}

static int read_settings(struct app *app)
{
	const struct settings *s = app->settings;
	const char *why = "Memory ran out.";

	if (bins_init(&app->bins, s->public_url, &why)) {
		log_error(app->log, "TRESTLE_PUBLIC_URL: %s", why);
		return EINVAL;
	}
	if (target_alloc(&app->policy, s->allow_private, &why)) {
		log_error(app->log, "TRESTLE_ALLOW_PRIVATE: %s", why);
		return EINVAL;
	}
	if (own_addresses_read(app->policy)) {
		log_error(app->log, "the addresses of this machine can not be "
		                    "read");
		return EIO;
	}
	if (target_n_rules(app->policy))
		log_warn(app->log,
		         "webhooks may reach private addresses: "
		         "TRESTLE_ALLOW_PRIVATE=%s",
		         s->allow_private);
	return 0;
}

static int make_parts(struct app *app)
{
	const struct client_config client = {
		.loop = app->loop,
		.policy = app->policy,
		.ca_file = app->settings->ca_file,
	};
	const struct callbacks_config callbacks = {
		.loop = app->loop,
		.redis = app->redis,
		.log = app->log,
		.instance = service_instance(app->service),
		.deliver = intake_left_behind,
		.lost = intake_lost,
		.ready = intake_ready,
		.arg = app,
	};
	int err = tenants_alloc(&app->tenants, app->loop, app->redis, app->log,
	                        service_instance(app->service));

	if (!err)
		err = client_alloc(&app->client, &client);
	if (!err)
		err = signer_alloc(&app->signer);
	if (!err)
		err = lanes_alloc(&app->lanes, app->settings->per_account,
		                  APP_WAITING_PER_ACCOUNT);
	if (!err)
		err = breaker_alloc(&app->breaker);
	if (!err)
		err = replies_alloc(&app->replies);
	if (!err)
		err = cookies_alloc(&app->cookies);
	if (!err)
		err = guard_alloc(&app->digests, EXCHANGE_DIGESTS_MAX,
		                  EXCHANGE_DIGEST_MS);
	if (!err)
		err = timer_alloc(&app->sweep, app->loop, sweep, app);
	if (!err)
		err = library_alloc(&app->library, app);
	if (!err)
		err = callbacks_alloc(&app->callbacks, &callbacks);
	if (!err)
		err = debugger_alloc(&app->debugger, app->loop, app->redis,
		                     app->callbacks);
	return err;
}

int app_init(struct app *app, struct service *service,
             const struct settings *settings)
{
	*app = (struct app){.service = service, .settings = settings};
	TAILQ_INIT(&app->jobs);
	TAILQ_INIT(&app->ready);
	app->log = service_log(service);
	app->loop = service_loop(service);
	app->redis = service_redis(service);
	if (read_settings(app))
		return 1;
	add_metrics(app);
	if (make_parts(app) || service_open(service, "", intake_request, app)) {
		log_error(app->log, "the webhook-fetcher can not start");
		return 1;
	}
	app->bus = service_bus(service);
	redis_on_up(app->redis, on_redis_up, app);
	service_on_health(service, health, app);
	service_on_drain(service, drained, app);
	return 0;
}

void app_close(struct app *app)
{
	struct job *job;

	while ((job = TAILQ_FIRST(&app->jobs))) {
		TAILQ_REMOVE(&app->jobs, job, link);
		job_free(job);
	}
	library_free(app->library);
	debugger_free(app->debugger);
	callbacks_free(app->callbacks);
	timer_free(app->sweep);
	guard_free(app->digests);
	cookies_free(app->cookies);
	replies_free(app->replies);
	breaker_free(app->breaker);
	lanes_free(app->lanes);
	signer_free(app->signer);
	client_free(app->client);
	tenants_free(app->tenants);
	target_free(app->policy);
	bins_close(&app->bins);
}

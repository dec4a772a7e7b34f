/*
 * tell.c - who is told that a job ended
 */
#include "tell.h"

#include <stdint.h>
#include <string.h>

#include "adapters/answer.h"
#include "adapters/callbacks.h"
#include "adapters/debugger.h"
#include "adapters/inspector.h"
#include "app.h"
#include "base/log.h"
#include "base/metrics.h"
#include "core/replies.h"
#include "job.h"
#include "loop/loop.h"
#include "media.h"
#include "store/alert.h"

static void inspect(struct app *app, const struct job *job, uint32_t ms)
{
	bool shown = job->x.purpose != PURPOSE_MEDIA;
	struct inspect_record record = {
		.wall_ms = job->wall_ms,
		.request = job->x.request,
		.url = exchange_url(&job->x)->text,
		.status = job->status,
		.code = job->x.outcome.code,
		.text = job->x.outcome.text,
		.attempts = job->x.attempts,
		.ms = ms,
		.content_type = job->content_type,
		.body = shown ? (const char *)job->body : NULL,
		.body_len = shown ? job->body_len : 0,
		.asked = job->asked,
		.told = job->told,
	};

	inspector_write(app->redis, job->call_sid, app->settings->requests_days,
	                &record);
}

static void log_end(const struct job *job, uint32_t ms)
{
	const struct url *url = exchange_url(&job->x);
	int path = (int)strcspn(url->text, "?");

	if (job->x.outcome.code)
		log_warn(&job->log, "%s %.*s -> %u, error %u, %u ms: %s",
		         job->x.request->post ? "POST" : "GET", path, url->text,
		         job->status, job->x.outcome.code, ms,
		         job->x.outcome.text);
	else
		log_info(&job->log, "%s %.*s -> %u %s, %zu bytes, %u ms",
		         job->x.request->post ? "POST" : "GET", path, url->text,
		         job->status, job->content_type, job->body_len, ms);
}

static void answer_fetch(struct app *app, struct job *job, uint32_t ms)
{
	bool well = job->x.outcome.code == 0;
	struct reply reply = {
		.status = job->status,
		.code = job->x.outcome.code,
		.attempts = job->x.attempts,
		.elapsed_ms = ms,
		.content_type = job->content_type,
		.url = exchange_url(&job->x)->text,
		.text = job->x.outcome.text,
		.body = well ? job->body : NULL,
		.body_len = well ? job->body_len : 0,
	};

	for (size_t i = 0; i < job->n_waiters; i++)
		answer_send(app->bus, &job->waiters[i], &reply);
	if (job->key[0])
		replies_end(app->replies, job->key, &reply, loop_now_ms());
	metric_add(well ? app->well : app->failed, 1);
	metric_observe_us(app->seconds, (uint64_t)ms * 1000);
}

static void write_alert(struct app *app, const struct job *job)
{
	struct alert alert = {
		.account_sid = job->account_sid,
		.call_sid = job->call_sid[0] ? job->call_sid : NULL,
		.code = job->status ? 15003 : job->x.outcome.code,
		.text = job->x.outcome.text,
		.url = job->x.request->url->text,
		.method = job->x.request->post ? "POST" : "GET",
		.status = job->status,
	};

	alert_write(app->redis, app->log, &alert); /* has the call_sid */
}

static void end_callback(struct app *app, struct job *job)
{
	if (job->x.outcome.code && !debugger_is_ours(job->key))
		write_alert(app, job);
	callbacks_done(app->callbacks, job->entry);
	metric_add(job->x.outcome.code ? app->callbacks_failed
	                               : app->callbacks_well,
	           1);
}

void tell_end(struct app *app, struct job *job)
{
	uint32_t ms = (uint32_t)(loop_now_ms() - job->began_at);

	log_end(job, ms);
	inspect(app, job, ms);
	switch (job->x.purpose) {
	case PURPOSE_DOCUMENT: answer_fetch(app, job, ms); break;
	case PURPOSE_CALLBACK: end_callback(app, job); break;
	case PURPOSE_MEDIA: media_ended(job->media, &job->x.outcome); break;
	}
}

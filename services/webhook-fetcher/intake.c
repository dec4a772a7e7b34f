/*
 * intake.c - requests from the bus, and callbacks that others left, into jobs
 */
#include "intake.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adapters/answer.h"
#include "adapters/debugger.h"
#include "app.h"
#include "base/form.h"
#include "base/sid.h"
#include "base/strbuf.h"
#include "core/cookies.h"
#include "core/replies.h"
#include "job.h"
#include "loop/loop.h"
#include "media.h"
#include "store/alert.h"
#include "store/tenants.h"

/* Parameters of a message as request_alloc() takes them, and its problem */
struct draft {
	struct param params[REQUEST_PARAMS_MAX];
	struct request_spec spec;
	struct problem problem;
};

static bool fill_draft(struct draft *d, const char *method, const char *url,
                       Trestle__Param *const *params, size_t n)
{
	d->problem = (struct problem){0, ""};
	d->spec = (struct request_spec){method, url, d->params, n};
	if (n > REQUEST_PARAMS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		d->params[i].name = params[i]->name;
		d->params[i].value = params[i]->value;
	}
	return true;
}

/* May this request be worked on? If not it is refused here. */
static bool admitted(struct app *app, const struct bus_return *from,
                     const char *account_sid)
{
	if (!tenants_ready(app->tenants) ||
	    app->n_jobs >= app->settings->in_hand_max)
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "this webhook-fetcher can not take more now");
	else if (!tenants_account(app->tenants, account_sid))
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__NOT_FOUND,
		           "there is no such account");
	else
		return true;
	return false;
}

static void refuse(struct app *app, const struct bus_return *from, int err)
{
	if (err == EINVAL)
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           "a field of the request is too long");
	else
		bus_refuse(app->bus, from, TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "too many requests of this account wait");
}

/* --- documents ------------------------------------------------------------- */

/* Was this key asked before? Then it is dealt with here. */
static bool repeated(struct app *app, const struct bus_return *from,
                     const char *key)
{
	const struct kept *kept =
		key[0] ? replies_find(app->replies, key, loop_now_ms()) : NULL;
	struct job *job;

	if (!kept)
		return false;
	job = kept->owner;
	if (!job)
		answer_send(app->bus, from, kept->reply);
	else if (job->n_waiters < JOB_WAITERS_MAX)
		job->waiters[job->n_waiters++] = *from;
	else
		refuse(app, from, EBUSY);
	return true;
}

static void answer_problem(struct app *app, const struct bus_return *from,
                           const struct draft *d)
{
	struct reply reply = {
		.code = d->problem.code,
		.content_type = "",
		.url = d->spec.url,
		.text = d->problem.why,
	};

	answer_send(app->bus, from, &reply);
}

static int start_fetch(struct app *app, const struct bus_return *from,
                       const Trestle__Envelope *env, struct request *request)
{
	const struct job_spec spec = {
		.account_sid = env->fetch_request->account_sid,
		.call_sid = env->call_sid,
		.cookie_scope = env->fetch_request->cookie_scope,
		.key = env->key,
		.purpose = PURPOSE_DOCUMENT,
		.request = request,
		.timeout_ms = env->timeout_ms,
	};
	struct job *job;
	int err = job_alloc(&job, app, &spec);

	if (err)
		return err;
	if (env->fetch_request->first && job->cookie_scope[0])
		cookies_open(app->cookies, job->cookie_scope, loop_now_ms());
	job->waiters[job->n_waiters++] = *from;
	if (job->key[0] &&
	    replies_begin(app->replies, job->key, job, loop_now_ms()))
		job->key[0] = '\0';
	if (app_start(app, job))
		return 0;
	replies_forget(app->replies, job->key);
	job_free(job);
	return EBUSY;
}

static void on_fetch(struct app *app, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	const Trestle__FetchRequest *f = env->fetch_request;
	struct request *request;
	struct draft d;
	int err = EINVAL;

	if (repeated(app, from, env->key) ||
	    !admitted(app, from, f->account_sid))
		return;
	if (fill_draft(&d, f->method, f->url, f->params, f->n_params))
		err = request_alloc(&request, &d.spec, &d.problem);
	if (err == EINVAL && d.problem.code) {
		answer_problem(app, from, &d);
		return;
	}
	if (!err)
		err = start_fetch(app, from, env, request);
	if (err)
		refuse(app, from, err);
}

/* --- status callbacks ------------------------------------------------------ */

static void alert_undeliverable(struct app *app, const struct callback *cb,
                                uint32_t code, const char *why)
{
	struct alert alert = {
		.account_sid = cb->account_sid,
		.call_sid = cb->call_sid[0] ? cb->call_sid : NULL,
		.code = code,
		.text = why,
	};

	if (debugger_is_ours(cb->key))
		return;
	alert_write(app->redis, app->log, &alert);
}

static void on_stored(void *arg, int err, const char *entry, bool known)
{
	struct job *job = arg;
	struct app *app = job->app;

	if (err) {
		bus_refuse(app->bus, &job->waiters[0],
		           err == EBUSY ? TRESTLE__REFUSAL__REASON__OVERLOADED
		                        : TRESTLE__REFUSAL__REASON__UNAVAILABLE,
		           "the callback could not be stored in Redis");
		job_free(job);
		return;
	}
	answer_stored(app->bus, &job->waiters[0], entry);
	(void)snprintf(job->entry, sizeof(job->entry), "%s", entry);
	if (known) {
		job_free(job);
	} else if (!app_start(app, job)) {
		/* It is stored: an instance, this one even, finds it again. */
		callbacks_drop(app->callbacks, job->entry);
		job_free(job);
	}
}

static int store(struct app *app, struct job *job, const struct draft *d)
{
	struct strbuf form = {0};
	struct callback cb = {
		.account_sid = job->account_sid,
		.call_sid = job->call_sid,
		.method = d->spec.method,
		.url = d->spec.url,
		.key = job->key,
	};
	int err = ENOMEM;

	for (size_t i = 0; i < d->spec.n_params; i++)
		form_add(&form, d->params[i].name, d->params[i].value);
	cb.body = strbuf_str(&form);
	if (!form.failed)
		err = callbacks_add(app->callbacks, &cb, on_stored, job);
	strbuf_close(&form);
	return err;
}

/* @param call_sid, key of the envelope or of the stored entry */
static int make_callback(struct job **jp, struct app *app, struct draft *d,
                         const struct callback *cb)
{
	struct job_spec spec = {
		.account_sid = cb->account_sid,
		.call_sid = cb->call_sid,
		.cookie_scope = cb->call_sid,
		.key = cb->key,
		.purpose = PURPOSE_CALLBACK,
	};
	int err = request_alloc(&spec.request, &d->spec, &d->problem);

	return err ? err : job_alloc(jp, app, &spec);
}

static void on_notify(struct app *app, const struct bus_return *from,
                      const Trestle__Envelope *env)
{
	const Trestle__NotifyRequest *n = env->notify_request;
	const struct callback cb = {
		.account_sid = n->account_sid,
		.call_sid = env->call_sid,
		.key = env->key,
	};
	struct job *job = NULL;
	struct draft d;
	int err = EINVAL;

	if (!admitted(app, from, n->account_sid))
		return;
	if (fill_draft(&d, n->method, n->url, n->params, n->n_params))
		err = make_callback(&job, app, &d, &cb);
	if (err == EINVAL && d.problem.code) {
		/* The tenant is told, and nothing would change by asking again. */
		alert_undeliverable(app, &cb, d.problem.code, d.problem.why);
		answer_stored(app->bus, from, "");
		return;
	}
	if (err) {
		refuse(app, from, err);
		return;
	}
	job->waiters[job->n_waiters++] = *from;
	if (store(app, job, &d))
		on_stored(job, ENOTCONN, "", false);
}

/* --- callbacks that were stored before ------------------------------------- */

/* Decoded parameters, one after another, each ended by NUL */
struct unpacked {
	struct strbuf text;
	size_t n; /* pairs */
};

static int add_pair(void *arg, const char *name, const char *value)
{
	struct unpacked *u = arg;

	strbuf_addn(&u->text, name, strlen(name) + 1);
	strbuf_addn(&u->text, value, strlen(value) + 1);
	u->n++;
	return u->text.failed || u->n > REQUEST_PARAMS_MAX ? ENOMEM : 0;
}

static void point_to(struct draft *d, const struct callback *cb,
                     const struct unpacked *u)
{
	const char *s = strbuf_str(&u->text);

	for (size_t i = 0; i < u->n; i++) {
		d->params[i].name = s;
		s += strlen(s) + 1;
		d->params[i].value = s;
		s += strlen(s) + 1;
	}
	d->problem = (struct problem){0, ""};
	d->spec = (struct request_spec){cb->method, cb->url, d->params, u->n};
}

void intake_left_behind(void *arg, const char *entry, const struct callback *cb)
{
	struct app *app = arg;
	struct unpacked u = {.n = 0};
	struct job *job = NULL;
	struct draft d = {.problem = {11100, "It was not stored whole."}};
	int err = form_parse(cb->body, strlen(cb->body), add_pair, &u);

	if (!err) {
		point_to(&d, cb, &u);
		err = make_callback(&job, app, &d, cb);
	}
	strbuf_close(&u.text);
	if (err == EINVAL || err == E2BIG) {
		alert_undeliverable(app, cb, d.problem.code, d.problem.why);
		callbacks_done(app->callbacks, entry);
		return;
	}
	if (!err) {
		(void)snprintf(job->entry, sizeof(job->entry), "%s", entry);
		if (app_start(app, job))
			return;
		job_free(job);
	}
	callbacks_drop(app->callbacks, entry);
}

bool intake_ready(void *arg)
{
	const struct app *app = arg;

	return tenants_ready(app->tenants);
}

void intake_lost(void *arg, const struct callback *cb)
{
	alert_undeliverable(arg, cb, 11200,
	                    "A status callback was given up: each process that "
	                    "tried to deliver it ended before it could.");
}

/* --- media ----------------------------------------------------------------- */

static void on_audio(struct app *app, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	const Trestle__AudioRequest *m = env->audio_request;
	const struct media_question q = {
		.account_sid = m->account_sid,
		.call_sid = m->call_sid,
		.url = m->url,
		.version = m->version,
		.offset = m->offset,
		.check = m->check,
		.from = from,
	};

	if (!admitted(app, from, m->account_sid))
		return;
	if (strlen(m->version) >= MEDIA_VERSION_SIZE ||
	    strlen(m->url) > URL_MAX || !sid_valid(m->account_sid, "AC"))
		refuse(app, from, EINVAL);
	else
		media_ask(app->library, &q);
}

void intake_request(void *arg, const struct bus_return *from,
                    const Trestle__Envelope *env)
{
	struct app *app = arg;

	if (env->body_case == TRESTLE__ENVELOPE__BODY_FETCH_REQUEST)
		on_fetch(app, from, env);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_NOTIFY_REQUEST)
		on_notify(app, from, env);
	else if (env->body_case == TRESTLE__ENVELOPE__BODY_AUDIO_REQUEST)
		on_audio(app, from, env);
	else
		bus_refuse(app->bus, from,
		           TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "a webhook-fetcher fetches and notifies");
}

/*
 * media.c - audio of the applications: fetched once, streamed to all who ask
 */
#include "media.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/media_reply.h"
#include "app.h"
#include "job.h"
#include "loop/loop.h"
#include "media_impl.h"

/* --- answers --------------------------------------------------------------- */

static void send_piece(struct media *m, struct entity *e,
                       const struct bus_return *to, uint64_t offset)
{
	struct library *l = m->library;
	uint64_t now = loop_now_ms();
	struct media_reply reply = {
		.data = l->piece,
		.content_type = e->type,
		.version = e->version,
	};

	reply.n = blob_read(&e->blob, offset, l->piece, sizeof(l->piece));
	reply.last = e->whole && offset + reply.n == e->blob.len;
	if (now < e->fresh_until)
		reply.fresh_ms = (uint32_t)(e->fresh_until - now);
	e->read_at = now;
	media_reply_send(l->app->bus, to, &reply);
}

static void send_error(const struct media *m, const struct bus_return *to,
                       uint32_t code, const char *text)
{
	const struct media_reply reply = {.code = code, .text = text};

	media_reply_send(m->library->app->bus, to, &reply);
}

static void refuse_changed(const struct media *m, const struct bus_return *to)
{
	bus_refuse(m->library->app->bus, to, TRESTLE__REFUSAL__REASON__INVALID,
	           "that version is not there any more");
}

/* May it be given to somebody who asks for what there is now? */
static bool usable(const struct entity *e, bool validated)
{
	return validated ||
	       (!e->freshness.no_store && loop_now_ms() < e->fresh_until);
}

/* The rest of what the asker has begun to read */
static bool serve_rest(struct media *m, struct entity *e,
                       const struct media_question *q)
{
	if (q->offset < e->blob.len || (q->offset == e->blob.len && e->whole))
		send_piece(m, e, q->from, q->offset);
	else if (e->code)
		send_error(m, q->from, e->code, e->text);
	else if (e->whole)
		refuse_changed(m, q->from);
	else
		return false;
	return true;
}

/* Is what the asker has still what there is? */
static bool serve_check(struct media *m, struct entity *e,
                        const struct media_question *q, bool validated)
{
	if (!e->whole || q->offset != e->blob.len ||
	    (m->coming && m->coming != e) || (m->current && m->current != e))
		refuse_changed(m, q->from);
	else if (usable(e, validated))
		send_piece(m, e, q->from, q->offset);
	else
		return false;
	return true;
}

static bool serve_version(struct media *m, const struct media_question *q,
                          bool validated)
{
	struct entity *e = library_find(m, q->version);

	if (e && q->check && e == m->coming && !e->whole)
		return false;
	if (e)
		return q->check ? serve_check(m, e, q, validated)
		                : serve_rest(m, e, q);
	if (!m->coming && !validated)
		return false; /* perhaps it is the one that comes */
	refuse_changed(m, q->from);
	return true;
}

/* @param validated the application has just said what there is
 * @return false: there is nothing to say yet */
static bool serve(struct media *m, const struct media_question *q,
                  bool validated)
{
	struct entity *e = m->coming;

	if (q->version[0])
		return serve_version(m, q, validated);
	if (!e && m->current && usable(m->current, validated))
		e = m->current;
	if (!e || q->offset >= e->blob.len)
		return false;
	send_piece(m, e, q->from, q->offset);
	return true;
}

static void serve_all(struct media *m, bool validated)
{
	struct waiter *w, *next;

	for (w = TAILQ_FIRST(&m->waiters); w; w = next) {
		next = TAILQ_NEXT(w, link);
		if (serve(m, &w->question, validated))
			library_drop(m, w);
	}
}

static void tell_error(struct media *m, uint32_t code, const char *text)
{
	while (!TAILQ_EMPTY(&m->waiters)) {
		struct waiter *w = TAILQ_FIRST(&m->waiters);

		send_error(m, &w->from, code, text);
		library_drop(m, w);
	}
}

/* --- asking ---------------------------------------------------------------- */

static bool wait(struct media *m, const struct media_question *q)
{
	struct waiter *w;

	if (m->n_waiters == MEDIA_WAITERS_MAX)
		return false;
	w = calloc(1, sizeof(*w));
	if (!w)
		return false;
	w->from = *q->from;
	(void)snprintf(w->version, sizeof(w->version), "%s", q->version);
	w->question = (struct media_question){.version = w->version,
	                                      .offset = q->offset,
	                                      .check = q->check,
	                                      .from = &w->from};
	TAILQ_INSERT_TAIL(&m->waiters, w, link);
	m->n_waiters++;
	return true;
}

/* @return an error code, after which nothing was begun; 0 else */
static uint32_t fetch(struct media *m, const struct media_question *q,
                      const char **why)
{
	struct app *app = m->library->app;
	const struct request_spec spec = {.method = "GET", .url = q->url};
	struct problem problem = {12400, "Memory ran out."};
	struct job_spec job_spec = {
		.account_sid = q->account_sid,
		.call_sid = q->call_sid,
		.cookie_scope = "",
		.key = "",
		.purpose = PURPOSE_MEDIA,
		.media = m,
	};
	struct job *job;

	if (request_alloc(&job_spec.request, &spec, &problem)) {
		*why = problem.why;
		return problem.code;
	}
	*why = "Too many requests of this account wait.";
	if (job_alloc(&job, app, &job_spec))
		return 12400;
	m->fetching = true;
	if (app_start(app, job))
		return 0;
	m->fetching = false;
	job_free(job);
	return 12400;
}

void media_ask(struct library *l, const struct media_question *q)
{
	struct media *m = library_media(l, q);
	const char *why = NULL;
	uint32_t code = 0;

	if (m && serve(m, q, false))
		return;
	if (!m || !wait(m, q)) {
		bus_refuse(l->app->bus, q->from,
		           TRESTLE__REFUSAL__REASON__OVERLOADED,
		           "too many wait for that audio");
		return;
	}
	if (!m->fetching)
		code = fetch(m, q, &why);
	if (code)
		tell_error(m, code, why);
}

/* --- from the job ---------------------------------------------------------- */

void media_validators(const struct media *m, const char **etag,
                      const char **last_modified)
{
	const struct entity *e = m->current;

	*etag = e ? e->freshness.etag : "";
	*last_modified = e ? e->freshness.last_modified : "";
}

enum cut media_take(struct media *m, const struct client_head *head,
                    const void *p, size_t n)
{
	struct library *l = m->library;
	struct entity *e = m->coming;

	if (!outcome_is_playable(head->content_type))
		return CUT_UNREAD;
	if (!e)
		e = library_begin(m, head);
	if (!e || l->bytes + n > 2 * l->bytes_max)
		return CUT_ROOM;
	if (e->blob.len + n > OUTCOME_MEDIA_MAX)
		return CUT_BODY;
	if (blob_append(&e->blob, p, n))
		return CUT_ROOM;
	l->bytes += n;
	serve_all(m, false);
	return CUT_NONE;
}

void media_unchanged(struct media *m, const char *cache)
{
	struct freshness f;

	if (!m->current)
		return;
	freshness_read(&f, cache, loop_wall_ms());
	m->current->fresh_until = loop_now_ms() + f.fresh_ms;
	m->current->freshness.no_store |= f.no_store;
	library_keep(m, m->current);
}

/* It is the one that is used from now on, if it may be. */
static void finish(struct media *m, struct entity *e)
{
	e->whole = true;
	m->current = e->freshness.no_store ? NULL : e;
	if (m->current)
		library_keep(m, e);
}

void media_ended(struct media *m, const struct outcome *outcome)
{
	struct entity *e = m->coming;

	m->fetching = false;
	if (outcome->code == 0) {
		if (e)
			finish(m, e);
		serve_all(m, true);
		m->coming = NULL;
	} else if (e) { /* what came is heard, then why there is no more */
		e->code = outcome->code;
		memcpy(e->text, outcome->text, sizeof(e->text));
		m->coming = NULL;
	}
	/* whoever is left can not be helped */
	tell_error(m, outcome->code ? outcome->code : 11200,
	           outcome->code ? outcome->text : "There is no such audio.");
}

/*
 * app_session.c - a session from SessionPut to SessionRelease
 */
#include "app_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/control.h"
#include "adapters/outbox.h"
#include "adapters/store.h"
#include "app_recordings.h"
#include "base/service.h"
#include "loop/loop.h"

struct app_session *app_session_add(struct app *app, struct session *s)
{
	struct app_session *as = calloc(1, sizeof(*as));

	if (!as)
		return NULL;
	as->app = app;
	as->state = s;
	as->log = (struct log){app->log, "call_sid", s->call_sid};
	as->log_session = (struct log){&as->log, "session", s->id};
	as->heard_ms = loop_now_ms();
	as->controller_ms = as->heard_ms;
	if (outbox_init(as)) {
		free(as);
		return NULL;
	}
	hash_add(&app->sessions, &as->hash, s->id);
	return as;
}

void app_session_free(struct app_session *as)
{
	hash_remove(&as->app->sessions, &as->hash);
	app_listen_close(as);
	app_recordings_forget(as);
	outbox_close(as);
	session_free(as->state);
	free(as);
}

static int apply(struct app_session *as, struct app_put *put)
{
	struct session *s = as->state;
	struct plane_leg *legs = calloc(put->n + 1, sizeof(*legs));
	int err = ENOMEM;

	if (!legs)
		return ENOMEM;
	if (!as->plane)
		as->plane = plane_open(as->app->plane, as);
	(void)snprintf(s->account_sid, sizeof(s->account_sid), "%s",
	               put->account_sid);
	if (as->plane)
		err = app_legs_open(as, put, legs);
	if (err)
		goto out;
	for (size_t i = 0; i < put->n; i++)
		app_legs_fill(as, session_find(s, put->legs[i].name), put, i,
		              &legs[i]);
	for (size_t i = 0; i < s->n; i++) {
		if (session_wanted(s->legs[i], put->legs, put->n))
			continue;
		s->legs[i]->closed = true;
		app_listen_stop(as, s->legs[i]->id);
	}
	err = plane_apply(as->app->plane, as->plane, legs, put->n);
out:
	free(legs);
	return err;
}

/* --- commands -------------------------------------------------------------- */

static const char *problem_of(struct app *app, const struct app_put *put)
{
	const char *problem = leg_specs_problem(put->legs, put->n);

	for (size_t i = 0; i < put->n && !problem; i++) {
		enum source source = put->legs[i].source;

		if ((source == SOURCE_RINGING || source == SOURCE_FILE) &&
		    !app_plays_known(app, &put->legs[i]))
			problem = "there is no tone or prompt of that name";
	}
	return problem;
}

static struct app_session *create(struct app *app, const struct app_put *put)
{
	struct app_session *as = NULL;
	struct session *s;

	if (session_alloc(&s, put->id))
		return NULL;
	(void)snprintf(s->call_sid, sizeof(s->call_sid), "%s", put->call_sid);
	as = app_session_add(app, s);
	if (!as)
		session_free(s);
	return as;
}

static void discard(struct app_session *as)
{
	/* the plane's last word comes to app_session_released() */
	if (as->plane && plane_release(as->app->plane, as->plane) == 0)
		as->releasing = true;
	else if (!as->plane)
		app_session_free(as);
}

static void take_over(struct app_session *as, const struct app_put *put)
{
	struct session *s = as->state;
	bool other = strcmp(s->controller, put->controller) != 0;

	s->epoch = put->epoch;
	s->version = put->version;
	s->released = false;
	as->controller_ms = loop_now_ms();
	(void)snprintf(s->controller, sizeof(s->controller), "%s",
	               put->controller);
	if (other)
		outbox_send(as);
	store_write(as);
}

static enum app_result make_so(struct app_session *as, struct app_put *put,
                               const char **why)
{
	bool fresh = as->plane == NULL;
	int err = apply(as, put);

	if (!err) {
		app_recordings_put(as, put);
		take_over(as, put);
		return APP_DONE;
	}
	*why = err == EAGAIN ? "no free RTP port: widen TRESTLE_RTP_PORTS"
	                     : strerror(err);
	log_error(&as->log_session, "legs can not be opened: %s", *why);
	if (fresh)
		discard(as);
	return APP_OVERLOADED;
}

enum app_result app_put(struct app *app, struct app_put *put,
                        struct app_session **sp, const char **why)
{
	struct app_session *as = app_find(app, put->id);

	if (as) {
		switch (session_order(as->state, put->epoch, put->version)) {
		case SESSION_STALE:
			*why = "the call has a newer owner";
			return APP_STALE;
		case SESSION_REPEAT: *sp = as; return APP_DONE;
		case SESSION_APPLY: break;
		}
	}
	*why = problem_of(app, put);
	if (!*why)
		*why = app_recordings_problem(put);
	if (*why)
		return APP_INVALID;
	if (as && as->releasing) {
		*why = "the session is being released";
		return APP_INVALID;
	}
	if (app->draining && (!as || as->state->released)) {
		*why = "draining";
		return APP_OVERLOADED;
	}
	if (!as)
		as = create(app, put);
	if (!as) {
		*why = strerror(ENOMEM);
		return APP_OVERLOADED;
	}
	*sp = as;
	return make_so(as, put, why);
}

enum app_result app_release(struct app *app, const char *id, uint64_t epoch,
                            const struct bus_return *from,
                            struct app_session **sp)
{
	struct app_session *as = app_find(app, id);

	*sp = as;
	if (!as)
		return APP_DONE;
	if (epoch < as->state->epoch)
		return APP_STALE;
	as->state->epoch = epoch;
	if (as->state->released)
		return APP_DONE;
	if (as->n_returns == APP_RETURNS_MAX)
		return APP_OVERLOADED;
	if (!as->releasing && plane_release(app->plane, as->plane) != 0)
		return APP_OVERLOADED;
	as->releasing = true;
	as->returns[as->n_returns++] = *from;
	return APP_LATER;
}

void app_session_released(struct app_session *as)
{
	struct session *s = as->state;

	app_listen_close(as);
	as->plane = NULL;
	as->releasing = false;
	as->released_at_ms = loop_now_ms();
	s->released = true;
	session_keep_last_words(s);
	for (size_t i = 0; i < s->n; i++) {
		/* no-op for those whose end the plane has told */
		ports_give(as->app->ports, s->legs[i]->port, loop_now_ms());
		s->legs[i]->closed = true;
	}
	store_end(as);
	for (size_t i = 0; i < as->n_returns; i++)
		control_reply(as, &as->returns[i], true);
	as->n_returns = 0;
	log_info(&as->log_session, "released");
}

/*
 * app_session.c - a session from SessionPut to SessionRelease, or reopened
 */
#include "app_session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "adapters/clips.h"
#include "adapters/control.h"
#include "adapters/outbox.h"
#include "adapters/sockets.h"
#include "adapters/store.h"
#include "base/service.h"
#include "loop/loop.h"

enum { PORT_TRIES = 64 }; /* ports that another process may hold */

static struct app_session *add(struct app *app, struct session *s)
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
	outbox_close(as);
	session_free(as->state);
	free(as);
}

/* --- legs ------------------------------------------------------------------ */

static int open_ports(struct app *app, struct session_leg *leg,
                      struct plane_leg *out)
{
	struct socket_pair pair;
	int err = EADDRINUSE;

	for (int i = 0; i < PORT_TRIES && err == EADDRINUSE; i++) {
		uint32_t random = 0;
		uint16_t port;

		if (getrandom(&random, sizeof(random), 0) < 0)
			return errno;
		port = ports_take(app->ports, loop_now_ms(), random);
		if (port == 0)
			return EAGAIN;
		err = sockets_open(&pair, &app->bind, port, app->conf->dscp);
		if (err)
			ports_give(app->ports, port, loop_now_ms());
		else
			leg->port = port;
	}
	if (err)
		return err;
	out->rtp = pair.rtp;
	out->rtcp = pair.rtcp;
	return 0;
}

/* The name was checked: NULL only when memory ran out. */
static const struct clip *find_clip(const struct app *app,
                                    const struct leg_spec *spec)
{
	const struct format *f = leg_spec_audio(spec);
	enum codec codec = f ? f->codec : CODEC_OTHER;
	uint32_t ptime = spec->ptime_ms;

	/* RFC 6716 2.1.4: Opus has packets of 10, 20, 40 and 60 ms */
	if (codec == CODEC_OPUS && (ptime == 30 || ptime == 50))
		ptime = PTIME_MS;
	switch (spec->source) {
	case SOURCE_RINGING:
		return clips_tone(app->clips, spec->play, codec, ptime);
	case SOURCE_FILE:
		return clips_prompt(app->clips, spec->play, codec, ptime);
	case SOURCE_NOTHING:
	case SOURCE_LEG: break;
	}
	return NULL;
}

static void note_play(struct session_leg *leg, const struct leg_spec *spec)
{
	bool plays =
		spec->source == SOURCE_RINGING || spec->source == SOURCE_FILE;

	if (!plays || (leg->play_since_ms && leg->play_id == spec->play_id))
		return;
	leg->play_id = spec->play_id;
	leg->play_since_ms = loop_wall_ms();
	leg->played = false;
}

static void fill(const struct app *app, struct session_leg *leg,
                 const struct leg_spec *spec, struct plane_leg *out)
{
	note_play(leg, spec);
	leg->spec = *spec;
	out->id = leg->id;
	out->spec = *spec;
	out->clip = find_clip(app, spec);
}

/* Open what is new among the legs; @p out gets all of them. On an error
 * nothing is open that was not before. */
static int open_new(struct app_session *as, const struct app_put *put,
                    struct plane_leg *out)
{
	struct app *app = as->app;
	size_t added = 0;
	int err = 0;

	for (size_t i = 0; i < put->n && !err; i++) {
		struct session_leg *leg =
			session_find(as->state, put->legs[i].name);

		out[i].rtp = out[i].rtcp = -1;
		if (leg)
			continue;
		leg = session_add(as->state, ++app->last_leg, &put->legs[i], 0);
		if (!leg)
			err = ENOMEM;
		else
			added++;
		if (!err)
			err = open_ports(app, leg, &out[i]);
	}
	if (!err)
		return 0;
	for (size_t i = 0; i < put->n; i++) {
		if (out[i].rtp <= 0)
			continue;
		close(out[i].rtp);
		close(out[i].rtcp);
	}
	while (added-- > 0) {
		struct session_leg *leg = as->state->legs[as->state->n - 1];

		if (leg->port)
			ports_give(app->ports, leg->port, loop_now_ms());
		session_drop_last(as->state);
	}
	return err;
}

static int apply(struct app_session *as, const struct app_put *put)
{
	struct session *s = as->state;
	struct plane_leg *legs = calloc(put->n + 1, sizeof(*legs));
	int err = ENOMEM;

	if (!legs)
		return ENOMEM;
	if (!as->plane)
		as->plane = plane_open(as->app->plane, as);
	if (as->plane)
		err = open_new(as, put, legs);
	if (err)
		goto out;
	for (size_t i = 0; i < put->n; i++)
		fill(as->app, session_find(s, put->legs[i].name), &put->legs[i],
		     &legs[i]);
	for (size_t i = 0; i < s->n; i++)
		s->legs[i]->closed |=
			!session_wanted(s->legs[i], put->legs, put->n);
	err = plane_apply(as->app->plane, as->plane, legs, put->n);
out:
	free(legs);
	return err;
}

/* --- commands -------------------------------------------------------------- */

static const char *problem_of(const struct app *app, const struct app_put *put)
{
	const char *problem = leg_specs_problem(put->legs, put->n);

	for (size_t i = 0; i < put->n && !problem; i++) {
		enum source source = put->legs[i].source;

		if ((source == SOURCE_RINGING || source == SOURCE_FILE) &&
		    !find_clip(app, &put->legs[i]))
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
	as = add(app, s);
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

static enum app_result make_so(struct app *app, struct app_session *as,
                               const struct app_put *put, const char **why)
{
	bool fresh = as->plane == NULL;
	int err = apply(as, put);

	if (!err) {
		take_over(as, put);
		return APP_DONE;
	}
	*why = err == EAGAIN ? "no free RTP port: widen TRESTLE_RTP_PORTS"
	                     : strerror(err);
	log_error(&as->log_session, "legs can not be opened: %s", *why);
	if (fresh)
		discard(as);
	(void)app;
	return APP_OVERLOADED;
}

enum app_result app_put(struct app *app, const struct app_put *put,
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
	return make_so(app, as, put, why);
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

	as->plane = NULL;
	as->releasing = false;
	as->released_at_ms = loop_now_ms();
	s->released = true;
	s->n_events = 0;
	for (size_t i = 0; i < s->n; i++)
		s->legs[i]->closed = true;
	store_end(as);
	for (size_t i = 0; i < as->n_returns; i++)
		control_reply(as, &as->returns[i], true);
	as->n_returns = 0;
	log_info(&as->log_session, "released");
}

/* --- after a restart ------------------------------------------------------- */

static int reopen_leg(struct app_session *as, struct session_leg *leg,
                      uint64_t elapsed_us, struct plane_leg *out)
{
	struct app *app = as->app;
	struct socket_pair pair;
	int err = ports_take_exact(app->ports, leg->port);

	if (err)
		return err;
	err = sockets_open(&pair, &app->bind, leg->port, app->conf->dscp);
	if (err) {
		ports_give(app->ports, leg->port, loop_now_ms());
		return err;
	}
	leg->id = ++app->last_leg;
	out->id = leg->id;
	out->spec = leg->spec;
	out->rtp = pair.rtp;
	out->rtcp = pair.rtcp;
	out->restored = true;
	out->memory = leg->memory;
	out->elapsed_us = elapsed_us;
	if (!(leg->spec.source == SOURCE_FILE && leg->played))
		out->clip = find_clip(app, &leg->spec);
	out->skip_ms = loop_wall_ms() - leg->play_since_ms;
	return 0;
}

static void rest_port(struct app *app, uint16_t port)
{
	if (ports_take_exact(app->ports, port) == 0)
		ports_give(app->ports, port, loop_now_ms());
}

static size_t reopen_legs(struct app_session *as, uint64_t elapsed_us,
                          struct plane_leg *legs)
{
	struct session *s = as->state;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct session_leg *leg = s->legs[i];
		int err;

		if (leg->closed) {
			rest_port(as->app, leg->port);
			continue;
		}
		err = reopen_leg(as, leg, elapsed_us, &legs[n]);
		if (!err) {
			n++;
			continue;
		}
		log_error(&as->log_session, "port %u can not be reopened: %s",
		          leg->port, strerror(err));
		(void)session_note(s, SESSION_GONE, leg->spec.name);
		leg->closed = true;
	}
	return n;
}

/* It ended in the last life, less than a minute ago. */
static void forget_ended(struct app *app, struct session *s)
{
	for (size_t i = 0; i < s->n; i++)
		rest_port(app, s->legs[i]->port);
	store_forget(app, s->id);
	session_free(s);
}

void app_reopen(struct app *app, struct session *s, uint64_t elapsed_us)
{
	struct app_session *as;
	struct plane_leg *legs;

	if (s->released) {
		forget_ended(app, s);
		return;
	}
	as = add(app, s);
	if (!as) {
		session_free(s);
		return;
	}
	legs = calloc(s->n + 1, sizeof(*legs));
	as->plane = legs ? plane_open(app->plane, as) : NULL;
	if (as->plane) {
		size_t n = reopen_legs(as, elapsed_us, legs);

		(void)plane_apply(app->plane, as->plane, legs, n);
		log_info(&as->log_session, "reopened %zu legs", n);
		store_write(as);
	}
	free(legs);
	outbox_send(as);
}

/*
 * app_reopen.c - a session of an earlier life of the process
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/outbox.h"
#include "adapters/sockets.h"
#include "adapters/store.h"
#include "app_recordings.h"
#include "app_session.h"
#include "loop/loop.h"

/* What it was played goes on where the clock is by now. */
static void play_on(struct app_session *as, struct session_leg *leg,
                    struct plane_leg *out)
{
	uint64_t now = loop_wall_ms();
	struct playlist *list;

	leg->plays_now = leg_spec_plays(&leg->spec);
	if (!leg->plays_now || leg->played)
		return;
	list = app_plays_list(as, &leg->spec, leg->plays);
	out->list = list;
	if (!list || list->endless || leg->memory.play_id != list->id ||
	    !leg->memory.playing)
		return;
	list->from = leg->memory.place;
	if (now > leg->place_at_ms)
		list->skip_ms = now - leg->place_at_ms;
}

/* What was said before is lost. */
static void stop_listening(struct app_session *as, struct session_leg *leg)
{
	struct session_event *ev;

	if (leg->spec.listen.id[0] == '\0')
		return;
	ev = session_note(as->state, SESSION_SPEECH_FAILED, leg->spec.name);
	memcpy(ev->id, leg->spec.listen.id, sizeof(ev->id));
	(void)snprintf(ev->why, sizeof(ev->why), "the relay was restarted");
	memset(&leg->spec.listen, 0, sizeof(leg->spec.listen));
}

/* Who answered can not be told by half a greeting. A controller that was told
 * already takes no second answer. */
static void stop_detecting(struct app_session *as, struct session_leg *leg)
{
	struct session_event *ev;

	if (!leg->spec.detects)
		return;
	ev = session_note(as->state, SESSION_MACHINE, leg->spec.name);
	(void)snprintf(ev->why, sizeof(ev->why), "%s",
	               machine_name(MACHINE_UNKNOWN));
	leg->spec.detects = false;
}

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
	stop_listening(as, leg);
	stop_detecting(as, leg);
	out->id = leg->id;
	out->spec = leg->spec;
	out->rtp = pair.rtp;
	out->rtcp = pair.rtcp;
	out->restored = true;
	out->memory = leg->memory;
	out->elapsed_us = elapsed_us;
	play_on(as, leg, out);
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

static bool has_last_words(const struct session *s)
{
	for (size_t i = 0; i < s->n_recordings; i++) {
		if (!s->recordings[i]->ended)
			return true;
	}
	return s->n_events > 0;
}

/* It ended in the last life, a short while ago. What its controller was not
 * told of its recordings is told yet. */
static void forget_ended(struct app *app, struct session *s)
{
	struct app_session *as;

	for (size_t i = 0; i < s->n; i++)
		rest_port(app, s->legs[i]->port);
	as = has_last_words(s) ? app_session_add(app, s) : NULL;
	if (as) {
		as->released_at_ms = loop_now_ms();
		app_recordings_reopen(as);
		outbox_send(as);
		return;
	}
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
	as = app_session_add(app, s);
	if (!as) {
		session_free(s);
		return;
	}
	as->secret = true;
	legs = calloc(s->n + 1, sizeof(*legs));
	as->plane = legs ? plane_open(app->plane, as) : NULL;
	if (as->plane) {
		size_t n = reopen_legs(as, elapsed_us, legs);

		(void)plane_apply(app->plane, as->plane, legs, n);
		log_info(&as->log_session, "reopened %zu legs", n);
		app_recordings_reopen(as);
		store_write(as);
	}
	free(legs);
	if (as->plane)
		outbox_send(as);
	else
		app_session_free(as);
}

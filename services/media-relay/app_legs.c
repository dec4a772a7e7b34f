/*
 * app_legs.c - ports of the legs of a session, and what they are played
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/random.h>

#include "adapters/sockets.h"
#include "app_session.h"
#include "loop/loop.h"

enum { PORT_TRIES = 64 }; /* ports that another process may hold */

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

/* Is what the leg is played already what is wished? */
static bool same_sound(const struct session_leg *leg,
                       const struct leg_spec *spec)
{
	return leg->plays_now && leg->spec.source == spec->source &&
	       leg->spec.play_id == spec->play_id &&
	       strcmp(leg->spec.play, spec->play) == 0;
}

static bool same_packets(const struct leg_spec *a, const struct leg_spec *b)
{
	const struct format *x = leg_spec_audio(a);
	const struct format *y = leg_spec_audio(b);

	return a->ptime_ms == b->ptime_ms && x && y && x->codec == y->codec;
}

static void fill_sound(struct app_session *as, struct session_leg *leg,
                       const struct leg_spec *spec, struct plane_leg *out)
{
	bool same = same_sound(leg, spec);

	out->plays_on = same && same_packets(&leg->spec, spec);
	if (!same)
		leg->played = false;
	leg->plays_now = leg_spec_plays(spec);
	if (out->plays_on || !leg->plays_now || leg->played)
		return;
	out->list = app_plays_list(as, spec, leg->plays);
	if (out->list)
		out->list->goes_on = same;
}

void app_legs_fill(struct app_session *as, struct session_leg *leg,
                   struct app_put *put, size_t i, struct plane_leg *out)
{
	const struct leg_spec *spec = &put->legs[i];

	if (put->plays && put->plays[i]) {
		free(leg->plays);
		leg->plays = put->plays[i];
		put->plays[i] = NULL;
	}
	fill_sound(as, leg, spec, out);
	if (put->prefetch && put->prefetch[i])
		app_plays_prefetch(as, spec, put->prefetch[i]);
	leg->spec = *spec;
	if (put->listens) {
		app_listen_apply(as, leg, put->listens[i]);
		put->listens[i] = NULL;
	}
	out->id = leg->id;
	out->spec = *spec;
}

static void undo(struct app_session *as, size_t added, struct plane_leg *out,
                 size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (out[i].rtp < 0)
			continue;
		close(out[i].rtp);
		close(out[i].rtcp);
	}
	while (added-- > 0) {
		struct session_leg *leg = as->state->legs[as->state->n - 1];

		if (leg->port)
			ports_give(as->app->ports, leg->port, loop_now_ms());
		session_drop_last(as->state);
	}
}

int app_legs_open(struct app_session *as, const struct app_put *put,
                  struct plane_leg *out)
{
	size_t added = 0;
	int err = 0;

	for (size_t i = 0; i < put->n; i++)
		out[i].rtp = out[i].rtcp = -1;
	for (size_t i = 0; i < put->n && !err; i++) {
		const struct leg_spec *spec = &put->legs[i];
		struct session_leg *leg;

		if (session_find(as->state, spec->name))
			continue;
		leg = session_add(as->state, ++as->app->last_leg, spec, 0);
		added += leg != NULL;
		err = leg ? open_ports(as->app, leg, &out[i]) : ENOMEM;
	}
	if (err)
		undo(as, added, out, put->n);
	return err;
}

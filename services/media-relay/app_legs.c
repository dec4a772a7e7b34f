/*
 * app_legs.c - ports and clips of the legs of a session
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/random.h>

#include "adapters/clips.h"
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

const struct clip *app_legs_clip(const struct app *app,
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

void app_legs_fill(const struct app *app, struct session_leg *leg,
                   const struct leg_spec *spec, struct plane_leg *out)
{
	note_play(leg, spec);
	leg->spec = *spec;
	out->id = leg->id;
	out->spec = *spec;
	out->clip = app_legs_clip(app, spec);
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

/*
 * media_pack.c - the wanted session as a SessionPut on the wire
 */
#include "media_pack.h"

#include <errno.h>
#include <stdlib.h>

#include "app.h"
#include "base/service.h"
#include "core/plan.h"
#include "core/recording.h"
#include "envelope.pb-c.h"
#include "twiml/prompt.h"

enum { LEGS_MAX = 32 };
enum { CODECS_MAX = 256 }; /* of all legs together */
enum { ALL_PLAYS_MAX = PLAN_LEGS_MAX * (PLAYS_MAX + PREFETCH_MAX) };

struct space {
	Trestle__MediaLeg legs[LEGS_MAX];
	Trestle__MediaLeg *leg_list[LEGS_MAX];
	Trestle__Codec codecs[CODECS_MAX];
	Trestle__Codec *codec_list[CODECS_MAX];
	size_t n_codecs;
	Trestle__Play plays[ALL_PLAYS_MAX];
	Trestle__Play *play_list[ALL_PLAYS_MAX];
	size_t n_plays;
	Trestle__Listen listens[LEGS_MAX];
	Trestle__Detect detects[LEGS_MAX];
	Trestle__Recording recordings[RECORDINGS_MAX];
	Trestle__Recording *recording_list[RECORDINGS_MAX];
};

/* protobuf-c has no const; it only reads what it packs. */
static char *text(const char *s)
{
	return (char *)(uintptr_t)(s ? s : "");
}

static int pack_codecs(struct space *space, const struct media_leg *in,
                       Trestle__MediaLeg *leg)
{
	leg->codecs = space->codec_list + space->n_codecs;
	leg->n_codecs = in->n_codecs;
	if (space->n_codecs + in->n_codecs > CODECS_MAX)
		return E2BIG;
	for (size_t i = 0; i < in->n_codecs; i++) {
		const struct media_codec *c = &in->codecs[i];
		Trestle__Codec *codec = &space->codecs[space->n_codecs];

		trestle__codec__init(codec);
		codec->payload_type = c->payload_type;
		codec->name = text(c->name);
		codec->rate = c->rate;
		codec->channels = c->channels;
		codec->fmtp = text(c->fmtp);
		space->codec_list[space->n_codecs++] = codec;
	}
	return 0;
}

static int pack_plays(struct space *space, const struct play *in, size_t n,
                      Trestle__Play ***list)
{
	*list = space->play_list + space->n_plays;
	if (space->n_plays + n > ALL_PLAYS_MAX)
		return E2BIG;
	for (size_t i = 0; i < n; i++) {
		Trestle__Play *play = &space->plays[space->n_plays];

		trestle__play__init(play);
		play->kind = (Trestle__Play__Kind)in[i].kind;
		play->what = text(in[i].what);
		play->voice = text(in[i].voice);
		play->language = text(in[i].language);
		play->length_ms = in[i].length_ms;
		play->times = in[i].times;
		space->play_list[space->n_plays++] = play;
	}
	return 0;
}

static Trestle__Listen *pack_listen(Trestle__Listen *out,
                                    const struct listen *in)
{
	trestle__listen__init(out);
	out->id = text(in->id);
	out->language = text(in->language);
	out->hints = (char **)(uintptr_t)in->hints;
	out->n_hints = in->n_hints;
	out->silence_ms = in->silence_ms;
	out->max_ms = in->max_ms;
	out->partial = in->partial;
	return out;
}

static Trestle__Detect *pack_detect(Trestle__Detect *out,
                                    const struct detect *in)
{
	trestle__detect__init(out);
	out->until_end = in->until_end;
	out->timeout_ms = in->timeout_ms;
	out->speech_ms = in->speech_ms;
	out->speech_end_ms = in->speech_end_ms;
	out->silence_ms = in->silence_ms;
	return out;
}

/* What is heard on the leg, and who listens to it */
static int pack_audio(struct space *space, size_t index,
                      const struct media_leg *in, Trestle__MediaLeg *leg)
{
	int err = pack_plays(space, in->plays, in->n_plays, &leg->plays);

	if (!err)
		err = pack_plays(space, in->prefetch, in->n_prefetch,
		                 &leg->prefetch);
	leg->n_plays = in->n_plays;
	leg->n_prefetch = in->n_prefetch;
	if (*in->listen.id)
		leg->listen = pack_listen(&space->listens[index], &in->listen);
	if (in->detect.wanted)
		leg->detect = pack_detect(&space->detects[index], &in->detect);
	return err;
}

static void pack_recordings(struct space *space, const struct cmd_media *c,
                            Trestle__SessionPut *put)
{
	for (size_t i = 0; i < c->n_recordings && i < RECORDINGS_MAX; i++) {
		const struct media_recording *in = &c->recordings[i];
		Trestle__Recording *out = &space->recordings[i];

		trestle__recording__init(out);
		out->recording = text(in->sid);
		out->account_sid = text(c->account_sid);
		out->call_sid = text(in->call_sid);
		out->leg = text(in->leg);
		out->track = (Trestle__Track)in->track;
		out->dual = in->dual;
		out->beep = in->beep;
		out->trim = in->trim;
		out->max_ms = in->max_ms;
		out->silence_ms = in->silence_ms;
		out->source = text(in->source);
		out->paused = in->paused;
		out->pause_skips = in->pause_skips;
		space->recording_list[i] = out;
		put->n_recordings = i + 1;
	}
	put->recordings = space->recording_list;
}

static int pack_leg(struct space *space, const struct media_leg *in,
                    Trestle__MediaLeg *leg)
{
	trestle__media_leg__init(leg);
	leg->leg = text(in->sid);
	leg->remote_ip = text(in->remote_ip);
	leg->remote_port = in->remote_port;
	leg->remote_rtcp_port = in->remote_rtcp_port;
	leg->rtcp_mux = in->rtcp_mux;
	leg->allowed_sources = (char **)(uintptr_t)in->allowed_sources;
	leg->n_allowed_sources = in->n_allowed_sources;
	leg->any_source = in->any_source;
	leg->loops = in->loops;
	leg->direction = (Trestle__Direction)in->direction;
	leg->source = (Trestle__Source)in->source;
	leg->peer = text(in->peer);
	leg->play = text(in->play);
	leg->play_id = in->play_id;
	leg->want_digits = in->want_digits;
	leg->keys_stop = in->keys_stop;
	leg->ptime = in->ptime;
	leg->expect_media = in->expect_media;
	return pack_codecs(space, in, leg);
}

int media_pack(const struct owned *o, const struct cmd_media *c, uint8_t **out,
               size_t *len)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionPut put = TRESTLE__SESSION_PUT__INIT;
	struct space space;
	int err = 0;

	space.n_codecs = space.n_plays = 0;
	if (c->n_legs > LEGS_MAX)
		return E2BIG;
	for (size_t i = 0; i < c->n_legs && !err; i++) {
		space.leg_list[i] = &space.legs[i];
		err = pack_leg(&space, &c->legs[i], &space.legs[i]);
		if (!err)
			err = pack_audio(&space, i, &c->legs[i],
			                 &space.legs[i]);
	}
	if (err)
		return err;
	env.call_sid = text(o->sid);
	env.epoch = o->epoch;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_PUT;
	env.session_put = &put;
	put.session = text(c->session);
	put.version = c->version;
	put.account_sid = text(c->account_sid);
	put.controller = text(service_instance(o->app->service));
	put.legs = space.leg_list;
	put.n_legs = c->n_legs;
	pack_recordings(&space, c, &put);
	*len = trestle__envelope__get_packed_size(&env);
	*out = malloc(*len);
	if (!*out)
		return ENOMEM;
	(void)trestle__envelope__pack(&env, *out);
	return 0;
}

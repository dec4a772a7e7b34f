/*
 * media_pack.c - the wanted session as a SessionPut on the wire
 */
#include "media_pack.h"

#include <errno.h>
#include <stdlib.h>

#include "app.h"
#include "base/service.h"
#include "envelope.pb-c.h"

enum { LEGS_MAX = 32 };
enum { CODECS_MAX = 256 }; /* of all legs together */

struct space {
	Trestle__MediaLeg legs[LEGS_MAX];
	Trestle__MediaLeg *leg_list[LEGS_MAX];
	Trestle__Codec codecs[CODECS_MAX];
	Trestle__Codec *codec_list[CODECS_MAX];
	size_t n_codecs;
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

	space.n_codecs = 0;
	if (c->n_legs > LEGS_MAX)
		return E2BIG;
	for (size_t i = 0; i < c->n_legs && !err; i++) {
		space.leg_list[i] = &space.legs[i];
		err = pack_leg(&space, &c->legs[i], &space.legs[i]);
	}
	if (err)
		return err;
	env.call_sid = text(o->sid);
	env.epoch = o->epoch;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_PUT;
	env.session_put = &put;
	put.session = text(c->session);
	put.version = c->version;
	put.controller = text(service_instance(o->app->service));
	put.legs = space.leg_list;
	put.n_legs = c->n_legs;
	*len = trestle__envelope__get_packed_size(&env);
	*out = malloc(*len);
	if (!*out)
		return ENOMEM;
	(void)trestle__envelope__pack(&env, *out);
	return 0;
}

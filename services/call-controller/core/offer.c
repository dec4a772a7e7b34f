/*
 * offer.c - offer and answer on one leg (RFC 3264, RFC 6337)
 *
 * Pure.
 */
#include "offer.h"

#include <string.h>

void offer_init(struct offer *o, uint64_t id)
{
	memset(o, 0, sizeof(*o));
	o->id = id;
	o->audio_line = -1;
}

void offer_set_local(struct offer *o, const char *ip, uint16_t port,
                     uint16_t rtcp_port)
{
	size_t n = strlen(ip);

	if (n >= sizeof(o->ip))
		return;
	memcpy(o->ip, ip, n + 1);
	o->port = port;
	o->rtcp_port = rtcp_port;
}

static const struct sdp_format *find(const struct sdp_audio *audio,
                                     enum sdp_codec codec)
{
	for (size_t i = 0; i < audio->n_formats; i++) {
		if (audio->formats[i].codec == codec)
			return &audio->formats[i];
	}
	return NULL;
}

static const struct sdp_format *first_audio(const struct sdp_audio *audio)
{
	for (size_t i = 0; i < audio->n_formats; i++) {
		if (sdp_codec_audio(audio->formats[i].codec))
			return &audio->formats[i];
	}
	return NULL;
}

static enum offer_result read(const struct offer *o, const char *text, size_t n,
                              struct sdp *sdp)
{
	if (!text || n == 0)
		return OFFER_EMPTY;
	if (sdp_parse(text, n, sdp))
		return OFFER_BAD;
	if (sdp->audio_line < 0)
		return sdp->secure ? OFFER_SECURE : OFFER_NO_CODEC;
	if (o->only_ip4 && !sdp->audio.no_address && strchr(sdp->audio.ip, ':'))
		return OFFER_BAD;
	return first_audio(&sdp->audio) ? OFFER_OK : OFFER_NO_CODEC;
}

uint32_t offer_code(enum offer_result result)
{
	switch (result) {
	case OFFER_EMPTY: return 32103;
	case OFFER_SECURE: return 32207;
	case OFFER_OK:
	case OFFER_BAD:
	case OFFER_NO_CODEC: break;
	}
	return 32102;
}

enum offer_result offer_receive(struct offer *o, const char *text, size_t n)
{
	struct sdp sdp;
	enum offer_result result = read(o, text, n, &sdp);

	if (result != OFFER_OK)
		return result;
	o->remote = sdp.audio;
	o->remote_known = true;
	o->remote_answered = false;
	o->n_lines = sdp.n_lines;
	o->audio_line = sdp.audio_line;
	memcpy(o->lines, sdp.lines, sizeof(o->lines));
	o->state = OFFER_TO_ANSWER;
	return OFFER_OK;
}

/* The telephone-event with the clock of the audio codec, else any: a phone
 * that has opus at 48000 may have its events at 8000 only. */
static void choose_event(struct offer *o)
{
	bool wide = sdp_codec_info(o->audio.codec)->rate == 48000;
	const struct sdp_format *event =
		find(&o->remote, wide ? SDP_EVENT_48 : SDP_EVENT);

	if (!event)
		event = find(&o->remote, wide ? SDP_EVENT : SDP_EVENT_48);
	o->has_event = event != NULL;
	if (event)
		o->event = *event;
}

void offer_choose(struct offer *o, enum sdp_codec wish)
{
	const struct sdp_format *format = NULL;

	if (!o->remote_known)
		return;
	if (wish < SDP_CODECS)
		format = find(&o->remote, wish);
	if (!format)
		format = first_audio(&o->remote);
	o->audio = *format;
	o->agreed = true;
	choose_event(o);
}

enum offer_result offer_receive_answer(struct offer *o, const char *text,
                                       size_t n)
{
	struct sdp sdp;
	enum offer_result result = read(o, text, n, &sdp);

	if (result != OFFER_OK)
		return result;
	o->remote = sdp.audio;
	o->remote_known = true;
	o->remote_answered = true;
	o->state = OFFER_STABLE;
	offer_choose(o, SDP_CODECS);
	return OFFER_OK;
}

void offer_withdraw(struct offer *o)
{
	if (o->state == OFFER_TO_BE_ANSWERED)
		o->state = o->agreed ? OFFER_STABLE : OFFER_NONE;
}

/* FNV-1a over what a description says, without its o= line. */
static uint64_t sum(uint64_t h, const void *p, size_t n)
{
	const unsigned char *bytes = p;

	for (size_t i = 0; i < n; i++)
		h = (h ^ bytes[i]) * 0x100000001b3U;
	return h;
}

static uint64_t sum_local(const struct sdp_local *l)
{
	uint64_t h = sum(0xcbf29ce484222325U, l->ip, strlen(l->ip));

	h = sum(h, &l->port, sizeof(l->port));
	h = sum(h, &l->direction, sizeof(l->direction));
	h = sum(h, &l->n_lines, sizeof(l->n_lines));
	for (size_t i = 0; i < l->n_formats; i++) {
		h = sum(h, &l->formats[i].codec, sizeof(enum sdp_codec));
		h = sum(h, &l->formats[i].payload_type, 1);
	}
	return h;
}

/* RFC 3264 8: the version grows by one when the description changes. */
static const char *say(struct offer *o, struct sdp_local *l, struct arena *a)
{
	uint64_t said;

	l->id = o->id;
	l->ip = o->ip;
	l->port = o->port;
	l->rtcp_port = o->rtcp_port;
	said = sum_local(l);
	if (o->version == 0 || said != o->said)
		o->version++;
	o->said = said;
	l->version = o->version;
	return sdp_write(a, l);
}

static enum sdp_direction mirrored(enum sdp_direction direction)
{
	switch (direction) {
	case SDP_SENDONLY: return SDP_RECVONLY;
	case SDP_RECVONLY: return SDP_SENDONLY;
	case SDP_INACTIVE: return SDP_INACTIVE;
	case SDP_SENDRECV: break;
	}
	return SDP_SENDRECV;
}

const char *offer_answer(struct offer *o, struct arena *a)
{
	struct sdp_format formats[2] = {o->audio, o->event};
	struct sdp_local l = {
		.direction = mirrored(o->remote.direction),
		.rtcp_mux = o->remote.rtcp_mux,
		.formats = formats,
		.n_formats = o->has_event ? 2 : 1,
		.lines = o->lines,
		.n_lines = o->n_lines,
		.audio_line = o->audio_line,
	};

	for (size_t i = 0; i < l.n_formats; i++) {
		if (formats[i].codec == SDP_OPUS)
			memcpy(formats[i].fmtp, "useinbandfec=1", 15);
	}
	o->state = OFFER_STABLE;
	return say(o, &l, a);
}

struct list {
	size_t n;
	struct sdp_format v[SDP_CODECS];
};

static bool payload_type_used(const struct list *list, uint8_t pt)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].payload_type == pt)
			return true;
	}
	return false;
}

/* Add a codec under the number that the peer knows it by, else under ours. */
static void add(struct list *list, const struct offer *o, enum sdp_codec codec)
{
	const struct sdp_codec_info *info = sdp_codec_info(codec);
	const struct sdp_format *known = find(&o->remote, codec);
	struct sdp_format *f = &list->v[list->n];

	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].codec == codec)
			return;
	}
	f->codec = codec;
	f->payload_type = known ? known->payload_type : info->payload_type;
	while (payload_type_used(list, f->payload_type))
		f->payload_type = f->payload_type < 127
		                          ? (uint8_t)(f->payload_type + 1)
		                          : 96;
	memcpy(f->fmtp, info->fmtp, strlen(info->fmtp) + 1);
	list->n++;
}

/* Offer these audio codecs, and keys in both clocks. */
static const char *offer_list(struct offer *o, struct list *list,
                              struct arena *a)
{
	struct sdp_local l = {
		.direction = SDP_SENDRECV,
		.rtcp_mux = o->remote_known && o->remote.rtcp_mux,
		.formats = list->v,
		.lines = o->lines,
		.n_lines = o->n_lines,
		.audio_line = o->audio_line,
	};

	for (int c = 0; c < SDP_CODECS; c++) {
		if (!sdp_codec_audio((enum sdp_codec)c))
			add(list, o, (enum sdp_codec)c);
	}
	l.n_formats = list->n;
	if (o->state != OFFER_TO_ANSWER)
		o->state = OFFER_TO_BE_ANSWERED;
	return say(o, &l, a);
}

const char *offer_make(struct offer *o, const struct offer *other,
                       enum sdp_codec wish, struct arena *a)
{
	struct list list = {.n = 0};

	if (wish < SDP_CODECS)
		add(&list, o, wish);
	for (size_t i = 0; other && i < other->remote.n_formats; i++) {
		if (sdp_codec_audio(other->remote.formats[i].codec))
			add(&list, o, other->remote.formats[i].codec);
	}
	for (int c = 0; c < SDP_CODECS; c++) {
		if (sdp_codec_audio((enum sdp_codec)c))
			add(&list, o, (enum sdp_codec)c);
	}
	return offer_list(o, &list, a);
}

const char *offer_make_first(struct offer *o, enum sdp_codec codec,
                             struct arena *a)
{
	struct list list = {.n = 0};

	add(&list, o, codec);
	if (o->agreed)
		add(&list, o, o->audio.codec);
	return offer_list(o, &list, a);
}

const char *offer_repeat(struct offer *o, struct arena *a)
{
	struct sdp_format formats[2] = {o->audio, o->event};
	struct sdp_local l = {
		.direction = SDP_SENDRECV,
		.rtcp_mux = o->remote.rtcp_mux,
		.formats = formats,
		.n_formats = o->has_event ? 2 : 1,
		.lines = o->lines,
		.n_lines = o->n_lines,
		.audio_line = o->audio_line,
	};

	o->state = OFFER_TO_BE_ANSWERED;
	return say(o, &l, a);
}

bool offer_may_use(const struct offer *o, enum sdp_codec codec)
{
	return o->remote_known &&
	       (o->remote_answered || find(&o->remote, codec));
}

enum media_direction offer_media_direction(const struct offer *o)
{
	if (!o->remote_known)
		return MEDIA_SENDRECV;
	if (o->remote.direction == SDP_INACTIVE)
		return MEDIA_INACTIVE;
	if (o->remote.no_address || o->remote.direction == SDP_SENDONLY)
		return MEDIA_RECVONLY;
	if (o->remote.direction == SDP_RECVONLY)
		return MEDIA_SENDONLY;
	return MEDIA_SENDRECV;
}

bool offer_held(const struct offer *o)
{
	return offer_media_direction(o) != MEDIA_SENDRECV;
}

/*
 * leg_play.c - what a leg is played, packet by packet, when it is due
 *
 * Pure: no I/O, no log, no clock. Frames are due by the clock, counted from
 * the first: what was sent late does not make the next one late.
 */
#include "leg.h"

static uint64_t frame_us(const struct player *p)
{
	const struct playlist_item *item = &p->list->items[p->place.item];

	return item->clip->frame_ms * 1000ULL;
}

void leg_start(struct leg *leg, struct playlist *list, uint64_t now_us)
{
	/* Without a gap, if the last packet is heard now, or was until now. */
	bool follows = leg->player.begun && list &&
	               now_us < leg->play_at_us + PTIME_MS * 1000ULL;

	player_start(&leg->player, list);
	leg->play_since_us = now_us;
	leg->play_unheard = true;
	leg->play_waits = false;
	if (follows)
		return;
	stream_detach(&leg->stream);
	leg->play_at_us = now_us;
}

void leg_key_down(struct leg *leg)
{
	if (leg->spec.keys_stop && leg->spec.source == SOURCE_LIST)
		player_start(&leg->player, NULL);
}

/* A prompt starts when somebody can hear it: a phone behind NAT is known by
 * its first packets only. */
static bool waits(const struct leg *leg, uint64_t now_us)
{
	return !leg->player.list->endless && leg->play_unheard &&
	       leg->target.family == ADDRESS_NONE &&
	       now_us < leg->play_since_us + LEG_WAIT_US;
}

/* The key press for a leg that has negotiated telephone-event */
static const struct format *event_format(const struct leg *leg)
{
	const struct format *audio = leg_spec_audio(&leg->spec);
	const struct format *any = NULL;

	for (size_t i = 0; i < leg->spec.n_formats; i++) {
		const struct format *f = &leg->spec.formats[i];

		if (f->codec != CODEC_EVENT)
			continue;
		if (audio && f->rate == audio->rate)
			return f;
		any = any ? any : f;
	}
	return any;
}

static void make_press(struct leg *leg, const struct format *format,
                       uint64_t now_us, struct leg_output *out)
{
	const struct player *p = &leg->player;
	struct telephone_event e = {
		.code = telephone_event_code(p->event),
		.end = p->event_is_over,
		.volume = EVENT_VOLUME,
		.duration = (uint16_t)(p->event_ms * format->rate / 1000),
	};
	struct rtp r = {.type = format->type, .payload_len = EVENT_PAYLOAD};

	stream_press(&leg->stream, p->reader.clip->frame_ticks, p->event_is_new,
	             now_us, &r);
	rtp_write(out->head, &r);
	telephone_event_write(out->head + RTP_HEADER, &e);
	out->head_len = RTP_HEADER + EVENT_PAYLOAD;
	out->payload_len = 0;
}

static void make_audio(struct leg *leg, const struct format *format,
                       uint64_t now_us, struct leg_output *out)
{
	const struct player *p = &leg->player;
	struct rtp r = {.type = format->type,
	                .payload = p->payload,
	                .payload_len = p->len};

	stream_make(&leg->stream, p->reader.clip->frame_ticks, now_us, &r);
	rtp_write(out->head, &r);
	out->head_len = RTP_HEADER;
	out->payload = r.payload;
	out->payload_len = r.payload_len;
}

/* @return false: nobody can hear it. It goes on all the same: the caller finds
 * it where the clock is. */
static bool make_packet(struct leg *leg, uint64_t now_us,
                        struct leg_output *out)
{
	const struct format *audio = leg_spec_audio(&leg->spec);
	const struct format *event =
		leg->player.event ? event_format(leg) : NULL;

	if (!audio || leg->target.family == ADDRESS_NONE || !leg->sends) {
		stream_detach(&leg->stream);
		return false;
	}
	if (event)
		make_press(leg, event, now_us, out);
	else
		make_audio(leg, audio, now_us, out);
	return true;
}

/* The clip was not made in time, or the process stood still: what comes is
 * not hurried after the clock. */
static void catch_up(struct leg *leg, uint64_t now_us, uint64_t late_us)
{
	if (now_us <= leg->play_at_us + late_us)
		return;
	leg->play_at_us = now_us;
	stream_detach(&leg->stream);
}

static enum leg_play ended(struct leg *leg)
{
	player_start(&leg->player, NULL);
	return LEG_PLAY_ENDED;
}

enum leg_play leg_play(struct leg *leg, uint64_t now_us, struct leg_output *out,
                       struct player_failure *failed)
{
	struct player *p = &leg->player;
	bool sent = false;

	if (!p->list || waits(leg, now_us))
		return LEG_PLAY_NOTHING;
	while (!sent) {
		switch (player_prepare(p, failed)) {
		case PLAYER_READY: break;
		case PLAYER_WAITS:
			leg->play_waits = true;
			return LEG_PLAY_NOTHING;
		case PLAYER_FAILED: return LEG_PLAY_FAILED;
		case PLAYER_ENDED: return ended(leg);
		}
		catch_up(leg, now_us,
		         leg->play_waits ? frame_us(p) : LEG_LATE_US);
		leg->play_waits = false;
		if (now_us < leg->play_at_us)
			return LEG_PLAY_NOTHING;
		leg->play_at_us += frame_us(p);
		leg->play_unheard = false;
		sent = make_packet(leg, now_us, out);
		player_advance(p);
	}
	return LEG_PLAY_PACKET;
}

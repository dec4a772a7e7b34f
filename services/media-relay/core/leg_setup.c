/*
 * leg_setup.c - a leg as its controller wants it, and what is told of it
 *
 * Pure: no I/O, no log, no clock. Runs when something changes, not for
 * packets.
 */
#include "leg.h"

#include <stdio.h>
#include <string.h>

void leg_init(struct leg *leg, uint32_t id, const uint32_t random[2],
              uint64_t now_us)
{
	memset(leg, 0, sizeof(*leg));
	leg->id = id;
	leg->heard_ms = now_us / 1000;
	leg->rtcp_due_ms = leg->heard_ms + LEG_RTCP_MS / 2;
	leg->tokens_x1000 = LEG_RATE_BURST * 1000;
	leg->tokens_us = now_us;
	stream_init(&leg->stream, random, 8000);
	memset(leg->type_of, LEG_NO_TYPE, sizeof(leg->type_of));
	/* RFC 7022: short-term, no address and no name in it */
	(void)snprintf(leg->cname, sizeof(leg->cname), "%08x%08x@trestle",
	               random[0], random[1]);
}

/* Packets a second that are too many: half as much again as negotiated. A
 * phone may well choose shorter packets than we wish for: LEG_RATE_MIN. */
static uint32_t rate_limit(const struct leg_spec *spec)
{
	uint32_t rate = 1500 / spec->ptime_ms;

	return rate > LEG_RATE_MIN ? rate : LEG_RATE_MIN;
}

static void index_formats(struct leg *leg)
{
	const struct format *audio = leg_spec_audio(&leg->spec);

	memset(leg->format_of, 0, sizeof(leg->format_of));
	for (size_t i = 0; i < leg->spec.n_formats; i++)
		leg->format_of[leg->spec.formats[i].type] = (uint8_t)(i + 1);
	if (audio)
		leg->stream.rate = audio->rate;
}

/* Which of our payload types carries each of the peer's. */
static void map_types(struct leg *leg)
{
	memset(leg->type_of, LEG_NO_TYPE, sizeof(leg->type_of));
	if (!leg->peer)
		return;
	for (size_t i = 0; i < leg->peer->spec.n_formats; i++) {
		const struct format *theirs = &leg->peer->spec.formats[i];

		for (size_t k = 0; k < leg->spec.n_formats; k++) {
			const struct format *ours = &leg->spec.formats[k];

			if (leg->type_of[theirs->type] == LEG_NO_TYPE &&
			    format_same(theirs, ours))
				leg->type_of[theirs->type] = ours->type;
		}
	}
}

static void set_port(struct address *a, uint32_t port)
{
	if (port > 0 && port <= UINT16_MAX)
		a->port = (uint16_t)port;
	else
		a->family = ADDRESS_NONE;
}

static void aim_rtcp(struct leg *leg, const struct address_policy *policy)
{
	const struct address *sdp = &leg->spec.offer.sdp;
	uint32_t port = leg->spec.rtcp_port;

	leg->rtcp_target = leg->target;
	if (leg->spec.rtcp_mux || leg->target.family == ADDRESS_NONE)
		return;
	if (leg->rtcp_source.family != ADDRESS_NONE) {
		leg->rtcp_target = leg->rtcp_source;
		return;
	}
	/* The SDP's word is good where its RTP port was. */
	if (address_equal(&leg->target, sdp))
		set_port(&leg->rtcp_target, port ? port : sdp->port + 1U);
	else
		leg->rtcp_target.family = ADDRESS_NONE;
	if (address_own(policy, &leg->rtcp_target) && !leg->spec.offer.loops)
		leg->rtcp_target.family = ADDRESS_NONE;
}

/* A port of ours is no address that a phone may name, but where the controller
 * says so a call goes out and comes in again. */
static bool sendable(const struct leg *leg, const struct address_policy *policy)
{
	const struct address *sdp = &leg->spec.offer.sdp;

	if (leg->spec.offer.loops && address_own(policy, sdp))
		return address_unicast(sdp);
	return address_sendable(policy, sdp);
}

void leg_aim(struct leg *leg, const struct address_policy *policy)
{
	const struct address *sdp = &leg->spec.offer.sdp;
	struct address before = leg->target;

	/* While a new offer waits for its source, it says where to send. */
	if (sendable(leg, policy) && (!leg->latch.latched || leg->latch.armed))
		leg->target = *sdp;
	else if (leg->latch.latched)
		leg->target = leg->latch.source;
	else
		leg->target.family = ADDRESS_NONE;
	if (leg->rtcp_source.family != ADDRESS_NONE &&
	    !address_same_ip(&leg->target, &before))
		leg->rtcp_source.family = ADDRESS_NONE;
	aim_rtcp(leg, policy);
}

void leg_apply(struct leg *leg, const struct leg_spec *spec,
               const struct address_policy *policy)
{
	if (leg->spec.direction != spec->direction ||
	    leg->spec.source != spec->source)
		stream_detach(&leg->stream);
	leg->spec = *spec;
	leg->receives = leg_spec_receives(spec);
	leg->sends = leg_spec_sends(spec);
	leg->rate_limit = rate_limit(spec);
	index_formats(leg);
	latch_offer(&leg->latch, &spec->offer);
	leg_aim(leg, policy);
}

static void leave_peer(struct leg *leg)
{
	struct leg **at;

	if (!leg->peer)
		return;
	at = &leg->peer->listeners;
	while (*at && *at != leg)
		at = &(*at)->next_listener;
	if (*at)
		*at = leg->next_listener;
	leg->peer = NULL;
	leg->next_listener = NULL;
}

void leg_attach(struct leg *leg, struct leg *peer)
{
	if (leg->peer != peer) {
		stream_detach(&leg->stream);
		leave_peer(leg);
		leg->peer = peer;
		if (peer) {
			leg->next_listener = peer->listeners;
			peer->listeners = leg;
		}
	}
	map_types(leg);
}

void leg_restore(struct leg *leg, const struct leg_memory *m,
                 const struct address_policy *policy, uint64_t elapsed_us,
                 uint64_t now_us)
{
	if (m->sent) {
		leg->stream.ssrc = m->ssrc;
		leg->stream.seq = m->seq;
		leg->stream.ts = m->ts;
		leg->stream.ts_us = now_us;
		stream_resume(&leg->stream, elapsed_us, now_us);
	}
	if (m->pressed)
		event_remember(&leg->keys, &m->press);
	if (m->source.family != ADDRESS_NONE)
		latch_restore(&leg->latch, &m->source, now_us / 1000);
	leg_aim(leg, policy);
	if (m->rtcp_source.family != ADDRESS_NONE &&
	    address_same_ip(&m->rtcp_source, &leg->target)) {
		leg->rtcp_source = m->rtcp_source;
		leg->rtcp_target =
			leg->spec.rtcp_mux ? leg->target : m->rtcp_source;
	}
}

void leg_remember(const struct leg *leg, struct leg_memory *m)
{
	const struct press_id *press = event_last(&leg->keys);

	memset(m, 0, sizeof(*m));
	if (leg->latch.latched)
		m->source = leg->latch.source;
	m->rtcp_source = leg->rtcp_source;
	m->ssrc = leg->stream.ssrc;
	m->seq = leg->stream.seq;
	m->ts = leg->stream.ts;
	m->sent = leg->stream.ts_us != 0;
	m->playing = leg->player.list != NULL;
	m->play_id = leg->player.id;
	m->place = leg->player.place;
	if (press) {
		m->press = *press;
		m->pressed = true;
	}
}

void leg_figures(const struct leg *leg, struct figures *f)
{
	const struct format *audio = leg_spec_audio(&leg->spec);
	struct mos_input in = {
		.codec = audio ? audio->codec : CODEC_OTHER,
		.expected = stats_expected(&leg->stats),
		.lost = stats_lost(&leg->stats),
		.jitter_us = stats_jitter_us(&leg->stats),
		.round_trip_us = leg->round_trip_us,
		.ptime_ms = leg->spec.ptime_ms,
	};

	memset(f, 0, sizeof(*f));
	f->received = stats_received(&leg->stats);
	f->sent = leg->stream.packets;
	f->expected = in.expected;
	f->lost = in.lost;
	f->dropped = leg->dropped;
	f->octets_received = leg->octets_received;
	f->octets_sent = leg->stream.octets;
	f->remote_lost = leg->remote_lost;
	f->jitter_us = in.jitter_us;
	f->remote_jitter_us = leg->remote_jitter_us;
	f->round_trip_us = in.round_trip_us;
	f->mos_x100 = mos_x100(&in);
	if (audio)
		memcpy(f->codec, audio->name, sizeof(f->codec));
}

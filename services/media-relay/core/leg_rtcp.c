/*
 * leg_rtcp.c - the RTCP of one leg, and what is done once in a while
 *
 * Pure: no I/O, no log, no clock.
 */
#include "leg_rtcp.h"

#include <string.h>

static bool right_source(const struct leg *leg, const struct leg_rtcp_input *in)
{
	bool quiet =
		in->now_us / 1000 - leg->rtcp_seen_ms >= LEG_RTCP_SILENT_MS;

	if (in->muxed)
		return leg->spec.rtcp_mux && leg->latch.latched &&
		       address_equal(&in->from, &leg->latch.source);
	if (!address_unicast(&in->from))
		return false;
	if (leg->rtcp_source.family != ADDRESS_NONE && !quiet)
		return address_equal(&in->from, &leg->rtcp_source);
	if (leg->latch.latched)
		return address_same_ip(&in->from, &leg->latch.source);
	return latch_allows(&leg->latch, &in->from);
}

static void take_block(struct leg *leg, const struct rtcp_block *b,
                       uint32_t now_ntp)
{
	uint32_t trip = rtcp_round_trip_us(b, now_ntp);

	if (trip)
		leg->round_trip_us = trip;
	leg->remote_lost = b->lost > 0 ? (uint64_t)b->lost : 0;
	leg->remote_jitter_us =
		(uint32_t)((uint64_t)b->jitter * 1000000 / leg->stream.rate);
}

enum drop leg_rtcp_receive(struct leg *leg, struct leg_rtcp_input *in)
{
	struct rtcp_report r;

	in->latched = false;
	if (!rtcp_parse(&r, in->data, in->len, leg->stream.ssrc)) {
		leg->dropped++;
		return DROP_INVALID;
	}
	/* A report of another stream than the phone's is not the phone's. */
	if (!right_source(leg, in) ||
	    (leg->stats.started && r.sender != leg->stats.ssrc)) {
		leg->dropped++;
		return DROP_SOURCE;
	}
	if (!in->muxed && leg->latch.latched &&
	    !address_equal(&in->from, &leg->rtcp_source)) {
		leg->rtcp_source = in->from;
		leg->rtcp_target = in->from;
		in->latched = true;
	}
	leg->rtcp_seen_ms = in->now_us / 1000;
	leg->heard_ms = leg->rtcp_seen_ms;
	leg->timeout_told = false;
	if (r.has_sr) {
		leg->sr_ntp = r.sr_ntp;
		leg->sr_at_us = in->now_us;
	}
	if (r.has_block)
		take_block(leg, &r.block, in->now_ntp);
	return DROP_NOT;
}

static void fill_block(struct leg *leg, struct rtcp_block *b, uint64_t now_us)
{
	uint64_t lost = stats_lost(&leg->stats);

	memset(b, 0, sizeof(*b));
	b->ssrc = leg->stats.ssrc;
	b->fraction = stats_fraction_lost(&leg->stats);
	b->lost = (int32_t)(lost < 0x7fffff ? lost : 0x7fffff);
	b->highest = stats_highest(&leg->stats);
	b->jitter = leg->stats.jitter_x16 >> 4;
	if (leg->sr_at_us == 0)
		return;
	b->lsr = leg->sr_ntp;
	b->dlsr = (uint32_t)((now_us - leg->sr_at_us) * 65536 / 1000000);
}

static size_t write_report(struct leg *leg, uint8_t *out, uint64_t now_us,
                           uint64_t ntp, bool bye)
{
	struct rtcp_own own = {
		.ssrc = leg->stream.ssrc,
		.cname = leg->cname,
		.sender = leg->stream.packets != leg->packets_reported,
		.ntp = ntp,
		.ts = stream_clock(&leg->stream, now_us),
		.packets = (uint32_t)leg->stream.packets,
		.octets = (uint32_t)leg->stream.octets,
		.has_block = leg->stats.started,
		.bye = bye,
	};

	if (leg->rtcp_target.family == ADDRESS_NONE)
		return 0;
	if (own.has_block)
		fill_block(leg, &own.block, now_us);
	leg->packets_reported = leg->stream.packets;
	return rtcp_write(out, &own);
}

size_t leg_rtcp_report(struct leg *leg, uint8_t out[RTCP_OUT_MAX],
                       uint64_t now_us, uint64_t ntp, uint32_t random)
{
	uint64_t now_ms = now_us / 1000;

	if (now_ms < leg->rtcp_due_ms)
		return 0;
	leg->rtcp_due_ms = now_ms + LEG_RTCP_MS / 2 + random % LEG_RTCP_MS;
	return write_report(leg, out, now_us, ntp, false);
}

size_t leg_rtcp_bye(struct leg *leg, uint8_t out[RTCP_OUT_MAX], uint64_t now_us,
                    uint64_t ntp)
{
	return write_report(leg, out, now_us, ntp, true);
}

bool leg_timed_out(struct leg *leg, uint64_t now_ms, uint32_t timeout_ms)
{
	/* A phone that is held, or that only listens, may be silent. */
	if (!leg->spec.expect_media || leg->spec.direction != DIRECTION_BOTH) {
		leg->heard_ms = now_ms;
		return false;
	}
	if (leg->timeout_told || now_ms - leg->heard_ms < timeout_ms)
		return false;
	leg->timeout_told = true;
	return true;
}

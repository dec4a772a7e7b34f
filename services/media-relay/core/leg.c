/*
 * leg.c - the media of one leg: its packets in, its packets out
 *
 * Pure: no I/O, no log, no clock. Runs for every packet: no allocation, no
 * search, no loop but over the listeners (which the caller does).
 */
#include "leg.h"

#include <string.h>

static const char *const drop_names[DROP_REASONS] = {
	[DROP_NOT] = "not",
	[DROP_HELD] = "held",
	[DROP_INVALID] = "invalid",
	[DROP_SOURCE] = "source",
	[DROP_PROBATION] = "probation",
	[DROP_TYPE] = "type",
	[DROP_RATE] = "rate",
	[DROP_DUPLICATE] = "duplicate",
	[DROP_CODEC] = "codec",
	[DROP_SEND] = "send",
};

const char *drop_name(enum drop d)
{
	return drop_names[d];
}

static bool within_rate(struct leg *leg, uint64_t now_us)
{
	uint64_t most = LEG_RATE_BURST * 1000ULL;
	uint64_t more = (now_us - leg->tokens_us) * leg->rate_limit / 1000;

	if (more > 0) {
		more += leg->tokens_x1000;
		leg->tokens_x1000 = (uint32_t)(more < most ? more : most);
		leg->tokens_us = now_us;
	}
	if (leg->tokens_x1000 < 1000)
		return false;
	leg->tokens_x1000 -= 1000;
	return true;
}

static enum drop judge_source(struct leg *leg, struct leg_input *in,
                              const struct address_policy *policy)
{
	struct latch_packet p = {
		.from = in->from,
		.ssrc = in->rtp.ssrc,
		.ts = in->rtp.ts,
		.seq = in->rtp.seq,
		.rate = in->stream.rate,
		.now_ms = in->now_us / 1000,
	};

	if (!latch_is_source(&leg->latch, &in->from) &&
	    (!address_unicast(&in->from) ||
	     (address_own(policy, &in->from) && !leg->spec.offer.loops)))
		return DROP_SOURCE;
	switch (latch_packet(&leg->latch, &p)) {
	case LATCH_ACCEPTED: return DROP_NOT;
	case LATCH_CHANGED: in->latched = true; return DROP_NOT;
	case LATCH_WAITING: return DROP_PROBATION;
	case LATCH_FOREIGN: break;
	}
	return DROP_SOURCE;
}

static enum drop judge(struct leg *leg, struct leg_input *in,
                       const struct address_policy *policy)
{
	const struct format *format;
	unsigned index;

	if (!rtp_parse(&in->rtp, in->data, in->len))
		return DROP_INVALID;
	index = leg->format_of[in->rtp.type];
	if (index == 0) {
		bool known = latch_is_source(&leg->latch, &in->from);

		/* it has a number of the stream all the same */
		if (known && stats_packet(&leg->stats, in->rtp.ssrc,
		                          in->rtp.seq) == STATS_RESTART)
			leg->restarted = true;
		return known ? DROP_TYPE : DROP_SOURCE;
	}
	format = &leg->spec.formats[index - 1];
	in->stream.rate = format->rate;
	in->stream.event = format->codec == CODEC_EVENT;
	return judge_source(leg, in, policy);
}

static enum drop count(struct leg *leg, struct leg_input *in)
{
	enum stats_verdict v =
		stats_packet(&leg->stats, in->rtp.ssrc, in->rtp.seq);

	switch (v) {
	case STATS_DUPLICATE:
	case STATS_LATE: return DROP_DUPLICATE;
	case STATS_NEXT:
	case STATS_RESTART:
		leg->restarted |= v == STATS_RESTART;
		if (!in->stream.event)
			stats_timing(&leg->stats, in->rtp.ts, in->stream.rate,
			             in->now_us);
		break;
	case STATS_REORDERED: in->stream.reordered = true; break;
	}
	return DROP_NOT;
}

enum drop leg_receive(struct leg *leg, struct leg_input *in,
                      const struct address_policy *policy)
{
	bool armed = leg->latch.armed;
	enum drop drop;

	in->stream = (struct stream_input){.now_us = in->now_us};
	in->key.digit = '\0';
	in->latched = false;
	drop = judge(leg, in, policy);
	if (drop == DROP_NOT && !within_rate(leg, in->now_us))
		drop = DROP_RATE;
	if (drop == DROP_NOT)
		drop = count(leg, in);
	if (armed && !leg->latch.armed)
		in->latched = true; /* the old source stays: aim at it again */
	if (drop != DROP_NOT) {
		if (drop != DROP_PROBATION && drop != DROP_DUPLICATE)
			leg->dropped++;
		return drop;
	}
	leg->heard_ms = in->now_us / 1000;
	leg->timeout_told = false;
	leg->octets_received += in->rtp.payload_len;
	if (in->stream.event) {
		in->key = event_receive(&leg->keys, &in->rtp, in->stream.rate,
		                        leg->heard_ms);
		if (leg->keys.pressed || in->key.digit)
			leg_key_down(leg);
	}
	if (!leg->receives) {
		leg->restarted = true; /* no gap where it goes on */
		return DROP_HELD;
	}
	in->stream.fresh = leg->restarted;
	leg->restarted = false;
	return DROP_NOT;
}

/* A keypress lasts in units of the clock that is told in SDP. */
static void rescale(struct leg_output *out, const struct leg_input *in,
                    uint32_t rate_out)
{
	struct telephone_event e;
	uint64_t duration;

	if (!telephone_event_parse(&e, in->rtp.payload, in->rtp.payload_len))
		return;
	duration = (uint64_t)e.duration * rate_out / in->stream.rate;
	e.duration = (uint16_t)(duration < UINT16_MAX ? duration : UINT16_MAX);
	telephone_event_write(out->head + RTP_HEADER, &e);
	out->head_len = RTP_HEADER + EVENT_PAYLOAD;
	out->payload_len = 0;
}

enum drop leg_send(struct leg *leg, const struct leg_input *in,
                   struct leg_output *out)
{
	struct stream_input how = in->stream;
	struct rtp r = in->rtp;

	if (leg->target.family == ADDRESS_NONE || !leg_spec_sends(&leg->spec)) {
		stream_detach(&leg->stream);
		return DROP_HELD;
	}
	r.type = leg->type_of[r.type];
	if (r.type == LEG_NO_TYPE) {
		stream_skip(&leg->stream, &in->rtp);
		return DROP_CODEC;
	}
	how.rate_out = leg->spec.formats[leg->format_of[r.type] - 1].rate;
	if (leg->transcoded && how.event)
		stream_event(&leg->stream, how.now_us, &r);
	else
		stream_relay(&leg->stream, &how, &r);
	rtp_write(out->head, &r);
	out->head_len = RTP_HEADER;
	out->payload = r.payload;
	out->payload_len = r.payload_len;
	if (how.event && how.rate != how.rate_out)
		rescale(out, in, how.rate_out);
	return DROP_NOT;
}

bool leg_passes(const struct leg *leg, const struct leg_input *in)
{
	return !in->stream.event && leg->type_of[in->rtp.type] != LEG_NO_TYPE;
}

bool leg_make(struct leg *leg, const uint8_t *payload, size_t len,
              uint32_t ticks, uint64_t now_us, struct leg_output *out)
{
	const struct format *format = leg_spec_audio(&leg->spec);
	struct rtp r = {.payload = payload, .payload_len = len};

	if (!format || leg->target.family == ADDRESS_NONE || !leg->sends) {
		stream_detach(&leg->stream);
		return false;
	}
	r.type = format->type;
	stream_make(&leg->stream, ticks, now_us, &r);
	rtp_write(out->head, &r);
	out->head_len = RTP_HEADER;
	out->payload = payload;
	out->payload_len = len;
	return true;
}

void leg_skip(struct leg *leg, const struct leg_input *in)
{
	stream_skip(&leg->stream, &in->rtp);
}

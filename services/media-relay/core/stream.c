/*
 * stream.c - the one steady RTP stream that a leg is sent
 *
 * Pure: no I/O, no log, no clock. The caller passes the time and the chance.
 */
#include "stream.h"

#include <string.h>

enum { FRAMES_PER_S = 50 };     /* the usual packet: 20 ms */
enum { RESUME_PER_S = 100 };    /* packets that a lost process may have sent */
enum { RESUME_SEQ_MAX = 2900 }; /* below RFC 3550 A.1 MAX_DROPOUT */

void stream_init(struct stream *s, const uint32_t random[2], uint32_t rate)
{
	memset(s, 0, sizeof(*s));
	s->ssrc = random[0];
	/* half the range, so that no receiver sees it go round at once */
	s->seq = random[1] & 0x7fff;
	s->ts = random[1] >> 1;
	s->rate = rate;
}

void stream_detach(struct stream *s)
{
	s->seq_mapped = false;
	s->ts_mapped = false;
	s->event_known = false;
}

uint32_t stream_clock(const struct stream *s, uint64_t now_us)
{
	if (s->ts_us == 0)
		return s->ts;
	return s->ts + (uint32_t)((now_us - s->ts_us) * s->rate / 1000000);
}

/* The clock, but always past the packet that was sent last. */
static uint32_t next_ts(const struct stream *s, uint64_t now_us)
{
	uint32_t clock = stream_clock(s, now_us);
	uint32_t least = s->ts + s->rate / FRAMES_PER_S;

	if (s->ts_us == 0 || (int32_t)(clock - least) > 0)
		return clock;
	return least;
}

static bool drifted(const struct stream *s, uint32_t ts, uint64_t now_us)
{
	int32_t off = (int32_t)(ts - stream_clock(s, now_us));
	int32_t most = (int32_t)(s->rate * STREAM_DRIFT_S);

	return s->ts_us != 0 && (off > most || off < -most);
}

static void map_seq(struct stream *s, const struct stream_input *in,
                    struct rtp *r)
{
	if (in->fresh || !s->seq_mapped) {
		s->seq_shift = (uint16_t)(s->seq + 1 - r->seq);
		s->seq_mapped = true;
		s->ts_mapped = false;
		r->marker = true;
	}
	r->seq = (uint16_t)(r->seq + s->seq_shift);
	if ((int16_t)(r->seq - s->seq) > 0)
		s->seq = r->seq;
}

static void map_audio_ts(struct stream *s, const struct stream_input *in,
                         struct rtp *r)
{
	uint32_t ts = r->ts + s->ts_shift;

	if (!s->ts_mapped || (!in->reordered && drifted(s, ts, in->now_us))) {
		ts = next_ts(s, in->now_us);
		s->ts_shift = ts - r->ts;
		s->ts_mapped = true;
		r->marker = true;
	}
	r->ts = ts;
	if (!in->reordered) {
		s->ts = ts;
		s->ts_us = in->now_us;
	}
}

/* All packets of a keypress carry the timestamp of its start. */
static void map_event_ts(struct stream *s, const struct stream_input *in,
                         struct rtp *r)
{
	if (in->rate == s->rate && in->rate_out == s->rate && s->ts_mapped) {
		r->ts += s->ts_shift;
		return;
	}
	if (!s->event_known || r->ts != s->event_in) {
		s->event_known = true;
		s->event_in = r->ts;
		s->event_out = next_ts(s, in->now_us);
	}
	r->ts = s->event_out;
}

void stream_relay(struct stream *s, const struct stream_input *in,
                  struct rtp *r)
{
	map_seq(s, in, r);
	if (in->event)
		map_event_ts(s, in, r);
	else
		map_audio_ts(s, in, r);
	r->ssrc = s->ssrc;
	s->packets++;
	s->octets += r->payload_len;
}

void stream_skip(struct stream *s, const struct rtp *r)
{
	uint16_t seq = (uint16_t)(r->seq + s->seq_shift);

	if (s->seq_mapped && (int16_t)(seq - s->seq) > 0)
		s->seq_shift--;
}

void stream_make(struct stream *s, uint32_t samples, uint64_t now_us,
                 struct rtp *r)
{
	r->marker = !s->ts_mapped;
	r->seq = ++s->seq;
	r->ts = s->ts_mapped ? s->ts + samples : next_ts(s, now_us);
	r->ssrc = s->ssrc;
	s->ts_mapped = true;
	s->seq_mapped = false;
	s->ts = r->ts;
	s->ts_us = now_us;
	s->packets++;
	s->octets += r->payload_len;
}

void stream_event(struct stream *s, uint64_t now_us, struct rtp *r)
{
	r->marker = !s->event_known || r->ts != s->event_in;
	if (r->marker) {
		s->event_known = true;
		s->event_in = r->ts;
		s->event_out = next_ts(s, now_us);
	}
	r->ts = s->event_out;
	r->seq = ++s->seq;
	r->ssrc = s->ssrc;
	s->seq_mapped = false;
	s->packets++;
	s->octets += r->payload_len;
}

void stream_press(struct stream *s, uint32_t samples, bool begins,
                  uint64_t now_us, struct rtp *r)
{
	stream_make(s, samples, now_us, r);
	if (begins)
		s->press = r->ts;
	r->ts = s->press;
	r->marker = begins;
}

void stream_resume(struct stream *s, uint64_t elapsed_us, uint64_t now_us)
{
	uint64_t skip = elapsed_us / (1000000 / RESUME_PER_S) + 1;

	if (skip > RESUME_SEQ_MAX)
		skip = RESUME_SEQ_MAX;
	s->seq = (uint16_t)(s->seq + skip);
	if (s->ts_us != 0) {
		s->ts += (uint32_t)(elapsed_us * s->rate / 1000000);
		s->ts_us = now_us;
	}
	stream_detach(s);
}

/*
 * stats.c - what a receiver knows of a stream: loss, jitter, duplicates; MOS
 *
 * Pure: no I/O, no log, no clock. The caller passes the time.
 */
#include "stats.h"

enum { SEQ_ROUND = 65536 };
enum { DROPOUT_MAX = 3000 }; /* RFC 3550 A.1 */

static uint64_t stream_expected(const struct stats *s)
{
	if (!s->started)
		return 0;
	return (uint64_t)s->cycles * SEQ_ROUND + s->max_seq + 1U - s->base_seq;
}

static void start(struct stats *s, uint32_t ssrc, uint16_t seq)
{
	s->expected_before += stream_expected(s);
	s->received_before += s->received;
	s->started = true;
	s->ssrc = ssrc;
	s->base_seq = seq;
	s->max_seq = seq;
	s->cycles = 0;
	s->window = 1;
	s->received = 1;
	s->transit_known = false;
}

static enum stats_verdict advance(struct stats *s, uint16_t seq, uint16_t by)
{
	if (seq < s->max_seq)
		s->cycles++;
	s->max_seq = seq;
	s->window = by < STATS_WINDOW ? s->window << by | 1 : 1;
	s->received++;
	return STATS_NEXT;
}

enum stats_verdict stats_packet(struct stats *s, uint32_t ssrc, uint16_t seq)
{
	uint16_t ahead = (uint16_t)(seq - s->max_seq);
	uint16_t behind = (uint16_t)(s->max_seq - seq);

	if (!s->started || ssrc != s->ssrc) {
		start(s, ssrc, seq);
		return STATS_RESTART;
	}
	if (ahead > 0 && ahead <= DROPOUT_MAX)
		return advance(s, seq, ahead);
	if (behind > STATS_MISORDER_MAX) {
		start(s, ssrc, seq);
		return STATS_RESTART;
	}
	if (behind >= STATS_WINDOW)
		return STATS_LATE;
	if (s->window >> behind & 1)
		return STATS_DUPLICATE;
	s->window |= 1ULL << behind;
	s->received++;
	return STATS_REORDERED;
}

void stats_timing(struct stats *s, uint32_t ts, uint32_t rate, uint64_t now_us)
{
	uint32_t transit = (uint32_t)(now_us * rate / 1000000) - ts;
	uint32_t d = transit - s->transit;

	if (s->rate != rate) {
		s->rate = rate;
		s->jitter_x16 = 0;
		s->transit_known = false;
	}
	if (d > INT32_MAX)
		d = 0U - d;
	/* A second off is a new timestamp base, not jitter. */
	if (s->transit_known && d < rate)
		s->jitter_x16 += d - ((s->jitter_x16 + 8) >> 4);
	s->transit = transit;
	s->transit_known = true;
}

uint64_t stats_received(const struct stats *s)
{
	return s->received_before + s->received;
}

uint64_t stats_expected(const struct stats *s)
{
	return s->expected_before + stream_expected(s);
}

uint64_t stats_lost(const struct stats *s)
{
	uint64_t expected = stats_expected(s);
	uint64_t received = stats_received(s);

	return expected > received ? expected - received : 0;
}

uint32_t stats_jitter_us(const struct stats *s)
{
	if (s->rate == 0)
		return 0;
	return (uint32_t)((uint64_t)(s->jitter_x16 >> 4) * 1000000 / s->rate);
}

uint32_t stats_highest(const struct stats *s)
{
	return s->cycles << 16 | s->max_seq;
}

uint8_t stats_fraction_lost(struct stats *s)
{
	uint64_t expected = stats_expected(s);
	uint64_t received = stats_received(s);
	uint64_t due = expected - s->expected_report;
	uint64_t came = received - s->received_report;

	s->expected_report = expected;
	s->received_report = received;
	if (due == 0 || came >= due)
		return 0;
	return (uint8_t)(((due - came) * 256 - 1) / due);
}

/* Equipment impairment and robustness against random loss, with the codec's
 * usual concealment: G.113 Appendix I for G.711 and G.722; Opus conceals as
 * well as the best of that table. */
static void impairment(enum codec codec, double *ie, double *bpl)
{
	*ie = 0;
	*bpl = 25.1;
	switch (codec) {
	case CODEC_PCMU:
	case CODEC_PCMA:
	case CODEC_OPUS:
	case CODEC_OTHER:
	case CODEC_EVENT: break;
	case CODEC_G722: *bpl = 13.0; break;
	}
}

uint32_t mos_x100(const struct mos_input *in)
{
	double ie;
	double bpl;
	double loss = 0;
	double delay_ms;
	double r;
	double mos;

	if (in->expected == 0)
		return 0;
	impairment(in->codec, &ie, &bpl);
	if (in->lost < in->expected)
		loss = 100.0 * (double)in->lost / (double)in->expected;
	else
		loss = 100;
	/* one way: half the round trip, a packet, and a buffer of twice the
	 * jitter */
	delay_ms = in->round_trip_us / 2000.0 + in->ptime_ms +
	           2 * in->jitter_us / 1000.0;
	r = 93.2 - 0.024 * delay_ms;
	if (delay_ms > 177.3)
		r -= 0.11 * (delay_ms - 177.3);
	r -= ie + (95 - ie) * loss / (loss + bpl);
	if (r < 0)
		r = 0;
	mos = 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6;
	if (mos < 1)
		mos = 1;
	return (uint32_t)(100 * mos + 0.5);
}

/*
 * latch.c - from which address a leg's RTP is accepted (symmetric RTP)
 *
 * Pure: no I/O, no log, no clock. The caller passes the time.
 */
#include "latch.h"

#include <string.h>

enum { RANK_ANY = 1, RANK_STREAM = 2, RANK_EXACT = 3 };

bool latch_allows(const struct latch *l, const struct address *from)
{
	if (l->offer.any || address_same_ip(&l->offer.sdp, from))
		return true;
	for (size_t i = 0; i < l->offer.n_sources; i++) {
		if (address_same_ip(&l->offer.sources[i], from))
			return true;
	}
	return false;
}

static void forget_candidates(struct latch *l)
{
	memset(l->candidates, 0, sizeof(l->candidates));
}

void latch_offer(struct latch *l, const struct latch_offer *offer)
{
	bool same = address_equal(&l->offer.sdp, &offer->sdp) ||
	            (l->offer.sdp.family == ADDRESS_NONE &&
	             offer->sdp.family == ADDRESS_NONE);

	l->offer = *offer;
	if (l->latched && !latch_allows(l, &l->source)) {
		l->latched = false;
		l->armed = false;
	}
	if (same || address_equal(&l->source, &offer->sdp))
		return;
	forget_candidates(l);
	l->armed = l->latched;
	l->old_heard = 0;
}

void latch_restore(struct latch *l, const struct address *source,
                   uint64_t now_ms)
{
	l->latched = latch_allows(l, source);
	l->armed = false;
	l->source = *source;
	l->stream_known = false;
	l->seen_ms = now_ms;
}

static void hear_source(struct latch *l, const struct latch_packet *p)
{
	l->stream_known = true;
	l->ssrc = p->ssrc;
	l->seq = p->seq;
	l->ts = p->ts;
	l->seen_ms = p->now_ms;
	if (l->armed && ++l->old_heard >= LATCH_OLD_PACKETS)
		l->armed = false; /* not a straggler: it did not move */
}

/* The stream of a silent source, going on from another port. */
static bool continues(const struct latch *l, const struct latch_packet *p)
{
	uint64_t silent_ms = p->now_ms - l->seen_ms;
	uint64_t ticks_max = (silent_ms + LATCH_SILENT_MS) * p->rate / 1000;
	uint16_t ahead = (uint16_t)(p->seq - l->seq);
	uint32_t ticks = p->ts - l->ts;

	return l->stream_known && silent_ms >= LATCH_SILENT_MS &&
	       p->ssrc == l->ssrc && ahead >= 1 && ahead <= LATCH_SEQ_MAX &&
	       ticks >= 1 && ticks <= ticks_max;
}

static unsigned rank(const struct latch *l, const struct latch_candidate *c)
{
	if (address_equal(&c->from, &l->offer.sdp))
		return RANK_EXACT;
	if (l->stream_known && c->ssrc == l->ssrc)
		return RANK_STREAM;
	return RANK_ANY;
}

/* The entry of this source, or else the one that is least worth keeping. */
static struct latch_candidate *candidate(struct latch *l,
                                         const struct latch_packet *p)
{
	struct latch_candidate *worst = &l->candidates[0];
	unsigned worst_rank = RANK_EXACT + 1;

	for (size_t i = 0; i < LATCH_CANDIDATES_MAX; i++) {
		struct latch_candidate *c = &l->candidates[i];
		unsigned r = c->run ? rank(l, c) : 0;

		if (c->run && c->ssrc == p->ssrc &&
		    address_equal(&c->from, &p->from))
			return c;
		if (r < worst_rank ||
		    (r == worst_rank && c->seen_ms < worst->seen_ms)) {
			worst = c;
			worst_rank = r;
		}
	}
	if (worst_rank == RANK_EXACT && !address_equal(&p->from, &l->offer.sdp))
		return NULL;
	memset(worst, 0, sizeof(*worst));
	worst->from = p->from;
	worst->ssrc = p->ssrc;
	worst->next = p->seq;
	return worst;
}

static unsigned needed(const struct latch *l, const struct latch_candidate *c,
                       uint64_t now_ms)
{
	unsigned mine = rank(l, c);
	unsigned need = LATCH_PROBATION;

	for (size_t i = 0; i < LATCH_CANDIDATES_MAX; i++) {
		const struct latch_candidate *other = &l->candidates[i];

		if (other == c || !other->run ||
		    now_ms - other->seen_ms > LATCH_ACTIVE_MS)
			continue;
		if (rank(l, other) > mine)
			return UINT32_MAX; /* the better one first */
		if (rank(l, other) == mine)
			need = LATCH_CONTEST;
	}
	return need;
}

static enum latch_verdict probe(struct latch *l, const struct latch_packet *p)
{
	struct latch_candidate *c = candidate(l, p);

	if (!c)
		return LATCH_WAITING;
	c->run = p->seq == c->next ? c->run + 1 : 1;
	c->next = (uint16_t)(p->seq + 1);
	c->seen_ms = p->now_ms;
	if (c->run < needed(l, c, p->now_ms))
		return LATCH_WAITING;
	l->latched = true;
	l->armed = false;
	l->source = p->from;
	forget_candidates(l);
	hear_source(l, p);
	return LATCH_CHANGED;
}

bool latch_is_source(const struct latch *l, const struct address *from)
{
	return l->latched && address_equal(from, &l->source);
}

enum latch_verdict latch_packet(struct latch *l, const struct latch_packet *p)
{
	if (latch_is_source(l, &p->from)) {
		hear_source(l, p);
		return LATCH_ACCEPTED;
	}
	if (!latch_allows(l, &p->from))
		return LATCH_FOREIGN;
	if (l->latched && !l->armed && !continues(l, p))
		return LATCH_FOREIGN;
	return probe(l, p);
}

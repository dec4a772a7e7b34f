/*
 * jitter.c - packets in the order of their numbers, when it is time for them
 *
 *            first packet            gathered long enough
 *   IDLE -----------------> GATHERS -----------------------> PLAYS
 *     ^                                                        |
 *     +----------------- five takes without a packet ----------+
 *
 * Pure: no I/O, no clock, no log.
 */
#include "jitter.h"

#include <string.h>

void jitter_init(struct jitter *j)
{
	memset(j, 0, sizeof(*j));
}

static struct jitter_slot *slot_of(struct jitter *j, uint16_t seq)
{
	return &j->slots[seq % JITTER_SLOTS];
}

static void flush(struct jitter *j)
{
	for (size_t i = 0; i < JITTER_SLOTS; i++)
		j->slots[i].used = false;
	j->n = 0;
	j->playing = false;
	j->known = false;
	j->transit_known = false;
}

static void drop_next(struct jitter *j)
{
	struct jitter_slot *s = slot_of(j, j->next_seq);

	if (s->used) {
		s->used = false;
		j->n--;
		j->pushed_out++;
	}
	j->next_seq++;
}

/* Audio between the oldest and the newest that wait [ms]. */
static uint32_t held_ms(struct jitter *j)
{
	uint16_t seq = j->next_seq;
	const struct jitter_packet *newest = &slot_of(j, j->newest_seq)->packet;
	uint32_t ticks;

	while (!slot_of(j, seq)->used)
		seq++;
	ticks = newest->ts - slot_of(j, seq)->packet.ts;
	return (uint32_t)((uint64_t)ticks * 1000 / newest->rate);
}

static void measure(struct jitter *j, const struct jitter_packet *p,
                    uint64_t now_us)
{
	int64_t transit =
		(int64_t)now_us - (int64_t)p->ts * 1000000 / (int64_t)p->rate;
	int64_t off = transit - j->transit_us;

	if (off < 0)
		off = -off;
	/* a jump of the timestamp is no jitter */
	if (j->transit_known && off < 1000000)
		j->uneven_us = (uint32_t)((int64_t)j->uneven_us +
		                          (off - (int64_t)j->uneven_us) / 16);
	j->transit_us = transit;
	j->transit_known = true;
}

static uint64_t delay_us(const struct jitter *j)
{
	uint64_t us = JITTER_DELAY_MIN_MS * 1000ULL + 3ULL * j->uneven_us;
	uint64_t most = JITTER_DELAY_MAX_MS * 1000ULL;

	return us < most ? us : most;
}

/* Make room for @p seq. @return false when it comes too late */
static bool admit(struct jitter *j, uint16_t seq)
{
	int16_t ahead;

	if (!j->known) {
		j->known = true;
		j->next_seq = seq;
		j->newest_seq = seq;
	}
	ahead = (int16_t)(seq - j->next_seq);
	if (ahead < 0) {
		/* before the first: there is still time for it */
		if (j->playing || j->n == 0 ||
		    (uint16_t)(j->newest_seq - seq) >= JITTER_SLOTS)
			return false;
		j->next_seq = seq;
	}
	if (ahead >= 2 * JITTER_SLOTS) {
		flush(j);
		return admit(j, seq);
	}
	while ((int16_t)(seq - j->next_seq) >= JITTER_SLOTS)
		drop_next(j);
	if (j->n == 0 || (int16_t)(seq - j->newest_seq) > 0)
		j->newest_seq = seq;
	return true;
}

void jitter_put(struct jitter *j, const struct jitter_packet *p, bool fresh,
                uint64_t now_us)
{
	struct jitter_slot *s;

	if (p->len > JITTER_PAYLOAD_MAX || p->rate == 0)
		return;
	if (fresh)
		flush(j);
	if (!admit(j, p->seq)) {
		j->late++;
		return;
	}
	s = slot_of(j, p->seq);
	if (s->used)
		return;
	if (!j->playing && j->n == 0)
		j->since_us = now_us;
	measure(j, p, now_us);
	memcpy(s->bytes, p->payload, p->len);
	s->packet = *p;
	s->packet.payload = s->bytes;
	s->used = true;
	j->n++;
	while (j->n > 1 && held_ms(j) > JITTER_HELD_MAX_MS)
		drop_next(j);
}

static bool gathered(struct jitter *j, uint64_t now_us)
{
	if (j->n == 0 || now_us - j->since_us < delay_us(j))
		return false;
	while (!slot_of(j, j->next_seq)->used)
		j->next_seq++;
	j->playing = true;
	j->misses = 0;
	j->takes = 0;
	j->least = JITTER_SLOTS;
	return true;
}

static enum jitter_verdict take(struct jitter *j, struct jitter_packet *out)
{
	struct jitter_slot *s = slot_of(j, j->next_seq);

	s->used = false;
	j->n--;
	j->next_seq++;
	j->misses = 0;
	*out = s->packet;
	return JITTER_PACKET;
}

static enum jitter_verdict miss(struct jitter *j)
{
	/* needed at once: nothing was spare */
	j->takes = 0;
	j->least = JITTER_SLOTS;
	if (++j->misses < JITTER_MISSES_MAX)
		return JITTER_NONE;
	j->playing = false;
	return JITTER_IDLE;
}

enum jitter_verdict jitter_get(struct jitter *j, uint64_t now_us,
                               struct jitter_packet *out)
{
	uint16_t seq = j->next_seq;

	memset(out, 0, sizeof(*out));
	if (!j->playing && !gathered(j, now_us))
		return JITTER_IDLE;
	if (j->n == 0)
		return miss(j);
	if (slot_of(j, j->next_seq)->used)
		return take(j, out);
	while (!slot_of(j, seq)->used)
		seq++;
	if ((uint16_t)(seq - j->next_seq) > JITTER_CONCEAL_MAX) {
		j->next_seq = seq; /* a gap that long was no voice drawn out */
		return take(j, out);
	}
	if ((uint16_t)(seq - j->next_seq) == 1)
		*out = slot_of(j, seq)->packet;
	j->next_seq++;
	return JITTER_LOST;
}

size_t jitter_taken(struct jitter *j)
{
	if (!j->playing)
		return 0;
	j->takes++;
	if (j->n < j->least)
		j->least = j->n;
	if (j->least < 2 || j->takes < JITTER_SPARE_TAKES)
		return 0;
	return j->least - 1;
}

void jitter_shortened(struct jitter *j)
{
	j->takes = 0;
	j->least = JITTER_SLOTS;
}

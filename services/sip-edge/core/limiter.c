/*
 * limiter.c - how much one source may ask of us: token buckets, bounded
 *
 * Sources stand in a hash table and in a list by their last use. Both link by
 * index, so that the table is one block of memory.
 *
 * Pure: no I/O, no clock, no log.
 */
#include "limiter.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

#define NIL UINT32_MAX

enum { SLOTS = LIMITER_SOURCES_MAX * 2 };
enum { MILLI = 1000 }; /* a bucket counts thousandths */

struct source {
	uint8_t ip[16];
	uint32_t next;                /* in its slot            */
	uint32_t older, newer;        /* in the list by use     */
	uint64_t left[LIMITER_KINDS]; /* thousandths */
	uint32_t connections;
	uint64_t filled_at; /* [ms] */
	uint64_t known_until;
	uint32_t scans; /* since scanned_at */
	uint64_t scanned_at;
	uint64_t banned_until;
	uint32_t losses; /* since lost_at */
	uint64_t lost_at;
};

struct limiter {
	struct limiter_config cfg;
	uint32_t n;
	uint32_t oldest, newest;
	uint32_t slots[SLOTS];
	struct source sources[LIMITER_SOURCES_MAX];
};

int limiter_alloc(struct limiter **lp, const struct limiter_config *cfg)
{
	struct limiter *l = calloc(1, sizeof(*l));

	if (!l)
		return ENOMEM;
	l->cfg = *cfg;
	l->oldest = NIL;
	l->newest = NIL;
	memset(l->slots, 0xff, sizeof(l->slots));
	*lp = l;
	return 0;
}

void limiter_free(struct limiter *l)
{
	free(l);
}

size_t limiter_sources(const struct limiter *l)
{
	return l->n;
}

static void key_of(const struct address *a, uint8_t ip[16])
{
	memcpy(ip, a->ip, 16);
	if (!address_is_ipv4(a))
		memset(ip + 8, 0, 8);
}

static uint32_t *slot_of(struct limiter *l, const uint8_t ip[16])
{
	return &l->slots[hash_folded(ip, 16, 0) % SLOTS];
}

static void unlink_use(struct limiter *l, uint32_t i)
{
	struct source *s = &l->sources[i];

	if (s->older == NIL)
		l->oldest = s->newer;
	else
		l->sources[s->older].newer = s->newer;
	if (s->newer == NIL)
		l->newest = s->older;
	else
		l->sources[s->newer].older = s->older;
}

static void link_newest(struct limiter *l, uint32_t i)
{
	struct source *s = &l->sources[i];

	s->newer = NIL;
	s->older = l->newest;
	if (l->newest == NIL)
		l->oldest = i;
	else
		l->sources[l->newest].newer = i;
	l->newest = i;
}

static void unlink_slot(struct limiter *l, uint32_t i)
{
	uint32_t *at = slot_of(l, l->sources[i].ip);

	while (*at != i)
		at = &l->sources[*at].next;
	*at = l->sources[i].next;
}

/* The oldest one without a connection: those are counted and must stay. There
 * is one, because connections are bounded well below LIMITER_SOURCES_MAX. */
static uint32_t take_oldest(struct limiter *l)
{
	uint32_t i = l->oldest;

	while (l->sources[i].connections > 0 && l->sources[i].newer != NIL)
		i = l->sources[i].newer;
	unlink_use(l, i);
	unlink_slot(l, i);
	return i;
}

static struct source *lookup(struct limiter *l, const uint8_t ip[16])
{
	uint32_t i = *slot_of(l, ip);

	while (i != NIL && memcmp(l->sources[i].ip, ip, 16) != 0)
		i = l->sources[i].next;
	return i == NIL ? NULL : &l->sources[i];
}

static struct source *find(struct limiter *l, const struct address *a,
                           uint64_t now_ms)
{
	uint8_t ip[16];
	struct source *s;
	uint32_t i;
	uint32_t *slot;

	key_of(a, ip);
	s = lookup(l, ip);
	if (s) {
		i = (uint32_t)(s - l->sources);
		if (i != l->newest) {
			unlink_use(l, i);
			link_newest(l, i);
		}
		return s;
	}
	i = l->n < LIMITER_SOURCES_MAX ? l->n++ : take_oldest(l);
	s = &l->sources[i];
	*s = (struct source){
		.filled_at = now_ms,
	};
	for (size_t k = 0; k < LIMITER_KINDS; k++)
		s->left[k] = 2ULL * l->cfg.rate[k] * MILLI;
	memcpy(s->ip, ip, sizeof(s->ip));
	slot = slot_of(l, ip);
	s->next = *slot;
	*slot = i;
	link_newest(l, i);
	return s;
}

static uint64_t refill(uint64_t left, uint64_t rate, uint64_t ms)
{
	uint64_t full = 2 * rate * MILLI;
	uint64_t v = left + ms * rate;

	return v < full ? v : full;
}

bool limiter_take(struct limiter *l, enum limiter_kind kind,
                  const struct address *source, uint64_t now_ms)
{
	struct source *s = find(l, source, now_ms);
	uint64_t times = s->known_until > now_ms ? LIMITER_KNOWN_TIMES : 1;
	uint64_t ms = now_ms > s->filled_at ? now_ms - s->filled_at : 0;

	for (size_t k = 0; k < LIMITER_KINDS; k++)
		s->left[k] = refill(s->left[k], l->cfg.rate[k] * times, ms);
	s->filled_at = now_ms;
	if (s->left[kind] < MILLI)
		return false;
	s->left[kind] -= MILLI;
	return true;
}

bool limiter_connect(struct limiter *l, const struct address *source,
                     uint64_t now_ms)
{
	struct source *s = find(l, source, now_ms);

	if (s->connections >= l->cfg.connections)
		return false;
	s->connections++;
	return true;
}

void limiter_disconnect(struct limiter *l, const struct address *source)
{
	uint8_t ip[16];
	struct source *s;

	key_of(source, ip);
	s = lookup(l, ip);
	if (s && s->connections > 0)
		s->connections--;
}

bool limiter_scan(struct limiter *l, const struct address *source,
                  uint64_t now_ms)
{
	struct source *s = find(l, source, now_ms);

	if (s->known_until > now_ms || s->banned_until > now_ms)
		return false;
	if (s->scans == 0 || now_ms - s->scanned_at >= LIMITER_SCANS_MS) {
		s->scans = 0;
		s->scanned_at = now_ms;
	}
	if (++s->scans < LIMITER_SCANS_MAX)
		return false;
	s->scans = 0;
	s->banned_until = now_ms + LIMITER_BAN_MS;
	return true;
}

bool limiter_banned(struct limiter *l, const struct address *source,
                    uint64_t now_ms)
{
	uint8_t ip[16];
	const struct source *s;

	key_of(source, ip);
	s = lookup(l, ip);
	return s && s->banned_until > now_ms;
}

void limiter_lost(struct limiter *l, const struct address *source,
                  uint64_t now_ms)
{
	struct source *s = find(l, source, now_ms);

	if (s->losses == 0 || now_ms - s->lost_at >= LIMITER_LOST_MS) {
		s->losses = 0;
		s->lost_at = now_ms;
	}
	s->losses++;
}

bool limiter_is_lost(struct limiter *l, const struct address *source,
                     uint64_t now_ms)
{
	uint8_t ip[16];
	const struct source *s;

	key_of(source, ip);
	s = lookup(l, ip);
	return s && s->losses >= LIMITER_LOST_MAX &&
	       now_ms - s->lost_at < LIMITER_LOST_MS;
}

void limiter_known(struct limiter *l, const struct address *source,
                   uint64_t now_ms)
{
	struct source *s = find(l, source, now_ms);

	if (s->known_until <= now_ms) {
		for (size_t k = 0; k < LIMITER_KINDS; k++)
			s->left[k] = 2 * LIMITER_KNOWN_TIMES * l->cfg.rate[k] *
			             MILLI;
	}
	s->known_until = now_ms + LIMITER_KNOWN_MS;
	s->banned_until = 0;
}

/*
 * limiter.h - how much one source may ask of us: token buckets, bounded
 *
 * A source is an IPv4 address or an IPv6 /64. New sources push out those that
 * were silent for longest, so that a flood of made-up addresses costs a fixed
 * amount of memory. A source that a registrar has accepted a registration from
 * is known for an hour and may do more: a house full of phones is one source.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_LIMITER_H
#define EDGE_CORE_LIMITER_H

#include "address.h"

enum {
	LIMITER_SOURCES_MAX = 65536, /* then the oldest is forgotten    */
	LIMITER_KNOWN_MS = 3600000,  /* after the last accepted REGISTER */
	LIMITER_KNOWN_TIMES = 10,    /* as much as a stranger            */
	LIMITER_SCANS_MAX = 5,       /* messages of a scanner …          */
	LIMITER_SCANS_MS = 60000,    /* … in this time: banned           */
	LIMITER_BAN_MS = 600000,
	LIMITER_LOST_MAX = 3, /* answers about domains that are not here … */
	LIMITER_LOST_MS = 600000 /* … in this time; then silence              */
};

struct limiter;

enum limiter_kind {
	LIMITER_REQUEST, /* begins something new: costs the most           */
	LIMITER_DIALOG,  /* belongs to what began: goes on when others wait */
	LIMITER_ANSWER,  /* an answer of ours, to somebody who may not have
	                    asked                                           */
	LIMITER_KINDS
};

struct limiter_config {
	uint32_t rate[LIMITER_KINDS]; /**< in a second; twice in a burst     */
	uint32_t connections; /**< open at once without a registration      */
};

/** @return 0 or ENOMEM; limiter_free() accepts NULL */
int limiter_alloc(struct limiter **lp, const struct limiter_config *cfg);
void limiter_free(struct limiter *l);

/** May this source have one more? Takes it when so. @p now_ms monotonic. */
bool limiter_take(struct limiter *l, enum limiter_kind kind,
                  const struct address *source, uint64_t now_ms);

/** Count a connection. @return false when the source has too many */
bool limiter_connect(struct limiter *l, const struct address *source,
                     uint64_t now_ms);
/** It closed, or a phone registered on it: it counts no more. */
void limiter_disconnect(struct limiter *l, const struct address *source);

/** A registrar has accepted a REGISTER from there. */
void limiter_known(struct limiter *l, const struct address *source,
                   uint64_t now_ms);

/** A scanner spoke from there. A source that a phone has registered from is
 *  never banned: over UDP anybody can send in its name.
 *  @return true when it is banned from now on */
bool limiter_scan(struct limiter *l, const struct address *source,
                  uint64_t now_ms);

bool limiter_banned(struct limiter *l, const struct address *source,
                    uint64_t now_ms);

/** It was told that there is no such domain here. */
void limiter_lost(struct limiter *l, const struct address *source,
                  uint64_t now_ms);

/** … so often that it is told no more? */
bool limiter_is_lost(struct limiter *l, const struct address *source,
                     uint64_t now_ms);

size_t limiter_sources(const struct limiter *l);

#endif

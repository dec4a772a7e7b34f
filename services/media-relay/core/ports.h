/*
 * ports.h - pairs of an even RTP and an odd RTCP port, with quarantine
 *
 * A port that was given back is not given out again for a minute, so that a
 * new call never hears the stream that the old call's peer still sends.
 */
#ifndef MEDIA_CORE_PORTS_H
#define MEDIA_CORE_PORTS_H

#include <stddef.h>
#include <stdint.h>

struct ports;

enum { PORTS_QUARANTINE_MS = 60 * 1000 };

/**
 * @param min, max inclusive; only whole even/odd pairs in it are used
 * @return 0, EINVAL (no pair in it) or ENOMEM; *pp is set on success only
 */
int ports_alloc(struct ports **pp, uint16_t min, uint16_t max);
void ports_free(struct ports *p); /**< NULL is a no-op */

/**
 * Take a pair.
 *
 * @param random any number: chooses among the free pairs
 * @return its even port; 0 when none is free
 */
uint16_t ports_take(struct ports *p, uint64_t now_ms, uint32_t random);

/** Take this pair, quarantined or not (after a restart).
 *  @return 0, EINVAL (not a pair of ours) or EBUSY */
int ports_take_exact(struct ports *p, uint16_t port);

/** Give a pair back, into quarantine; no-op when it was not taken. */
void ports_give(struct ports *p, uint16_t port, uint64_t now_ms);

size_t ports_total(const struct ports *p); /**< pairs */
size_t ports_taken(const struct ports *p); /**< without quarantined ones */

#endif

/*
 * stats.h - what the edge counts, and a log that a flood can not fill
 */
#ifndef EDGE_STATS_H
#define EDGE_STATS_H

#include "adapters/streams.h"
#include "core/drop.h"

struct log;
struct metrics;
struct stats;

/** Which way a message went */
enum passed {
	PASSED_REQUEST_IN,
	PASSED_REQUEST_OUT,
	PASSED_RESPONSE_IN,
	PASSED_RESPONSE_OUT,
	PASSED_KINDS
};

/** @return 0 or ENOMEM */
int stats_alloc(struct stats **sp, struct metrics *m, const struct log *log);
void stats_free(struct stats *s);

void stats_passed(struct stats *s, enum passed what);
void stats_answered(struct stats *s, unsigned status);
void stats_ended(struct stats *s, enum streams_end why);
void stats_connections(struct stats *s, size_t n);

/** A source was banned; logged. */
void stats_banned(struct stats *s, const struct address *peer);

/** A request was refused to catch up. */
void stats_shed(struct stats *s);
void stats_lag(struct stats *s, uint32_t ms);

/** Count it, and log it: one line a second for each reason at most.
 *  @p peer may be NULL */
void stats_dropped(struct stats *s, enum drop why, const struct address *peer);

#endif

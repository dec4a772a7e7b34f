/*
 * store.h - records of calls in Redis: what people and the API read
 */
#ifndef CC_ADAPTERS_STORE_H
#define CC_ADAPTERS_STORE_H

#include <stdint.h>

#include "envelope.pb-c.h"

struct app;
struct command;
struct owned;

enum { STORE_KEY_MAX = 160 };

/** Fields of `call:{CA…}` that are the record of the call, as keys of a Lua
 *  table; the others are for who adopts it, and go when it ends. */
#define STORE_RECORD_FIELDS                                                    \
	"sid=1, parent_call_sid=1, account_sid=1, direction=1, from=1, "       \
	"to=1, status=1, date_created=1, date_updated=1, start_time=1, "       \
	"answer_time=1, end_time=1, duration=1, queue_time=1, pdd_ms=1, "      \
	"price=1, price_unit=1, usage_day=1, "                                 \
	"sip_status=1, disconnected_by=1, answered_by=1, carrier_sid=1, "      \
	"phone_number_sid=1, domain_sid=1, forwarded_from=1, "                 \
	"caller_name=1, call_reason=1, epoch=1, session=1, sip_call_id=1, "    \
	"codec=1, packets_received=1, packets_sent=1, "                        \
	"packets_lost=1, packets_dropped=1, jitter_us=1, round_trip_us=1, "    \
	"mos_x100=1, remote_packets_lost=1, remote_jitter_us=1"

void store_status(struct app *app, struct owned *o, const struct command *cmd);

/** How long a record stays after its call [s] */
uint64_t store_keep_s(const struct app *app);

void store_begin(struct app *app, struct owned *o); /**< the call is ours */
void store_end(struct app *app, struct owned *o);   /**< it has ended     */

/** Nobody can go on with this call of @p owner: it has failed. */
void store_abandon(struct app *app, const char *sid, const char *owner);

/** Quality figures of a leg, into the record of its call */
void store_quality(struct app *app, const Trestle__LegState *leg);

#endif

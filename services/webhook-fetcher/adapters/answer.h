/*
 * answer.h - replies to those who asked over the bus
 */
#ifndef FETCHER_ADAPTERS_ANSWER_H
#define FETCHER_ADAPTERS_ANSWER_H

#include "bus/bus.h"
#include "core/replies.h"

void answer_send(struct bus *bus, const struct bus_return *to,
                 const struct reply *reply);

/** The callback is stored as @p entry; "": it can never be delivered, and the
 *  tenant was told. */
void answer_stored(struct bus *bus, const struct bus_return *to,
                   const char *entry);

#endif

/*
 * ask_change.h - a request that changes the configuration
 */
#ifndef API_ASK_CHANGE_H
#define API_ASK_CHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "adapters/records.h"

struct ask;
struct change;

/** Give it to Redis; @p c is closed. @p handler is called with @p q when it is in
 *  force; where that can not be asked, the request is answered. */
void ask_change(struct ask *q, struct change *c, records_change_h *handler);

/** First of all in such a handler. @return whether it happened; else the request
 *  was answered, with @p code and @p detail when a condition did not hold */
bool ask_changed(struct ask *q, int err, uint32_t code, const char *detail);

#endif

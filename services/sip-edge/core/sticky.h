/*
 * sticky.h - which instance a Call-ID went to: a hint, of fixed size
 *
 * Instances come and drain while calls are being set up, and the hash then
 * names another one: CANCEL and ACK must still reach the one that has the
 * INVITE. An entry may be pushed out by another Call-ID, or forgotten in a
 * restart: then the hash decides, which is right nearly always.
 *
 * Pure: no I/O, no clock, no log.
 */
#ifndef EDGE_CORE_STICKY_H
#define EDGE_CORE_STICKY_H

#include "slice.h"

enum {
	STICKY_MAX = 16384,    /* Call-IDs remembered           */
	STICKY_NAME_MAX = 63,  /* bytes of an instance's name   */
	STICKY_MS = 10 * 60000 /* longer than any call rings    */
};

struct sticky;

int sticky_alloc(struct sticky **sp); /**< @return 0 or ENOMEM */
void sticky_free(struct sticky *s);   /**< NULL is a no-op */

/** Remember it; a name that is too long is not. @p now_ms monotonic. */
void sticky_put(struct sticky *s, struct slice call_id, const char *instance,
                uint64_t now_ms);

/** @return its name, borrowed until the next put; NULL when not known */
const char *sticky_find(const struct sticky *s, struct slice call_id,
                        uint64_t now_ms);

#endif

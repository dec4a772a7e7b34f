/*
 * refresh.h - session timer of one dialog (RFC 4028)
 */
#ifndef CC_CORE_REFRESH_H
#define CC_CORE_REFRESH_H

#include <stdbool.h>
#include <stdint.h>

#include "io.h"

enum { SESSION_MIN_S = 90 };    /* RFC 4028 5: the least Min-SE */
enum { SESSION_WISH_S = 1800 }; /* what we ask for */
enum { SESSION_MAX_S = 7200 };  /* longer wishes are cut */

struct refresh {
	uint32_t expires; /**< [s]; 0 = no session timer */
	bool ours;        /**< we refresh */
};

/** What our INVITE says; @p min_se from a 422, else 0 */
struct session_timer refresh_offer(uint32_t min_se);

/** What our re-INVITE says: same interval, same role. */
struct session_timer refresh_again(const struct refresh *r);

/** Is the interval that the peer asks for too short (answer 422)? */
bool refresh_too_short(const struct session_timer *request);

/** Agree as the one who answers. @return what the 2xx says */
struct session_timer refresh_answer(struct refresh *r,
                                    const struct session_timer *request);

/** Take what the peer's 2xx to our request says. */
void refresh_confirm(struct refresh *r, const struct session_timer *response);

uint64_t refresh_due_ms(const struct refresh *r);    /**< from now; ours */
uint64_t refresh_expiry_ms(const struct refresh *r); /**< when to give up */

#endif

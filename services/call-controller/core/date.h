/*
 * date.h - instants in the words of webhooks (RFC 2822)
 */
#ifndef CC_CORE_DATE_H
#define CC_CORE_DATE_H

#include <stdint.h>

enum { DATE_SIZE = 40 };

/** "Sun, 22 Nov 2026 18:37:41 +0000" */
void date_rfc2822(uint64_t ms, char out[DATE_SIZE]);

/** Length of a call [s], rounded; from its answer, 0 = there was none. */
uint64_t date_seconds(uint64_t from_ms, uint64_t to_ms);

#endif

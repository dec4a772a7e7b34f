/*
 * date.h - how long a call lasted
 */
#ifndef CC_CORE_DATE_H
#define CC_CORE_DATE_H

#include <stdint.h>

/** Length of a call [s], rounded; from its answer, 0 = there was none. */
uint64_t date_seconds(uint64_t from_ms, uint64_t to_ms);

#endif

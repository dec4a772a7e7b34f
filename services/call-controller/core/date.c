/*
 * date.c - how long a call lasted
 *
 * Pure.
 */
#include "date.h"

uint64_t date_seconds(uint64_t from_ms, uint64_t to_ms)
{
	return from_ms && to_ms > from_ms ? (to_ms - from_ms + 500) / 1000 : 0;
}

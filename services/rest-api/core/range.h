/*
 * range.h - a Range header over a file of known length (RFC 9110 14)
 */
#ifndef API_CORE_RANGE_H
#define API_CORE_RANGE_H

#include <stdint.h>

enum range_result {
	RANGE_ALL,  /**< none, or one that need not be followed: status 200 */
	RANGE_PART, /**< status 206 */
	RANGE_NONE  /**< nothing of it is there: status 416 */
};

struct range {
	uint64_t from, length; /**< bytes */
};

/** @param header NULL = absent. Of several ranges none is followed.
 *  @param out set for ALL and PART */
enum range_result range_parse(const char *header, uint64_t size,
                              struct range *out);

#endif

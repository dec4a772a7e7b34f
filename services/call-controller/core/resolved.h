/*
 * resolved.h - what it means that nobody can be called
 */
#ifndef CC_CORE_RESOLVED_H
#define CC_CORE_RESOLVED_H

#include <stdint.h>

#include "io.h"

struct resolved_refusal {
	uint32_t code;    /**< of the alert                        */
	unsigned sip;     /**< status that stands for it           */
	const char *text; /**< what is wrong, and what helps       */
};

/** Of a resolution without a target; static. */
const struct resolved_refusal *resolved_refusal(enum resolution resolution);

/** Of whom a 3xx names: a phone may not send calls to users of ours, and nobody to
 *  private addresses */
extern const struct resolved_refusal resolved_redirect;

/** Is there a target? */
bool resolved_reachable(enum resolution resolution);

#endif

/*
 * digest.h - what a tenants file says, in 64 characters
 *
 * Two files with one digest say the same: comments, spaces and the style of
 * quotes are no part of it, what ${NAME} stood for is.
 * Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_DIGEST_H
#define CLI_CORE_DIGEST_H

#include "node.h"

enum { DIGEST_SIZE = 65 }; /* SHA-256, hexadecimal, with its zero */

/** @param also what else it depends on; "" = nothing
 *  @return 0, or ENOMEM; then @p out is undefined */
int digest_of(const struct node *root, const char *also, char out[DIGEST_SIZE]);

#endif

/*
 * plan.h - the Redis commands that make a model the configuration
 *
 * Keys: proto/README.md. Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_PLAN_H
#define CLI_CORE_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "model.h"

enum { PLAN_REALMS_MAX = 1000 }; /* domains that one list is mapped to */

/** Called for each command. @p argv is borrowed until it returns. */
typedef int plan_command_h(void *arg, int argc, const char **argv);

/**
 * Give the commands that write @p m, which has no problems, to @p handler.
 * Deleting what was there before is the caller's.
 *
 * @param public_url where rest-api serves bins, "http://host:8080"
 * @param now_ms     since 1970: what they say of their creation
 * @return 0, ENOMEM, or what the handler returned to stop
 */
int plan_write(const struct model *m, const char *public_url, uint64_t now_ms,
               plan_command_h *handler, void *arg);

#endif

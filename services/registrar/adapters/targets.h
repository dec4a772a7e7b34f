/*
 * targets.h - the devices of an AoR, for a call: one read of Redis
 */
#ifndef REGISTRAR_ADAPTERS_TARGETS_H
#define REGISTRAR_ADAPTERS_TARGETS_H

#include <stddef.h>
#include <stdint.h>

#include "core/aor.h"
#include "core/source.h"

struct log;
struct redis;

enum { TARGETS_MAX = 20, TARGET_PATHS_MAX = 10 };

/** A live binding */
struct target {
	const char *contact;
	const char *paths[TARGET_PATHS_MAX]; /**< Route values, nearest first */
	size_t n_paths;
	const char *instance;
	const char *user_agent;
	const char *registered_at; /**< ISO 8601: sorts as text */
	struct source source;
	uint32_t reg_id;
	uint32_t q;       /**< 0-1000       */
	uint32_t expires; /**< seconds left */
};

/** @p targets: most recently registered first, borrowed until it returns.
 *  @p err: 0, or that of the Redis command. */
typedef void targets_h(void *arg, int err, const struct target *targets,
                       size_t n);

/** The handler is called once, never before this returns. What is no binding is
 *  left out, and told to @p log.
 *  @return 0; ENOTCONN or ENOMEM: it is not called */
int targets_find(struct redis *redis, const struct log *log,
                 const struct aor *aor, targets_h *handler, void *arg);

#endif

/*
 * removal.h - bindings are taken away by others than their phones
 */
#ifndef REGISTRAR_ADAPTERS_REMOVAL_H
#define REGISTRAR_ADAPTERS_REMOVAL_H

#include <stddef.h>

struct location;
struct redis;

/** @p n: how many were there. @p err: 0, or an errno: Redis is away */
typedef void removal_h(void *arg, int err, size_t n);

/**
 * Take away the bindings of @p aor, "user@domain", or the one with this sid,
 * RG… ("" = all), and forget what @p location remembers of them. The handler is
 * called once, never before this returns.
 *
 * @return 0; ENOTCONN or ENOMEM: it is not called
 */
int removal_start(struct redis *redis, struct location *location,
                  const char *const aor_and_sid[2], removal_h *handler,
                  void *arg);

#endif

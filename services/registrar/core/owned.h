/*
 * owned.h - the bindings that this instance acknowledged, kept in memory
 *
 * Redis may lose what it acknowledged (a restart without a snapshot, a failover
 * to a replica that lagged). Then the bindings are written again from here, and
 * no phone has to register first. Bounded: the AoR that was quiet for longest
 * makes room; losing an entry costs nothing unless Redis loses it too.
 */
#ifndef REGISTRAR_CORE_OWNED_H
#define REGISTRAR_CORE_OWNED_H

#include <stddef.h>
#include <stdint.h>

#include "binding.h"

struct owned;
struct owned_aor;

enum { OWNED_AORS_MAX = 200000 }; /* about 1 KB each */

/** @return 0 or ENOMEM */
int owned_alloc(struct owned **op, size_t max);
void owned_free(struct owned *o);          /**< NULL is a no-op */
size_t owned_count(const struct owned *o); /**< AoRs */

/** One binding as it is in Redis; texts are borrowed from the table. */
struct owned_binding {
	const char *key;
	const char *json;
	uint64_t expires_ms; /**< wall clock [ms] */
};

/** Remember a binding. Without memory it is not remembered. */
void owned_put(struct owned *o, const char *aor, const struct owned_binding *b);

/** Forget the bindings of @p aor that are not among @p keys. */
void owned_keep(struct owned *o, const char *aor, const char *const *keys,
                size_t n_keys);

/** Forget what ended; looks at most at @p steps AoRs, the quiet ones first. */
void owned_expire(struct owned *o, uint64_t now_ms, size_t steps);

/** Begin a walk over all AoRs; it survives changes of the table. */
void owned_rewind(struct owned *o);

/** The next AoR of the walk, or NULL at its end. */
const struct owned_aor *owned_next(struct owned *o);
const char *owned_aor_name(const struct owned_aor *a);
/** Copy its bindings. @return how many, at most BINDINGS_MAX */
size_t owned_aor_bindings(const struct owned_aor *a,
                          struct owned_binding out[BINDINGS_MAX]);

#endif

/*
 * location.h - bindings in Redis: one script a REGISTER
 */
#ifndef REGISTRAR_ADAPTERS_LOCATION_H
#define REGISTRAR_ADAPTERS_LOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/aor.h"
#include "core/registration.h"
#include "core/source.h"

struct location;
struct log;
struct loop;
struct metric;
struct redis;

/** @return 0 or ENOMEM */
int location_alloc(struct location **lp, struct loop *loop, struct redis *redis,
                   const struct log *log);
void location_free(struct location *l); /**< open ones end as UNAVAILABLE */

/** AoRs whose bindings this instance would write again. */
size_t location_owned(const struct location *l);

/** What to write beside the changes. All borrowed until the call returns. */
struct location_req {
	const struct aor *aor;
	const struct registration *plan;
	const char *call_id;
	uint32_t cseq;
	const char *const *paths; /**< Route values, nearest first */
	size_t n_paths;
	const struct source *source;
	const char *user_agent;
};

enum location_result {
	LOCATION_OK,
	LOCATION_STALE,      /**< RFC 3261 10.3 step 7: nothing was changed */
	LOCATION_FULL,       /**< too many bindings: nothing was changed    */
	LOCATION_UNAVAILABLE /**< Redis is away                             */
};

/** A live binding, for the answer to its REGISTER */
struct location_binding {
	const char *contact;
	const char *instance; /**< "" = none */
	uint32_t reg_id;
	uint32_t q;       /**< 0-1000        */
	uint32_t expires; /**< seconds left, at least 1 */
};

/** @p bindings are borrowed until the handler returns. */
typedef void location_h(void *arg, enum location_result result,
                        const struct location_binding *bindings, size_t n);

/** The handler is called once, never before this returns.
 *  @return 0; ENOTCONN or ENOMEM: it is not called */
int location_apply(struct location *l, const struct location_req *req,
                   location_h *handler, void *arg);

/** Only these fields of the AoR are there still: what this instance remembers of
 *  others is forgotten. */
void location_keep(struct location *l, const char *aor, const char *const *keys,
                   size_t n);

#endif

/*
 * registering.h - a REGISTER under way: shared by register*.c only
 *
 * Each function here answers it, or says nothing, and ends it: @p g is gone
 * afterwards. What it did is logged and counted.
 */
#ifndef REGISTRAR_REGISTERING_H
#define REGISTRAR_REGISTERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapters/sip.h"
#include "core/aor.h"
#include "core/reject.h"

struct app;
struct location_binding;
struct timer;

struct registering {
	struct app *app;
	struct sip_request *request;
	struct aor aor;                 /* empty until it was read */
	char realm[AOR_DOMAIN_MAX + 1]; /* of the challenge */
	bool flows; /* some Contact has a reg-id: RFC 5626 */
	struct timer *hold;
	uint64_t hold_until;
};

/** 200 with all bindings. */
void registering_end_ok(struct registering *g,
                        const struct location_binding *bindings, size_t n);
/** 401 */
void registering_end_challenged(struct registering *g, bool stale);
/** What the table says, and an alert. */
void registering_end_refused(struct registering *g, enum reject reject);
/** A refusal that is between the phone and us, and no tenant's business. */
void registering_end_plain(struct registering *g, struct sip_answer *a);
/** 423; @p min [s] */
void registering_end_too_brief(struct registering *g, uint32_t min);
/** 503: Redis is away, or has no configuration */
void registering_end_unavailable(struct registering *g);
/** No answer. */
void registering_end_silent(struct registering *g, const char *why);

#endif

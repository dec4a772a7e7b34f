/*
 * app.h - the registrar: what its parts share
 *
 *   SIP  ── register.c ──┐                    ┌── adapters/location.c ── Redis
 *   bus ─┬─ authorize.c ─┼── auth.c ── core/ ─┤
 *        ├─ lookup.c ────┘                    └── adapters/targets.c ─── Redis
 *        └─ remove.c ─── adapters/location.c
 */
#ifndef REGISTRAR_APP_H
#define REGISTRAR_APP_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "adapters/random.h"
#include "base/strbuf.h"
#include "bus/bus.h"
#include "core/aor.h"
#include "core/reject.h"
#include "core/sum.h"
#include "loop/loop.h"

struct domain;
struct log;
struct service;

enum {
	STRANGER_ANSWERS = 3, /* answers to a source about unknown domains … */
	STRANGER_WINDOW_MS = 600 * 1000, /* … in this time; then silence      */
	REGISTER_WINDOW_MS = 1000
};

/** How a request ended; the `result` label of the metrics */
enum outcome {
	OUTCOME_OK,
	OUTCOME_CHALLENGED,
	OUTCOME_REFUSED,     /**< 4xx but 401 and 407 */
	OUTCOME_UNAVAILABLE, /**< 503: Redis is away  */
	OUTCOME_DROPPED,     /**< no answer           */
	OUTCOMES
};

struct conf {
	uint32_t sip_port;
	uint32_t register_rate; /**< authenticated, of one AoR in a second */
};

struct app {
	const struct conf *conf; /* borrowed, as the next four */
	struct service *service;
	struct loop *loop;
	struct redis *redis;
	const struct log *log;
	struct bus *bus; /* borrowed; NULL until the bus is open */
	struct tenants *tenants;
	struct credentials *credentials;
	struct location *location;
	struct secret *secret;
	struct auth *auth; /* NULL until the secret is known */
	struct sip *sip;
	struct guard *strangers;   /* sources that ask for unknown domains */
	struct guard *registering; /* AoRs, in the last second */
	struct guard *alerts;      /* rejections that were told lately */
	struct random_pool random;
	struct strbuf contacts; /* of the answer that is being written */
	time_t date_at;         /* of `date` */
	char date[40];
	struct metric *registers[OUTCOMES];
	struct metric *calls[OUTCOMES];
	struct metric *lookups;
	struct metric *bindings; /* AoRs owned by this instance */
	size_t waiting;          /* bus requests without a reply */
};

/** @return 0 or an errno after a line in the log */
int app_init(struct app *app, struct service *service, const struct conf *conf);
void app_close(struct app *app);

/** The domain of a Request-URI's host, or NULL. */
const struct domain *app_domain(const struct app *app, struct piece host);

/** The realm that phones of @p d sign for: its account's, else its own, else its
 *  name. */
void app_realm(const struct app *app, const struct domain *d,
               char out[AOR_DOMAIN_MAX + 1]);

/** Count a REGISTER whose password was right. Is it one too many? */
bool app_too_often(struct app *app, const struct aor *aor);

/** Count a request for an unknown domain. Shall it be answered? */
bool app_stranger(struct app *app, const char *source_ip);

/** "code text", the value of X-Trestle-Error. */
enum { APP_ERROR_SIZE = 160 };
void app_error_text(enum reject reject, char out[APP_ERROR_SIZE]);

#endif

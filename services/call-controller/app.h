/*
 * app.h - the process: the calls that it owns, and the step that changes one
 *
 *   SIP ───► adapters/sip….c ──┐                    ┌─► adapters/sip….c
 *   bus ───► adapters/….c ─────┼─ app_step(event) ──┼─► adapters/media.c …
 *   timer ─► adapters/timers.c ┘        │           └─► adapters/store.c
 *                                  call_step()
 *
 * Adapters never call app_step() from inside a command; what goes wrong there
 * is told with app_post(), which steps from the loop.
 */
#ifndef CC_APP_H
#define CC_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "adapters/told.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/sid.h"
#include "core/call.h"
#include "core/io.h"

struct adopt;
struct answer;
struct app;
struct ask;
struct awake;
struct loop;
struct media;
struct metric;
struct owned_timer;
struct ping;
struct posted;
struct prune;
struct waiting;
struct redis;
struct bus;
struct service;
struct sip;
struct sure;
struct sip_leg;
struct tenants;
struct timer;
struct cidr_set;

enum { APP_CALLS_MAX = 100000 }; /* parent calls of one process */

struct settings {
	uint32_t sip_port;         /**< internal UDP port; 0 = any free one */
	uint32_t calls_max;        /**< above it 503                        */
	const char *allow_private; /**< networks that may be dialled though
	                            *   they are private              */
	const char *public_url; /**< of rest-api, without a slash at its end */
	const char *dialing;    /**< countries that may be called where an
	                         *   account says nothing of them      */
	const char *host;       /**< of From when a call has no domain   */
	uint32_t keep_days;     /**< that the record of a call stays     */
	uint32_t carrier_ping;  /**< seconds between OPTIONS; 0 = none   */
	uint32_t alerts_days;   /**< that alerts stay */
};

/** A call that this process owns, and what its adapters keep for it */
struct owned {
	struct hash_entry entry;
	struct app *app; /**< borrowed */
	char sid[SID_SIZE];
	struct call *call;
	struct log log;
	uint64_t epoch;      /**< of our lease                        */
	char *domain;        /**< SIP domain it came in on, "" = none */
	uint64_t invited_us; /**< monotonic; 0 = was measured         */
	struct sip_leg *legs;
	struct owned_timer *timers;
	struct media *media; /**< NULL until the first CMD_MEDIA      */
	struct owned *next_dirty;
	struct told told;    /**< of it, to Redis, by snapshots       */
	bool saved;          /**< there is a snapshot, or soon will be */
	bool saved_answered; /**< … which says that it was answered   */
	bool dirty;          /**< a snapshot is to be written          */
	bool not_live;       /**< it is in calls:live no more          */
	bool ended;          /**< CMD_END: free it after this step    */
	bool lost;           /**< another process owns it now         */
};

struct app {
	struct service *service; /**< borrowed, as the next four */
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;
	const struct settings *settings;
	struct log log;
	struct tenants *tenants;
	struct cidr_set *allow_private; /**< of the settings */
	struct sip *sip;
	struct sure *sure; /**< what ends a call, in Redis */
	struct adopt *adopt;
	struct awake *awake;
	struct prune *prune;
	struct waiting *waiting; /**< calls that the API places too fast */
	struct ping *ping;
	struct hash calls;     /**< struct owned by sid                   */
	struct ask *asks;      /**< questions under way, to free at close */
	struct posted *posted; /**< events to step from the loop          */
	struct timer *post_timer;
	struct owned *dirty; /**< calls to be written to Redis          */
	struct timer *save_timer;
	struct commands *out;  /**< of the step under way                 */
	struct answer *answer; /**< borrowed: of its CMD_REPLY, or NULL   */
	struct fields *fields; /**< of the save or restore under way      */
	bool stepping;
	bool draining;
	struct metric *live, *steps, *calls_total, *refused, *adopted;
	struct metric *child_invite, *webhook;
};

/** Connect the parts of @p app. @return 0 or an errno, after telling the log */
int app_init(struct app *app, struct service *service,
             const struct settings *settings);
void app_close(struct app *app);

/** Register what is counted. */
void app_metrics(struct app *app);

/** An event with every string "", as the core wants it */
struct event app_event(enum event_type type, unsigned leg);

/** The only place where a call changes and where its effects happen. A call
 *  that is not here has ended while the event was under way: normal. */
void app_step(struct app *app, const char *sid, struct event *ev);

/** Step later, from the loop. Strings of @p ev must be static. */
void app_post(struct app *app, const char *sid, const struct event *ev);

struct owned *app_find(struct app *app, const char *sid);

/** Take @p call over, with its record. @return NULL when memory ran out; then
 *  the caller keeps the call. */
struct owned *app_add(struct app *app, struct call *call, const char *domain,
                      uint64_t epoch);

/** Forget it without a word to anybody: another process owns it now. */
void app_forget(struct app *app, struct owned *o);

/** No new call may begin here. @return NULL, or why not */
const char *app_refuses(const struct app *app);

#endif

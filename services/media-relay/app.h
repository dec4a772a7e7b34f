/*
 * app.h - the relay's main thread: sessions, from the bus to the plane
 */
#ifndef MEDIA_APP_H
#define MEDIA_APP_H

#include "adapters/plane.h"
#include "base/hash.h"
#include "base/log.h"
#include "bus/bus.h"
#include "core/ports.h"
#include "core/session.h"

struct clips;
struct hearing;
struct plays;
struct takes;
struct loop;
struct redis;
struct removal;
struct service;
struct timer;
struct writer;

enum { APP_KEEP_MS = 60000 };    /* a released session answers that long */
enum { APP_RETURNS_MAX = 4 };    /* askers of one release */
enum { APP_WORDS_MS = 600000 };  /* … while its controller is not told all */
enum { APP_ORPHAN_MS = 600000 }; /* without a controller, and silent, it ends */

struct app_conf {
	const char *address;   /**< to bind */
	const char *advertise; /**< in SDP; "" = the same */
	const char *ports;     /**< "30000-39999" */
	const char *allow_private;
	const char *prompts;                      /**< directory */
	const char *recordings;                   /**< directory */
	uint32_t recordings_max, recordings_free; /**< MB */
	uint32_t recordings_days; /**< that they are kept; 0 = for good */
	uint32_t workers;         /**< 0 = number of cores */
	uint32_t timeout_s;
	uint32_t batch_us;
	uint32_t dscp;
	uint32_t cache_mb; /**< of clips that nobody plays */
	bool inband_keys;  /**< heard from phones that promised events, too */
};

/** A session and what hangs on it in this process */
struct app_session {
	struct hash_entry hash;
	struct session *state;       /* owned */
	struct app *app;             /* borrowed */
	struct plane_session *plane; /* NULL: not open */
	struct log log;
	struct log log_session;
	bool releasing;
	size_t n_returns;
	struct bus_return returns[APP_RETURNS_MAX];
	uint64_t released_at_ms;
	uint64_t heard_ms;      /* newest packet of any leg */
	uint64_t controller_ms; /* when its controller was seen alive */
	bool secret;            /* media:{MS…}:secret may be there */
	/* outbox.c */
	struct timer *retry;
	bool in_flight;
	uint64_t in_flight_sequence;
	uint32_t backoff_ms;
	struct hearing *hearings; /* owned; app_listen.c */
};

struct app {
	const struct app_conf *conf; /* borrowed */
	struct service *service;     /* borrowed */
	struct loop *loop;
	struct redis *redis;
	const struct log *log;
	struct plane *plane;
	struct ports *ports;
	struct clips *clips;
	struct takes *takes;
	struct hash sessions;
	struct address bind;
	char advertise[64];
	uint32_t last_leg;
	bool open; /* the bus is */
	bool draining;
	struct {
		void (*done)(void *arg);
		size_t pending; /* replies that are to come */
		bool failed, ended;
	} restore; /* store.c */
	struct timer *tick;
	struct app_metrics *metrics;
	/* app_recordings.c, removals.c */
	struct writer *writer;
	struct hash recordings; /* that are being written, by sid */
	uint32_t last_file;
	struct removal *removals;
	struct timer *removals_timer;
};

/** @return 0, or an errno after logging what to do about it */
int app_init(struct app *app, struct service *service,
             const struct app_conf *conf);
void app_close(struct app *app);

/** What SessionPut says, checked for form */
struct app_put {
	const char *id;
	const char *call_sid;
	const char *controller;
	const char *account_sid;
	uint64_t epoch;
	uint64_t version;
	const struct leg_spec *legs;
	struct plays **plays;    /**< of each leg, or NULL; taken, then NULL */
	struct plays **prefetch; /**< the same; stays the caller's */
	struct listen_order **listens; /**< as `plays` */
	size_t n;
	const struct recording_spec *recordings;
	size_t n_recordings;
};

/** Result of a command: 0 is success, others become a Refusal */
enum app_result {
	APP_DONE,
	APP_STALE,
	APP_INVALID,
	APP_OVERLOADED,
	APP_LATER /**< the answer comes when it is done */
};

/** Make a session so. *sp is set when APP_DONE; *why is for a person. */
enum app_result app_put(struct app *app, struct app_put *put,
                        struct app_session **sp, const char **why);

/** Release one. APP_DONE with *sp NULL: it is not known, which is as good. */
enum app_result app_release(struct app *app, const char *id, uint64_t epoch,
                            const struct bus_return *from,
                            struct app_session **sp);

/** Open a session again that another life of this process had. Takes @p s
 *  over. @param elapsed_us since it was written down */
void app_reopen(struct app *app, struct session *s, uint64_t elapsed_us);

struct app_session *app_find(const struct app *app, const char *id);

#endif

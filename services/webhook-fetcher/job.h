/*
 * job.h - one fetch or callback from its request to its reply
 */
#ifndef FETCHER_JOB_H
#define FETCHER_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/queue.h>

#include "adapters/callbacks.h"
#include "adapters/cookie_store.h"
#include "base/log.h"
#include "base/sid.h"
#include "bus/bus.h"
#include "core/breaker.h"
#include "core/exchange.h"
#include "core/lanes.h"
#include "core/state.h"

struct app;
struct media;
struct transfer;

enum { JOB_TOKEN_SIZE = 37 }; /* a UUID and NUL */
enum { JOB_KEY_MAX = 128 };   /* bytes of an idempotency key */
enum { JOB_TYPE_MAX = 128 };  /* bytes of a content type, with NUL */
enum { JOB_WAITERS_MAX = 8 }; /* who asked the same under the same key */

struct job {
	TAILQ_ENTRY(job) link;
	struct lane_item lane;
	struct app *app; /**< borrowed */
	struct exchange x;
	struct log log;
	char account_sid[SID_SIZE];
	char call_sid[SID_SIZE]; /**< "" = unknown */
	char cookie_scope[SID_SIZE];
	char token[JOB_TOKEN_SIZE];
	char key[JOB_KEY_MAX + 1];       /**< "" = none */
	char entry[CALLBACKS_ENTRY_MAX]; /**< of a callback once stored */
	char host[BREAKER_NAME_MAX];     /**< as the breaker knows it */
	struct bus_return waiters[JOB_WAITERS_MAX];
	size_t n_waiters;
	struct cookie_store_read cookies; /**< asked for before the request */
	bool reading;                     /**< that is under way */
	struct media *media;       /**< borrowed; of PURPOSE_MEDIA, else NULL */
	struct transfer *transfer; /**< borrowed: while a request is out */
	/* The last response; the body is borrowed until app_job_ended() returns */
	unsigned status; /**< 0 = none came */
	char content_type[JOB_TYPE_MAX];
	const unsigned char *body; /**< NULL = none came */
	size_t body_len;
	const char *asked, *told; /**< header lines, borrowed as the body */
	unsigned own_attempt;     /**< instances of rest-api asked before */
	enum job_state state;     /**< by job_enter() only */
	bool own;                 /**< the URL is served by ourselves */
	uint64_t began_at;        /**< monotonic [ms] */
	uint64_t wall_ms;         /**< since 1970 */
};

struct job_spec {
	const char *account_sid, *call_sid, *cookie_scope, *key;
	enum purpose purpose;
	struct request *request; /**< taken over, also on an error */
	struct media *media;     /**< of PURPOSE_MEDIA, else NULL */
	uint32_t timeout_ms;     /**< the asker waits no longer; 0 = for ever */
};

/** @return 0, EINVAL (a sid or key that is too long) or ENOMEM */
int job_alloc(struct job **jp, struct app *app, const struct job_spec *spec);

/** Does not tell anyone; NULL is a no-op. */
void job_free(struct job *job);

/** The next state; a step that state.h does not have is a mistake of ours. */
void job_enter(struct job *job, enum job_state state);

/** Ask, for the first time or again (JOB_NEW, JOB_READY, JOB_PARKED): from here
 *  on job_* runs it, until app_job_ended() is called, which may happen before
 *  this returns. */
void job_run(struct job *job);

/** It waited for its turn as long as its asker does: it ends. */
void job_expire(struct job *job);

#endif

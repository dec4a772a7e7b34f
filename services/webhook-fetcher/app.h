/*
 * app.h - the webhook-fetcher: requests in from the bus, answers out
 */
#ifndef FETCHER_APP_H
#define FETCHER_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/queue.h>

#include "adapters/bins.h"
#include "core/lanes.h"

struct breaker;
struct bus;
struct callbacks;
struct client;
struct debugger;
struct cookies;
struct job;
struct lanes;
struct library;
struct log;
struct metric;
struct redis;
struct replies;
struct service;
struct signer;
struct target_policy;
struct tenants;
struct timer;

enum { APP_WAITING_PER_ACCOUNT = 1000 }; /* requests; more are refused */

struct settings {
	const char *public_url;
	const char *allow_private;
	const char *ca_file;
	uint32_t per_account;
	uint32_t in_hand_max;
	const char *media_directory; /**< "" = in memory */
	uint32_t media_mb;
	uint32_t requests_days; /**< that the inspector keeps them */
};

struct app {
	const struct settings *settings; /**< borrowed */
	struct service *service; /**< borrowed, as all to the blank line */
	const struct log *log;
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;

	struct tenants *tenants;
	struct target_policy *policy;
	struct client *client;
	struct signer *signer;
	struct lanes *lanes;
	struct breaker *breaker;
	struct replies *replies;
	struct cookies *cookies;
	struct guard *digests; /**< origins that asked for Digest */
	struct callbacks *callbacks;
	struct debugger *debugger;
	struct library *library; /**< of media */
	struct bins bins;
	struct timer *sweep; /**< looks at those that wait */
	TAILQ_HEAD(, job) jobs;
	size_t n_jobs;
	TAILQ_HEAD(, lane_item) ready; /**< their lane has a place for them */
	bool running;                  /**< they are being started */
	bool sweeping;
	struct metric *well, *failed, *callbacks_well, *callbacks_failed;
	struct metric *seconds, *in_hand, *open_breakers;
};

/** @return 0, or 1 after the log says what to do */
int app_init(struct app *app, struct service *service,
             const struct settings *settings);
void app_close(struct app *app); /**< after app_init(), failed or not */

/**
 * Take over a job: it runs, or waits for its turn.
 * @return false: too many of its account wait; it stays the caller's
 */
bool app_start(struct app *app, struct job *job);

/** job.c: ask this one again in a moment. */
void app_park(struct app *app, struct job *job);

/** job.c tells that @p job ended, and frees it. */
void app_job_ended(struct app *app, struct job *job);

#endif

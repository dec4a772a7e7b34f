/*
 * service.h - the skeleton of a process: settings, log, loop, Redis, bus,
 * health and metrics over HTTP, signals, drain
 *
 *     int main(int argc, char **argv)
 *     {
 *             struct service *s;
 *             if (service_alloc(&s, &description, argc, argv)) return 1;
 *             app_init(&app, s) … service_run(s) … app_close … service_free(s)
 *     }
 *
 * Options: --help (purpose and settings), --settings (Markdown table).
 * Settings of every process: TRESTLE_REDIS, TRESTLE_INSTANCE, TRESTLE_ADDRESS
 * (internal address; default: the first non-loopback one, else 127.0.0.1),
 * TRESTLE_BUS_PORT, TRESTLE_HTTP_PORT, TRESTLE_LOG, TRESTLE_BUS_PUBLIC_KEY,
 * TRESTLE_BUS_SECRET_KEY, TRESTLE_SECRET_KEY, TRESTLE_SECRET_KEY_OLD,
 * TRESTLE_DRAIN_SECONDS.
 */
#ifndef BASE_SERVICE_H
#define BASE_SERVICE_H

#include <stdbool.h>

#include "base/conf.h"
#include "base/log.h"
#include "bus/bus.h"

struct http_request;
struct service;

struct service_description {
	const char *name;              /**< "registrar"                       */
	const char *purpose;           /**< one line                          */
	const struct conf_item *items; /**< its own settings                  */
	void *conf;                    /**< struct they are written to        */
	const char *const *wants;      /**< bus peers, ends with NULL         */
	const char *const *needs;      /**< those of them without which it is
	                                    of no use; ends with NULL, or NULL */
};

/** Read settings, open the log and the loop, start connecting to Redis.
 *  @return 0, or 1 after telling standard error what to do */
int service_alloc(struct service **sp, const struct service_description *d,
                  int argc, char **argv);

struct loop *service_loop(struct service *s);
struct redis *service_redis(struct service *s);
struct bus *service_bus(struct service *s); /**< after service_open() */
struct metrics *service_metrics(struct service *s);
const struct log *service_log(struct service *s);
const char *service_instance(struct service *s);
const char *service_address(struct service *s); /**< internal IP */

/**
 * Open the bus and the HTTP port: from here on others find this instance.
 * What is wrong is in the log.
 *
 * @param sip        internal SIP address to announce, "" = none
 * @param on_request NULL for a process that serves nothing
 * @return 0 or an errno
 */
int service_open(struct service *s, const char *sip, bus_request_h *on_request,
                 void *arg);

/** What the HTTP port is asked beside /healthz and /metrics. */
void service_on_http(struct service *s,
                     void (*handler)(void *arg, struct http_request *r),
                     void *arg);

/**
 * Asked at each GET of /healthz.
 *
 * /healthz says 503 until Redis and one instance of each service of `needs`
 * were met, while the process drains, and while this handler says so. Redis or
 * the last peer lost later is told in the body of a 200 ("ok, but …") and by
 * trestle_redis_up and trestle_bus_peers: restarting this process would bring
 * back neither, and would end calls that go on without them.
 */
typedef const char *service_health_h(
	void *arg); /**< NULL = well, else why not */
void service_on_health(struct service *s, service_health_h *h, void *arg);

/** SIGTERM and SIGINT: @p drained is asked every 100 ms whether the work in
 *  hand is done; the loop ends then or after TRESTLE_DRAIN_SECONDS. */
void service_on_drain(struct service *s, bool (*drained)(void *arg), void *arg);

void service_run(struct service *s);
void service_free(struct service *s);

#endif

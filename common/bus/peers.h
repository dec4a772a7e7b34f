/*
 * peers.h - who is there: instances found in Redis, judged on the bus
 *
 * Redis says which instances exist: `service:<name>:<instance>`, a hash
 * (endpoint sip http started version load draining) that each refreshes once
 * a second and that expires after three. When Redis is away the last known set
 * stands. Whether one is alive, heartbeats on the bus tell.
 */
#ifndef BUS_PEERS_H
#define BUS_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct peers;

struct peer {
	const char *service;  /**< "registrar"                              */
	const char *instance; /**< "registrar-1", unique in an installation */
	const char *endpoint; /**< ZeroMQ, "tcp://10.0.0.4:41234"           */
	const char *sip;      /**< internal SIP "10.0.0.4:5070"; "" = none   */
	const char *http;     /**< "10.0.0.4:8080"; "" = none                */
	const char *started; /**< when, as it wrote it: of each start its own */
	uint64_t learned_ms; /**< when we read that, monotonic              */
	uint32_t load;
	bool draining;
	bool alive; /**< heard within 1.5 s */
};

/** That instance, dead or alive; NULL when never heard of. Borrowed until the
 *  handler that asked returns. */
const struct peer *peers_find(const struct peers *p, const char *service,
                              const char *instance);

/**
 * The instance for @p key by rendezvous hashing among those alive and not
 * draining (when all drain: among those alive); a NULL key takes the least
 * loaded. NULL when none is alive. Borrowed until the handler returns.
 */
const struct peer *peers_pick(const struct peers *p, const char *service,
                              const char *key);

/** The n-th instance of a service in no special order, or NULL. */
const struct peer *peers_nth(const struct peers *p, const char *service,
                             size_t n);

/** How many instances of a service are alive. */
size_t peers_alive(const struct peers *p, const char *service);

#endif

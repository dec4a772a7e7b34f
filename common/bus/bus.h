/*
 * bus.h - protobuf requests and replies between processes, over ZeroMQ
 *
 * Each instance binds one ROUTER and connects one DEALER to each instance of
 * the services it names in `wants`. Nothing here blocks and nothing is dropped
 * silently: every request ends with exactly one call of its reply handler.
 */
#ifndef BUS_H
#define BUS_H

#include "bus/peers.h"
#include "envelope.pb-c.h"

struct bus;
struct log;
struct loop;
struct metrics;
struct redis;

enum { BUS_VERSION = 1 };
/* bytes; larger ones are not read: 256 KiB of audio, and what is around it */
enum { BUS_MESSAGE_MAX = 320 * 1024 };
enum { BUS_IN_FLIGHT_MAX = 20000 }; /* requests without a reply */

/** Room for a copy of a bus_from. */
struct bus_return {
	unsigned char identity[64]; /**< ROUTER identity of the asker */
	uint8_t identity_len;
	uint64_t id; /**< of its request */
	char call_sid[36];
};

/**
 * A request came in. Answer with bus_reply(), now or later, exactly once.
 * @p env is borrowed until the handler returns.
 */
typedef void bus_request_h(void *arg, const struct bus_return *from,
                           const Trestle__Envelope *env);

/**
 * A request ended. @p err: 0 and the reply (borrowed until it returns; may be
 * a Refusal), or ETIMEDOUT, EHOSTUNREACH (no instance alive, or it died),
 * EAGAIN (queue full), EMSGSIZE (over BUS_MESSAGE_MAX); then @p reply is NULL.
 *
 * With `retry`, a request that nobody can take waits up to three seconds for an
 * instance (a process restarts in that time) before it is EHOSTUNREACH.
 */
typedef void bus_reply_h(void *arg, int err, const Trestle__Envelope *reply);

struct bus_config {
	struct loop *loop;
	struct redis *redis;
	const struct log *log;
	struct metrics *metrics; /**< or NULL */
	const char *service;     /**< who we are: "registrar"                */
	const char *instance;    /**< "registrar-1"                          */
	const char *address;     /**< IP to bind and to tell others          */
	uint32_t port;           /**< 0: any free one                        */
	const char *sip;         /**< told to others: "ip:port" or ""        */
	const char *http;        /**< told to others: "ip:port" or ""        */
	const char *const *
		wants; /**< services to connect to, at most 8, ends with NULL */
	const char
		*curve_secret; /**< Z85 key pair of the installation, or NULL:*/
	const char *
		curve_public; /**<   then the bus is neither encrypted nor authenticated */
	bus_request_h
		*on_request; /**< NULL: this process serves nothing      */
	void *arg;
};

/** @return 0, EADDRINUSE, EINVAL (keys) or ENOMEM; bus_free accepts NULL */
int bus_alloc(struct bus **busp, const struct bus_config *cfg);
void bus_free(struct bus *bus); /**< handlers of open requests are not called */

struct bus_req {
	const char *service; /**< "webhook-fetcher"                          */
	const char
		*instance;   /**< or NULL: choose one as peers_pick(key) does */
	const char *key;     /**< for choosing; NULL = least loaded           */
	uint32_t timeout_ms; /**< until ETIMEDOUT                             */
	bool retry;          /**< when its instance dies or refuses as
	                            OVERLOADED, ask another one in the time left */
};

/**
 * Send a request. The bus fills version, id, timeout and sender of @p env and
 * packs it before returning: the caller keeps ownership. When it can not be
 * sent the handler is called from the loop, not from here.
 *
 * @return 0 or ENOMEM (then the handler is not called)
 */
int bus_request(struct bus *bus, const struct bus_req *req,
                Trestle__Envelope *env, bus_reply_h *handler, void *arg);

/** Forget every open request with this @p arg: its handler is not called. */
void bus_cancel(struct bus *bus, const void *arg);

void bus_reply(struct bus *bus, const struct bus_return *to,
               Trestle__Envelope *env);
void bus_refuse(struct bus *bus, const struct bus_return *to,
                Trestle__Refusal__Reason reason, const char *text);

const struct peers *bus_peers(const struct bus *bus);

/** Was an instance of this service (one of `wants`) ever alive? */
bool bus_met(const struct bus *bus, const char *service);
void bus_set_load(struct bus *bus, uint32_t load, bool draining);

#endif

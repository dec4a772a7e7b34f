/*
 * bus_impl.h - what the files of the bus share; private to common/bus/
 *
 *     bus.c        sockets, heartbeats, what comes in, replies
 *     alive.c      which peers are alive
 *     requests.c   open requests: deadlines, another instance, the end
 *     discovery.c  who is there, by Redis
 */
#ifndef BUS_IMPL_H
#define BUS_IMPL_H

#include "bus/arena.h"
#include "bus/bus.h"
#include "bus/link.h"
#include "bus/peers_set.h"
#include "bus/zap.h"
#include "loop/loop.h"

enum { BUS_NAME_MAX = 2 * PEER_NAME_MAX }; /* service:instance */
enum {
	BUS_TICK_MS = 100,
	BUS_HEARTBEAT_MS = 500,
	BUS_DEAD_MS = 1500,
	BUS_DISCOVER_MS = 1000,
	BUS_DISCOVER_FIRST_MS = 100, /* all start together: find them soon */
	BUS_DISCOVER_FIRST = 50,     /* that often */
	BUS_WANTS_MAX = 8,           /* services of bus_config.wants */
	BUS_EXPIRE_MS = 3000,        /* of a registration in Redis */
	BUS_PARK_MS = 3000, /* a retried request waits for an instance */
	BUS_TRIES_MAX = 4   /* instances asked for one request */
};

struct request;           /* alive.c */
void bus_tick(void *arg); /**< each BUS_TICK_MS */
void bus_disconnect(struct bus *bus, struct peer_node *node);

/* requests.c */

struct requests {
	struct request **v; /* owned */
	size_t n;
	struct request *unused; /* the head of a list */
	size_t n_open;
	uint64_t sequence;
};

struct bus_metrics {
	struct metric *sent, *received, *garbage, *dropped, *retried, *failed;
	struct metric *alive[BUS_WANTS_MAX]; /* of each service wanted */
	struct metric *seconds;
};

/* One look at who is there: the names whose fields Redis was asked for */
struct bus_round {
	char (*names)[BUS_NAME_MAX]; /* owned, PEERS_MAX */
	size_t n, next;              /* n = 0: none under way */
	bool failed;                 /* one was not answered: nobody leaves */
};

struct bus {
	struct bus_config cfg; /* its strings: below, or borrowed for life */
	char endpoint[PEER_ADDRESS_MAX];
	char name[BUS_NAME_MAX]; /* "registrar:registrar-1" */
	char started[32];
	struct link router;
	bool zap; /* is open for us */
	struct peers peers;
	struct bus_round round;
	struct requests requests;
	struct bus_arena arena;
	struct bus_metrics metrics;
	struct timer *tick;
	struct timer *discover;
	uint64_t ticked_at;
	uint32_t load;
	bool draining;
	bool met[BUS_WANTS_MAX]; /* one of that service was alive once */
	unsigned n_asked;        /* times that Redis was asked who is there */
};

/* bus.c */
/** Connect to where it is. @return as link_connect() */
int bus_connect(struct bus *bus, struct peer_node *node);
void bus_heartbeat(struct bus *bus, struct link *link, const void *identity,
                   size_t n);

/** Pack into a new message. @return 0, ENOMEM or EMSGSIZE */
int bus_pack(const Trestle__Envelope *env, zmq_msg_t *body);

/* requests.c */
void requests_close(struct bus *bus);

/** A reply came on the link of @p node. */
void requests_on_reply(struct bus *bus, struct peer_node *node,
                       const Trestle__Envelope *env);
void requests_on_alive(
	struct bus *bus); /**< somebody is back: what waits goes */
void requests_on_dead(struct bus *bus, struct peer_node *node);

/* discovery.c */
int discovery_open(struct bus *bus); /**< @return 0 or ENOMEM */
void discovery_close(struct bus *bus);

#endif

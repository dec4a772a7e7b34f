/*
 * peers_set.h - the side of peers.h that the bus writes
 */
#ifndef BUS_PEERS_SET_H
#define BUS_PEERS_SET_H

#include "bus/link.h"
#include "bus/peers.h"

enum { PEERS_MAX = 1000 };       /* instances of an installation */
enum { PEER_NAME_MAX = 64 };     /* of a service or instance, with the NUL */
enum { PEER_ADDRESS_MAX = 128 }; /* of an endpoint, with the NUL */

struct peer_node {
	struct peer peer; /* what others see; points into the arrays below */
	char service[PEER_NAME_MAX];
	char instance[PEER_NAME_MAX];
	char endpoint[PEER_ADDRESS_MAX];
	char sip[PEER_ADDRESS_MAX];
	char http[PEER_ADDRESS_MAX];
	char started[PEER_NAME_MAX]; /* changes with each start */
	uint64_t service_sum;
	uint64_t instance_sum;
	bool wanted;         /* we connect to it */
	bool listed;         /* Redis named it last time */
	uint32_t in_flight;  /* our requests that it has */
	uint64_t heard_at;   /* last message from it, monotonic [ms] */
	uint64_t greeted_at; /* last heartbeat to it */
	struct link link;    /* DEALER; closed while not wanted */
};

struct peers {
	struct peer_node **v; /* owned */
	size_t n;
	size_t turn; /* so that equals share */
};

/** What Redis says of an instance; borrowed */
struct peer_entry {
	const char *service;
	const char *instance;
	const char *endpoint;
	const char *sip;
	const char *http;
	const char *started;
	uint32_t load;
	bool draining;
};

void peers_close(struct peers *p); /**< their links must be closed */

/** Make one. NULL: names are empty or too long, PEERS_MAX, no memory. */
struct peer_node *peers_add(struct peers *p, const struct peer_entry *e);
void peers_remove(struct peers *p, struct peer_node *node);

/** Take over addresses. @return false: they are too long */
bool peers_set(struct peer_node *node, const struct peer_entry *e);

struct peer_node *peers_node(const struct peers *p, const char *service,
                             const char *instance);

/** As peers_pick(), never @p except. */
struct peer_node *peers_choose(struct peers *p, const char *service,
                               const char *key, const struct peer_node *except);

#endif

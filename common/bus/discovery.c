/*
 * discovery.c - who is there, by Redis
 *
 * Each instance writes its fields to `service:<name>:<instance>`, which expires,
 * and its name to the sorted set `services`; then it reads the set and the
 * fields of each. A key a command: on Redis Cluster they are in different slots.
 * A name whose fields have expired leaves the set.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/bus_impl.h"
#include "store/redis.h"

/* Fields that never expire would be a process that never dies: both or none. */
static struct redis_script script = {
	.source = "redis.call('HSET', KEYS[1], 'endpoint', ARGV[2],"
		  " 'sip', ARGV[3], 'http', ARGV[4], 'started', ARGV[5],"
		  " 'version', ARGV[6], 'load', ARGV[7], 'draining', ARGV[8])\n"
		  "return redis.call('PEXPIRE', KEYS[1], ARGV[1])\n",
};

enum { ENDPOINT, SIP, HTTP, STARTED, LOAD, DRAINING, FIELDS };

static bool wanted(const struct bus *bus, const char *service)
{
	for (const char *const *w = bus->cfg.wants; w && *w; w++) {
		if (strcmp(*w, service) == 0)
			return true;
	}
	return false;
}

/* One that was started anew knows nothing of what the old one was asked, even
 * when it has the same address. */
static void update(struct bus *bus, struct peer_node *node,
                   const struct peer_entry *e)
{
	bool anew = strcmp(node->endpoint, e->endpoint) != 0 ||
	            strcmp(node->started, e->started) != 0;
	struct peer_entry known = *e;

	if (node->peer.alive && node->wanted) {
		/* Its heartbeats are younger than what it wrote down. */
		known.load = node->peer.load;
		known.draining = node->peer.draining;
	}
	if (anew && node->wanted)
		bus_disconnect(bus, node);
	if (anew)
		node->peer.learned_ms = loop_now_ms();
	if (!peers_set(node, &known))
		log_warn(bus->cfg.log, "the address of %s is too long",
		         node->instance);
}

static void learn(struct bus *bus, const struct peer_entry *e)
{
	struct peer_node *node =
		peers_node(&bus->peers, e->service, e->instance);

	if (node)
		update(bus, node, e);
	else
		node = peers_add(&bus->peers, e);
	if (!node)
		return;
	if (node->peer.learned_ms == 0)
		node->peer.learned_ms = loop_now_ms();
	node->listed = true;
	node->wanted = wanted(bus, node->service);
	if (!node->wanted)
		node->peer.alive = true; /* Redis is all that we ask */
	else if (!node->link.socket && bus_connect(bus, node) != 0)
		log_warn(bus->cfg.log, "can not connect to %s at \"%s\"",
		         node->instance, node->endpoint);
}

/* Split "registrar:registrar-1"; both point into @p name. */
static bool split_name(char name[BUS_NAME_MAX], const char **service,
                       const char **instance)
{
	char *colon = strchr(name, ':');

	if (!colon)
		return false;
	*colon = '\0';
	*service = name;
	*instance = colon + 1;
	return true;
}

static void learn_fields(struct bus *bus, const char *full,
                         const redisReply *fields)
{
	char name[BUS_NAME_MAX];
	struct peer_entry e = {.load = 0};

	for (size_t i = 0; i < FIELDS; i++) {
		if (fields->element[i]->type != REDIS_REPLY_STRING)
			return;
	}
	(void)snprintf(name, sizeof(name), "%s", full);
	if (!split_name(name, &e.service, &e.instance))
		return;
	e.endpoint = fields->element[ENDPOINT]->str;
	e.sip = fields->element[SIP]->str;
	e.http = fields->element[HTTP]->str;
	e.started = fields->element[STARTED]->str;
	e.load = (uint32_t)strtoul(fields->element[LOAD]->str, NULL, 10);
	e.draining = strcmp(fields->element[DRAINING]->str, "true") == 0;
	learn(bus, &e);
}

/* Not in Redis any more, and on the bus it is dead (or we do not ask). */
static void forget(struct bus *bus)
{
	for (size_t i = bus->peers.n; i-- > 0;) {
		struct peer_node *node = bus->peers.v[i];

		if (node->listed || (node->wanted && node->peer.alive))
			continue;
		if (node->wanted)
			bus_disconnect(bus, node);
		peers_remove(&bus->peers, node);
	}
}

/* Names are asked for in one pipeline, so their fields come in this order. */
static void on_fields(void *arg, int err, const redisReply *reply)
{
	struct bus *bus = arg;
	const char *name = bus->round.names[bus->round.next++];

	if (err || reply->type != REDIS_REPLY_ARRAY ||
	    reply->elements != FIELDS)
		bus->round.failed = true;
	else if (reply->element[ENDPOINT]->type == REDIS_REPLY_NIL)
		(void)redis_command(bus->cfg.redis, NULL, NULL,
		                    "ZREM services %s", name);
	else
		learn_fields(bus, name, reply);
	if (bus->round.next < bus->round.n)
		return;
	if (!bus->round.failed)
		forget(bus);
	bus->round.n = 0;
}

static bool ask_fields(struct bus *bus, const redisReply *name)
{
	struct bus_round *round = &bus->round;
	const char *argv[] = {"HMGET", NULL,      "endpoint", "sip",
	                      "http",  "started", "load",     "draining"};
	char key[sizeof("service:") + BUS_NAME_MAX];

	if (name->type != REDIS_REPLY_STRING || name->len >= BUS_NAME_MAX ||
	    round->n == PEERS_MAX)
		return true; /* not ours */
	memcpy(round->names[round->n], name->str, name->len + 1);
	(void)snprintf(key, sizeof(key), "service:%s", name->str);
	argv[1] = key;
	if (redis_argv(bus->cfg.redis, on_fields, bus,
	               sizeof(argv) / sizeof(argv[0]), argv, NULL) != 0)
		return false;
	round->n++;
	return true;
}

static void on_list(void *arg, int err, const redisReply *reply)
{
	struct bus *bus = arg;

	if (err || reply->type != REDIS_REPLY_ARRAY) {
		if (err == EPROTO)
			log_error(bus->cfg.log,
			          "Redis refuses to say who is "
			          "there: %s",
			          reply->str);
		return; /* the last known set stands */
	}
	if (bus->round.n)
		return; /* the answers of the last time are still to come */
	bus->round.next = 0;
	bus->round.failed = false;
	for (size_t i = 0; i < bus->peers.n; i++)
		bus->peers.v[i]->listed = false;
	for (size_t i = 0; i < reply->elements && !bus->round.failed; i++)
		bus->round.failed = !ask_fields(bus, reply->element[i]);
}

static void tell(struct bus *bus)
{
	char load[12], expire[12], version[12];
	char key[sizeof("service:") + BUS_NAME_MAX];
	const char *argv[] = {
		key,
		expire,
		bus->endpoint,
		bus->cfg.sip ? bus->cfg.sip : "",
		bus->cfg.http ? bus->cfg.http : "",
		bus->started,
		version,
		load,
		bus->draining ? "true" : "false",
	};

	(void)snprintf(key, sizeof(key), "service:%s", bus->name);
	(void)snprintf(load, sizeof(load), "%u", bus->load);
	(void)snprintf(expire, sizeof(expire), "%d", BUS_EXPIRE_MS);
	(void)snprintf(version, sizeof(version), "%d", BUS_VERSION);
	(void)redis_eval(bus->cfg.redis, &script, NULL, NULL, 1,
	                 sizeof(argv) / sizeof(argv[0]), argv, NULL);
	(void)redis_command(bus->cfg.redis, NULL, NULL, "ZADD services %llu %s",
	                    (unsigned long long)loop_wall_ms() / 1000,
	                    bus->name);
}

static void ask(struct bus *bus)
{
	tell(bus);
	(void)redis_command(bus->cfg.redis, on_list, bus,
	                    "ZRANGE services 0 -1");
}

static void on_timer(void *arg)
{
	struct bus *bus = arg;

	ask(bus);
	if (bus->n_asked < BUS_DISCOVER_FIRST)
		bus->n_asked++;
	timer_start(bus->discover, bus->n_asked < BUS_DISCOVER_FIRST
	                                   ? BUS_DISCOVER_FIRST_MS
	                                   : BUS_DISCOVER_MS);
}

static void on_up(void *arg)
{
	ask(arg);
}

int discovery_open(struct bus *bus)
{
	int err;

	bus->round.names = calloc(PEERS_MAX, sizeof(*bus->round.names));
	if (!bus->round.names)
		return ENOMEM;
	err = timer_alloc(&bus->discover, bus->cfg.loop, on_timer, bus);
	if (err)
		return err;
	redis_on_up(bus->cfg.redis, on_up, bus);
	timer_start(bus->discover, BUS_DISCOVER_FIRST_MS);
	return 0;
}

void discovery_close(struct bus *bus)
{
	if (bus->discover)
		redis_cancel(bus->cfg.redis, bus);
	timer_free(bus->discover);
	bus->discover = NULL;
	free(bus->round.names);
	bus->round.names = NULL;
}

/*
 * discovery.c - who is there, by Redis
 *
 * One script a second registers this instance and tells of all: the sorted set
 * `services` has the names, `service:<name>:<instance>` the fields. What has
 * expired leaves the set with the next script.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "bus/bus_impl.h"
#include "store/redis.h"

static struct redis_script script = {
	.source =
		"local key = 'service:' .. ARGV[1]\n"
		"redis.call('HSET', key, 'endpoint', ARGV[3], 'sip', ARGV[4],"
		" 'http', ARGV[5], 'started', ARGV[6], 'version', ARGV[7],"
		" 'load', ARGV[8], 'draining', ARGV[9])\n"
		"redis.call('PEXPIRE', key, ARGV[2])\n"
		"redis.call('ZADD', KEYS[1], redis.call('TIME')[1], ARGV[1])\n"
		"local all = {}\n"
		"for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) "
		"do\n"
		"  local f = redis.call('HMGET', 'service:' .. name,"
		" 'endpoint', 'sip', 'http', 'started', 'load', 'draining')\n"
		"  if f[1] then\n"
		"    all[#all + 1] = {name, f[1], f[2] or '', f[3] or '',"
		" f[4] or '', f[5] or '0', f[6] or ''}\n"
		"  else\n"
		"    redis.call('ZREM', KEYS[1], name)\n"
		"  end\n"
		"end\n"
		"return all\n",
};

enum { NAME, ENDPOINT, SIP, HTTP, STARTED, LOAD, DRAINING, FIELDS };

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
	node->listed = true;
	node->wanted = wanted(bus, node->service);
	if (!node->wanted)
		node->peer.alive = true; /* Redis is all that we ask */
	else if (!node->link.socket && bus_connect(bus, node) != 0)
		log_warn(bus->cfg.log, "can not connect to %s at \"%s\"",
		         node->instance, node->endpoint);
}

static void learn_row(struct bus *bus, const redisReply *row)
{
	char service[PEER_NAME_MAX];
	const char *name, *colon;
	struct peer_entry e = {.service = service};

	if (row->type != REDIS_REPLY_ARRAY || row->elements != FIELDS)
		return;
	for (size_t i = 0; i < FIELDS; i++) {
		if (row->element[i]->type != REDIS_REPLY_STRING)
			return;
	}
	name = row->element[NAME]->str;
	colon = strchr(name, ':');
	if (!colon || (size_t)(colon - name) >= sizeof(service))
		return;
	(void)snprintf(service, sizeof(service), "%.*s", (int)(colon - name),
	               name);
	e.instance = colon + 1;
	e.endpoint = row->element[ENDPOINT]->str;
	e.sip = row->element[SIP]->str;
	e.http = row->element[HTTP]->str;
	e.started = row->element[STARTED]->str;
	e.load = (uint32_t)strtoul(row->element[LOAD]->str, NULL, 10);
	e.draining = strcmp(row->element[DRAINING]->str, "true") == 0;
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
	for (size_t i = 0; i < bus->peers.n; i++)
		bus->peers.v[i]->listed = false;
	for (size_t i = 0; i < reply->elements; i++)
		learn_row(bus, reply->element[i]);
	forget(bus);
}

static void ask(struct bus *bus)
{
	char load[12], expire[12], version[12];
	const char *argv[] = {
		"services",
		bus->name,
		expire,
		bus->endpoint,
		bus->cfg.sip ? bus->cfg.sip : "",
		bus->cfg.http ? bus->cfg.http : "",
		bus->started,
		version,
		load,
		bus->draining ? "true" : "false",
	};

	(void)snprintf(load, sizeof(load), "%u", bus->load);
	(void)snprintf(expire, sizeof(expire), "%d", BUS_EXPIRE_MS);
	(void)snprintf(version, sizeof(version), "%d", BUS_VERSION);
	(void)redis_eval(bus->cfg.redis, &script, on_list, bus, 1,
	                 sizeof(argv) / sizeof(argv[0]), argv, NULL);
}

static void on_timer(void *arg)
{
	struct bus *bus = arg;

	ask(bus);
	timer_start(bus->discover, BUS_DISCOVER_MS);
}

static void on_up(void *arg)
{
	ask(arg);
}

int discovery_open(struct bus *bus)
{
	int err = timer_alloc(&bus->discover, bus->cfg.loop, on_timer, bus);

	if (err)
		return err;
	redis_on_up(bus->cfg.redis, on_up, bus);
	timer_start(bus->discover, BUS_DISCOVER_MS);
	return 0;
}

void discovery_close(struct bus *bus)
{
	if (bus->discover)
		redis_cancel(bus->cfg.redis, bus);
	timer_free(bus->discover);
	bus->discover = NULL;
}

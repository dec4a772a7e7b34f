/*
 * alive.c - who is alive: heartbeats to each peer, judged by what is heard
 */
#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "bus/bus_impl.h"

static void died(struct bus *bus, struct peer_node *node)
{
	if (!node->peer.alive)
		return;
	node->peer.alive = false;
	log_warn(bus->cfg.log, "%s is gone", node->instance);
	requests_on_dead(bus, node);
}

void bus_disconnect(struct bus *bus, struct peer_node *node)
{
	died(bus, node);
	link_close(&node->link);
}

static void judge(struct bus *bus, struct peer_node *node, uint64_t now)
{
	uint64_t pause = node->peer.alive ? BUS_HEARTBEAT_MS : BUS_TICK_MS;

	if (node->peer.alive && now - node->heard_at > BUS_DEAD_MS)
		died(bus, node);
	if (now - node->greeted_at >= pause) {
		node->greeted_at = now;
		bus_heartbeat(bus, &node->link, NULL, 0);
	}
}

static void count_alive(struct bus *bus)
{
	const char *const *wants = bus->cfg.wants;

	for (size_t i = 0; wants && wants[i]; i++) {
		size_t alive = peers_alive(&bus->peers, wants[i]);

		bus->met[i] |= alive > 0;
		metric_set(bus->metrics.alive[i], (double)alive);
	}
}

bool bus_met(const struct bus *bus, const char *service)
{
	for (size_t i = 0; bus->cfg.wants && bus->cfg.wants[i]; i++) {
		if (strcmp(bus->cfg.wants[i], service) == 0)
			return bus->met[i];
	}
	return false;
}

void bus_tick(void *arg)
{
	struct bus *bus = arg;
	uint64_t now = loop_now_ms();
	/* When we were the one that stood still, nobody could be heard. */
	bool slept = now - bus->ticked_at > BUS_HEARTBEAT_MS;

	bus->ticked_at = now;
	for (size_t i = 0; i < bus->peers.n; i++) {
		struct peer_node *node = bus->peers.v[i];

		if (slept)
			node->heard_at = now;
		if (node->wanted)
			judge(bus, node, now);
	}
	count_alive(bus);
	requests_on_alive(bus); /* or connected, or no longer full */
	timer_start(bus->tick, BUS_TICK_MS);
}

/*
 * bus.c - sockets, heartbeats, what comes in, replies
 */
#include "bus/bus.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/metrics.h"
#include "bus/bus_impl.h"
#include "store/redis.h"
#include "store/time.h"

/* --- out ----------------------------------------------------------------- */

int bus_pack(const Trestle__Envelope *env, zmq_msg_t *body)
{
	size_t size = trestle__envelope__get_packed_size(env);

	if (size > BUS_MESSAGE_MAX)
		return EMSGSIZE;
	if (zmq_msg_init_size(body, size) != 0)
		return ENOMEM;
	trestle__envelope__pack(env, zmq_msg_data(body));
	return 0;
}

static void send_reply(struct bus *bus, const struct bus_return *to,
                       Trestle__Envelope *env)
{
	zmq_msg_t body;
	int err;

	env->version = BUS_VERSION;
	env->id = 0;
	env->reply_to = to->id;
	env->timeout_ms = 0;
	env->sender = (char *)bus->cfg.instance;
	if (env->call_sid == NULL || env->call_sid[0] == '\0')
		env->call_sid = (char *)to->call_sid;
	err = bus_pack(env, &body);
	if (!err) {
		err = link_send(&bus->router, to->identity, to->identity_len,
		                &body);
		if (err)
			zmq_msg_close(&body);
		else
			metric_add(bus->metrics.sent, 1);
	}
	if (err) {
		/* Whoever asked is gone, or does not read. */
		metric_add(bus->metrics.dropped, 1);
		log_warn(bus->cfg.log, "reply dropped: %s", strerror(err));
	}
}

void bus_reply(struct bus *bus, const struct bus_return *to,
               Trestle__Envelope *env)
{
	if (trestle__envelope__get_packed_size(env) + 256 > BUS_MESSAGE_MAX)
		bus_refuse(bus, to, TRESTLE__REFUSAL__REASON__INVALID,
		           "the reply is too large for the bus");
	else
		send_reply(bus, to, env);
}

void bus_refuse(struct bus *bus, const struct bus_return *to,
                Trestle__Refusal__Reason reason, const char *text)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__Refusal refusal = TRESTLE__REFUSAL__INIT;

	refusal.reason = reason;
	refusal.text = (char *)text;
	env.body_case = TRESTLE__ENVELOPE__BODY_REFUSAL;
	env.refusal = &refusal;
	send_reply(bus, to, &env);
}

void bus_heartbeat(struct bus *bus, struct link *link, const void *identity,
                   size_t n)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__Heartbeat heartbeat = TRESTLE__HEARTBEAT__INIT;
	zmq_msg_t body;

	heartbeat.load = bus->load;
	heartbeat.draining = bus->draining;
	env.version = BUS_VERSION;
	env.sender = (char *)bus->cfg.instance;
	env.body_case = TRESTLE__ENVELOPE__BODY_HEARTBEAT;
	env.heartbeat = &heartbeat;
	if (bus_pack(&env, &body) != 0)
		return;
	if (link_send(link, identity, n, &body) != 0)
		zmq_msg_close(&body); /* not connected: that is what we ask */
}

/* --- in ------------------------------------------------------------------ */

static Trestle__Envelope *unpack(struct bus *bus, zmq_msg_t *body)
{
	Trestle__Envelope *env = trestle__envelope__unpack(
		&bus->arena.allocator, zmq_msg_size(body), zmq_msg_data(body));

	metric_add(bus->metrics.received, 1);
	if (!env) {
		metric_add(bus->metrics.garbage, 1);
		log_warn(bus->cfg.log, "garbage of %zu bytes on the bus",
		         zmq_msg_size(body));
	}
	return env;
}

static void on_request(struct bus *bus, const struct bus_return *from,
                       const Trestle__Envelope *env)
{
	if (env->version != BUS_VERSION)
		bus_refuse(bus, from, TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "this version of the envelope is not known here");
	else if (env->body_case == TRESTLE__ENVELOPE__BODY__NOT_SET)
		bus_refuse(bus, from, TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "this message is not known here");
	else if (!bus->cfg.on_request)
		bus_refuse(bus, from, TRESTLE__REFUSAL__REASON__UNSUPPORTED,
		           "nothing is served here");
	else
		bus->cfg.on_request(bus->cfg.arg, from, env);
}

/* On the ROUTER: requests and heartbeats of those who connected to us */
static void on_router(void *arg, struct link *link, zmq_msg_t *identity,
                      zmq_msg_t *body)
{
	struct bus *bus = arg;
	struct bus_return from = {.id = 0};
	size_t n = zmq_msg_size(identity);
	const Trestle__Envelope *env = unpack(bus, body);

	if (!env || n > sizeof(from.identity))
		goto out;
	if (env->body_case == TRESTLE__ENVELOPE__BODY_HEARTBEAT) {
		bus_heartbeat(bus, link, zmq_msg_data(identity), n);
		goto out;
	}
	if (env->id == 0 || env->reply_to != 0) {
		metric_add(bus->metrics.garbage, 1);
		goto out;
	}
	memcpy(from.identity, zmq_msg_data(identity), n);
	from.identity_len = (uint8_t)n;
	from.id = env->id;
	(void)snprintf(from.call_sid, sizeof(from.call_sid), "%s",
	               env->call_sid);
	on_request(bus, &from, env);
out:
	bus_arena_reset(&bus->arena);
}

static void on_heard(struct bus *bus, struct peer_node *node,
                     const Trestle__Envelope *env)
{
	bool was_alive = node->peer.alive;

	node->heard_at = loop_now_ms();
	node->peer.alive = true;
	if (env->body_case == TRESTLE__ENVELOPE__BODY_HEARTBEAT) {
		node->peer.load = env->heartbeat->load;
		node->peer.draining = env->heartbeat->draining;
	}
	if (!was_alive) {
		log_info(bus->cfg.log, "%s is there", node->instance);
		requests_on_alive(bus);
	}
}

/* On a DEALER: replies and heartbeats of the one it is connected to */
static void on_dealer(void *arg, struct link *link, zmq_msg_t *identity,
                      zmq_msg_t *body)
{
	struct bus *bus = arg;
	struct peer_node *node =
		(struct peer_node *)(void *)((char *)link -
	                                     offsetof(struct peer_node, link));
	const Trestle__Envelope *env = unpack(bus, body);

	(void)identity;
	if (env) {
		on_heard(bus, node, env);
		if (env->reply_to != 0)
			requests_on_reply(bus, node, env);
	}
	bus_arena_reset(&bus->arena);
}

/* --- who is alive -------------------------------------------------------- */

static struct link_keys bus_keys(const struct bus *bus)
{
	return (struct link_keys){bus->cfg.curve_public, bus->cfg.curve_secret};
}

int bus_connect(struct bus *bus, struct peer_node *node)
{
	struct link_keys keys = bus_keys(bus);

	node->link.handler = on_dealer;
	node->link.arg = bus;
	node->greeted_at = 0;
	return link_connect(&node->link, bus->cfg.loop, node->endpoint, &keys);
}

const struct peers *bus_peers(const struct bus *bus)
{
	return &bus->peers;
}

void bus_set_load(struct bus *bus, uint32_t load, bool draining)
{
	bus->load = load;
	bus->draining = draining;
}

/* --- life ---------------------------------------------------------------- */

static int bind_router(struct bus *bus)
{
	const struct bus_config *cfg = &bus->cfg;
	struct link_keys keys = bus_keys(bus);
	bool v6 = strchr(cfg->address, ':') != NULL;
	char port[12] = "*";
	int err;

	if (cfg->port)
		(void)snprintf(port, sizeof(port), "%u", cfg->port);
	(void)snprintf(bus->endpoint, sizeof(bus->endpoint), "tcp://%s%s%s:%s",
	               v6 ? "[" : "", cfg->address, v6 ? "]" : "", port);
	bus->router.handler = on_router;
	bus->router.arg = bus;
	err = link_bind(&bus->router, cfg->loop, bus->endpoint, &keys);
	if (err)
		return err;
	return link_endpoint(&bus->router, bus->endpoint,
	                     sizeof(bus->endpoint));
}

static void add_metrics(struct bus_metrics *b, struct metrics *m,
                        const char *const *wants)
{
	char label[PEER_NAME_MAX];

	for (size_t i = 0; wants && wants[i]; i++) {
		(void)snprintf(label, sizeof(label), "service=\"%s\"",
		               wants[i]);
		b->alive[i] = metrics_gauge(m, "trestle_bus_peers", label,
		                            "Instances that it talks to, "
		                            "alive");
	}
	b->sent = metrics_counter(m, "trestle_bus_sent_total", NULL,
	                          "Requests and replies sent");
	b->received = metrics_counter(m, "trestle_bus_received_total", NULL,
	                              "Messages received");
	b->garbage = metrics_counter(m, "trestle_bus_garbage_total", NULL,
	                             "Messages dropped because they make no "
	                             "sense");
	b->dropped = metrics_counter(m, "trestle_bus_dropped_total", NULL,
	                             "Replies that could not be sent");
	b->retried = metrics_counter(m, "trestle_bus_retried_total", NULL,
	                             "Requests sent to another instance");
	b->failed = metrics_counter(m, "trestle_bus_failed_total", NULL,
	                            "Requests that ended without a reply");
	b->seconds = metrics_histogram(m, "trestle_bus_request_seconds", NULL,
	                               "From a request to its end");
}

static int open_all(struct bus *bus)
{
	const struct bus_config *cfg = &bus->cfg;
	int err;

	if (cfg->curve_secret) {
		err = zap_open(cfg->loop, cfg->curve_public, cfg->curve_secret);
		if (err)
			return err;
		bus->zap = true;
	}
	err = bind_router(bus);
	if (!err)
		err = timer_alloc(&bus->tick, cfg->loop, bus_tick, bus);
	if (!err)
		err = discovery_open(bus);
	if (!err) {
		bus->ticked_at = loop_now_ms();
		timer_start(bus->tick, BUS_TICK_MS);
	}
	return err;
}

int bus_alloc(struct bus **busp, const struct bus_config *cfg)
{
	struct bus *bus;
	int n, err;

	if (!cfg->curve_public != !cfg->curve_secret)
		return EINVAL;
	for (n = 0; cfg->wants && cfg->wants[n]; n++)
		assert(n < BUS_WANTS_MAX);
	bus = calloc(1, sizeof(*bus));
	if (!bus)
		return ENOMEM;
	bus->cfg = *cfg;
	bus_arena_init(&bus->arena);
	time_text(loop_wall_ms(), bus->started);
	n = snprintf(bus->name, sizeof(bus->name), "%s:%s", cfg->service,
	             cfg->instance);
	add_metrics(&bus->metrics, cfg->metrics, cfg->wants);
	err = (size_t)n < sizeof(bus->name) ? open_all(bus) : EINVAL;
	if (err)
		bus_free(bus);
	else
		*busp = bus;
	return err;
}

void bus_free(struct bus *bus)
{
	if (!bus)
		return;
	discovery_close(bus);
	timer_free(bus->tick);
	requests_close(bus);
	for (size_t i = 0; i < bus->peers.n; i++)
		link_close(&bus->peers.v[i]->link);
	peers_close(&bus->peers);
	link_close(&bus->router);
	if (bus->zap)
		zap_close();
	bus_arena_close(&bus->arena);
	free(bus);
}

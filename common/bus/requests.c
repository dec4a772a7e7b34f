/*
 * requests.c - open requests: deadlines, another instance, the end
 *
 *     CHOSEN by key, load or name ── sent ──> reply, Refusal: the end
 *        ^                             │
 *        │ retry: its instance died or is OVERLOADED
 *        │                             v
 *        └── one is alive ──────── parked, BUS_PARK_MS at most
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/metrics.h"
#include "bus/request.h"

/* The field timeout_ms once more, with what is left: the last one counts. */
enum { TIMEOUT_TAG = 4 << 3, TIMEOUT_BYTES = 6 };

static void end(struct request *r, int err, const Trestle__Envelope *reply)
{
	bus_reply_h *handler = r->handler;
	void *arg = r->arg;

	metric_observe_us(r->bus->metrics.seconds,
	                  loop_now_us() - r->started_us);
	if (err)
		metric_add(r->bus->metrics.failed, 1);
	request_release(r);
	if (handler)
		handler(arg, err, reply);
}

/* End from the loop, not from here. */
static void fail(struct request *r, int err)
{
	request_leave(r);
	r->err = err;
	timer_start(r->timer, 0);
}

static uint32_t left_ms(const struct request *r)
{
	uint64_t now = loop_now_ms();

	return r->deadline > now ? (uint32_t)(r->deadline - now) : 0;
}

static void on_timer(void *arg)
{
	struct request *r = arg;

	end(r, r->err, NULL);
}

/* --- sending ------------------------------------------------------------- */

static struct peer_node *choose(const struct request *r,
                                const struct peer_node *except)
{
	struct peers *peers = &r->bus->peers;
	struct peer_node *node;

	if (r->instance[0] == '\0')
		return peers_choose(peers, r->service, r->keyed ? r->key : NULL,
		                    except);
	node = peers_node(peers, r->service, r->instance);
	return node && node->peer.alive && node != except ? node : NULL;
}

static int hand_over(struct request *r, struct peer_node *node, zmq_msg_t *body)
{
	int err = link_send(&node->link, NULL, 0, body);

	if (err) {
		zmq_msg_close(body);
		return EAGAIN;
	}
	r->node = node;
	r->err = ETIMEDOUT;
	r->tries++;
	node->in_flight++;
	metric_add(r->bus->metrics.sent, 1);
	return 0;
}

static size_t put_timeout(uint8_t *out, uint32_t ms)
{
	size_t n = 0;

	out[n++] = TIMEOUT_TAG;
	for (; ms >= 0x80; ms >>= 7)
		out[n++] = (uint8_t)(ms | 0x80);
	out[n++] = (uint8_t)ms;
	return n;
}

static int send_again(struct request *r, struct peer_node *node)
{
	uint8_t timeout[TIMEOUT_BYTES];
	size_t n = put_timeout(timeout, left_ms(r));
	uint8_t *out;
	zmq_msg_t body;

	if (zmq_msg_init_size(&body, r->packed_len + n) != 0)
		return ENOMEM;
	out = zmq_msg_data(&body);
	memcpy(out, r->packed, r->packed_len);
	memcpy(out + r->packed_len, timeout, n);
	metric_add(r->bus->metrics.retried, 1);
	return hand_over(r, node, &body);
}

/* Nobody can take it now. Somebody may in a moment: a process restarts within
 * a second or two. */
static void park(struct request *r)
{
	uint32_t left = left_ms(r);

	request_leave(r);
	r->err = EHOSTUNREACH;
	timer_start(r->timer, left < BUS_PARK_MS ? left : BUS_PARK_MS);
}

/* Ask another instance than @p except. @return false: there is none */
static bool move(struct request *r, const struct peer_node *except)
{
	struct peer_node *node;

	if (!r->retry || r->tries >= BUS_TRIES_MAX)
		return false;
	node = choose(r, except);
	if (!node)
		return false;
	request_leave(r);
	if (send_again(r, node) != 0)
		return false;
	timer_start(r->timer, left_ms(r));
	return true;
}

/* --- opening ------------------------------------------------------------- */

static bool copy(char *out, size_t size, const char *s)
{
	return (size_t)snprintf(out, size, "%s", s ? s : "") < size;
}

/* The text of a key that is too long is replaced by its end: where it differs
 * from others is rarely its start. */
static void copy_key(struct request *r, const char *key)
{
	size_t n = key ? strlen(key) : 0;

	r->keyed = key != NULL;
	if (n >= sizeof(r->key))
		key += n - sizeof(r->key) + 1;
	(void)copy(r->key, sizeof(r->key), key);
}

static int fill(struct request *r, const struct bus_req *req)
{
	if (!copy(r->service, sizeof(r->service), req->service) ||
	    !copy(r->instance, sizeof(r->instance), req->instance))
		return EHOSTUNREACH; /* no instance can have such a name */
	copy_key(r, req->key);
	r->retry = req->retry;
	r->tries = 0;
	r->deadline = loop_now_ms() + req->timeout_ms;
	return 0;
}

static int keep(struct request *r, zmq_msg_t *body)
{
	size_t n = zmq_msg_size(body);

	if (n > r->packed_size) {
		uint8_t *packed = realloc(r->packed, n);

		if (!packed)
			return ENOMEM;
		r->packed = packed;
		r->packed_size = n;
	}
	memcpy(r->packed, zmq_msg_data(body), n);
	r->packed_len = n;
	return 0;
}

static void first_try(struct request *r, zmq_msg_t *body)
{
	struct peer_node *node = choose(r, NULL);
	int err;

	if (!node) {
		zmq_msg_close(body);
		if (r->retry)
			park(r);
		else
			fail(r, EHOSTUNREACH);
		return;
	}
	err = hand_over(r, node, body);
	if (!err)
		timer_start(r->timer, left_ms(r));
	else if (!move(r, node)) {
		if (r->retry) /* its process was killed: another one comes */
			park(r);
		else
			fail(r, err);
	}
}

int bus_request(struct bus *bus, const struct bus_req *req,
                Trestle__Envelope *env, bus_reply_h *handler, void *arg)
{
	bool full = bus->requests.n_open >= BUS_IN_FLIGHT_MAX;
	struct request *r = request_take(bus, on_timer);
	zmq_msg_t body;
	int err;

	if (!r)
		return ENOMEM;
	r->handler = handler;
	r->arg = arg;
	err = full ? EAGAIN : fill(r, req);
	if (err) {
		fail(r, err);
		return 0;
	}
	env->version = BUS_VERSION;
	env->id = r->id;
	env->reply_to = 0;
	env->timeout_ms = req->timeout_ms;
	env->sender = (char *)bus->cfg.instance;
	err = bus_pack(env, &body);
	if (err == EMSGSIZE) {
		fail(r, err);
		return 0;
	}
	if (!err && r->retry) {
		err = keep(r, &body);
		if (err)
			zmq_msg_close(&body);
	}
	if (err)
		request_release(r);
	else
		first_try(r, &body);
	return err;
}

/* --- what happens to them ------------------------------------------------ */

void bus_cancel(struct bus *bus, const void *arg)
{
	for (size_t i = 0; i < bus->requests.n; i++) {
		struct request *r = bus->requests.v[i];

		if (r->id != 0 && r->arg == arg)
			request_release(r);
	}
}

void requests_on_reply(struct bus *bus, struct peer_node *node,
                       const Trestle__Envelope *env)
{
	struct request *r = request_find(bus, env->reply_to);
	bool refused = env->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL;
	Trestle__Refusal unknown = TRESTLE__REFUSAL__INIT;
	Trestle__Envelope copy;

	if (!r || (refused && r->node != node))
		return; /* it ended, or another one has it by now */
	if (refused &&
	    env->refusal->reason == TRESTLE__REFUSAL__REASON__OVERLOADED &&
	    move(r, node))
		return;
	if (refused || (env->version == BUS_VERSION &&
	                env->body_case != TRESTLE__ENVELOPE__BODY__NOT_SET)) {
		end(r, 0, env);
		return;
	}
	copy = *env;
	unknown.reason = TRESTLE__REFUSAL__REASON__UNSUPPORTED;
	unknown.text = "its reply is not known here";
	copy.body_case = TRESTLE__ENVELOPE__BODY_REFUSAL;
	copy.refusal = &unknown;
	end(r, 0, &copy);
}

void requests_on_dead(struct bus *bus, struct peer_node *node)
{
	for (size_t i = 0; i < bus->requests.n; i++) {
		struct request *r = bus->requests.v[i];

		if (r->id == 0 || r->node != node || move(r, node))
			continue;
		if (r->retry && r->tries < BUS_TRIES_MAX)
			park(r);
		else
			fail(r, EHOSTUNREACH);
	}
}

void requests_on_alive(struct bus *bus)
{
	for (size_t i = 0; i < bus->requests.n; i++) {
		struct request *r = bus->requests.v[i];

		if (r->id != 0 && !r->node && r->err == EHOSTUNREACH)
			(void)move(r, NULL);
	}
}

/*
 * peers.c - who is there, and which of them to ask
 */
#include "bus/peers_set.h"

#include <stdlib.h>
#include <string.h>

#include "bus/rendezvous.h"

enum { GROW = 16 };

static bool copy(char *out, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size)
		return false;
	memcpy(out, s, n + 1);
	return true;
}

bool peers_set(struct peer_node *node, const struct peer_entry *e)
{
	node->peer.load = e->load;
	node->peer.draining = e->draining;
	return copy(node->endpoint, sizeof(node->endpoint), e->endpoint) &&
	       copy(node->sip, sizeof(node->sip), e->sip) &&
	       copy(node->http, sizeof(node->http), e->http) &&
	       copy(node->started, sizeof(node->started), e->started);
}

static struct peer_node *make(const struct peer_entry *e)
{
	struct peer_node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	if (e->service[0] == '\0' || e->instance[0] == '\0' ||
	    !copy(node->service, sizeof(node->service), e->service) ||
	    !copy(node->instance, sizeof(node->instance), e->instance) ||
	    !peers_set(node, e)) {
		free(node);
		return NULL;
	}
	node->peer.service = node->service;
	node->peer.instance = node->instance;
	node->peer.endpoint = node->endpoint;
	node->peer.sip = node->sip;
	node->peer.http = node->http;
	node->peer.started = node->started;
	node->service_sum = rendezvous_sum(node->service);
	node->instance_sum = rendezvous_sum(node->instance);
	return node;
}

struct peer_node *peers_add(struct peers *p, const struct peer_entry *e)
{
	struct peer_node *node;

	if (p->n >= PEERS_MAX)
		return NULL;
	if (p->n % GROW == 0) {
		struct peer_node **v = realloc(
			p->v, (p->n + GROW) * sizeof(struct peer_node *));

		if (!v)
			return NULL;
		p->v = v;
	}
	node = make(e);
	if (node)
		p->v[p->n++] = node;
	return node;
}

void peers_remove(struct peers *p, struct peer_node *node)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i] == node) {
			p->v[i] = p->v[--p->n];
			free(node);
			return;
		}
	}
}

void peers_close(struct peers *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i]);
	free(p->v);
	*p = (struct peers){0};
}

struct peer_node *peers_node(const struct peers *p, const char *service,
                             const char *instance)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->v[i]->instance, instance) == 0 &&
		    strcmp(p->v[i]->service, service) == 0)
			return p->v[i];
	}
	return NULL;
}

const struct peer *peers_find(const struct peers *p, const char *service,
                              const char *instance)
{
	struct peer_node *node = peers_node(p, service, instance);

	return node ? &node->peer : NULL;
}

const struct peer *peers_nth(const struct peers *p, const char *service,
                             size_t n)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->v[i]->service, service) == 0 && n-- == 0)
			return &p->v[i]->peer;
	}
	return NULL;
}

size_t peers_alive(const struct peers *p, const char *service)
{
	const struct peer *peer;
	size_t alive = 0;

	for (size_t i = 0; (peer = peers_nth(p, service, i)); i++)
		alive += peer->alive;
	return alive;
}

/* Is a to be preferred to b (NULL = nobody yet)? One that drains is the last
 * resort; then the higher score for a key, or the lower load. */
static bool better(const struct peer_node *a, const struct peer_node *b,
                   const uint64_t *key_sum)
{
	if (!b)
		return true;
	if (a->peer.draining != b->peer.draining)
		return !a->peer.draining;
	if (key_sum)
		return rendezvous_score(*key_sum, a->instance_sum) >
		       rendezvous_score(*key_sum, b->instance_sum);
	return (uint64_t)a->peer.load + a->in_flight <
	       (uint64_t)b->peer.load + b->in_flight;
}

static struct peer_node *choose(const struct peers *p, const char *service,
                                const char *key, size_t from,
                                const struct peer_node *except)
{
	uint64_t service_sum = rendezvous_sum(service);
	uint64_t key_sum = key ? rendezvous_sum(key) : 0;
	struct peer_node *best = NULL;

	for (size_t i = 0; i < p->n; i++) {
		struct peer_node *node = p->v[(from + i) % p->n];

		if (node->peer.alive && node->service_sum == service_sum &&
		    node != except && better(node, best, key ? &key_sum : NULL))
			best = node;
	}
	return best;
}

struct peer_node *peers_choose(struct peers *p, const char *service,
                               const char *key, const struct peer_node *except)
{
	return choose(p, service, key, p->turn++, except);
}

const struct peer *peers_pick(const struct peers *p, const char *service,
                              const char *key)
{
	struct peer_node *node = choose(p, service, key, 0, NULL);

	return node ? &node->peer : NULL;
}

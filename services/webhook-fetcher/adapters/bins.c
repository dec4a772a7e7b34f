/*
 * bins.c - where our own URLs are served: a rest-api instance that is alive
 */
#include "adapters/bins.h"

#include <stdio.h>
#include <string.h>

#include "bus/peers.h"

int bins_init(struct bins *b, const char *public_url, const char **why)
{
	*b = (struct bins){.origin = NULL};
	return url_parse(&b->origin, public_url, why);
}

void bins_close(struct bins *b)
{
	url_free(b->origin);
	b->origin = NULL;
}

bool bins_own(const struct bins *b, const struct url *url)
{
	return url_same_origin(b->origin, url);
}

static bool usable(const struct peer *peer)
{
	return peer->alive && peer->http[0];
}

/* The n-th usable instance that is not @p first */
static const struct peer *other(const struct peers *peers,
                                const struct peer *first, unsigned n)
{
	const struct peer *peer;

	for (size_t i = 0; (peer = peers_nth(peers, "rest-api", i)); i++) {
		if (!usable(peer) ||
		    strcmp(peer->instance, first->instance) == 0)
			continue;
		if (n-- == 0)
			return peer;
	}
	return NULL;
}

bool bins_address(const struct peers *peers, unsigned attempt,
                  char out[BINS_ADDRESS_MAX])
{
	const struct peer *peer = peers_pick(peers, "rest-api", NULL);

	if (peer && attempt)
		peer = other(peers, peer, attempt - 1);
	if (!peer || !usable(peer) || attempt >= BINS_TRIES_MAX)
		return false;
	return snprintf(out, BINS_ADDRESS_MAX, "%s", peer->http) <
	       BINS_ADDRESS_MAX;
}

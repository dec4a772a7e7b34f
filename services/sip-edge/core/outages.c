/*
 * outages.c - which servers of others did not answer lately
 *
 * Pure: no I/O, no clock, no log.
 */
#include "outages.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

struct server {
	struct address address;
	uint64_t until; /* [ms], 0 = empty */
};

struct request {
	uint64_t sum;
	uint64_t until; /* [ms], 0 = empty */
	unsigned copies;
	struct address server;
};

struct outages {
	struct server servers[OUTAGES_MAX];
	struct request requests[OUTAGES_REQUESTS];
};

int outages_alloc(struct outages **op)
{
	*op = calloc(1, sizeof(**op));
	return *op ? 0 : ENOMEM;
}

void outages_free(struct outages *o)
{
	free(o);
}

static size_t place_of(const struct address *a)
{
	return (size_t)(hash_folded(a->ip, sizeof(a->ip), a->port) %
	                OUTAGES_MAX);
}

void outages_note(struct outages *o, const struct address *server,
                  uint64_t now_ms)
{
	o->servers[place_of(server)] =
		(struct server){*server, now_ms + OUTAGES_MS};
}

bool outages_has(const struct outages *o, const struct address *server,
                 uint64_t now_ms)
{
	const struct server *s = &o->servers[place_of(server)];

	return s->until > now_ms && address_same(&s->address, server);
}

bool outages_count(struct outages *o, uint64_t request,
                   const struct address *server, uint64_t now_ms)
{
	struct request *r = &o->requests[request % OUTAGES_REQUESTS];

	if (r->sum != request || r->until <= now_ms ||
	    !address_same(&r->server, server))
		*r = (struct request){.sum = request, .server = *server};
	r->until = now_ms + OUTAGES_REQUEST_MS;
	return ++r->copies >= OUTAGES_COPIES;
}

void outages_answered(struct outages *o, uint64_t request)
{
	struct request *r = &o->requests[request % OUTAGES_REQUESTS];

	if (r->sum == request)
		r->until = 0;
}

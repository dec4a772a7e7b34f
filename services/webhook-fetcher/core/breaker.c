/*
 * breaker.c - do not wait again and again for a host that does not answer
 *
 * Only hosts with a timeout are remembered. Pure: no I/O, no clock, no log.
 */
#include "breaker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "base/hash.h"

struct host {
	struct hash_entry entry;
	TAILQ_ENTRY(host) link;
	unsigned timeouts;  /* in a row */
	uint64_t closed_at; /* monotonic [ms] of the next probe; 0 = CLOSED */
	char name[];
};

struct breaker {
	struct hash hosts;
	TAILQ_HEAD(, host) order; /* oldest first */
	size_t n_open;
};

int breaker_alloc(struct breaker **bp)
{
	struct breaker *b = calloc(1, sizeof(*b));

	if (!b)
		return ENOMEM;
	TAILQ_INIT(&b->order);
	if (hash_init(&b->hosts)) {
		free(b);
		return ENOMEM;
	}
	*bp = b;
	return 0;
}

static void forget(struct breaker *b, struct host *host)
{
	if (host->closed_at)
		b->n_open--;
	hash_remove(&b->hosts, &host->entry);
	TAILQ_REMOVE(&b->order, host, link);
	free(host);
}

void breaker_free(struct breaker *b)
{
	if (!b)
		return;
	while (!TAILQ_EMPTY(&b->order))
		forget(b, TAILQ_FIRST(&b->order));
	hash_close(&b->hosts);
	free(b);
}

static struct host *find(struct breaker *b, const char *name)
{
	struct hash_entry *e;

	if (b->hosts.n == 0)
		return NULL;
	e = hash_find(&b->hosts, name);
	return e ? hash_object(e, struct host, entry) : NULL;
}

static struct host *remember(struct breaker *b, const char *name)
{
	size_t n = strlen(name) + 1;
	struct host *host = calloc(1, sizeof(*host) + n);

	if (!host)
		return NULL;
	if (b->hosts.n == BREAKER_HOSTS_MAX)
		forget(b, TAILQ_FIRST(&b->order));
	memcpy(host->name, name, n);
	hash_add(&b->hosts, &host->entry, host->name);
	TAILQ_INSERT_TAIL(&b->order, host, link);
	return host;
}

bool breaker_allows(struct breaker *b, const char *name, uint64_t now_ms)
{
	struct host *host = find(b, name);

	if (!host || host->closed_at == 0)
		return true;
	if (now_ms < host->closed_at)
		return false;
	host->closed_at =
		now_ms + BREAKER_OPEN_MS; /* until the probe reports */
	return true;
}

void breaker_report(struct breaker *b, const char *name, bool timed_out,
                    uint64_t now_ms)
{
	struct host *host = find(b, name);

	if (!timed_out) {
		if (host)
			forget(b, host);
		return;
	}
	if (!host)
		host = remember(b, name);
	if (!host)
		return;
	host->timeouts++;
	if (host->timeouts < BREAKER_TIMEOUTS)
		return;
	if (host->closed_at == 0)
		b->n_open++;
	host->closed_at = now_ms + BREAKER_OPEN_MS;
}

size_t breaker_n_open(const struct breaker *b)
{
	return b->n_open;
}

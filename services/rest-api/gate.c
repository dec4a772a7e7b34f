/*
 * gate.c - how often one may ask the API: wrong passwords, requests a second
 */
#include "gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/guard.h"
#include "base/hash.h"
#include "core/source.h"
#include "http/server.h"
#include "loop/loop.h"
#include "store/cidr.h"

enum { MINUTE_MS = 60000, SECOND_MS = 1000 };

struct gate {
	uint32_t wrong, requests;
	struct cidr_set proxies;
	struct guard *names, *sources, *accounts;
};

int gate_alloc(struct gate **gp, uint32_t wrong, uint32_t requests,
               const char *proxies)
{
	struct gate *g = calloc(1, sizeof(*g));
	int err = ENOMEM;

	if (!g)
		goto out;
	g->wrong = wrong;
	g->requests = requests;
	err = cidr_set_parse(&g->proxies, proxies);
	if (!err)
		err = guard_alloc(&g->names, GUARD_KEYS_MAX, MINUTE_MS);
	if (!err)
		err = guard_alloc(&g->sources, GUARD_KEYS_MAX, MINUTE_MS);
	if (!err)
		err = guard_alloc(&g->accounts, GUARD_KEYS_MAX, SECOND_MS);
out:
	if (err)
		gate_free(g);
	else
		*gp = g;
	return err;
}

void gate_free(struct gate *g)
{
	if (!g)
		return;
	guard_free(g->names);
	guard_free(g->sources);
	guard_free(g->accounts);
	free(g);
}

/* What is counted: the source, and the name at it */
struct keys {
	uint64_t source, name;
};

static struct keys keys_of(const struct gate *g, const struct http_request *r,
                           const char *name)
{
	char connected[SOURCE_SIZE], source[SOURCE_SIZE];
	struct keys keys;

	http_request_source(r, connected, sizeof(connected));
	source_find(&g->proxies, connected,
	            http_request_header(r, "X-Forwarded-For"), source);
	keys.source = hash_bytes(source, strlen(source), 0);
	keys.name = hash_bytes(name, strlen(name), keys.source);
	return keys;
}

bool gate_closed(const struct gate *g, const struct http_request *r,
                 const char *name)
{
	struct keys keys = keys_of(g, r, name);
	uint64_t now = loop_now_ms();

	if (!g->wrong)
		return false;
	return guard_seen(g->names, keys.name, now) >= g->wrong ||
	       guard_seen(g->sources, keys.source, now) / GATE_SOURCE_TIMES >=
	               g->wrong;
}

void gate_wrong(struct gate *g, const struct http_request *r, const char *name)
{
	struct keys keys = keys_of(g, r, name);
	uint64_t now = loop_now_ms();

	(void)guard_count(g->names, keys.name, now);
	(void)guard_count(g->sources, keys.source, now);
}

void gate_right(struct gate *g, const struct http_request *r, const char *name)
{
	guard_forget(g->names, keys_of(g, r, name).name);
}

bool gate_busy(struct gate *g, const char *account_sid)
{
	uint64_t key = hash_bytes(account_sid, strlen(account_sid), 0);

	return g->requests &&
	       guard_count(g->accounts, key, loop_now_ms()) > g->requests;
}

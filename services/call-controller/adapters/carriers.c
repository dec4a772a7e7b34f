/*
 * carriers.c - which carriers take a number, in which order
 */
#include "carriers.h"

#include <stdio.h>
#include <string.h>

#include "ping.h"
#include "store/tenants.h"

static bool takes(const struct tenants *t, const struct carrier *c,
                  const char *account_sid, const char *number)
{
	const char *p = c->prefixes;

	if (!tenants_carrier_serves(t, c, account_sid))
		return false;
	if (*number != '+')
		return c->emergency;
	if (*p == 0)
		return true;
	while (*p) {
		size_t n = strcspn(p, " ");

		if (n && strncmp(number, p, n) == 0)
			return true;
		p += n;
		p += strspn(p, " ");
	}
	return false;
}

static bool write_uri(const struct carrier *c, const struct carrier_target *t,
                      const char *number, char out[CARRIERS_URI_MAX])
{
	const char *colon = strchr(t->uri, ':');
	const char *rest = colon ? colon + 1 : NULL;
	const char *prefix;
	int n;

	if (!rest)
		return false;
	if (strchr(rest, '@')) /* the user is the number */
		rest = strchr(rest, '@') + 1;
	/* An emergency number leaves as it was dialled. */
	prefix = *number == '+' ? c->prefix : "";
	if (c->strip_plus && *number == '+')
		number++;
	n = snprintf(out, CARRIERS_URI_MAX, "%.*s:%s%s@%s",
	             (int)(colon - t->uri), t->uri, prefix, number, rest);
	return n > 0 && n < CARRIERS_URI_MAX;
}

/* RFC 2782: among equal priorities one is drawn by weight. */
static size_t draw(const struct carrier *c, const bool *used, uint64_t random)
{
	uint32_t lowest = UINT32_MAX;
	uint64_t sum = 0, at;
	size_t last = c->n_targets;

	for (size_t i = 0; i < c->n_targets; i++)
		if (!used[i] && c->targets[i].priority < lowest)
			lowest = c->targets[i].priority;
	for (size_t i = 0; i < c->n_targets; i++)
		if (!used[i] && c->targets[i].priority == lowest)
			sum += c->targets[i].weight + 1;
	if (sum == 0)
		return last;
	at = random % sum;
	for (size_t i = 0; i < c->n_targets; i++) {
		if (used[i] || c->targets[i].priority != lowest)
			continue;
		last = i;
		if (at < (uint64_t)c->targets[i].weight + 1)
			return i;
		at -= (uint64_t)c->targets[i].weight + 1;
	}
	return last;
}

static size_t add_carrier(const struct carrier *c, const char *number,
                          uint64_t random, struct carriers_choice *out,
                          size_t room)
{
	bool used[TARGETS_MAX] = {false};
	size_t n = 0;

	if (c->n_targets > TARGETS_MAX)
		return 0;
	for (size_t i = 0; i < c->n_targets && n < room; i++) {
		size_t k = draw(c, used, random);

		random = random * 6364136223846793005U + 1442695040888963407U;
		used[k] = true;
		if (!write_uri(c, &c->targets[k], number, out[n].uri))
			continue;
		out[n].carrier = c;
		out[n++].target = k;
	}
	return n;
}

size_t carriers_choose(const struct tenants *t, const char *account_sid,
                       const char *number, const char *only, uint64_t random,
                       struct carriers_choice out[TARGETS_MAX])
{
	const struct carrier *c;
	size_t n = 0;

	for (size_t i = 0; (c = tenants_carrier_nth(t, i)); i++)
		if ((!*only || strcmp(c->sid, only) == 0) &&
		    takes(t, c, account_sid, number))
			n += add_carrier(c, number, random, out + n,
			                 TARGETS_MAX - n);
	return n;
}

bool carriers_target_missing(const struct tenants *t, const char *account_sid,
                             const char *sid)
{
	const struct carrier *c = *sid ? tenants_carrier(t, sid) : NULL;

	return c && c->n_targets == 0 &&
	       tenants_carrier_serves(t, c, account_sid);
}

void carriers_settle(const struct ping *ping, struct carriers_choice *choices,
                     size_t n)
{
	struct carriers_choice down[TARGETS_MAX];
	size_t up = 0, n_down = 0;

	for (size_t i = 0; i < n && i < TARGETS_MAX; i++) {
		const struct carriers_choice *c = &choices[i];

		if (ping_is_down(ping, c->carrier->targets[c->target].uri))
			down[n_down++] = *c;
		else if (up++ != i)
			choices[up - 1] = *c;
	}
	memcpy(choices + up, down, n_down * sizeof(*down));
}

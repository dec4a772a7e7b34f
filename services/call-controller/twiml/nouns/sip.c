/*
 * sip.c - TwiML <Sip> inside <Dial>: a user of ours, or a URI elsewhere
 *
 * Several URIs may stand in <Uri> children, each with user name and password:
 * they are tried in turn, by priority and weight.
 *
 * Pure.
 */
#include "noun.h"

#include <stddef.h>
#include <string.h>

#include "core/rng.h"
#include "core/step.h"
#include "twiml/twiml.h"
#include "twiml/verb.h"

enum { CREDENTIAL_MAX = 255 }; /* bytes of a user name or password */

struct sip {
	struct noun_callback callback;
	struct noun_screen screen;
	const char *username, *password;
};

struct uri {
	const char *username, *password;
	int priority, weight;
};

// clang-format off
const struct attr noun_sip_attrs[] = {
	NOUN_CALLBACK_ATTRS(struct sip, 13241),
	{"username", ATTR_STRING, 0, offsetof(struct sip, username), "", 0, 0},
	{"password", ATTR_STRING, 0, offsetof(struct sip, password), "", 0, 0},
	NOUN_SCREEN_ATTRS(struct sip, 13241, 13242),
	{0},
};

static const struct attr uri_attrs[] = {
	{"username", ATTR_STRING, 0, offsetof(struct uri, username), "", 0, 0},
	{"password", ATTR_STRING, 0, offsetof(struct uri, password), "", 0, 0},
	{"priority", ATTR_INT, 12200, offsetof(struct uri, priority), "0", 0, 65535},
	{"weight", ATTR_INT, 12200, offsetof(struct uri, weight), "0", 0, 65535},
	{0},
};

const struct element noun_sip_children[] = {
	{"Uri", uri_attrs, NULL},
	{NULL, NULL, NULL},
};
// clang-format on

/* A <Uri> with its place among the others */
struct choice {
	struct noun_uri uri;
	int priority, weight;
};

static void check_credentials(struct noun_uri *uri,
                              const struct twiml_node *node, struct call *call,
                              struct step *st)
{
	if (strlen(uri->username) <= CREDENTIAL_MAX &&
	    strlen(uri->password) <= CREDENTIAL_MAX)
		return;
	uri->username = uri->password = "";
	verb_warn(call, st, 13249, node,
	          "user name or password is too long: left out");
}

/* What can not be called is left out, with a warning. */
static size_t read_uris(struct choice v[NOUN_URIS_MAX],
                        const struct twiml_node *node, struct call *call,
                        struct step *st)
{
	size_t n = 0;

	for (node = node->children; node; node = node->next) {
		struct noun skipped = {.what = ""};
		struct route route;
		struct uri inner;

		if (n == NOUN_URIS_MAX || strcmp(node->name, "Uri") != 0) {
			verb_warn(call, st, 13215, node,
			          "not supported inside <Sip>: skipped");
			continue;
		}
		verb_attributes(uri_attrs, &inner, node, call, st);
		route_sip(&st->out->arena, node->text, &route);
		noun_set_route(&skipped, &route, node, call, st);
		if (route.refused)
			continue;
		v[n] = (struct choice){
			.uri = {route.what, route.headers, route.n_headers,
		                inner.username, inner.password},
			.priority = inner.priority,
			.weight = inner.weight,
		};
		check_credentials(&v[n++].uri, node, call, st);
	}
	return n;
}

/* The next one to try (RFC 2782): of the lowest priority, by chance of weight */
static size_t pick(const struct choice *v, size_t n, struct step *st)
{
	uint32_t sum = 0, chance;
	int lowest = v[0].priority;

	for (size_t i = 1; i < n; i++)
		lowest = v[i].priority < lowest ? v[i].priority : lowest;
	for (size_t i = 0; i < n; i++)
		sum += v[i].priority == lowest ? (uint32_t)v[i].weight + 1 : 0;
	chance = rng_below(st->rng, sum);
	for (size_t i = 0; i < n; i++) {
		uint32_t share = (uint32_t)v[i].weight + 1;

		if (v[i].priority != lowest)
			continue;
		if (chance < share)
			return i;
		chance -= share;
	}
	return 0;
}

static void set_uris(struct noun *noun, struct choice *v, size_t n,
                     struct step *st)
{
	size_t first = pick(v, n, st);

	noun->kind = RESOLVE_URI;
	noun->what = v[first].uri.what;
	noun->headers = v[first].uri.headers;
	noun->n_headers = v[first].uri.n_headers;
	noun->username = v[first].uri.username;
	noun->password = v[first].uri.password;
	v[first] = v[--n];
	while (n) {
		size_t next = pick(v, n, st);

		noun->others[noun->n_others++] = v[next].uri;
		v[next] = v[--n];
	}
}

void noun_sip(struct noun *noun, const struct twiml_node *node,
              struct call *call, struct step *st)
{
	struct choice uris[NOUN_URIS_MAX];
	size_t n = read_uris(uris, node, call, st);
	struct noun_uri own = {.what = ""};
	struct route route;
	struct sip sip;

	verb_attributes(noun_sip_attrs, &sip, node, call, st);
	own.username = sip.username;
	own.password = sip.password;
	check_credentials(&own, node, call, st);
	for (size_t i = 0; i < n; i++) {
		if (*uris[i].uri.username)
			continue;
		uris[i].uri.username = own.username;
		uris[i].uri.password = own.password;
	}
	noun->sip = true;
	if (n) {
		set_uris(noun, uris, n, st);
	} else {
		noun->username = own.username;
		noun->password = own.password;
		route_sip(&st->out->arena, node->text, &route);
		noun_set_route(noun, &route, node, call, st);
	}
	noun_set_callback(noun, &sip.callback, node, call, st);
	noun_set_screen(noun, &sip.screen, node, call, st);
}

/*
 * sip.c - TwiML <Sip> inside <Dial>: a user of ours, or a URI elsewhere
 *
 * The URI may stand in a <Uri> child, with user name and password.
 *
 * Pure.
 */
#include "noun.h"

#include <stddef.h>
#include <string.h>

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
};

// clang-format off
static const struct attr attrs[] = {
	NOUN_CALLBACK_ATTRS(struct sip, 13241),
	{"username", ATTR_STRING, 0, offsetof(struct sip, username), "", 0, 0},
	{"password", ATTR_STRING, 0, offsetof(struct sip, password), "", 0, 0},
	NOUN_SCREEN_ATTRS(struct sip, 13241, 13242),
	{0},
};

static const struct attr uri_attrs[] = {
	{"username", ATTR_STRING, 0, offsetof(struct uri, username), "", 0, 0},
	{"password", ATTR_STRING, 0, offsetof(struct uri, password), "", 0, 0},
	LATER("priority"),
	LATER("weight"),
	{0},
};
// clang-format on

static const struct twiml_node *find_uri(const struct twiml_node *node,
                                         struct call *call, struct step *st)
{
	const struct twiml_node *uri = NULL;

	for (node = node->children; node; node = node->next) {
		if (!uri && strcmp(node->name, "Uri") == 0)
			uri = node;
		else
			verb_warn(call, st, 13215, node,
			          "not supported inside <Sip>: skipped");
	}
	return uri;
}

void noun_sip(struct noun *noun, const struct twiml_node *node,
              struct call *call, struct step *st)
{
	const struct twiml_node *uri = find_uri(node, call, st);
	struct uri inner = {"", ""};
	struct sip sip;
	struct route route;

	verb_attributes(attrs, &sip, node, call, st);
	if (uri)
		verb_attributes(uri_attrs, &inner, uri, call, st);
	noun->sip = true;
	noun->username = *inner.username ? inner.username : sip.username;
	noun->password = *inner.username ? inner.password : sip.password;
	if (strlen(noun->username) > CREDENTIAL_MAX ||
	    strlen(noun->password) > CREDENTIAL_MAX) {
		noun->username = noun->password = "";
		verb_warn(call, st, 13249, node,
		          "user name or password is too long: left out");
	}
	route_sip(&st->out->arena, uri ? uri->text : node->text, &route);
	noun_set_route(noun, &route, node, call, st);
	noun_set_callback(noun, &sip.callback, node, call, st);
	noun_set_screen(noun, &sip.screen, node, call, st);
}

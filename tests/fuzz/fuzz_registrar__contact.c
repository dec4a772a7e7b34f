/*
 * fuzz_registrar__contact.c - URIs, Contacts with their parameters, numbers and
 *                             sources, from anybody
 *
 * The input is lines: uri, expires, q, instance, reg-id of up to eleven
 * Contacts; the first line is the Expires header.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/aor.h"
#include "core/e164.h"
#include "core/registration.h"
#include "core/source.h"
#include "core/uri.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *next_line(char **rest)
{
	return *rest ? strsep(rest, "\n") : NULL;
}

static void check_texts(const char *text)
{
	char number[E164_SIZE], user[64];
	struct source source;
	struct aor aor;
	struct uri u;

	if (uri_parse(&u, text)) {
		(void)uri_same(&u, &u);
		(void)uri_unescape(u.user, user, sizeof(user));
		if (aor_make(&aor, u.user, u.host))
			assert(strlen(aor.user) > 0);
	}
	if (source_parse(&source, text))
		(void)source_key(source.ip);
	if (e164_read(number, text, "1"))
		assert(number[0] == '+' && strlen(number) >= 8);
}

static void check_plan(char *text)
{
	struct contact contacts[BINDINGS_MAX + 1];
	struct register_req req = {.contacts = contacts,
	                           .expires_min = 60,
	                           .expires_default = 3600,
	                           .expires_max = 3600,
	                           .random = 12345};
	struct registration r;

	req.expires = next_line(&text);
	while (text && req.n_contacts <= BINDINGS_MAX) {
		struct contact *c = &contacts[req.n_contacts++];

		c->uri = next_line(&text);
		c->expires = next_line(&text);
		c->q = next_line(&text);
		c->instance = next_line(&text);
		c->reg_id = next_line(&text);
		if (strcmp(c->uri, "*") == 0)
			req.star = true;
	}
	if (registration_plan(&r, &req) != REGISTRATION_OK)
		return;
	for (size_t i = 0; i < r.n; i++) {
		assert(r.changes[i].expires == 0 ||
		       (r.changes[i].expires >= 60 &&
		        r.changes[i].expires <= 3600));
		assert(r.changes[i].q <= 1000);
		assert(strlen(r.changes[i].key) < BINDING_KEY_SIZE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	check_texts(text);
	check_plan(text);
	free(text);
	return 0;
}

/*
 * fuzz_sip-edge__sip_message.c - a message through the edge's cores, and what
 * leaves them through Sofia-SIP's parser, which reads it behind the edge
 *
 * What leaves must be whole: read again it is right, and nothing that only the
 * edge may say has come through.
 */
#include <assert.h>
#include <stdlib.h>

#include <sofia-sip/msg_addr.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_util.h>

#include "core/branch.h"
#include "core/framing.h"
#include "core/rewrite.h"
#include "core/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char out[REWRITE_MAX];

static const struct token_key *the_key(void)
{
	static const uint8_t secret[TOKEN_SECRET] = {1};
	static struct token_key *key;

	if (!key && token_key_alloc(&key, secret) != 0)
		abort();
	return key;
}

/* As the registrar and the controllers read it */
static void read_behind(const char *text, size_t n)
{
	msg_t *msg = msg_make(sip_default_mclass(), 0, text, (ssize_t)n);
	sip_t *sip = msg ? sip_object(msg) : NULL;

	if (sip)
		(void)sip_sanity_check(sip);
	if (msg)
		msg_destroy(msg);
}

static void frame(const char *p, size_t size)
{
	struct framing f = {.scanned = 0};
	size_t n = 0;

	for (int i = 0; i < 1000 && size > 0; i++) {
		enum framing_result r = framing_next(&f, p, size, &n);

		if (r == FRAMING_MORE || r == FRAMING_BAD)
			return;
		assert(n > 0 && n <= size);
		p += n;
		size -= n;
		f = (struct framing){.scanned = 0};
	}
}

static void forward(const struct message *m, const struct route *r,
                    const struct address *source)
{
	char branch[BRANCH_SIZE];
	struct message again;
	struct rewrite w = {
		.via = SLICE("SIP/2.0/UDP edge;branch=z9hG4bKe"),
		.record_route = {SLICE("<sip:in;lr>"), SLICE("<sip:out;lr>")},
		.source = source,
		.uri = r->uri,
		.routes = r->routes,
		.decrement = true,
		.strip = true,
		.strip_identity = true,
	};
	size_t n = rewrite_request(out, sizeof(out), m, &w);

	branch_make(the_key(), m, &(struct flow){.internal = true}, branch);
	(void)branch_loops(the_key(), m);
	if (n == 0)
		return;
	assert(message_parse(&again, out, n) == MESSAGE_REQUEST);
	assert(again.count[HEADER_TRESTLE] == 0);
	assert(again.count[HEADER_PATH] == 0);
	assert(again.count[HEADER_IDENTITY] == 0);
	assert(again.fault.status == 0 || again.fault.status == 513);
	assert(again.body.n == m->body.n);
	read_behind(out, n);
}

static void request(const struct message *m)
{
	static const uint8_t ip[4] = {192, 0, 2, 1};
	struct address source = address_ipv4(ip, 5060);
	struct route_self self = {.advertise = SLICE("edge"),
	                          .internal = address_ipv4(ip, 5070)};
	struct answer a = {.status = 400,
	                   .phrase = "Bad",
	                   .to_tag = SLICE("t"),
	                   .source = &source};
	struct route r;
	size_t n;

	route_inside(&r, m, &self, the_key());
	route_outside(&r, m, &self);
	if (r.action == ROUTE_REGISTRAR || r.action == ROUTE_CONTROLLER)
		forward(m, &r, &source);
	n = rewrite_answer(out, sizeof(out), m, &a);
	if (n > 0)
		read_behind(out, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct message m;
	char *text = malloc(size + 1);
	size_t n;

	if (!text)
		return 0;
	if (size > 0)
		memcpy(text, data, size);
	frame(text, size);
	switch (message_parse(&m, text, size)) {
	case MESSAGE_JUNK: break;
	case MESSAGE_REQUEST: request(&m); break;
	case MESSAGE_RESPONSE:
		n = rewrite_response(out, sizeof(out), &m,
		                     SLICE("192.0.2.1:5060;transport=udp"));
		if (n > 0 && m.fault.status == 0)
			read_behind(out, n);
		break;
	}
	free(text);
	return 0;
}

/*
 * branch.c - the branch of a stateless proxy's Via (RFC 3261 16.11)
 *
 * Pure: no I/O, no clock, no log.
 */
#include "branch.h"

#include <stdio.h>

static struct slice cseq_digits(const struct message *m)
{
	struct slice s = m->first[HEADER_CSEQ];
	size_t n = 0;

	while (n < s.n && !slice_space(s.p[n]))
		n++;
	return (struct slice){s.p, n};
}

static void loop_hash(const struct token_key *key, const struct message *m,
                      char out[TOKEN_HASH + 1])
{
	struct slice parts[] = {SLICE("loop"), m->uri_text, m->call_id,
	                        m->from_tag, cseq_digits(m)};

	token_hash(key, parts, sizeof(parts) / sizeof(parts[0]), out);
}

/* Its port may change behind a NAT; a process of ours may send in the name of
 * another one. */
static struct slice source(const struct flow *from)
{
	if (from->internal)
		return SLICE("inside");
	return (struct slice){(const char *)from->peer.ip,
	                      sizeof(from->peer.ip)};
}

void branch_make(const struct token_key *key, const struct message *m,
                 const struct flow *from, char out[BRANCH_SIZE])
{
	char loop[TOKEN_HASH + 1];
	char own[TOKEN_HASH + 1];
	bool cookie = m->via.branch.n > 7 &&
	              slice_starts(m->via.branch, SLICE("z9hG4bK"));
	/* A phone before RFC 3261 does not make its branches unique */
	struct slice parts[] = {cookie ? m->via.branch : m->via.text,
	                        cookie ? m->via.host : m->uri_text,
	                        m->call_id,
	                        m->from_tag,
	                        cseq_digits(m),
	                        source(from)};

	token_hash(key, parts, sizeof(parts) / sizeof(parts[0]), own);
	loop_hash(key, m, loop);
	(void)snprintf(out, BRANCH_SIZE, "z9hG4bK%s.%.*s", own, BRANCH_LOOP,
	               loop);
}

bool branch_loops(const struct token_key *key, const struct message *m)
{
	struct via_cursor cursor = {.header = 0};
	struct via via;
	char loop[TOKEN_HASH + 1] = "";

	while (message_next_via(m, &cursor, &via)) {
		if (via.flow.n == 0 || via.branch.n != BRANCH_SIZE - 1)
			continue;
		if (loop[0] == '\0')
			loop_hash(key, m, loop);
		if (memcmp(via.branch.p + via.branch.n - BRANCH_LOOP, loop,
		           BRANCH_LOOP) == 0)
			return true;
	}
	return false;
}

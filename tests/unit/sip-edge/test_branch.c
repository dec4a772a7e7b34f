/*
 * test_branch.c - branches of a stateless proxy, and loops
 */
#include "core/branch.h"

#include "core/sticky.h"
#include "unit/oom.h"
#include "unit/test.h"

static struct token_key *key;
static struct message m;

static int open_key(void **state)
{
	static const uint8_t secret[TOKEN_SECRET] = {7};

	(void)state;
	return token_key_alloc(&key, secret);
}

static int close_key(void **state)
{
	(void)state;
	token_key_free(key);
	return 0;
}

static struct flow from;

static void branch(const char *method, const char *via, const char *uri,
                   char out[BRANCH_SIZE])
{
	static char text[2048];
	int n = snprintf(text, sizeof(text),
	                 "%s %s SIP/2.0\r\nVia: %s\r\nFrom: <sip:a@b>;tag=f"
	                 "\r\nTo: <sip:c@d>%s\r\nCall-ID: id\r\n"
	                 "CSeq: 7 %s\r\n\r\n",
	                 method, uri, via,
	                 strcmp(method, "ACK") == 0 ? ";tag=t" : "", method);

	assert_int_equal(MESSAGE_REQUEST, message_parse(&m, text, (size_t)n));
	branch_make(key, &m, &from, out);
}

#define VIA "SIP/2.0/UDP h;branch=z9hG4bKx"

/* Hardening U8: whoever saw an INVITE can not cancel it from elsewhere. */
static void a_cancel_from_another_address_has_another_branch(void **state)
{
	char invite[BRANCH_SIZE], same[BRANCH_SIZE], other[BRANCH_SIZE];

	(void)state;
	from = (struct flow){.peer = {.port = 5060}};
	from.peer.ip[0] = 1;
	branch("INVITE", VIA, "sip:x@y", invite);
	from.peer.port = 5062;
	branch("CANCEL", VIA, "sip:x@y", same);
	assert_string_equal(invite, same);
	from.peer.ip[0] = 2;
	branch("CANCEL", VIA, "sip:x@y", other);
	assert_string_not_equal(invite, other);
	from = (struct flow){.internal = true};
	branch("INVITE", VIA, "sip:x@y", invite);
	from.peer.ip[0] = 3;
	branch("CANCEL", VIA, "sip:x@y", same);
	assert_string_equal(invite, same);
	from = (struct flow){.internal = false};
}

static void cancel_and_ack_have_the_branch_of_their_invite(void **state)
{
	static const char *const vias[] = {VIA, "SIP/2.0/UDP h",
	                                   "SIP/2.0/UDP h;branch=1"};

	(void)state;
	for (size_t i = 0; i < N_OF(vias); i++) {
		char invite[BRANCH_SIZE];
		char other[BRANCH_SIZE];

		branch("INVITE", vias[i], "sip:x@y", invite);
		assert_int_equal(BRANCH_SIZE - 1, strlen(invite));
		branch("CANCEL", vias[i], "sip:x@y", other);
		assert_string_equal(invite, other);
		branch("ACK", vias[i], "sip:x@y", other);
		assert_string_equal(invite, other);
	}
}

static void another_transaction_has_another_branch(void **state)
{
	char one[BRANCH_SIZE];
	char two[BRANCH_SIZE];

	(void)state;
	branch("INVITE", VIA, "sip:x@y", one);
	branch("INVITE", VIA "2", "sip:x@y", two);
	assert_string_not_equal(one, two);
}

static void a_request_that_comes_back_unchanged_loops(void **state)
{
	char own[BRANCH_SIZE];
	char via[512];

	(void)state;
	branch("INVITE", VIA, "sip:x@y", own);
	assert_false(branch_loops(key, &m));
	(void)snprintf(via, sizeof(via),
	               "SIP/2.0/UDP far;branch=z9hG4bKq, SIP/2.0/UDP us;"
	               "branch=%s;flow=AAAA, " VIA,
	               own);
	branch("INVITE", via, "sip:x@y", own);
	assert_true(branch_loops(key, &m));
	branch("INVITE", via, "sip:other@y", own);
	assert_false(branch_loops(key, &m)); /* a spiral */
}

static void a_call_id_sticks_to_its_instance(void **state)
{
	static char name[STICKY_NAME_MAX + 2];
	struct sticky *s = NULL;

	(void)state;
	OOM_EACH(sticky_alloc(&s), sticky_free(s));
	assert_int_equal(0, sticky_alloc(&s));
	assert_null(sticky_find(s, SLICE("a"), 1));
	sticky_put(s, SLICE("a"), "c-1", 1);
	sticky_put(s, SLICE("b"), "c-2", 1);
	assert_string_equal("c-1", sticky_find(s, SLICE("a"), STICKY_MS));
	assert_null(sticky_find(s, SLICE("a"), STICKY_MS + 1));
	memset(name, 'x', sizeof(name) - 1);
	sticky_put(s, SLICE("a"), name, 1);
	assert_string_equal("c-1", sticky_find(s, SLICE("a"), 2));
	sticky_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			cancel_and_ack_have_the_branch_of_their_invite),
		cmocka_unit_test(
			a_cancel_from_another_address_has_another_branch),
		cmocka_unit_test(another_transaction_has_another_branch),
		cmocka_unit_test(a_request_that_comes_back_unchanged_loops),
		cmocka_unit_test(a_call_id_sticks_to_its_instance),
	};

	return cmocka_run_group_tests(tests, open_key, close_key);
}

/*
 * test_token.c - flow tokens: what comes back is what went out, or nothing
 */
#include "core/token.h"

#include "unit/oom.h"
#include "unit/test.h"

static struct token_key *key;
static const uint8_t secret[TOKEN_SECRET] = {1, 2, 3};

static int open_key(void **state)
{
	(void)state;
	return token_key_alloc(&key, secret);
}

static int close_key(void **state)
{
	(void)state;
	token_key_free(key);
	return 0;
}

static const struct {
	const char *peer;
	struct flow flow;
} rows[] = {
	{"192.0.2.1:5060", {.transport = TRANSPORT_UDP, .socket = 3}},
	{"[2001:db8::7]:65535", {.transport = TRANSPORT_UDP}},
	{"10.0.0.1:1", {.transport = TRANSPORT_UDP, .internal = true}},
	{"198.51.100.7:40000",
         {.transport = TRANSPORT_TCP, .boot = 0xdeadbeef, .connection = 1}},
	{"[fe80::1]:5061",
         {.transport = TRANSPORT_TLS, .boot = 1, .connection = UINT32_MAX}},
};

static void a_flow_comes_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct flow in = rows[i].flow;
		struct flow out;
		char token[TOKEN_SIZE];

		assert_true(address_parse(&in.peer, slice_str(rows[i].peer)));
		token_make(key, TOKEN_ROUTE, &in, token);
		assert_true(strlen(token) < TOKEN_SIZE);
		assert_true(
			token_read(key, TOKEN_ROUTE, slice_str(token), &out));
		assert_int_equal(in.transport, out.transport);
		assert_int_equal(in.internal, out.internal);
		assert_int_equal(in.socket, out.socket);
		assert_true(address_same(&in.peer, &out.peer));
		assert_int_equal(in.boot, out.boot);
		assert_int_equal(in.connection, out.connection);
		assert_false(
			token_read(key, TOKEN_VIA, slice_str(token), &out));
	}
}

static void no_changed_token_is_read(void **state)
{
	struct flow in = rows[0].flow;
	struct flow out;
	char token[TOKEN_SIZE];
	size_t n;

	(void)state;
	assert_true(address_parse(&in.peer, slice_str(rows[0].peer)));
	token_make(key, TOKEN_ROUTE, &in, token);
	n = strlen(token);
	for (size_t i = 0; i < n; i++) {
		char other[TOKEN_SIZE];

		memcpy(other, token, n + 1);
		other[i] = other[i] == 'A' ? 'B' : 'A';
		assert_false(
			token_read(key, TOKEN_ROUTE, slice_str(other), &out));
		assert_false(token_read(key, TOKEN_ROUTE,
		                        (struct slice){token, i}, &out));
	}
	assert_false(token_read(key, TOKEN_ROUTE, SLICE("alice"), &out));
}

static void another_secret_reads_nothing(void **state)
{
	static const uint8_t other[TOKEN_SECRET] = {1, 2, 4};
	struct token_key *theirs;
	struct flow flow = rows[0].flow;
	char token[TOKEN_SIZE];

	(void)state;
	assert_int_equal(0, token_key_alloc(&theirs, other));
	token_make(theirs, TOKEN_ROUTE, &flow, token);
	assert_false(token_read(key, TOKEN_ROUTE, slice_str(token), &flow));
	token_key_free(theirs);
}

static void hashes_do_not_run_parts_together(void **state)
{
	const struct slice a[] = {SLICE("ab"), SLICE("c")};
	const struct slice b[] = {SLICE("a"), SLICE("bc")};
	char x[TOKEN_HASH + 1];
	char y[TOKEN_HASH + 1];

	(void)state;
	token_hash(key, a, 2, x);
	token_hash(key, b, 2, y);
	assert_int_equal(TOKEN_HASH, strlen(x));
	assert_string_not_equal(x, y);
	token_hash(key, a, 2, y);
	assert_string_equal(x, y);
}

static void a_key_survives_memory_running_out(void **state)
{
	struct token_key *k = NULL;

	(void)state;
	OOM_EACH(token_key_alloc(&k, secret), token_key_free(k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flow_comes_back),
		cmocka_unit_test(no_changed_token_is_read),
		cmocka_unit_test(another_secret_reads_nothing),
		cmocka_unit_test(hashes_do_not_run_parts_together),
		cmocka_unit_test(a_key_survives_memory_running_out),
	};

	return cmocka_run_group_tests(tests, open_key, close_key);
}

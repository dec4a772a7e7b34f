/*
 * test_nonce.c - nonces: what is accepted, from whom and for how long
 */
#include "core/nonce.h"

#include <string.h>

#include "core/sum.h"
#include "unit/oom.h"
#include "unit/test.h"

enum { NOW = 1000000 };

static struct sum *sum;
static struct nonce_maker maker;
static const struct nonce_scope home = {"192.0.2.1", "a.example"};

static int open_maker(void **state)
{
	(void)state;
	maker.instance = 7;
	return sum_alloc(&sum, "secret", 6) ? -1 : (maker.sum = sum, 0);
}

static int close_maker(void **state)
{
	(void)state;
	sum_free(sum);
	return 0;
}

static void a_nonce_is_good_for_its_life_and_old_afterwards(void **state)
{
	char text[NONCE_SIZE];
	struct nonce n;

	(void)state;
	nonce_make(&maker, &home, NOW, 0x123456789abcULL, text);
	assert_int_equal(NONCE_SIZE - 1, strlen(text));
	assert_int_equal(NONCE_GOOD, nonce_check(&maker, &home, NOW, text, &n));
	assert_int_equal(NOW, n.issued_ms);
	assert_int_equal(
		NONCE_GOOD,
		nonce_check(&maker, &home, NOW + NONCE_LIFE_MS, text, &n));
	assert_int_equal(
		NONCE_OLD,
		nonce_check(&maker, &home, NOW + NONCE_LIFE_MS + 1, text, &n));
}

static void a_nonce_of_the_future_is_old(void **state)
{
	char text[NONCE_SIZE];
	struct nonce n;

	(void)state;
	nonce_make(&maker, &home, NOW + 1, 0, text);
	assert_int_equal(NONCE_OLD, nonce_check(&maker, &home, NOW, text, &n));
}

static void a_nonce_works_only_where_it_was_sent_and_for_its_realm(void **state)
{
	const struct nonce_scope elsewhere = {"192.0.2.2", "a.example"};
	const struct nonce_scope other = {"192.0.2.1", "b.example"};
	/* what stands before and after the border together is the same text */
	const struct nonce_scope shifted = {"192.0.2.1a", ".example"};
	char text[NONCE_SIZE];
	struct nonce n;

	(void)state;
	nonce_make(&maker, &home, NOW, 1, text);
	assert_int_equal(NONCE_FORGED,
	                 nonce_check(&maker, &elsewhere, NOW, text, &n));
	assert_int_equal(NONCE_FORGED,
	                 nonce_check(&maker, &other, NOW, text, &n));
	assert_int_equal(NONCE_FORGED,
	                 nonce_check(&maker, &shifted, NOW, text, &n));
}

static void a_nonce_of_another_instance_is_foreign(void **state)
{
	struct nonce_maker other = maker;
	char text[NONCE_SIZE];
	struct nonce n;

	(void)state;
	other.instance = 8;
	nonce_make(&other, &home, NOW, 1, text);
	assert_int_equal(NONCE_FOREIGN,
	                 nonce_check(&maker, &home, NOW, text, &n));
}

static void every_changed_character_makes_it_forged(void **state)
{
	char text[NONCE_SIZE];
	struct nonce n;

	(void)state;
	nonce_make(&maker, &home, NOW, 99, text);
	for (size_t i = 0; i < NONCE_SIZE - 1; i++) {
		char was = text[i];

		text[i] = was == 'A' ? 'B' : 'A';
		assert_int_equal(NONCE_FORGED,
		                 nonce_check(&maker, &home, NOW, text, &n));
		text[i] = '=';
		assert_int_equal(NONCE_FORGED,
		                 nonce_check(&maker, &home, NOW, text, &n));
		text[i] = was;
	}
	text[10] = '\0';
	assert_int_equal(NONCE_FORGED,
	                 nonce_check(&maker, &home, NOW, text, &n));
}

static void the_mac_is_hmac_sha_256(void **state)
{
	/* RFC 4231 test case 2 */
	static const uint8_t want[] = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60};
	const struct piece p[] = {piece_of("what do ya want "),
	                          piece_of("for nothing?")};
	uint8_t out[SUM_MAC_SIZE];
	struct sum *s;

	(void)state;
	assert_int_equal(0, sum_alloc(&s, "Jefe", 4));
	sum_mac(s, p, 2, out);
	assert_memory_equal(want, out, sizeof(want));
	sum_mac(s, p, 2, out);
	assert_memory_equal(want, out, sizeof(want));
	sum_free(s);
}

static void a_key_longer_than_a_block_is_hashed_first(void **state)
{
	/* RFC 4231 test case 6 */
	static const uint8_t want[] = {0x60, 0xe4, 0x31, 0x59, 0x1e, 0xe0};
	const struct piece p[] = {piece_of(
		"Test Using Larger Than Block-Size Key - Hash Key First")};
	uint8_t key[131], out[SUM_MAC_SIZE];
	struct sum *s;

	(void)state;
	memset(key, 0xaa, sizeof(key));
	assert_int_equal(0, sum_alloc(&s, key, sizeof(key)));
	sum_mac(s, p, 1, out);
	assert_memory_equal(want, out, sizeof(want));
	sum_free(s);
}

static void a_sum_survives_without_memory(void **state)
{
	struct sum *s;

	(void)state;
	OOM_EACH(sum_alloc(&s, "k", 1), sum_free(s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_nonce_is_good_for_its_life_and_old_afterwards),
		cmocka_unit_test(a_nonce_of_the_future_is_old),
		cmocka_unit_test(
			a_nonce_works_only_where_it_was_sent_and_for_its_realm),
		cmocka_unit_test(a_nonce_of_another_instance_is_foreign),
		cmocka_unit_test(every_changed_character_makes_it_forged),
		cmocka_unit_test(the_mac_is_hmac_sha_256),
		cmocka_unit_test(a_key_longer_than_a_block_is_hashed_first),
		cmocka_unit_test(a_sum_survives_without_memory),
	};

	return cmocka_run_group_tests(tests, open_maker, close_maker);
}

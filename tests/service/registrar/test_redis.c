/*
 * test_redis.c - restarts: of the registrar, and of Redis with all it had
 */
#include <signal.h>
#include <unistd.h>

#include "fixture.h"
#include "phone.h"
#include "unit/test.h"

#define C "Contact: <sip:a@192.0.2.1>\r\n"

static void a_killed_registrar_knows_all_bindings_again(void **state)
{
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "alice");
	assert_int_equal(200, phone_register(&p, C));
	fixture_kill_registrar(&fixture);
	fixture_start_registrar(&fixture);
	/* its nonces are of another life: the phone signs once more */
	assert_int_equal(401, phone_sign(&p, ""));
	assert_true(phone_said(&p, "stale=true"));
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(1, phone_contacts(&p));
	phone_close(&p);
}

static void without_redis_a_phone_is_told_when_to_come_back(void **state)
{
	uint16_t port = fixture.redis.port;
	unsigned status = 0;
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "bob");
	assert_int_equal(200, phone_register(&p, C));
	redis_server_stop(&fixture.redis);
	assert_int_equal(503, phone_register(&p, C));
	assert_true(phone_header(&p, "Retry-After", 0)[0]);

	/* Redis comes back empty, but for the tenants */
	redis_server_start(&fixture.redis, port);
	fixture_load(&fixture);
	wait_healthy(fixture.http);
	for (int i = 0; i < 100 && phone_contacts(&p) == 0; i++)
		status = phone_register(&p, "");
	assert_int_equal(200, status);
	assert_int_equal(1, phone_contacts(&p));
	redis_cli(&fixture.redis, "ZRANGE aors:a.example 0 -1", "bob");
	phone_close(&p);
}

/* It forgot its configuration, and keeps its connections: what it lacks means
 * nothing, so nobody is refused, or counted as wrong. */
static void without_a_configuration_nobody_is_wrong(void **state)
{
	struct phone known, fresh, stranger;
	unsigned status = 503;

	(void)state;
	phone_open(&known, fixture.sip, "a.example", "alice");
	phone_open(&fresh, fixture.sip, "a.example", "dave");
	phone_open(&stranger, fixture.sip, "later.example", "dave");
	fresh.source = "203.0.113.40:1";
	assert_int_equal(200, phone_register(&known, C));
	redis_cli(&fixture.redis, "FLUSHALL", NULL);
	redis_cli(&fixture.redis, "PUBLISH config gone", NULL);
	for (int i = 0; i < 12; i++) {
		assert_int_equal(503, phone_register(&fresh, C));
		assert_true(phone_header(&fresh, "Retry-After", 0)[0]);
	}
	assert_int_equal(503, phone_ask(&stranger, C));
	redis_cli(&fixture.redis, "EXISTS alerts", "0");
	fixture_load(&fixture);
	for (int i = 0; i < 100 && status == 503; i++)
		status = phone_register(&fresh, C);
	assert_int_equal(200, status);
	assert_int_equal(200, phone_register(&known, C));
	phone_close(&known);
	phone_close(&fresh);
	phone_close(&stranger);
}

/* The server is the same one, so only the mark tells (hardening: ten seconds). */
static void an_emptied_redis_has_its_bindings_again(void **state)
{
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "bob");
	assert_int_equal(200, phone_register(&p, C));
	redis_cli(&fixture.redis, "FLUSHALL", NULL);
	fixture_load(&fixture);
	for (int i = 0; i < 100; i++) {
		if (phone_register(&p, "") == 200 && phone_contacts(&p) == 1)
			break;
		(void)usleep(100000);
	}
	assert_int_equal(1, phone_contacts(&p));
	redis_cli(&fixture.redis, "ZRANGE aors:a.example 0 -1", "bob");
	phone_close(&p);
}

static void a_removed_binding_is_not_written_again(void **state)
{
	uint16_t port = fixture.redis.port;
	struct phone p, q;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "carol");
	phone_open(&q, fixture.sip, "a.example", "dave");
	assert_int_equal(200, phone_register(&p, C));
	assert_int_equal(200, phone_register(&p, C "Expires: 0\r\n"));
	assert_int_equal(200, phone_register(&q, C));
	redis_server_stop(&fixture.redis);
	redis_server_start(&fixture.redis, port);
	fixture_load(&fixture);
	wait_healthy(fixture.http);
	for (int i = 0; i < 100 && phone_contacts(&q) == 0; i++)
		assert_int_equal(200, phone_register(&q, ""));
	assert_int_equal(1, phone_contacts(&q));
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(0, phone_contacts(&p));
	phone_close(&p);
	phone_close(&q);
}

/* Five a second of one AoR, ever so many of others. */
static void one_aor_may_not_register_without_end(void **state)
{
	struct phone p, q;
	int served = 0, last = 200;

	(void)state;
	fixture_kill_registrar(&fixture);
	fixture.register_rate = 5;
	fixture_start_registrar(&fixture);
	phone_open(&p, fixture.sip, "a.example", "alice");
	phone_open(&q, fixture.sip, "a.example", "bob");
	assert_int_equal(200, phone_register(&p, C));
	while (last == 200 && ++served < 1000)
		last = (int)phone_sign(&p, C);
	assert_int_equal(503, last);
	assert_in_range(served, 5, 50); /* 5 a second, if it took that long */
	assert_string_equal("1", phone_header(&p, "Retry-After", 0));
	assert_true(phone_said(&p, "X-Trestle-Error: 32008 "));
	redis_cli(&fixture.redis, "XREVRANGE alerts + - COUNT 1", "32008");
	assert_int_equal(200, phone_register(&q, C));
	phone_close(&p);
	phone_close(&q);
}

/* Somebody wrote into a key: only that is lost. */
static void what_is_no_binding_is_left_out_and_goes(void **state)
{
	static const char *const values[] = {
		"x",
		"7",
		"null",
		"[]",
		"{\"contact\":\"sip:old@192.0.2.9\"}",
		"{\"contact\":1,\"expires_at\":\"2999-01-01T00:00:00.000Z\"}"};
	char words[256];
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "dave");
	assert_int_equal(200, phone_register(&p, C));
	for (size_t i = 0; i < N_OF(values); i++) {
		(void)snprintf(words, sizeof(words),
		               "HSET aor:{dave@a.example} poison%zu %s", i,
		               values[i]);
		redis_cli(&fixture.redis, words, NULL);
	}
	assert_int_equal(200, phone_register(&p, "")); /* a query */
	assert_int_equal(1, phone_contacts(&p));
	assert_int_equal(200, phone_register(&p, C));
	assert_int_equal(1, phone_contacts(&p));
	redis_cli(&fixture.redis, "HLEN aor:{dave@a.example}", "1");
	redis_cli(&fixture.redis, "SET aor:{dave@a.example} x", NULL);
	assert_int_equal(200, phone_register(&p, ""));
	assert_int_equal(0, phone_contacts(&p));
	assert_int_equal(200, phone_register(&p, C));
	assert_int_equal(1, phone_contacts(&p));
	redis_cli(&fixture.redis, "HLEN aor:{dave@a.example}", "1");
	phone_close(&p);
}

/* The index is apart from the bindings: one that was lost is written again. */
static void a_lost_index_heals_with_the_next_refresh(void **state)
{
	struct phone p;

	(void)state;
	phone_open(&p, fixture.sip, "a.example", "carol");
	assert_int_equal(200, phone_register(&p, C));
	redis_cli(&fixture.redis, "DEL aors:a.example", "1");
	assert_int_equal(200, phone_register(&p, C));
	redis_cli(&fixture.redis, "ZRANGE aors:a.example 0 -1", "carol");
	phone_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_killed_registrar_knows_all_bindings_again),
		cmocka_unit_test(
			without_redis_a_phone_is_told_when_to_come_back),
		cmocka_unit_test(without_a_configuration_nobody_is_wrong),
		cmocka_unit_test(an_emptied_redis_has_its_bindings_again),
		cmocka_unit_test(a_removed_binding_is_not_written_again),
		cmocka_unit_test(what_is_no_binding_is_left_out_and_goes),
		cmocka_unit_test(a_lost_index_heals_with_the_next_refresh),
		cmocka_unit_test(one_aor_may_not_register_without_end),
	};

	return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}

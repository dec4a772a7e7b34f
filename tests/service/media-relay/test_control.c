/*
 * test_control.c - what a controller is told and refused, figures, ports, drain
 */
#include <signal.h>

#include "fixture.h"
#include "unit/test.h"

static void figures_are_in_redis_and_in_the_last_answer(void **state)
{
	struct fixture *f = fixture_begin(state);
	const struct world_leg *leg;
	char words[160];

	fixture_talk(f);
	for (int i = 0; i < 10; i++)
		phone_send(&f->a, 0, "x", 1);
	while (phone_hears(&f->b, 50))
		;
	assert_true(world_release(&f->world, f->call.session, 1));
	leg = world_leg(&f->world, f->call.names[0]);
	assert_true(leg->quality.packets_received >= 11);
	assert_true(leg->quality.octets_received >= 10);
	assert_true(leg->quality.mos_x100 > 300);
	assert_string_equal("PCMU", leg->codec);
	assert_memory_equal(f->a.ip, leg->remote, strlen(f->a.ip));
	leg = world_leg(&f->world, f->call.names[1]);
	assert_true(leg->quality.packets_sent >= 11);
	(void)snprintf(words, sizeof(words), "HGETALL media:{%s}",
	               f->call.session);
	redis_cli(&f->world.redis_server, words, "\"received\":");
	/* the same answer again */
	assert_true(world_release(&f->world, f->call.session, 1));
	assert_true(world_leg(&f->world, f->call.names[0])
	                    ->quality.packets_received >= 11);
	phone_close(&f->a);
	phone_close(&f->b);
}

static void releasing_what_is_not_there_is_well(void **state)
{
	struct fixture *f = *state;

	assert_true(world_release(&f->world,
	                          "MS99999999999999999999999999999999", 1));
	assert_int_equal(0, f->world.n_legs);
}

static void stale_owners_are_refused_and_old_versions_ignored(void **state)
{
	struct fixture *f = fixture_begin(state);

	f->call.put.version = 5;
	assert_true(world_put(&f->world, &f->call.put, 3));
	f->call.put.version = 9;
	assert_false(world_put(&f->world, &f->call.put, 2));
	assert_int_equal(TRESTLE__REFUSAL__REASON__STALE_EPOCH,
	                 f->world.refused);
	f->call.put.version = 4;
	f->call.put.n_legs = 0;
	assert_true(world_put(&f->world, &f->call.put, 3));
	assert_int_equal(5, f->world.version);
	assert_int_equal(2, f->world.n_legs);
	assert_false(world_release(&f->world, f->call.session, 2));
	/* a newer owner may know an older version only */
	assert_true(world_put(&f->world, &f->call.put, 4));
	assert_int_equal(4, f->world.version);
	assert_int_equal(0, f->world.n_legs);
	assert_true(world_release(&f->world, f->call.session, 4));
	assert_int_equal(2, f->world.n_legs); /* with their figures */
	phone_close(&f->a);
	phone_close(&f->b);
}

static void bad_wishes_are_refused(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__MediaLeg *legs = f->call.legs;

	f->call.put.session = "nonsense";
	assert_false(world_put(&f->world, &f->call.put, 1));
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID, f->world.refused);
	f->call.put.session = f->call.session;
	legs[0].peer = "CAnobody";
	assert_false(world_put(&f->world, &f->call.put, 1));
	legs[0].peer = f->call.names[1];
	legs[0].remote_port = 65536;
	assert_false(world_put(&f->world, &f->call.put, 1));
	legs[0].remote_port = 1;
	legs[0].source = TRESTLE__SOURCE__SOURCE_TONE;
	legs[0].play = "ringback-nowhere";
	assert_false(world_put(&f->world, &f->call.put, 1));
	legs[0].source = TRESTLE__SOURCE__SOURCE_PROMPT;
	legs[0].play = "../secrets";
	assert_false(world_put(&f->world, &f->call.put, 1));
	f->call.codecs[0][0].payload_type = 101;
	assert_false(world_put(&f->world, &f->call.put, 1));
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID, f->world.refused);
	phone_close(&f->a);
	phone_close(&f->b);
}

static void ports_rest_after_a_release(void **state)
{
	struct fixture *f = fixture_begin(state);
	uint16_t used[2];

	fixture_put(f);
	used[0] = f->a.relay_port;
	used[1] = f->b.relay_port;
	assert_int_equal(0, used[0] % 2);
	assert_int_equal(used[0] + 1,
	                 world_leg(&f->world, f->call.names[0])->rtcp_port);
	assert_true(world_release(&f->world, f->call.session, 1));
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(f->call.session, sizeof(f->call.session),
		               "MSe%031x", i);
		fixture_put(f);
		for (unsigned k = 0; k < 2; k++) {
			assert_int_not_equal(used[k], f->a.relay_port);
			assert_int_not_equal(used[k], f->b.relay_port);
		}
		assert_true(world_release(&f->world, f->call.session, 1));
	}
	phone_close(&f->a);
	phone_close(&f->b);
}

static void health_and_metrics_are_told(void **state)
{
	struct fixture *f = *state;
	static char body[65536];

	assert_int_equal(200, http_get(f->world.http, "/healthz", NULL, 0));
	world_pass(&f->world, 1200); /* they are taken once a second */
	assert_int_equal(
		200, http_get(f->world.http, "/metrics", body, sizeof(body)));
	assert_non_null(strstr(body, "trestle_media_sessions 0"));
	assert_non_null(strstr(body, "trestle_media_port_pairs 200"));
	assert_non_null(strstr(body, "dropped_total{reason=\"source\"}"));
}

static void sigterm_waits_for_the_calls(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct call_put other;

	fixture_talk(f);
	kill(f->world.relay, SIGTERM);
	world_pass(&f->world, 300);
	call_put(&other, "MSffffffffffffffffffffffffffffffff", &f->a, &f->b);
	assert_false(world_put(&f->world, &other.put, 1));
	assert_int_equal(TRESTLE__REFUSAL__REASON__OVERLOADED,
	                 f->world.refused);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1000));
	fixture_end(f);
	assert_int_equal(0, process_stop(f->world.relay, 0));
	f->world.relay = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_in_redis_and_in_the_last_answer),
		cmocka_unit_test(releasing_what_is_not_there_is_well),
		cmocka_unit_test(
			stale_owners_are_refused_and_old_versions_ignored),
		cmocka_unit_test(bad_wishes_are_refused),
		cmocka_unit_test(ports_rest_after_a_release),
		cmocka_unit_test(health_and_metrics_are_told),
		cmocka_unit_test(sigterm_waits_for_the_calls),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

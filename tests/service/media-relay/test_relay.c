/*
 * test_relay.c - calls through a real relay: relaying, keys, restart, release
 */
#include <signal.h>
#include <unistd.h>

#include "core/rtcp.h"
#include "core/telephone_event.h"
#include "loop/loop.h"
#include "unit/test.h"
#include "world.h"

struct fixture {
	struct world world;
	struct phone a, b;
	struct call_put call;
};

/* Every test has a session and phones of its own. */
static struct fixture *begin(void **state)
{
	static unsigned number;
	struct fixture *f = *state;
	char session[40];

	number++;
	(void)snprintf(session, sizeof(session), "MS%032x", number);
	phone_open(&f->a, &f->world, 10 + 2 * number);
	phone_open(&f->b, &f->world, 11 + 2 * number);
	call_put(&f->call, session, &f->a, &f->b);
	f->world.n_events = 0;
	return f;
}

static void put(struct fixture *f)
{
	assert_true(world_put(&f->world, &f->call.put, 1));
	f->a.relay_port = world_leg(&f->world, f->call.names[0])->port;
	f->b.relay_port = world_leg(&f->world, f->call.names[1])->port;
}

static void talk(struct fixture *f)
{
	put(f);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1000));
	assert_true(phone_reaches(&f->b, &f->a, 96, 1000));
}

static void end(struct fixture *f)
{
	assert_true(world_release(&f->world, f->call.session, 1));
	phone_close(&f->a);
	phone_close(&f->b);
}

static void packets_reach_the_other_phone(void **state)
{
	struct fixture *f = begin(state);
	struct rtp first;

	talk(f);
	phone_send(&f->a, 0, "hello", 5);
	assert_true(phone_hears(&f->b, 1000));
	first = f->b.got;
	assert_int_equal(96, first.type);
	assert_int_equal(5, first.payload_len);
	assert_memory_equal("hello", first.payload, 5);
	assert_int_not_equal(f->a.ssrc, first.ssrc);
	for (uint16_t i = 1; i < 20; i++) {
		phone_send(&f->a, 0, &i, sizeof(i));
		assert_true(phone_hears(&f->b, 1000));
		assert_int_equal(first.ssrc, f->b.got.ssrc);
		assert_int_equal((uint16_t)(first.seq + i), f->b.got.seq);
		assert_int_equal(first.ts + 160U * i, f->b.got.ts);
		assert_false(f->b.got.marker);
		assert_memory_equal(&i, f->b.got.payload, sizeof(i));
	}
	phone_send(&f->b, 96, "well", 4);
	assert_true(phone_hears(&f->a, 1000));
	assert_int_equal(0, f->a.got.type);
	assert_memory_equal("well", f->a.got.payload, 4);
	end(f);
}

static void other_sources_and_types_do_not_pass(void **state)
{
	struct fixture *f = begin(state);
	struct phone attacker;

	talk(f);
	phone_open(&attacker, &f->world, 250);
	attacker.relay_port = f->a.relay_port;
	attacker.ssrc = f->a.ssrc;
	attacker.seq = f->a.seq;
	attacker.ts = f->a.ts;
	for (int i = 0; i < 50; i++)
		phone_send(&attacker, 0, "evil", 4);
	phone_send(&f->a, 77, "evil", 4);
	phone_send(&f->a, 13, "evil", 4);
	assert_false(phone_hears(&f->b, 200));
	phone_send(&f->a, 0, "good", 4);
	assert_true(phone_hears(&f->b, 1000));
	assert_memory_equal("good", f->b.got.payload, 4);
	assert_true(world_release(&f->world, f->call.session, 1));
	assert_in_range(
		world_leg(&f->world, f->call.names[0])->quality.packets_dropped,
		52, 52);
	phone_close(&attacker);
	phone_close(&f->a);
	phone_close(&f->b);
}

static void press(struct phone *p, uint8_t code, bool end_lost)
{
	uint8_t payload[EVENT_PAYLOAD];
	uint32_t ts = p->ts;

	p->marker = true;
	for (unsigned i = 1; i <= 7; i++) {
		struct telephone_event e = {code, i >= 5, 10,
		                            (uint16_t)(i < 5 ? 160 * i : 800)};

		telephone_event_write(payload, &e);
		p->ts = ts;
		if (!(end_lost && i >= 5))
			phone_send(p, 101, payload, sizeof(payload));
		p->marker = false;
	}
	p->ts = ts + 1600;
}

static void keys_are_told_once_in_order_until_acknowledged(void **state)
{
	struct fixture *f = begin(state);
	const struct world_event *ev = f->world.events;

	f->call.legs[0].want_digits = true;
	talk(f);
	f->world.deaf = 1;
	press(&f->a, 1, false);
	press(&f->a, 1, false);
	press(&f->a, 11, true);
	/* the first is not acknowledged, and comes again */
	assert_true(world_wait_events(&f->world, 4, 5000));
	assert_int_equal('1', ev[0].digit);
	assert_int_equal('1', ev[1].digit);
	assert_int_equal(ev[0].sequence, ev[1].sequence);
	assert_int_equal('1', ev[2].digit);
	assert_int_equal(100, ev[2].duration_ms);
	assert_true(ev[2].sequence > ev[1].sequence);
	assert_int_equal('#', ev[3].digit);
	assert_string_equal(f->call.names[0], ev[3].leg);
	assert_false(world_wait_events(&f->world, 5, 700));
	/* B heard them as telephone-events of its own payload type */
	assert_true(phone_hears(&f->b, 100));
	while (f->b.got.type != 110)
		assert_true(phone_hears(&f->b, 100));
	assert_int_equal(1, f->b.got.payload[0]);
	end(f);
}

static void keys_are_not_told_when_nobody_wants_them(void **state)
{
	struct fixture *f = begin(state);

	talk(f);
	press(&f->a, 1, false);
	assert_false(world_wait_events(&f->world, 1, 400));
	end(f);
}

static void a_killed_relay_goes_on_with_the_same_ports_and_stream(void **state)
{
	struct fixture *f = begin(state);
	struct rtp before;
	uint64_t started;

	f->call.legs[0].want_digits = true;
	talk(f);
	phone_send(&f->a, 0, "one", 3);
	assert_true(phone_hears(&f->b, 1000));
	before = f->b.got;
	world_pass(&f->world, 200); /* its numbers get to Redis */
	assert_int_equal(-SIGKILL, process_stop(f->world.relay, SIGKILL));
	started = loop_now_ms();
	world_start_relay(&f->world, NULL);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1500));
	assert_true(loop_now_ms() - started < 1000);
	assert_int_equal(before.ssrc, f->b.got.ssrc);
	assert_in_range((uint16_t)(f->b.got.seq - before.seq), 1, 2999);
	assert_in_range(f->b.got.ts - before.ts, 160, 80000);
	assert_true(f->b.got.marker);
	assert_true(phone_reaches(&f->b, &f->a, 96, 1000));
	world_wait_relay(&f->world);
	press(&f->a, 7, false);
	assert_true(world_wait_events(&f->world, 1, 5000));
	assert_int_equal('7', f->world.events[0].digit);
	/* the controller's word is still measured by its version */
	f->call.put.version = 0;
	assert_true(world_put(&f->world, &f->call.put, 1));
	assert_int_equal(1, f->world.version);
	assert_int_equal(f->a.relay_port,
	                 world_leg(&f->world, f->call.names[0])->port);
	end(f);
}

static void reports_are_sent_and_read(void **state)
{
	struct fixture *f = begin(state);
	struct rtcp_report r;

	talk(f);
	assert_true(phone_hears_rtcp(&f->b, 8000));
	assert_true(rtcp_parse(&r, f->b.data, f->b.len, 0));
	assert_int_equal(f->b.got.ssrc, r.sender);
	assert_true(r.has_sr);
	end(f);
}

static void figures_are_in_redis_and_in_the_last_answer(void **state)
{
	struct fixture *f = begin(state);
	const struct world_leg *leg;
	char words[160];

	talk(f);
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
	struct fixture *f = begin(state);

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
	struct fixture *f = begin(state);
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
	struct fixture *f = begin(state);
	uint16_t used[2];

	put(f);
	used[0] = f->a.relay_port;
	used[1] = f->b.relay_port;
	assert_int_equal(0, used[0] % 2);
	assert_int_equal(used[0] + 1,
	                 world_leg(&f->world, f->call.names[0])->rtcp_port);
	assert_true(world_release(&f->world, f->call.session, 1));
	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(f->call.session, sizeof(f->call.session),
		               "MSe%031x", i);
		put(f);
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

/* The last one: it leaves no relay behind. */
static void sigterm_waits_for_the_calls(void **state)
{
	struct fixture *f = begin(state);
	struct call_put other;

	talk(f);
	kill(f->world.relay, SIGTERM);
	world_pass(&f->world, 300);
	call_put(&other, "MSffffffffffffffffffffffffffffffff", &f->a, &f->b);
	assert_false(world_put(&f->world, &other.put, 1));
	assert_int_equal(TRESTLE__REFUSAL__REASON__OVERLOADED,
	                 f->world.refused);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1000));
	end(f);
	assert_int_equal(0, process_stop(f->world.relay, 0));
	f->world.relay = 0;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	world_open(&f->world);
	world_start_relay(&f->world, NULL);
	world_wait_relay(&f->world);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	world_close(&f->world);
	free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_reach_the_other_phone),
		cmocka_unit_test(other_sources_and_types_do_not_pass),
		cmocka_unit_test(
			keys_are_told_once_in_order_until_acknowledged),
		cmocka_unit_test(keys_are_not_told_when_nobody_wants_them),
		cmocka_unit_test(
			a_killed_relay_goes_on_with_the_same_ports_and_stream),
		cmocka_unit_test(reports_are_sent_and_read),
		cmocka_unit_test(figures_are_in_redis_and_in_the_last_answer),
		cmocka_unit_test(releasing_what_is_not_there_is_well),
		cmocka_unit_test(
			stale_owners_are_refused_and_old_versions_ignored),
		cmocka_unit_test(bad_wishes_are_refused),
		cmocka_unit_test(ports_rest_after_a_release),
		cmocka_unit_test(health_and_metrics_are_told),
		cmocka_unit_test(sigterm_waits_for_the_calls),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/*
 * test_relay.c - calls through a real relay: packets, keys, a restart
 */
#include <signal.h>
#include <unistd.h>

#include <sys/wait.h>

#include "core/rtcp.h"
#include "core/telephone_event.h"
#include "loop/loop.h"

#include "fixture.h"
#include "unit/test.h"

static void packets_reach_the_other_phone(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct rtp first;

	fixture_talk(f);
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
	fixture_end(f);
}

static void other_sources_and_types_do_not_pass(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct phone attacker;

	fixture_talk(f);
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
	struct fixture *f = fixture_begin(state);
	const struct world_event *ev = f->world.events;

	f->call.legs[0].want_digits = true;
	fixture_talk(f);
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
	fixture_end(f);
}

static void keys_are_not_told_when_nobody_wants_them(void **state)
{
	struct fixture *f = fixture_begin(state);

	fixture_talk(f);
	press(&f->a, 1, false);
	assert_false(world_wait_events(&f->world, 1, 400));
	fixture_end(f);
}

static void a_killed_relay_goes_on_with_the_same_ports_and_stream(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct rtp before;
	uint64_t started;

	f->call.legs[0].want_digits = true;
	fixture_talk(f);
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
	fixture_end(f);
}

static void a_killed_relay_does_not_know_who_answered(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__Detect detect = TRESTLE__DETECT__INIT;

	f->call.legs[0].detect = &detect;
	fixture_talk(f);
	world_pass(&f->world, 200);
	assert_int_equal(-SIGKILL, process_stop(f->world.relay, SIGKILL));
	world_start_relay(&f->world, NULL);
	assert_true(world_wait_events(&f->world, 1, 4000));
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__MACHINE,
	                 f->world.events[0].type);
	assert_string_equal("unknown", f->world.events[0].text);
	fixture_end(f);
}

static void reports_are_sent_and_read(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct rtcp_report r;

	fixture_talk(f);
	assert_true(phone_hears_rtcp(&f->b, 8000));
	assert_true(rtcp_parse(&r, f->b.data, f->b.len, 0));
	assert_int_equal(f->b.got.ssrc, r.sender);
	assert_true(r.has_sr);
	fixture_end(f);
}

/* The last one: it leaves no relay behind. */

/* It would start, say that it is ready, and have no port for any call. */
static void an_address_of_another_machine_is_refused_at_start(void **state)
{
	const char *const env[] = {"TRESTLE_RTP_ADDRESS=203.0.113.7",
	                           "TRESTLE_REDIS=redis://127.0.0.1:1/0",
	                           "TRESTLE_ADDRESS=127.0.0.1", NULL};
	pid_t pid = process_start(TRESTLE_BIN "/trestle-media-relay", env);
	int status = 0;
	pid_t ended = 0;

	(void)state;
	for (int i = 0; i < 200 && ended == 0; i++) {
		ended = waitpid(pid, &status, WNOHANG);
		(void)usleep(10000);
	}
	if (ended == 0)
		(void)process_stop(pid, SIGKILL);
	assert_int_equal(pid, ended);
	assert_int_equal(1, WEXITSTATUS(status));
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
		cmocka_unit_test(a_killed_relay_does_not_know_who_answered),
		cmocka_unit_test(reports_are_sent_and_read),
		cmocka_unit_test(
			an_address_of_another_machine_is_refused_at_start),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

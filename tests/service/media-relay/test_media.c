/*
 * test_media.c - what the relay makes itself: tones, prompts, events; and
 * where it ends: timeouts, ports, Redis away
 */
#include <signal.h>
#include <unistd.h>

#include "core/g711.h"
#include "fixture.h"
#include "loop/loop.h"
#include "unit/test.h"

static void play(struct fixture *f, Trestle__Source source, const char *name,
                 uint64_t id)
{
	f->call.legs[0].source = source;
	f->call.legs[0].play = (char *)(uintptr_t)name;
	f->call.legs[0].play_id = id;
}

/* Loudest sample of the G.711 packet that came last */
static int loudness(const struct phone *p)
{
	int most = 0;

	for (size_t i = 0; i < p->got.payload_len; i++) {
		int s = g711_from_ulaw(p->got.payload[i]);

		most = abs(s) > most ? abs(s) : most;
	}
	return most;
}

static void a_caller_hears_ringing_until_the_other_answers(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct rtp last;
	uint64_t start;

	play(f, TRESTLE__SOURCE__SOURCE_TONE, "ringback-us", 0);
	fixture_put(f);
	assert_true(phone_hears(&f->a, 1000));
	start = loop_now_ms();
	last = f->a.got;
	assert_true(last.marker);
	assert_int_equal(160, last.payload_len);
	for (unsigned i = 1; i <= 50; i++) {
		assert_true(phone_hears(&f->a, 1000));
		assert_int_equal((uint16_t)(last.seq + 1), f->a.got.seq);
		assert_int_equal(last.ts + 160, f->a.got.ts);
		assert_int_equal(last.ssrc, f->a.got.ssrc);
		last = f->a.got;
	}
	assert_in_range(loop_now_ms() - start, 900, 1200);
	assert_in_range(loudness(&f->a), 3000, 7000);
	/* answered: from now on it hears B, in the same stream */
	f->call.legs[0].source = TRESTLE__SOURCE__SOURCE_PEER;
	fixture_put(f);
	while (phone_hears(&f->a, 40))
		last = f->a.got;
	assert_true(phone_reaches(&f->b, &f->a, 96, 1000));
	assert_int_equal(last.ssrc, f->a.got.ssrc);
	assert_int_equal((uint16_t)(last.seq + 1), f->a.got.seq);
	assert_true(f->a.got.marker);
	assert_true((int32_t)(f->a.got.ts - last.ts) >= 160);
	fixture_end(f);
}

static void a_prompt_is_played_once_and_its_end_is_told(void **state)
{
	struct fixture *f = fixture_begin(state);
	unsigned n = 0;
	int loud = 0;

	play(f, TRESTLE__SOURCE__SOURCE_PROMPT, "apology", 77);
	fixture_put(f);
	while (phone_hears(&f->a, 200)) {
		n++;
		loud = loudness(&f->a) > loud ? loudness(&f->a) : loud;
	}
	assert_in_range(n, 200, 300); /* four to six seconds */
	assert_in_range(loud, 8000, 32767);
	assert_true(world_wait_events(&f->world, 1, 1000));
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__PLAY_DONE,
	                 f->world.events[0].type);
	assert_int_equal(77, f->world.events[0].play_id);
	/* the same id again starts nothing, a new one does */
	fixture_put(f);
	assert_false(phone_hears(&f->a, 200));
	play(f, TRESTLE__SOURCE__SOURCE_PROMPT, "apology", 78);
	fixture_put(f);
	assert_true(phone_hears(&f->a, 200));
	fixture_end(f);
	assert_int_equal(1, f->world.n_events);
}

static void prompts_come_in_the_codec_of_the_leg(void **state)
{
	static const struct {
		const char *name;
		uint32_t type, rate;
		size_t least, most; /* bytes of a packet */
		uint32_t ticks;
	} rows[] = {
		{"PCMA", 8, 8000, 160, 160, 160},
		{"G722", 9, 8000, 160, 160, 160},
		{"opus", 111, 48000, 1, 300, 960},
	};

	for (size_t i = 0; i < N_OF(rows); i++) {
		struct fixture *f = fixture_begin(state);
		Trestle__Codec *c = &f->call.codecs[0][0];
		uint32_t ts;

		c->name = (char *)(uintptr_t)rows[i].name;
		c->payload_type = rows[i].type;
		c->rate = rows[i].rate;
		play(f, TRESTLE__SOURCE__SOURCE_PROMPT, "apology", 1);
		fixture_put(f);
		assert_true(phone_hears(&f->a, 1000));
		ts = f->a.got.ts;
		for (uint32_t k = 1; k < 20; k++) {
			assert_true(phone_hears(&f->a, 1000));
			assert_int_equal(rows[i].type, f->a.got.type);
			assert_in_range(f->a.got.payload_len, rows[i].least,
			                rows[i].most);
			assert_int_equal(ts + k * rows[i].ticks, f->a.got.ts);
		}
		fixture_end(f);
	}
}

static void a_leg_whose_codec_is_not_made_here_is_done_at_once(void **state)
{
	struct fixture *f = fixture_begin(state);

	f->call.codecs[0][0].name = "G729";
	f->call.codecs[0][0].payload_type = 18;
	play(f, TRESTLE__SOURCE__SOURCE_PROMPT, "apology", 5);
	fixture_put(f);
	assert_true(world_wait_events(&f->world, 1, 1000));
	assert_int_equal(5, f->world.events[0].play_id);
	fixture_end(f);
}

static void silence_is_told_once_after_the_timeout(void **state)
{
	struct fixture *f = fixture_begin(state);

	f->call.legs[0].expect_media = true;
	fixture_put(f);
	assert_false(world_wait_events(&f->world, 1, 1500));
	assert_true(world_wait_events(&f->world, 1, 1500)); /* set to 2 s */
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__MEDIA_TIMEOUT,
	                 f->world.events[0].type);
	assert_string_equal(f->call.names[0], f->world.events[0].leg);
	assert_false(world_wait_events(&f->world, 2, 2500));
	fixture_end(f);
}

static void a_prompt_goes_on_after_a_kill_and_its_end_is_told(void **state)
{
	struct fixture *f = fixture_begin(state);
	unsigned n = 0;

	play(f, TRESTLE__SOURCE__SOURCE_PROMPT, "apology", 9);
	fixture_put(f);
	for (int i = 0; i < 100; i++)
		assert_true(phone_hears(&f->a, 1000));
	(void)process_stop(f->world.relay, SIGKILL);
	world_start_relay(&f->world, NULL);
	assert_true(phone_hears(&f->a, 1000));
	while (phone_hears(&f->a, 200))
		n++;
	assert_in_range(n, 80, 200); /* the rest, not all of it */
	assert_true(world_wait_events(&f->world, 1, 5000));
	assert_int_equal(9, f->world.events[0].play_id);
	fixture_end(f);
}

static void events_outlive_a_kill(void **state)
{
	struct fixture *f = fixture_begin(state);

	f->call.legs[0].expect_media = true;
	fixture_put(f);
	f->world.deaf = 1000; /* the controller does not acknowledge */
	assert_true(world_wait_events(&f->world, 2, 8000));
	(void)process_stop(f->world.relay, SIGKILL);
	f->world.deaf = 0;
	f->world.n_events = 0;
	world_start_relay(&f->world, NULL);
	assert_true(world_wait_events(&f->world, 1, 5000));
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__MEDIA_TIMEOUT,
	                 f->world.events[0].type);
	assert_int_equal(1, f->world.events[0].sequence);
	world_wait_relay(&f->world);
	fixture_end(f);
}

static void calls_go_on_without_redis_and_are_written_down_later(void **state)
{
	struct fixture *f = fixture_begin(state);
	char words[120];
	uint16_t port = f->world.redis_server.port;

	fixture_put(f);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1000));
	redis_server_stop(&f->world.redis_server);
	world_pass(&f->world, 300);
	assert_true(phone_reaches(&f->a, &f->b, 0, 1000));
	play(f, TRESTLE__SOURCE__SOURCE_TONE, "de", 0);
	fixture_put(f); /* the bus needs no Redis either */
	assert_true(phone_hears(&f->a, 1000));
	redis_server_start(&f->world.redis_server, port);
	world_pass(&f->world, 1500);
	(void)snprintf(words, sizeof(words), "HGET media:{%s} version",
	               f->call.session);
	redis_cli(&f->world.redis_server, words, "2");
	world_wait_relay(&f->world);
	fixture_end(f);
}

/* 200 pairs of ports: the relay refuses what it cannot open, whole. */
static void without_a_free_port_a_session_is_refused(void **state)
{
	struct fixture *f = fixture_begin(state);
	enum { LEGS = 64 };
	static Trestle__MediaLeg legs[LEGS];
	static Trestle__MediaLeg *list[LEGS];
	static char names[LEGS][16];
	unsigned opened = 0;
	char session[40];

	for (unsigned i = 0; i < LEGS; i++) {
		trestle__media_leg__init(&legs[i]);
		(void)snprintf(names[i], sizeof(names[i]), "CA%u", i);
		legs[i].leg = names[i];
		list[i] = &legs[i];
	}
	f->call.put.n_legs = LEGS;
	f->call.put.legs = list;
	f->call.put.session = session;
	for (;; opened++) {
		(void)snprintf(session, sizeof(session), "MSa%031x", opened);
		if (!world_put(&f->world, &f->call.put, 1))
			break;
	}
	assert_int_equal(TRESTLE__REFUSAL__REASON__OVERLOADED,
	                 f->world.refused);
	assert_in_range(opened, 1, 3);
	while (opened-- > 0) {
		(void)snprintf(session, sizeof(session), "MSa%031x", opened);
		assert_true(world_release(&f->world, session, 1));
	}
	assert_int_equal(200, http_get(f->world.http, "/healthz", NULL, 0));
	phone_close(&f->a);
	phone_close(&f->b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_caller_hears_ringing_until_the_other_answers),
		cmocka_unit_test(a_prompt_is_played_once_and_its_end_is_told),
		cmocka_unit_test(prompts_come_in_the_codec_of_the_leg),
		cmocka_unit_test(
			a_leg_whose_codec_is_not_made_here_is_done_at_once),
		cmocka_unit_test(silence_is_told_once_after_the_timeout),
		cmocka_unit_test(
			a_prompt_goes_on_after_a_kill_and_its_end_is_told),
		cmocka_unit_test(events_outlive_a_kill),
		cmocka_unit_test(
			calls_go_on_without_redis_and_are_written_down_later),
		cmocka_unit_test(without_a_free_port_a_session_is_refused),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

/*
 * test_recording.c - what is said at a leg is in a file, and how that ends
 */
#include <stdio.h>

#include "core/beep.h"
#include "recorded.h"
#include "unit/test.h"

enum { SOON_MS = 1000 };

#define STARTED TRESTLE__MEDIA_EVENT__TYPE__RECORDING_STARTED
#define ENDED   TRESTLE__MEDIA_EVENT__TYPE__RECORDING_ENDED

static void expect_near(unsigned wanted, unsigned got, unsigned by)
{
	assert_in_range(got, wanted > by ? wanted - by : 0, wanted + by);
}

/* @return its length [ms] */
static unsigned expect_end(const struct recorded *r,
                           Trestle__MediaEvent__EndedBy by)
{
	const struct world_event *ev = recorded_event(r, ENDED, SOON_MS);

	assert_non_null(ev);
	assert_int_equal(by, ev->ended_by);
	assert_int_equal(ev->length_ms > 0, recorded_exists(r, ".wav"));
	if (ev->length_ms > 0)
		expect_near(ev->length_ms, recorded_ms(r), 1);
	return ev->length_ms;
}

/* Its length is the time that it ran, without @p less. */
static void stop(struct recorded *r, unsigned less)
{
	uint64_t now = recorded_now_ms();

	recorded_stop(r);
	expect_near((unsigned)(now - r->begun_ms) - less,
	            expect_end(r, TRESTLE__MEDIA_EVENT__ENDED_BY__STOPPED),
	            100);
}

static void two_channels_hold_the_two_parties(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;
	char words[160];

	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.dual = true;
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 2000);
	assert_non_null(recorded_event(&r, STARTED, SOON_MS));
	assert_false(recorded_exists(&r, ".wav"));
	(void)snprintf(words, sizeof(words), "HGETALL recording:{%s}", r.sid);
	redis_cli(&f->world.redis_server, words, "in-progress");
	stop(&r, 0);
	expect_near(500, recorded_hz(&r, 1, 500, 1000), 10);
	expect_near(1250, recorded_hz(&r, 2, 500, 1000), 15);
	redis_cli(&f->world.redis_server, words, "completed");
	redis_cli(&f->world.redis_server, words, "DialVerb");
	redis_cli(&f->world.redis_server,
	          "ZRANGE recordings:{" RECORDED_ACCOUNT "} 0 -1", r.sid);
	redis_cli(&f->world.redis_server,
	          "ZRANGE recordings:{" RECORDED_CALL "} 0 -1", r.sid);
	fixture_end(f);
}

static void one_track_is_what_the_phone_sends_or_is_sent(void **state)
{
	const struct {
		Trestle__Track track;
		unsigned hz;
	} rows[] = {{TRESTLE__TRACK__TRACK_INBOUND, 500},
	            {TRESTLE__TRACK__TRACK_OUTBOUND, 1250}};
	struct fixture *f = fixture_begin(state);
	struct recorded r[2];

	fixture_talk(f);
	for (size_t i = 0; i < N_OF(rows); i++) {
		recorded_begin(&r[i], f);
		r[i].want.track = rows[i].track;
		recorded_put(&r[i]);
		recorded_talk(&r[i], 500, 1250, 800);
		stop(&r[i], 0);
		expect_near(rows[i].hz, recorded_hz(&r[i], 1, 300, 400), 15);
	}
	fixture_end(f);
}

static void the_longest_length_is_exact(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;

	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.max_ms = 1010;
	recorded_put(&r);
	recorded_talk(&r, 500, -1, 1200);
	assert_int_equal(
		1010,
		expect_end(&r, TRESTLE__MEDIA_EVENT__ENDED_BY__LENGTH_LIMIT));
	/* it is named still: it is not begun again */
	recorded_put(&r);
	recorded_talk(&r, 500, -1, 200);
	recorded_stop(&r);
	assert_int_equal(1, recorded_count(&r, STARTED));
	assert_int_equal(1, recorded_count(&r, ENDED));
	fixture_end(f);
}

static void received_silence_ends_it_and_is_cut_off(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;
	uint64_t since;
	unsigned ms, spoken;

	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.track = TRESTLE__TRACK__TRACK_INBOUND;
	r.want.silence_ms = 600;
	r.want.trim = true;
	recorded_put(&r);
	recorded_talk(&r, 0, -1, 400);
	since = recorded_now_ms();
	recorded_talk(&r, 500, -1, 700);
	/* nothing received is no silence */
	recorded_talk(&r, -1, -1, 900);
	assert_int_equal(0, recorded_count(&r, ENDED));
	recorded_talk(&r, 500, -1, 300);
	spoken = (unsigned)(recorded_now_ms() - since);
	recorded_talk(&r, 0, -1, 900);
	ms = expect_end(&r, TRESTLE__MEDIA_EVENT__ENDED_BY__SILENCE_LIMIT);
	/* and 60 ms before and behind it */
	expect_near(spoken + 120, ms, 100);
	expect_near(500, recorded_hz(&r, 1, 100, 500), 10);
	fixture_end(f);
}

static void nothing_but_silence_is_no_recording(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;
	char words[160];

	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.track = TRESTLE__TRACK__TRACK_INBOUND;
	r.want.silence_ms = 400;
	r.want.trim = true;
	recorded_put(&r);
	recorded_talk(&r, 0, -1, 800);
	assert_int_equal(
		0,
		expect_end(&r, TRESTLE__MEDIA_EVENT__ENDED_BY__SILENCE_LIMIT));
	(void)snprintf(words, sizeof(words), "HGET recording:{%s} status",
	               r.sid);
	redis_cli(&f->world.redis_server, words, "absent");
	fixture_end(f);
}

static void a_pause_is_silence_in_the_file(void **state)
{
	struct fixture *f = fixture_begin(state);
	uint64_t since, skipped;
	struct recorded r;

	fixture_talk(f);
	recorded_begin(&r, f);
	r.want.track = TRESTLE__TRACK__TRACK_INBOUND;
	recorded_put(&r);
	recorded_talk(&r, 500, -1, 500);
	r.want.paused = true;
	recorded_put(&r);
	recorded_talk(&r, 500, -1, 500);
	r.want.pause_skips = true;
	recorded_put(&r);
	since = recorded_now_ms();
	recorded_talk(&r, 500, -1, 500);
	r.want.paused = false;
	recorded_put(&r);
	skipped = recorded_now_ms() - since;
	recorded_talk(&r, 500, -1, 500);
	stop(&r, (unsigned)skipped);
	assert_int_equal(0, recorded_hz(&r, 1, 600, 300));
	expect_near(500, recorded_hz(&r, 1, 1150, 300), 10);
	fixture_end(f);
}

static void the_phone_hears_a_beep_first(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;
	unsigned before;

	fixture_talk(f);
	f->call.legs[0].source = TRESTLE__SOURCE__SOURCE_SILENCE;
	fixture_put(f);
	while (phone_hears(&f->a, 50))
		;
	before = f->a.n_got;
	recorded_begin(&r, f);
	r.want.track = TRESTLE__TRACK__TRACK_INBOUND;
	r.want.beep = true;
	recorded_put(&r);
	recorded_talk(&r, 500, -1, 300);
	assert_int_equal(0, recorded_count(&r, STARTED));
	recorded_talk(&r, 700, -1, 800);
	while (phone_hears(&f->a, 50))
		;
	/* 400 ms of it */
	assert_int_equal(20, f->a.n_got - before);
	stop(&r, BEEP_MS);
	expect_near(700, recorded_hz(&r, 1, 100, 500), 10);
	fixture_end(f);
}

static void it_ends_with_its_leg_and_with_the_session(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r, s;
	uint64_t since;

	fixture_talk(f);
	recorded_begin(&r, f);
	recorded_put(&r);
	recorded_talk(&r, 500, 1250, 300);
	since = recorded_now_ms();
	f->call.put.legs = f->call.list + 1; /* b alone */
	f->call.put.n_legs = 1;
	f->call.legs[1].source = TRESTLE__SOURCE__SOURCE_SILENCE;
	assert_true(world_put(&f->world, &f->call.put, 1));
	f->call.put.version++;
	expect_near((unsigned)(since - r.begun_ms),
	            expect_end(&r, TRESTLE__MEDIA_EVENT__ENDED_BY__STOPPED),
	            100);
	recorded_begin(&s, f);
	s.want.leg = f->call.names[1];
	f->call.put.recordings = s.list;
	since = recorded_now_ms();
	assert_true(world_put(&f->world, &f->call.put, 1));
	recorded_talk(&s, -1, 1250, 300);
	since = recorded_now_ms() - since;
	assert_true(world_release(&f->world, f->call.session, 1));
	expect_near((unsigned)since,
	            expect_end(&s, TRESTLE__MEDIA_EVENT__ENDED_BY__STOPPED),
	            100);
	phone_close(&f->a);
	phone_close(&f->b);
}

static void bad_wishes_are_refused(void **state)
{
	struct fixture *f = fixture_begin(state);
	struct recorded r;

	fixture_talk(f);
	recorded_begin(&r, f);
	f->call.put.recordings = r.list;
	f->call.put.n_recordings = 1;
	r.want.recording = "RE../../../../../../../../tmp/x";
	assert_false(world_put(&f->world, &f->call.put, 1));
	r.want.recording = r.sid;
	r.want.account_sid = "";
	assert_false(world_put(&f->world, &f->call.put, 1));
	r.want.account_sid = RECORDED_ACCOUNT;
	r.want.max_ms = 86400001;
	assert_false(world_put(&f->world, &f->call.put, 1));
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID, f->world.refused);
	fixture_end(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_channels_hold_the_two_parties),
		cmocka_unit_test(one_track_is_what_the_phone_sends_or_is_sent),
		cmocka_unit_test(the_longest_length_is_exact),
		cmocka_unit_test(received_silence_ends_it_and_is_cut_off),
		cmocka_unit_test(nothing_but_silence_is_no_recording),
		cmocka_unit_test(a_pause_is_silence_in_the_file),
		cmocka_unit_test(the_phone_hears_a_beep_first),
		cmocka_unit_test(it_ends_with_its_leg_and_with_the_session),
		cmocka_unit_test(bad_wishes_are_refused),
	};

	return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}

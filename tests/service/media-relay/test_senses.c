/*
 * test_senses.c - what a real relay understands of a phone's audio: keys as
 * tones, who answered, speech (which the test is, on a bus of its own)
 */
#include <math.h>

#include "core/g711.h"
#include "core/telephone_event.h"
#include "loop/loop.h"

#include "base/log.h"
#include "fixture.h"
#include "unit/test.h"

static const struct log quiet = {NULL, "svc", "test"};

/* Two sines for a while, at the pace of a phone. */
static void say(struct fixture *f, double one, double other, unsigned ms)
{
	uint8_t packet[160];
	uint64_t next = loop_now_ms();

	for (unsigned i = 0; i < ms / 20; i++, next += 20) {
		for (unsigned k = 0; k < 160; k++) {
			double t = (double)(i * 160 + k) / 8000;

			packet[k] = g711_to_ulaw(
				(int16_t)(4000 * sin(2 * M_PI * one * t) +
			                  4000 * sin(2 * M_PI * other * t)));
		}
		phone_send(&f->a, 0, packet, sizeof(packet));
		while (loop_now_ms() < next + 20)
			world_pass(&f->world, 2);
	}
}

static void press_one(struct fixture *f)
{
	say(f, 697, 1209, 80);
	say(f, 0, 0, 80);
}

static void keys_are_heard_as_tones(void **state)
{
	struct fixture *f = fixture_begin(state);
	const struct world_event *ev = f->world.events;

	f->call.legs[0].n_codecs = 1; /* no telephone-event */
	f->call.legs[0].want_digits = true;
	fixture_put(f);
	say(f, 0, 0, 200);
	press_one(f);
	press_one(f);
	say(f, 941, 1477, 400);
	say(f, 0, 0, 300);
	assert_true(world_wait_events(&f->world, 3, 1000));
	assert_false(world_wait_events(&f->world, 4, 300));
	assert_int_equal('1', ev[0].digit);
	assert_int_equal('1', ev[1].digit);
	assert_int_equal('#', ev[2].digit);
	assert_in_range(ev[0].duration_ms, 50, 110);
	assert_in_range(ev[2].duration_ms, 360, 430);
	fixture_end(f);
}

static void tones_mean_nothing_where_events_were_negotiated(void **state)
{
	struct fixture *f = fixture_begin(state);

	f->call.legs[0].want_digits = true;
	fixture_put(f);
	press_one(f);
	say(f, 0, 0, 200);
	assert_false(world_wait_events(&f->world, 1, 800));
	fixture_end(f);
}

static void press_event(struct fixture *f, uint8_t code)
{
	uint8_t payload[EVENT_PAYLOAD];
	uint32_t ts = f->a.ts;

	for (unsigned i = 1; i <= 4; i++) {
		struct telephone_event e = {code, i > 1, 10, 800};

		telephone_event_write(payload, &e);
		f->a.ts = ts;
		f->a.marker = i == 1;
		phone_send(&f->a, 101, payload, sizeof(payload));
	}
	f->a.marker = false;
	f->a.ts = ts + 1600;
}

/* With TRESTLE_RTP_INBAND_KEYS: once, whatever way; then by events only. */
static void a_key_told_both_ways_is_one(void **state)
{
	struct fixture *f = fixture_begin(state);

	f->call.legs[0].want_digits = true;
	fixture_put(f);
	say(f, 0, 0, 200);
	press_one(f);
	say(f, 0, 0, 700);
	assert_true(world_wait_events(&f->world, 1, 500));
	say(f, 770, 1336, 80);
	press_event(f, 5);
	say(f, 0, 0, 800);
	press_one(f);
	say(f, 0, 0, 800);
	assert_int_equal(2, f->world.n_events);
	assert_int_equal('1', f->world.events[0].digit);
	assert_int_equal('5', f->world.events[1].digit);
	fixture_end(f);
}

static void who_answered_is_told_once(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__Detect detect = TRESTLE__DETECT__INIT;
	const struct world_event *ev = f->world.events;

	detect.until_end = true;
	detect.silence_ms = 2000;
	f->call.legs[0].detect = &detect;
	fixture_put(f);
	say(f, 0, 0, 200);
	say(f, 1000, 1000, 400);
	say(f, 0, 0, 300);
	assert_true(world_wait_events(&f->world, 1, 500));
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__MACHINE, ev[0].type);
	assert_string_equal("machine_end_beep", ev[0].text);
	fixture_put(f); /* the same wish again */
	say(f, 1000, 1000, 400);
	say(f, 0, 0, 300);
	assert_int_equal(1, f->world.n_events);
	/* and a phone that says nothing at all */
	f->call.legs[0].detect = NULL;
	fixture_put(f);
	f->call.legs[0].detect = &detect;
	fixture_put(f);
	assert_true(world_wait_events(&f->world, 2, 3000));
	assert_string_equal("unknown", ev[1].text);
	fixture_end(f);
}

/* --- speech ---------------------------------------------------------------- */

struct speech {
	struct world *world;
	struct bus *bus;
	unsigned requests, drops; /* drops: that are not understood */
	uint32_t next;            /* sequence that must come */
	size_t bytes;
	bool last, bad;
	char language[20];
	char hint[20];
};

static void on_hear(void *arg, const struct bus_return *from,
                    const Trestle__Envelope *in)
{
	struct speech *s = arg;
	const Trestle__HearRequest *m = in->hear_request;
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__HearReply reply = TRESTLE__HEAR_REPLY__INIT;

	assert_int_equal(TRESTLE__ENVELOPE__BODY_HEAR_REQUEST, in->body_case);
	s->requests++;
	if (s->drops > 0 && s->requests > 1) {
		s->drops--;
		s->bytes = 0;
		s->next = 0;
		bus_refuse(s->bus, from, TRESTLE__REFUSAL__REASON__INVALID,
		           "unknown utterance");
		return;
	}
	s->bad |= m->sequence != s->next++ || m->rate != 8000 ||
	          strcmp(m->id, "LISTEN1") != 0;
	if (m->sequence == 0) {
		(void)snprintf(s->language, sizeof(s->language), "%s",
		               m->language);
		(void)snprintf(s->hint, sizeof(s->hint), "%s",
		               m->n_hints ? m->hints[0] : "");
	}
	s->bytes += m->pcm.len;
	s->last = m->last;
	reply.text = m->last ? "good morning" : s->next == 2 ? "good" : "";
	reply.final = m->last;
	reply.confidence_x1000 = 870;
	env.body_case = TRESTLE__ENVELOPE__BODY_HEAR_REPLY;
	env.hear_reply = &reply;
	bus_reply(s->bus, from, &env);
}

static bool relay_knows(void *arg)
{
	struct speech *s = arg;

	(void)s;
	return peers_alive(bus_peers(s->bus), "media-relay") > 0;
}

static void speech_open(struct speech *s, struct fixture *f)
{
	static const char *const wants[] = {"media-relay", NULL};
	struct bus_config cfg = {.loop = f->world.loop,
	                         .redis = f->world.redis,
	                         .log = &quiet,
	                         .service = "speech",
	                         .instance = "speech-t",
	                         .address = "127.0.0.1",
	                         .sip = "",
	                         .http = "",
	                         .wants = wants,
	                         .on_request = on_hear,
	                         .arg = s};

	memset(s, 0, sizeof(*s));
	s->world = &f->world;
	assert_int_equal(0, bus_alloc(&s->bus, &cfg));
	assert_true(world_run(&f->world, relay_knows, s, 5000));
	world_pass(&f->world, 1500);
}

static void listen_to(struct fixture *f, Trestle__Listen *l)
{
	static char *hints[] = {(char *)"morning"};

	trestle__listen__init(l);
	l->id = (char *)"LISTEN1";
	l->language = (char *)"en-GB";
	l->hints = hints;
	l->n_hints = 1;
	l->silence_ms = 500;
	l->max_ms = 10000;
	l->partial = true;
	f->call.legs[0].listen = l;
	fixture_put(f);
}

static void what_was_said_is_told(void **state)
{
	struct fixture *f = fixture_begin(state);
	const struct world_event *ev = f->world.events;
	Trestle__Listen l;
	struct speech s;

	speech_open(&s, f);
	listen_to(f, &l);
	say(f, 0, 0, 300);
	say(f, 300, 730, 600);
	say(f, 0, 0, 900);
	assert_true(world_wait_events(&f->world, 2, 2000));
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__SPEECH, ev[0].type);
	assert_false(ev[0].final);
	assert_string_equal("good", ev[0].text);
	assert_true(ev[1].final);
	assert_string_equal("good morning", ev[1].text);
	assert_string_equal("LISTEN1", ev[1].id);
	assert_int_equal(870, ev[1].confidence);
	assert_false(s.bad);
	assert_string_equal("en-GB", s.language);
	assert_string_equal("morning", s.hint);
	/* silence, speech, half a second of silence; nothing after it */
	assert_in_range(s.bytes / 16, 1250, 1600);
	fixture_put(f);
	say(f, 300, 730, 500);
	assert_int_equal(2, f->world.n_events);
	fixture_end(f);
	bus_free(s.bus);
}

static void who_speaks_is_told_once_a_second(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__Listen l;
	struct speech s;

	f->world.n_voices = 0;
	speech_open(&s, f);
	listen_to(f, &l);
	say(f, 0, 0, 1000);
	assert_int_equal(0, f->world.n_voices);
	say(f, 300, 730, 2500);
	say(f, 0, 0, 900);
	assert_in_range(f->world.n_voices, 2, 3);
	fixture_end(f);
	bus_free(s.bus);
}

static void a_lost_speech_service_hears_it_again(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__Listen l;
	struct speech s;

	speech_open(&s, f);
	s.drops = 1;
	f->world.n_voices = 0;
	listen_to(f, &l);
	say(f, 300, 730, 600);
	say(f, 0, 0, 900);
	while (f->world.n_events == 0 ||
	       !f->world.events[f->world.n_events - 1].final)
		assert_true(world_wait_events(&f->world, f->world.n_events + 1,
		                              3000));
	assert_false(s.bad);
	assert_in_range(s.bytes / 16, 950, 1300);
	assert_int_equal(2, f->world.n_voices); /* and when it began again */
	fixture_end(f);
	bus_free(s.bus);
}

static void without_speech_it_fails(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__Listen l;

	world_pass(&f->world, 4000); /* those of other tests are forgotten */
	listen_to(f, &l);
	say(f, 300, 730, 400);
	say(f, 0, 0, 700);
	assert_true(world_wait_events(&f->world, 1, 15000));
	assert_int_equal(TRESTLE__MEDIA_EVENT__TYPE__SPEECH_FAILED,
	                 f->world.events[0].type);
	assert_string_equal("LISTEN1", f->world.events[0].id);
	fixture_end(f);
	assert_int_equal(1, f->world.n_events);
}

static int both_open(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	world_open(&f->world);
	world_start_relay(&f->world, "TRESTLE_RTP_INBAND_KEYS=1");
	world_wait_relay(&f->world);
	*state = f;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_heard_as_tones),
		cmocka_unit_test(
			tones_mean_nothing_where_events_were_negotiated),
		cmocka_unit_test(who_answered_is_told_once),
		cmocka_unit_test(what_was_said_is_told),
		cmocka_unit_test(who_speaks_is_told_once_a_second),
		cmocka_unit_test(a_lost_speech_service_hears_it_again),
		cmocka_unit_test(without_speech_it_fails),
	};
	const struct CMUnitTest both[] = {
		cmocka_unit_test(a_key_told_both_ways_is_one),
	};
	int failed = cmocka_run_group_tests(tests, fixture_open, fixture_close);

	return failed + cmocka_run_group_tests(both, both_open, fixture_close);
}

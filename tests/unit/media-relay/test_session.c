/*
 * test_session.c - specifications, sessions and their records
 */
#include "unit/test.h"

#include "adapters/record.h"
#include "adapters/sockets.h"
#include "core/session.h"
#include "unit/oom.h"

static struct leg_spec named(const char *name, const char *peer)
{
	struct leg_spec s = {
		.source = peer ? SOURCE_LEG : SOURCE_NOTHING,
		.ptime_ms = 20,
		.n_formats = 2,
		.formats = {{CODEC_PCMU, 0, 1, 8000, "PCMU"},
	                    {CODEC_EVENT, 101, 1, 8000, "telephone-event"}},
	};

	(void)snprintf(s.name, sizeof(s.name), "%s", name);
	(void)snprintf(s.peer, sizeof(s.peer), "%s", peer ? peer : "");
	return s;
}

static void unsound_specifications_are_named(void **state)
{
	struct leg_spec legs[2] = {named("a", "b"), named("b", "a")};
	struct leg_spec good[2];

	(void)state;
	memcpy(good, legs, sizeof(legs));
	assert_null(leg_specs_problem(legs, 2));
	assert_null(leg_specs_problem(legs, 0));
	assert_non_null(leg_specs_problem(legs, 1)); /* its peer is not there */
	legs[1].name[0] = 'a';
	assert_non_null(leg_specs_problem(legs, 2));
	memcpy(legs, good, sizeof(legs));
	legs[0].name[0] = '\0';
	assert_non_null(leg_specs_problem(legs, 2));
	memcpy(legs, good, sizeof(legs));
	legs[0].formats[0].type = 101;
	assert_non_null(leg_specs_problem(legs, 2));
	legs[0].formats[0].type = 72; /* would look like RTCP */
	assert_non_null(leg_specs_problem(legs, 2));
	legs[0].formats[0].type = 0;
	legs[0].formats[0].rate = 0;
	assert_non_null(leg_specs_problem(legs, 2));
}

static void the_first_audio_codec_is_sent(void **state)
{
	struct leg_spec s = named("a", NULL);

	(void)state;
	assert_int_equal(CODEC_PCMU, leg_spec_audio(&s)->codec);
	s.formats[0] = s.formats[1];
	s.formats[1].codec = CODEC_G722;
	assert_int_equal(CODEC_G722, leg_spec_audio(&s)->codec);
	s.n_formats = 1;
	assert_null(leg_spec_audio(&s));
}

static void older_words_do_not_count(void **state)
{
	static const struct {
		uint64_t epoch, version;
		enum session_order order;
	} rows[] = {
		{3, 7, SESSION_REPEAT}, {3, 6, SESSION_REPEAT},
		{3, 8, SESSION_APPLY},  {2, 9, SESSION_STALE},
		{4, 7, SESSION_APPLY},  {4, 1, SESSION_APPLY},
		{0, 0, SESSION_STALE},
	};
	const struct session s = {.epoch = 3, .version = 7};

	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++)
		assert_int_equal(rows[i].order, session_order(&s, rows[i].epoch,
		                                              rows[i].version));
}

static void closed_legs_keep_their_figures_until_room_is_needed(void **state)
{
	struct leg_spec spec = named("a", NULL);
	struct session *s;

	(void)state;
	assert_int_equal(0, session_alloc(&s, "MS1"));
	for (uint32_t i = 1; i <= 3 * SESSION_LEGS_MAX; i++) {
		struct session_leg *leg = session_add(s, i, &spec, 30000);

		assert_non_null(leg);
		assert_ptr_equal(leg, session_find(s, "a"));
		assert_ptr_equal(leg, session_find_id(s, i));
		leg->closed = true;
	}
	assert_null(session_find(s, "a"));
	assert_null(session_find_id(s, SESSION_LEGS_MAX));
	assert_non_null(session_find_id(s, SESSION_LEGS_MAX + 1));
	session_free(s);
	session_free(NULL);
}

static void events_wait_in_order_and_leave_when_acknowledged(void **state)
{
	struct session *s;

	(void)state;
	assert_int_equal(0, session_alloc(&s, "MS1"));
	for (uint64_t i = 1; i <= SESSION_EVENTS_MAX + 5; i++)
		assert_int_equal(i,
		                 session_note(s, SESSION_DIGIT, "a")->sequence);
	assert_int_equal(SESSION_EVENTS_MAX, s->n_events);
	assert_int_equal(6, s->events[0].sequence); /* the oldest were lost */
	assert_false(session_acked(s, 5));
	assert_true(session_acked(s, 7));
	assert_false(session_acked(s, 7));
	assert_int_equal(6, s->events[0].sequence);
	assert_int_equal(8, s->events[1].sequence);
	session_free(s);
}

static void figures_of_two_lives_add_up(void **state)
{
	struct session_leg leg = {
		.before = {.received = 10, .lost = 1, .mos_x100 = 400},
		.now = {.received = 5, .lost = 2},
	};
	struct figures f;

	(void)state;
	session_figures(&leg, &f);
	assert_int_equal(15, f.received);
	assert_int_equal(3, f.lost);
	assert_int_equal(400, f.mos_x100);
	leg.now.expected = 7;
	leg.now.mos_x100 = 420;
	session_figures(&leg, &f);
	assert_int_equal(420, f.mos_x100);
}

static struct session_leg *full_leg(struct session *s)
{
	struct leg_spec spec = named("CA1", "CA2");
	struct session_leg *leg;

	spec.direction = DIRECTION_RECEIVE;
	spec.source = SOURCE_FILE;
	(void)snprintf(spec.play, sizeof(spec.play), "apology");
	spec.play_id = 77;
	spec.rtcp_port = 5005;
	spec.rtcp_mux = spec.want_digits = spec.expect_media = true;
	spec.keys_stop = spec.detects = true;
	spec.offer.any = true;
	(void)address_parse(&spec.offer.sdp, "2001:db8::1", 5004);
	(void)address_parse(&spec.offer.sources[0], "192.0.2.7", 0);
	spec.offer.n_sources = 1;
	leg = session_add(s, 1, &spec, 30002);
	assert_non_null(leg);
	(void)address_parse(&leg->memory.source, "192.0.2.7", 61000);
	leg->memory.ssrc = 0xfffffffe;
	leg->memory.seq = 65535;
	leg->memory.ts = 0x80000001;
	leg->memory.sent = true;
	leg->memory.pressed = true;
	leg->memory.press = (struct press_id){1, 2, 11};
	leg->memory.playing = true;
	leg->memory.play_id = 77;
	leg->memory.place = (struct player_place){2, 5, 1234};
	leg->place_at_ms = 123456789;
	leg->now.received = leg->now.expected = 42;
	leg->now.mos_x100 = 431;
	return leg;
}

static void a_leg_reads_back_from_its_record(void **state)
{
	struct session *a;
	struct session *b;
	struct session_leg *in;
	const struct session_leg *out;
	char *json;

	(void)state;
	assert_int_equal(0, session_alloc(&a, "MS1"));
	assert_int_equal(0, session_alloc(&b, "MS1"));
	in = full_leg(a);
	json = record_leg(in);
	assert_non_null(json);
	assert_int_equal(0, record_read_leg(b, json));
	out = session_find(b, "CA1");
	assert_non_null(out);
	assert_memory_equal(&in->memory, &out->memory, sizeof(in->memory));
	assert_memory_equal(&in->spec.offer, &out->spec.offer,
	                    sizeof(in->spec.offer));
	assert_int_equal(SOURCE_FILE, out->spec.source);
	assert_int_equal(DIRECTION_RECEIVE, out->spec.direction);
	assert_string_equal("apology", out->spec.play);
	assert_int_equal(77, out->spec.play_id);
	assert_true(out->memory.playing);
	assert_int_equal(77, out->memory.play_id);
	assert_int_equal(2, out->memory.place.item);
	assert_int_equal(5, out->memory.place.round);
	assert_int_equal(1234, out->memory.place.ms);
	assert_int_equal(123456789, out->place_at_ms);
	assert_int_equal(5005, out->spec.rtcp_port);
	assert_true(out->spec.rtcp_mux && out->spec.want_digits);
	assert_true(out->spec.keys_stop && out->spec.detects);
	assert_int_equal(2, out->spec.n_formats);
	assert_int_equal(CODEC_EVENT, out->spec.formats[1].codec);
	assert_int_equal(30002, out->port);
	assert_int_equal(42, out->before.received);
	assert_int_equal(431, out->before.mos_x100);
	/* the same leg again is no second one */
	assert_int_equal(EINVAL, record_read_leg(b, json));
	free(json);
	session_free(a);
	session_free(b);
}

static void events_read_back_in_their_order(void **state)
{
	struct session *a;
	struct session *b;
	char *json[3];

	(void)state;
	assert_int_equal(0, session_alloc(&a, "MS1"));
	assert_int_equal(0, session_alloc(&b, "MS1"));
	for (int i = 0; i < 3; i++) {
		session_note(a, SESSION_DIGIT, "CA1")->digit = (char)('1' + i);
		json[i] = record_event(&a->events[i]);
		assert_non_null(json[i]);
	}
	assert_int_equal(0, record_read_event(b, json[2]));
	assert_int_equal(0, record_read_event(b, json[0]));
	assert_int_equal(0, record_read_event(b, json[1]));
	for (int i = 0; i < 3; i++) {
		assert_int_equal('1' + i, b->events[i].digit);
		assert_int_equal(i + 1, b->events[i].sequence);
		free(json[i]);
	}
	session_free(a);
	session_free(b);
}

static void records_that_make_no_sense_are_left_out(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"null",
		"{}",
		"{\"leg\":7}",
		"{\"leg\":\"\"}",
		"{\"leg\":\"a\",\"codecs\":[{\"type\":0,\"name\":\"PCMU\"}]}",
		"{\"leg\":\"a\",\"leg\":\"b\"}",
		"{\"leg\":\"a\",\"peer\":\"0123456789012345678901234567890123"
		"456789012345678901234567890123456789\"}",
	};
	struct session *s;

	(void)state;
	assert_int_equal(0, session_alloc(&s, "MS1"));
	for (size_t i = 0; i < N_OF(bad); i++) {
		assert_int_equal(EINVAL, record_read_leg(s, bad[i]));
		assert_int_equal(EINVAL, record_read_event(s, bad[i]));
	}
	assert_int_equal(0, s->n);
	assert_int_equal(0, s->n_events);
	session_free(s);
}

static void allocation_survives_lack_of_memory(void **state)
{
	struct session *s;

	(void)state;
	OOM_EACH(session_alloc(&s, "MS1"), session_free(s));
}

static void addresses_read_back(void **state)
{
	static const char *const good[] = {"192.0.2.1:5004",
	                                   "[2001:db8::1]:65535"};
	static const char *const bad[] = {"",    "1.2.3.4",    "1.2.3.4:x",
	                                  ":5",  "[::1]",      "1.2.3.4:65536",
	                                  "a:5", "[1.2.3.4:5", "1.2.3.4:-1"};
	char text[ADDRESS_TEXT];
	struct address a;

	(void)state;
	for (size_t i = 0; i < N_OF(good); i++) {
		assert_true(address_parse_pair(&a, good[i]));
		address_print(&a, text);
		assert_string_equal(good[i], text);
	}
	for (size_t i = 0; i < N_OF(bad); i++)
		assert_false(address_parse_pair(&a, bad[i]));
	assert_true(address_parse(&a, "::ffff:127.0.0.1", 1));
	assert_int_equal(ADDRESS_IP4, a.family);
}

static void passwords_of_plays_are_apart_from_the_record(void **state)
{
	const struct play items[] = {
		{PLAY_SPEECH, "Hello", "", "", 0, 1},
		{PLAY_URL, "https://kate:geheim@app.test/a.wav", "", "", 0, 1},
	};
	struct session_leg *in;
	struct session *a, *b;
	char *json, *secret;

	(void)state;
	assert_int_equal(0, session_alloc(&a, "MS1"));
	assert_int_equal(0, session_alloc(&b, "MS1"));
	in = full_leg(a);
	in->spec.source = SOURCE_LIST;
	in->plays = plays_copy(items, 1);
	assert_null(record_secret(in));
	free(in->plays);
	in->plays = plays_copy(items, 2);
	json = record_leg(in);
	secret = record_secret(in);
	assert_non_null(strstr(json, "\"https://***@app.test/a.wav\""));
	assert_null(strstr(json, "geheim"));
	assert_int_equal(0, record_read_leg(b, json));
	assert_int_equal(0, record_read_secret(b, "CA1", secret));
	assert_string_equal(items[1].what,
	                    session_find(b, "CA1")->plays->items[1].what);
	/* of another list, or of another leg */
	assert_int_equal(0, record_read_secret(
				    b, "CA1", "[\"Hello\",\"http://x:y@z/\"]"));
	assert_string_equal(items[1].what,
	                    session_find(b, "CA1")->plays->items[1].what);
	assert_int_equal(EINVAL, record_read_secret(b, "CA1", "[\"Hello\"]"));
	assert_int_equal(EINVAL, record_read_secret(b, "CA2", secret));
	free(json);
	free(secret);
	session_free(a);
	session_free(b);
}

TEST_MAIN(cmocka_unit_test(passwords_of_plays_are_apart_from_the_record),
          cmocka_unit_test(unsound_specifications_are_named),
          cmocka_unit_test(the_first_audio_codec_is_sent),
          cmocka_unit_test(older_words_do_not_count),
          cmocka_unit_test(closed_legs_keep_their_figures_until_room_is_needed),
          cmocka_unit_test(events_wait_in_order_and_leave_when_acknowledged),
          cmocka_unit_test(figures_of_two_lives_add_up),
          cmocka_unit_test(a_leg_reads_back_from_its_record),
          cmocka_unit_test(events_read_back_in_their_order),
          cmocka_unit_test(records_that_make_no_sense_are_left_out),
          cmocka_unit_test(allocation_survives_lack_of_memory),
          cmocka_unit_test(addresses_read_back))

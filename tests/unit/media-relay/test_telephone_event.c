/*
 * test_telephone_event.c - one report for each key press
 */
#include "unit/test.h"

#include "core/telephone_event.h"

enum { PACKETS_MAX = 8 };

struct packet {
	uint32_t ssrc;
	uint32_t ts;
	bool marker;
	uint8_t code;
	bool end;
	uint16_t duration;
	uint64_t ms;
};

static struct key_press put(struct event_receiver *er, struct packet p)
{
	uint8_t payload[EVENT_PAYLOAD];
	struct telephone_event e = {p.code, p.end, 10, p.duration};
	struct rtp r = {.ssrc = p.ssrc,
	                .ts = p.ts,
	                .marker = p.marker,
	                .payload = payload,
	                .payload_len = sizeof(payload)};

	telephone_event_write(payload, &e);
	return event_receive(er, &r, 8000, p.ms);
}

static void the_payload_reads_back(void **state)
{
	uint8_t p[EVENT_PAYLOAD];
	struct telephone_event in = {11, true, 63, 0xfedc};
	struct telephone_event out;

	(void)state;
	telephone_event_write(p, &in);
	assert_false(telephone_event_parse(&out, p, 3));
	assert_true(telephone_event_parse(&out, p, 4));
	assert_int_equal(11, out.code);
	assert_true(out.end);
	assert_int_equal(63, out.volume);
	assert_int_equal(0xfedc, out.duration);
}

/* Each row is packets, a tick where `ssrc` is 0, and the keys reported. */
static const struct {
	const char *what;
	struct packet p[PACKETS_MAX];
	const char *keys;
} rows[] = {
	{"a press and its three end packets",
         {{1, 800, true, 5, false, 160, 10},
          {1, 800, false, 5, false, 320, 30},
          {1, 800, false, 5, true, 480, 50},
          {1, 800, false, 5, true, 480, 51},
          {1, 800, false, 5, true, 480, 52}},
         "5"},
	{"only one end packet came through",
         {{1, 800, false, 11, true, 480, 50}},
         "#"},
	{"all end packets were lost: silence ends it",
         {{1, 800, true, 10, false, 160, 10},
          {.ms = 259},
          {.ms = 260},
          {.ms = 600}},
         "*"},
	{"all end packets were lost: the next key ends it",
         {{1, 800, true, 1, false, 160, 10},
          {1, 2400, true, 2, false, 160, 210},
          {1, 2400, false, 2, true, 320, 230}},
         "12"},
	{"the same key twice",
         {{1, 800, true, 7, true, 480, 10}, {1, 2400, true, 7, true, 480, 210}},
         "77"},
	{"the same key twice, ends lost, second marker lost",
         {{1, 800, true, 7, false, 480, 10},
          {1, 2400, false, 7, true, 480, 210},
          {.ms = 300}},
         "77"},
	{"a late packet of the press before",
         {{1, 800, true, 3, true, 480, 10},
          {1, 2400, true, 4, false, 160, 210},
          {1, 800, false, 3, true, 480, 211},
          {1, 2400, false, 4, true, 320, 230}},
         "34"},
	{"two presses of which only end packets came, at once",
         {{1, 800, true, 3, false, 160, 10},
          {1, 2400, false, 4, true, 320, 230},
          {.ms = 231}},
         "34"},
	{"a long press in segments",
         {{1, 800, true, 9, false, 65000, 8000},
          {1, 800 + 65535, false, 9, false, 400, 8200},
          {1, 800 + 65535, false, 9, true, 800, 8250},
          {1, 800 + 65535, false, 9, true, 800, 8251}},
         "9"},
	{"a phone that lets the timestamp run",
         {{1, 800, true, 6, false, 160, 10},
          {1, 960, false, 6, false, 320, 30},
          {1, 1120, false, 6, true, 480, 50},
          {1, 1280, false, 6, true, 480, 70}},
         "6"},
	{"a new SSRC is a new press",
         {{1, 800, true, 8, true, 480, 10}, {2, 800, true, 8, true, 480, 200}},
         "88"},
	{"flash and tones are no keys",
         {{1, 800, true, 16, true, 480, 10},
          {1, 1800, true, 66, true, 480, 100},
          {1, 2800, true, 255, true, 480, 200}},
         ""},
	{"the letters",
         {{1, 800, true, 12, true, 480, 10},
          {1, 1800, true, 15, true, 480, 100}},
         "AD"},
};

static void play(const struct packet *p, char *keys)
{
	struct event_receiver er = {0};
	size_t n = 0;

	for (size_t k = 0; k < PACKETS_MAX && p[k].ms; k++) {
		struct key_press key =
			p[k].ssrc ? put(&er, p[k]) : event_tick(&er, p[k].ms);

		if (key.digit)
			keys[n++] = key.digit;
	}
}

static void presses_are_reported_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OF(rows); i++) {
		char got[16] = "";

		play(rows[i].p, got);
		if (strcmp(got, rows[i].keys) != 0)
			fail_msg("%s: %s", rows[i].what, got);
	}
}

static void the_duration_is_told_in_milliseconds(void **state)
{
	struct event_receiver er = {0};
	struct key_press k;

	(void)state;
	(void)put(&er, (struct packet){1, 0, true, 1, false, 160, 10});
	k = put(&er, (struct packet){1, 0, false, 1, true, 1600, 200});
	assert_int_equal('1', k.digit);
	assert_int_equal(200, k.duration_ms);
}

static void a_stuck_key_ends_after_ten_seconds(void **state)
{
	struct event_receiver er = {0};
	unsigned n = 0;

	(void)state;
	for (unsigned i = 0; i < 700; i++) {
		struct key_press k =
			put(&er, (struct packet){1, 0, i == 0, 1, false,
		                                 (uint16_t)(i * 90), i * 20UL});

		if (k.digit == '\0')
			continue;
		assert_int_equal(EVENT_PRESS_MAX_MS, i * 20);
		n++;
	}
	assert_int_equal(1, n);
}

static void a_remembered_press_is_not_reported_again(void **state)
{
	struct event_receiver er = {0};
	struct press_id id = {1, 800, 5};
	struct key_press k;

	(void)state;
	assert_null(event_last(&er));
	event_remember(&er, &id);
	k = put(&er, (struct packet){1, 800, false, 5, true, 480, 50});
	assert_int_equal('\0', k.digit);
	assert_int_equal(800, event_last(&er)->ts);
}

static void short_payloads_are_ignored(void **state)
{
	struct event_receiver er = {0};
	const uint8_t payload[3] = {1, 0x80, 0};
	struct rtp r = {.payload = payload, .payload_len = 3};

	(void)state;
	assert_int_equal('\0', event_receive(&er, &r, 8000, 1).digit);
	assert_int_equal('\0', event_tick(&er, 10000).digit);
}

enum { PRESSES = 60, SENT_MAX = PRESSES * 16, KEYS = 12 };

static const char keys[KEYS + 1] = "0123456789*#";

/* A phone, a bad line, and what came out at its end */
struct line {
	struct packet sent[SENT_MAX];
	size_t press[SENT_MAX]; /* of each packet */
	size_t n;
	bool arrived[PRESSES];
	struct event_receiver er;
	unsigned want[KEYS], got[KEYS];
};

static void press(struct line *l, size_t number, uint32_t *ts, uint64_t *ms)
{
	unsigned steps = 2U + (unsigned)rand() % 8;
	uint8_t code = (uint8_t)(rand() % KEYS);

	for (unsigned k = 1; k <= steps + 2; k++) {
		unsigned at = k < steps ? k : steps;

		l->press[l->n] = number;
		l->sent[l->n++] = (struct packet){1,
		                                  *ts,
		                                  k == 1,
		                                  code,
		                                  k >= steps,
		                                  (uint16_t)(at * 160),
		                                  *ms + 20UL * at};
	}
	*ts += (steps + 3) * 160;
	*ms += 20UL * (steps + 3);
}

static void swap_neighbours(struct line *l)
{
	for (size_t i = 0; i + 1 < l->n; i++) {
		struct packet p = l->sent[i];
		size_t number = l->press[i];

		if (rand() % 10 != 0)
			continue;
		l->sent[i] = l->sent[i + 1];
		l->sent[i + 1] = p;
		l->press[i] = l->press[i + 1];
		l->press[i + 1] = number;
	}
}

static void hear(struct line *l, struct key_press k)
{
	if (k.digit)
		l->got[strchr(keys, k.digit) - keys]++;
}

static void carry(struct line *l, size_t i, uint64_t *ms)
{
	struct packet p = l->sent[i];
	unsigned copies = (unsigned)rand() % 3; /* a third is lost */

	*ms = p.ms > *ms ? p.ms : *ms;
	p.ms = *ms;
	if (copies > 0 && !l->arrived[l->press[i]]) {
		l->arrived[l->press[i]] = true;
		l->want[p.code]++;
	}
	for (; copies > 0; copies--)
		hear(l, put(&l->er, p));
}

/* Loss and duplication of packets, neighbours swapped: each press of which a
 * packet came is reported exactly once, and nothing else ever is. */
static void bad_lines_never_add_or_hide_a_press(void **state)
{
	(void)state;
	srand(7);
	for (int round = 0; round < 500; round++) {
		struct line l = {.n = 0};
		uint32_t ts = 1000;
		uint64_t ms = 1000;

		for (size_t i = 0; i < PRESSES; i++)
			press(&l, i, &ts, &ms);
		swap_neighbours(&l);
		ms = 0;
		for (size_t i = 0; i < l.n; i++)
			carry(&l, i, &ms);
		hear(&l, event_tick(&l.er, ms + 10000));
		assert_memory_equal(l.want, l.got, sizeof(l.want));
	}
}

TEST_MAIN(cmocka_unit_test(the_payload_reads_back),
          cmocka_unit_test(presses_are_reported_once),
          cmocka_unit_test(the_duration_is_told_in_milliseconds),
          cmocka_unit_test(a_stuck_key_ends_after_ten_seconds),
          cmocka_unit_test(a_remembered_press_is_not_reported_again),
          cmocka_unit_test(short_payloads_are_ignored),
          cmocka_unit_test(bad_lines_never_add_or_hide_a_press))

/*
 * test_ear.c - the jitter buffer and the ear: a network that loses, delays,
 * reorders and repeats in front, a steady 20 ms behind
 */
#include "unit/test.h"

#include "core/ear.h"
#include "core/g711.h"

enum { PACKETS = 3000 }; /* a minute */
enum { PACKET_US = 20000 };

static uint32_t seed = 1;

static uint32_t chance(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

struct network {
	unsigned loss;      /* of 1000 */
	unsigned twice;     /* of 1000 */
	uint32_t jitter_us; /* 0 to that, each packet */
	int skew_ppm;       /* of the sender's clock */
};

/* a packet on its way */
struct way {
	uint64_t at_us;
	uint16_t seq;
};

static struct way ways[2 * PACKETS];

static int earlier(const void *a, const void *b)
{
	const struct way *x = a;
	const struct way *y = b;

	return x->at_us < y->at_us ? -1 : x->at_us > y->at_us;
}

static size_t send_all(const struct network *net)
{
	size_t n = 0;

	for (int i = 0; i < PACKETS; i++) {
		uint64_t sent = (uint64_t)i *
		                (uint64_t)(PACKET_US +
		                           PACKET_US * net->skew_ppm / 1000000);

		if (chance(1000) < net->loss)
			continue;
		for (int k = 0; k < (chance(1000) < net->twice ? 2 : 1); k++) {
			ways[n].seq = (uint16_t)(i + 65000);
			ways[n++].at_us =
				1000000 + sent +
				(net->jitter_us ? chance(net->jitter_us) : 0);
		}
	}
	qsort(ways, n, sizeof(ways[0]), earlier);
	return n;
}

static void put(struct ear *e, uint16_t seq, uint64_t now_us)
{
	uint8_t payload[160];
	struct jitter_packet p = {CODEC_PCMU, seq, 0, 8000, 160, payload};

	p.ts = (uint32_t)(uint16_t)(seq - 65000) * 160;
	for (int i = 0; i < 160; i++)
		payload[i] =
			g711_to_ulaw((int16_t)(i % 20 < 10 ? 4000 : -4000));
	ear_put(e, &p, false, now_us);
}

/* @return frames in which something was heard, of a minute */
static int listen(const struct network *net, struct ear_counters *c)
{
	struct ear *e;
	size_t n = send_all(net);
	size_t next = 0;
	int heard = 0;
	int16_t out[EAR_FRAME_MAX];

	assert_int_equal(0, ear_alloc(&e, 8000));
	for (int tick = 0; tick < PACKETS; tick++) {
		uint64_t now = 1000000 + 7000 + (uint64_t)tick * PACKET_US;

		while (next < n && ways[next].at_us <= now) {
			put(e, ways[next].seq, ways[next].at_us);
			next++;
		}
		heard += ear_take(e, now, out);
	}
	ear_count(e, c);
	ear_free(e);
	return heard;
}

static void a_clean_network_needs_no_help(void **state)
{
	struct network net = {0};
	struct ear_counters c;

	(void)state;
	assert_true(listen(&net, &c) > PACKETS - 5);
	assert_int_equal(0, c.concealed);
	assert_int_equal(0, c.late);
	assert_true(c.left_out <= 1); /* the first delay, in whole frames */
	assert_true(c.decoded > PACKETS - 5);
}

static void each_lost_packet_is_stood_in_for_once(void **state)
{
	struct network net = {.loss = 50};
	struct ear_counters c;

	(void)state;
	assert_true(listen(&net, &c) > PACKETS - 20);
	assert_true(c.decoded + c.concealed > PACKETS - 10);
	assert_true(c.decoded + c.concealed < PACKETS + 20);
	assert_int_equal(0, c.late);
}

static void it_waits_longer_where_packets_are_uneven(void **state)
{
	struct network net = {.jitter_us = 70000, .twice = 20};
	struct ear_counters c;

	(void)state;
	assert_true(listen(&net, &c) > PACKETS - 20);
	/* reordered, doubled, delayed: nearly all of them are used */
	assert_true(c.decoded > PACKETS * 98 / 100);
	assert_true(c.concealed < PACKETS * 3 / 100);
}

static void two_clocks_are_kept_together(void **state)
{
	static const int skews[] = {-1000, 1000}; /* 60 ms in a minute */
	struct ear_counters c;

	(void)state;
	for (size_t i = 0; i < N_OF(skews); i++) {
		struct network net = {.skew_ppm = skews[i]};

		assert_true(listen(&net, &c) > PACKETS - 20);
		assert_true(c.left_out + c.concealed <= 5);
		assert_int_equal(0, c.late);
	}
}

static void it_never_holds_more_than_its_limit(void **state)
{
	static struct jitter j;
	uint8_t payload[160] = {0};
	struct jitter_packet p = {CODEC_PCMU, 0, 0, 8000, 160, payload};
	struct jitter_packet out;

	(void)state;
	jitter_init(&j);
	for (unsigned i = 0; i < 100000; i++) {
		p.seq = (uint16_t)(p.seq + chance(100) - 20);
		p.ts = chance(3) ? p.seq * 160U : chance(UINT32_MAX);
		p.len = chance(JITTER_PAYLOAD_MAX + 20);
		if (p.len > sizeof(payload))
			p.len = sizeof(payload);
		jitter_put(&j, &p, chance(1000) == 0, i * 1000ULL);
		assert_true(j.n <= JITTER_SLOTS);
		if (chance(4) == 0 &&
		    jitter_get(&j, i * 1000ULL, &out) == JITTER_PACKET)
			assert_true(out.len <= sizeof(payload));
	}
	jitter_init(&j);
	for (unsigned i = 0; i < JITTER_SLOTS; i++) {
		p = (struct jitter_packet){CODEC_PCMU, (uint16_t)i, i * 160,
		                           8000,       160,         payload};
		jitter_put(&j, &p, false, 0);
		assert_true(j.n * 20 <= JITTER_HELD_MAX_MS + 20);
	}
	assert_int_equal(JITTER_SLOTS - j.n, j.pushed_out);
}

static void silence_is_told_from_sound(void **state)
{
	struct ear *e;
	int16_t out[EAR_FRAME_MAX];
	uint64_t now = 1000000;
	int heard = 0;

	(void)state;
	assert_int_equal(0, ear_alloc(&e, 16000));
	assert_false(ear_take(e, now, out));
	for (int i = 0; i < 10; i++, now += PACKET_US) {
		put(e, (uint16_t)(65000 + i), now);
		heard += ear_take(e, now, out);
	}
	assert_in_range(heard, 7, 9);
	for (int i = 0; i < 20; i++, now += PACKET_US)
		heard += ear_take(e, now, out);
	assert_in_range(heard, 10, 16);
	for (size_t i = 0; i < EAR_FRAME_MAX; i++)
		assert_int_equal(0, out[i]);
	/* and it goes on, with the next number, a second later */
	for (int i = 10; i < 20; i++, now += PACKET_US) {
		put(e, (uint16_t)(65000 + i), now);
		heard += ear_take(e, now, out);
	}
	assert_true(heard > 16);
	ear_free(e);
}

TEST_MAIN(cmocka_unit_test(a_clean_network_needs_no_help),
          cmocka_unit_test(each_lost_packet_is_stood_in_for_once),
          cmocka_unit_test(it_waits_longer_where_packets_are_uneven),
          cmocka_unit_test(two_clocks_are_kept_together),
          cmocka_unit_test(it_never_holds_more_than_its_limit),
          cmocka_unit_test(silence_is_told_from_sound))

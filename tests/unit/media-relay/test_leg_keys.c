/*
 * test_leg_keys.c - keys that are sent by a leg, and that stop what it is played
 */
#include "unit/test.h"

#include "call.h"
#include "core/telephone_event.h"
#include "letters.h"

enum { STEP_US = 5000 };

static void a_key_that_goes_down_stops_what_may_be_stopped(void **state)
{
	const struct telephone_event held = {5, false, 10, 160};
	struct clip *clip = letters_whole("abcdefgh");
	struct leg_input in;
	struct call c;

	(void)state;
	call_make(&c);
	call_latch(&c);
	c.a.spec.source = SOURCE_LIST;
	for (int i = 0; i < 2; i++) {
		c.a.keys = (struct event_receiver){.pressed = false};
		c.a.spec.keys_stop = i == 1;
		leg_start(&c.a, letters_list(1, &clip, 1), c.now_us);
		call_send(&c, &in, 0, call_phone(1, 5000));
		assert_non_null(c.a.player.list);
		call_send(&c, &in, 101, call_phone(1, 5000));
		telephone_event_write(c.packet + RTP_HEADER, &held);
		c.packet[3]++;
		in = (struct leg_input){.from = call_phone(1, 5000),
		                        .now_us = c.now_us,
		                        .data = c.packet,
		                        .len = RTP_HEADER + EVENT_PAYLOAD};
		(void)leg_receive(&c.a, &in, &call_policy);
		assert_true(c.a.keys.pressed);
		assert_int_equal('\0', in.key.digit);
		assert_int_equal(i == 0, c.a.player.list != NULL);
	}
	assert_true(clip_unshared(clip));
	clip_free(clip);
}

struct press {
	char digit;
	uint32_t duration_ms;
	uint64_t at_us;
};

/* What a receiver makes of it */
static size_t receive_keys(struct call *c, struct press *presses, uint64_t us,
                           unsigned *audio)
{
	struct event_receiver er = {.pressed = false};
	uint64_t end = c->now_us + us, begin = c->now_us;
	struct player_failure failed;
	struct leg_output out;
	struct rtp r;
	size_t n = 0;

	for (; c->now_us < end; c->now_us += STEP_US) {
		struct key_press key = {.digit = '\0'};

		while (leg_play(&c->b, c->now_us, &out, &failed) ==
		       LEG_PLAY_PACKET) {
			if (out.payload_len > 0) {
				(*audio)++;
				continue;
			}
			assert_true(rtp_parse(&r, out.head, out.head_len));
			key = event_receive(&er, &r, 48000, /* as B has it */
			                    c->now_us / 1000);
		}
		if (key.digit)
			presses[n++] = (struct press){
				key.digit, key.duration_ms, c->now_us - begin};
	}
	return n;
}

static void keys_are_sent_as_events_with_their_pauses(void **state)
{
	struct clip *clip = letters_whole("s");
	struct press presses[8];
	struct playlist *list;
	unsigned audio = 0;
	struct call c;

	(void)state;
	call_make(&c);
	list = letters_list(1, &clip, 1);
	list->items[0].digits = strdup("1w1#D");
	leg_start(&c.b, list, c.now_us);
	assert_int_equal(4, receive_keys(&c, presses, 3000000, &audio));
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal("11#D"[i], presses[i].digit);
		assert_int_equal(PLAYER_KEY_MS, presses[i].duration_ms);
	}
	assert_int_equal(700000, presses[1].at_us - presses[0].at_us);
	assert_int_equal(200000, presses[2].at_us - presses[1].at_us);
	assert_null(c.b.player.list);
	/* a packet every 20 ms: 1300 ms, of which 7 of each key are events */
	assert_int_equal(65 - 4 * 7, audio);
	clip_free(clip);
}

TEST_MAIN(cmocka_unit_test(a_key_that_goes_down_stops_what_may_be_stopped),
          cmocka_unit_test(keys_are_sent_as_events_with_their_pauses))

/*
 * test_leg_play.c - what a leg is played: one list after another, at the pace
 * of the clock, while its clips grow
 */
#include "unit/test.h"

#include "call.h"
#include "letters.h"

enum { FRAME_US = 20000, STEP_US = 5000 };

/* What was heard: a letter for each packet, and what was told: '!' a failure,
 * '.' the end */
struct heard {
	char text[512];
	size_t n;
	struct rtp last;
	uint64_t first_us, last_us; /* of packets */
	unsigned gaps;              /* in sequence or timestamp */
	bool begun;
};

static void hear(struct heard *h, const struct leg_output *out, uint64_t now_us)
{
	struct rtp r;
	uint8_t whole_packet[64];

	memcpy(whole_packet, out->head, out->head_len);
	memcpy(whole_packet + out->head_len, out->payload, out->payload_len);
	assert_true(
		rtp_parse(&r, whole_packet, out->head_len + out->payload_len));
	if (h->begun &&
	    (r.seq != (uint16_t)(h->last.seq + 1) || r.ts != h->last.ts + 160))
		h->gaps++;
	h->first_us = h->begun ? h->first_us : now_us;
	h->last_us = now_us;
	h->last = r;
	h->begun = true;
	h->text[h->n++] = (char)r.payload[0];
}

/* Run the clock for so long. */
static void listen(struct call *c, struct heard *h, uint64_t us)
{
	uint64_t end = c->now_us + us;
	struct player_failure failed;
	struct leg_output out;

	for (; c->now_us < end; c->now_us += STEP_US) {
		enum leg_play what;

		do {
			what = leg_play(&c->b, c->now_us, &out, &failed);
			if (what == LEG_PLAY_PACKET)
				hear(h, &out, c->now_us);
			if (what == LEG_PLAY_FAILED)
				h->text[h->n++] = '!';
			if (what == LEG_PLAY_ENDED)
				h->text[h->n++] = '.';
		} while (what == LEG_PLAY_PACKET || what == LEG_PLAY_FAILED);
	}
	h->text[h->n] = '\0';
}

static void clips_follow_without_a_gap_and_the_end_is_told_once(void **state)
{
	struct clip *clips[] = {letters_whole("abc"), letters_whole(""),
	                        letters_whole("xy")};
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	call_make(&c);
	leg_start(&c.b, letters_list(9, clips, 3), c.now_us);
	c.b.player.list->items[2].rounds = 2;
	listen(&c, &h, 1000000);
	assert_string_equal("abcxyxy.", h.text);
	assert_int_equal(0, h.gaps);
	assert_int_equal(6 * FRAME_US, h.last_us - h.first_us);
	for (size_t i = 0; i < N_OF(clips); i++) {
		assert_true(clip_unshared(clips[i]));
		clip_free(clips[i]);
	}
}

static void the_end_is_told_with_the_last_packet_and_a_list_follows(
	void **state)
{
	struct clip *one = letters_whole("ab"), *two = letters_whole("cd");
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	call_make(&c);
	leg_start(&c.b, letters_list(1, &one, 1), c.now_us);
	listen(&c, &h, FRAME_US + STEP_US);
	assert_string_equal("ab.", h.text); /* 20 ms are still to be heard */
	leg_start(&c.b, letters_list(2, &two, 1), c.now_us);
	listen(&c, &h, 100000);
	assert_string_equal("ab.cd.", h.text);
	assert_int_equal(0, h.gaps);
	assert_int_equal(3 * FRAME_US, h.last_us - h.first_us);
	clip_free(one);
	clip_free(two);
}

static void a_list_that_comes_late_starts_with_the_clock(void **state)
{
	struct clip *one = letters_whole("a"), *two = letters_whole("b");
	struct heard h = {.n = 0};
	struct call c;
	uint32_t ts;

	(void)state;
	call_make(&c);
	leg_start(&c.b, letters_list(1, &one, 1), c.now_us);
	listen(&c, &h, 500000);
	ts = h.last.ts;
	leg_start(&c.b, letters_list(2, &two, 1), c.now_us);
	listen(&c, &h, 100000);
	assert_string_equal("a.b.", h.text);
	assert_true(h.last.marker);
	assert_int_equal(ts + 4000, h.last.ts);
	clip_free(one);
	clip_free(two);
}

static void a_clip_is_played_while_it_grows(void **state)
{
	static const uint32_t starts[] = {0, 4, 8};
	struct clip *clip = letters_begun("");
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	call_make(&c);
	leg_start(&c.b, letters_list(1, &clip, 1), c.now_us);
	listen(&c, &h, 300000);
	assert_string_equal("", h.text);
	assert_int_equal(
		0, clip_append(clip, (const uint8_t *)"aaaabbbb", starts, 2));
	listen(&c, &h, 100000);
	assert_string_equal("ab", h.text); /* at their pace */
	assert_int_equal(0, h.gaps);
	assert_int_equal(
		0, clip_append(clip, (const uint8_t *)"ccccdddd", starts, 2));
	clip_end(clip);
	listen(&c, &h, 100000);
	assert_string_equal("abcd.", h.text);
	assert_int_equal(1, h.gaps); /* of time, not of sequence */
	assert_true(clip_unshared(clip));
	clip_free(clip);
}

static void what_is_broken_is_told_and_left_out(void **state)
{
	struct clip *clips[] = {letters_whole("a"), letters_begun("b"),
	                        letters_begun(""), letters_whole("c")};
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	clip_break(clips[1], 13420, "cut off");
	clip_break(clips[2], 11200, "not there");
	call_make(&c);
	leg_start(&c.b, letters_list(1, clips, 4), c.now_us);
	c.b.player.list->items[1].rounds = 1000;
	listen(&c, &h, 500000);
	assert_string_equal("ab!!c.", h.text);
	assert_int_equal(0, h.gaps);
	for (size_t i = 0; i < N_OF(clips); i++)
		clip_free(clips[i]);
}

static void what_a_clip_warns_of_is_told_and_it_is_heard(void **state)
{
	struct clip *clips[] = {letters_whole("ab"), letters_whole("c")};
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	clip_warn(clips[0], 13511, "another voice");
	call_make(&c);
	leg_start(&c.b, letters_list(1, clips, 2), c.now_us);
	c.b.player.list->items[0].rounds = 2;
	listen(&c, &h, 500000);
	assert_string_equal("!ababc.", h.text);
	assert_int_equal(0, h.gaps);
	clip_free(clips[0]);
	clip_free(clips[1]);
}

static void silence_has_its_length_and_a_tone_no_end(void **state)
{
	struct clip *clip = letters_whole("sss"), *tail = letters_whole("t");
	struct clip *clips[] = {clip, tail};
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	call_make(&c);
	leg_start(&c.b, letters_list(1, clips, 2), c.now_us);
	c.b.player.list->items[0].length_ms = 99;
	listen(&c, &h, 500000);
	assert_string_equal("ssssst.", h.text);
	h.n = 0;
	leg_start(&c.b, letters_list(1, clips, 1), c.now_us);
	c.b.player.list->items[0].rounds = 0;
	c.b.player.list->endless = true;
	listen(&c, &h, 1000000);
	assert_int_equal(50, h.n);
	/* the process stands still: that is not made up for */
	c.now_us += 9000000;
	h.n = 0;
	listen(&c, &h, STEP_US);
	assert_int_equal(1, h.n);
	leg_start(&c.b, NULL, c.now_us);
	clip_free(clip);
	clip_free(tail);
}

static void it_goes_on_where_it_was_after_a_restart(void **state)
{
	struct clip *clips[] = {letters_whole("ab"), letters_whole("cdef")};
	struct heard h = {.n = 0};
	struct playlist *list;
	struct call c;

	(void)state;
	call_make(&c);
	list = letters_list(1, clips, 2);
	list->items[1].rounds = 3;
	list->from = (struct player_place){.item = 1, .round = 1, .ms = 40};
	list->skip_ms = 20;
	leg_start(&c.b, list, c.now_us);
	listen(&c, &h, 500000);
	assert_string_equal("fcdef.", h.text);
	clip_free(clips[0]);
	clip_free(clips[1]);
}

static void another_codec_goes_on_in_the_middle(void **state)
{
	struct clip *old = letters_whole("abcdef"),
		    *new = letters_whole("ABCDEF");
	struct heard h = {.n = 0};
	struct playlist *list;
	struct call c;

	(void)state;
	call_make(&c);
	leg_start(&c.b, letters_list(1, &old, 1), c.now_us);
	listen(&c, &h, 3 * FRAME_US);
	list = letters_list(1, &new, 1);
	list->goes_on = true;
	leg_start(&c.b, list, c.now_us);
	listen(&c, &h, 500000);
	assert_string_equal("abcDEF.", h.text);
	assert_int_equal(0, h.gaps);
	clip_free(old);
	clip_free(new);
}

static void a_prompt_waits_for_somebody_who_hears_it(void **state)
{
	struct clip *clip = letters_whole("a");
	struct heard h = {.n = 0};
	struct call c;

	(void)state;
	call_make(&c);
	c.b.target.family = ADDRESS_NONE;
	leg_start(&c.b, letters_list(1, &clip, 1), c.now_us);
	listen(&c, &h, LEG_WAIT_US);
	assert_string_equal("", h.text);
	listen(&c, &h, STEP_US);
	assert_string_equal(".", h.text); /* unheard */
	leg_start(&c.b, letters_list(1, &clip, 1), c.now_us);
	c.b.target = call_phone(2, 5000);
	listen(&c, &h, 2 * FRAME_US);
	assert_string_equal(".a.", h.text);
	clip_free(clip);
}

TEST_MAIN(cmocka_unit_test(clips_follow_without_a_gap_and_the_end_is_told_once),
          cmocka_unit_test(
		  the_end_is_told_with_the_last_packet_and_a_list_follows),
          cmocka_unit_test(a_list_that_comes_late_starts_with_the_clock),
          cmocka_unit_test(a_clip_is_played_while_it_grows),
          cmocka_unit_test(what_is_broken_is_told_and_left_out),
          cmocka_unit_test(what_a_clip_warns_of_is_told_and_it_is_heard),
          cmocka_unit_test(silence_has_its_length_and_a_tone_no_end),
          cmocka_unit_test(it_goes_on_where_it_was_after_a_restart),
          cmocka_unit_test(another_codec_goes_on_in_the_middle),
          cmocka_unit_test(a_prompt_waits_for_somebody_who_hears_it))

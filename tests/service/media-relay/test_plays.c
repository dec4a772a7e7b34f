/*
 * test_plays.c - lists of plays: what is heard, when, and what is told
 */
#include <signal.h>

#include "service/gallery.h"
#include "stage.h"
#include "unit/test.h"

#define SILENCE TRESTLE__PLAY__KIND__SILENCE
#define URL     TRESTLE__PLAY__KIND__URL
#define SPEECH  TRESTLE__PLAY__KIND__SPEECH
#define TONE    TRESTLE__PLAY__KIND__TONE
#define PROMPT  TRESTLE__PLAY__KIND__PROMPT
#define DIGITS  TRESTLE__PLAY__KIND__DIGITS
#define DONE    TRESTLE__MEDIA_EVENT__TYPE__PLAY_DONE
#define FAILED  TRESTLE__MEDIA_EVENT__TYPE__PLAY_FAILED

enum { SECOND = 8000, QUIET_MS = 300 };

static struct heard h;

static void put_tone(const char *path, unsigned hz, double seconds,
                     const char *headers)
{
	struct gallery_item item = {
		.path = path, .type = "audio/wav", .headers = headers};
	char line[256];

	(void)snprintf(line, sizeof(line),
	               "-n -r 8000 -c 1 -b 16 $OUT synth %f sine %u gain -6",
	               seconds, hz);
	item.body = gallery_sox(line, "wav", &item.len);
	gallery_put(&item);
}

static void begin(void **state)
{
	memset(&h, 0, sizeof(h));
	stage_begin(state);
}

static void a_list_is_heard_without_a_gap(void **state)
{
	begin(state);
	put_tone("/a.wav", 440, 1, "Cache-Control: max-age=60\r\n");
	(void)stage_add(SILENCE, "", 500, 1);
	(void)stage_add(URL, "/a.wav", 0, 2);
	(void)stage_add(SPEECH, "abcdefghij", 0, 1); /* a second */
	(void)stage_add(TONE, "us", 500, 1);
	(void)stage_add(DIGITS, "5#", 0, 1);
	stage_play(1);
	stage_listen(&h, QUIET_MS);
	/* 0.5 + 2 + 1 + 0.5 + 0.4 s */
	assert_int_equal(220, h.packets);
	assert_int_equal(0, h.gaps);
	assert_int_equal(0, h.jumps);
	assert_int_equal(0, h.markers);
	assert_true(stage_tone(&h, SECOND / 2 + 80, SECOND * 5 / 2 - 80, 440) >
	            0.95);
	assert_true(stage_tone(&h, SECOND * 5 / 2 + 80, SECOND * 7 / 2 - 80,
	                       STAGE_SPEECH_HZ) > 0.95);
	assert_true(stage_tone(&h, SECOND * 7 / 2 + 80, SECOND * 4 - 80, 480) >
	            0.4);
	assert_string_equal("5#", h.keys);
	assert_int_equal(1, stage_event(DONE, 0)->play_id);
	stage_end();
}

static void what_is_kept_is_heard_at_once(void **state)
{
	unsigned asked = gallery_requests("/a.wav");
	unsigned spoken = stage.spoken;
	uint64_t start;

	begin(state);
	(void)stage_add(URL, "/a.wav", 0, 1);
	(void)stage_add(SPEECH, "abcdefghij", 0, 1);
	start = stage_now_us();
	stage_play(2);
	stage_listen(&h, QUIET_MS);
	assert_int_equal(100, h.packets);
	assert_true(h.first_us - start < 100000); /* others use the machine */
	assert_int_equal(asked, gallery_requests("/a.wav"));
	assert_int_equal(spoken, stage.spoken);
	stage_end();
}

static void a_list_follows_another_without_a_gap(void **state)
{
	begin(state);
	(void)stage_add(SILENCE, "", 200, 1);
	stage_play(3);
	for (size_t i = 0; i < 5; i++) {
		/* the controller hears of the end, and sends the next list */
		stage_listen_for(&h, 100);
		while (stage.f->world.n_events <= i)
			stage_listen_for(&h, 1);
		stage_play(4 + i);
	}
	stage_listen(&h, QUIET_MS);
	assert_int_equal(60, h.packets);
	assert_int_equal(0, h.gaps);
	/* the controller, which is this test, may be late for one or two */
	assert_true(h.last_us - h.first_us < 59 * 20000 + 150000);
	stage_end();
}

static void what_can_not_be_played_is_told_and_left_out(void **state)
{
	static const uint32_t codes[] = {11200, 13420, 13420,
	                                 13520, 12400, 13430};
	static const char junk[] = "RIFF....WAVEfmt this is no sound at all";

	begin(state);
	gallery_put(&(struct gallery_item){.path = "/junk.wav",
	                                   .type = "audio/wav",
	                                   .body = junk,
	                                   .len = sizeof(junk)});
	gallery_put(&(struct gallery_item){.path = "/page",
	                                   .type = "text/html",
	                                   .body = junk,
	                                   .len = sizeof(junk)});
	(void)stage_add(URL, "/missing.wav", 0, 1);
	(void)stage_add(URL, "/page", 0, 1000);
	(void)stage_add(URL, "/junk.wav", 0, 1);
	(void)stage_add(SPEECH, "!", 0, 1);
	(void)stage_add(PROMPT, "nosuch", 0, 1);
	(void)stage_add(DIGITS, "12x", 0, 1);
	(void)stage_add(SILENCE, "", 100, 1);
	stage_play(9);
	assert_int_equal(9, stage_event(DONE, 0)->play_id);
	for (uint32_t i = 0; i < N_OF(codes); i++) {
		const struct world_event *ev = stage_event(FAILED, i);

		assert_int_equal(i, ev->play_index);
		assert_int_equal(9, ev->play_id);
		assert_int_equal(codes[i], ev->error);
		assert_true(ev->text[0] != '\0');
	}
	stage_listen(&h, QUIET_MS);
	assert_int_equal(5, h.packets);
	stage_end();
}

static void another_list_or_source_stops_it_at_once(void **state)
{
	uint64_t start;

	begin(state);
	put_tone("/long.wav", 440, 20, NULL);
	(void)stage_add(URL, "/long.wav", 0, 1000);
	stage_play(10);
	stage_listen_for(&h, 500);
	stage.n = 0;
	(void)stage_add(SPEECH, "abcdefghijklmnopqrst", 0, 1);
	stage_play(11);
	stage_listen_for(&h, 500);
	assert_int_equal(0, h.gaps);
	assert_true(stage_tone(&h, h.n - SECOND / 4, h.n, STAGE_SPEECH_HZ) >
	            0.95);
	start = stage_now_us();
	stage_stop();
	stage_listen(&h, QUIET_MS);
	assert_true(h.last_us < start + 60000);
	assert_int_equal(0, stage.f->world.n_events); /* no end is told */
	stage_end();
}

static void a_long_file_starts_while_it_comes(void **state)
{
	struct gallery_item item = {
		.path = "/slow.wav", .type = "audio/wav", .rate = 40000};
	uint64_t start;

	begin(state);
	item.body = gallery_sox("-n -r 8000 -c 1 -b 16 $OUT synth 20 sine 440",
	                        "wav", &item.len);
	gallery_put(&item); /* 320 kB: 8 s */
	(void)stage_add(URL, "/slow.wav", 0, 1);
	start = stage_now_us();
	stage_play(12);
	stage_listen_for(&h, 4000);
	assert_true(h.packets > 0);
	assert_true(h.first_us - start < 3000000);
	assert_int_equal(0, h.gaps);
	stage_stop();
	stage_end();
}

static void prefetched_is_kept_for_later(void **state)
{
	Trestle__MediaLeg *leg;

	begin(state);
	leg = &stage.f->call.legs[0];
	put_tone("/later.wav", 440, 1, "Cache-Control: max-age=60\r\n");
	(void)stage_add(URL, "/later.wav", 0, 1);
	leg->prefetch = stage.list;
	leg->n_prefetch = 1;
	stage_stop();
	stage_listen_for(&h, 500);
	assert_int_equal(0, h.packets);
	assert_int_equal(1, gallery_requests("/later.wav"));
	leg->n_prefetch = 0;
	stage_play(13);
	stage_listen(&h, QUIET_MS);
	assert_int_equal(50, h.packets);
	assert_int_equal(1, gallery_requests("/later.wav"));
	stage_end();
}

static void keys_are_heard_by_a_phone_without_events(void **state)
{
	begin(state);
	stage.f->call.legs[0].n_codecs = 1; /* PCMU */
	(void)stage_add(DIGITS, "5w5", 0, 2);
	stage_play(14);
	stage_listen(&h, QUIET_MS);
	assert_int_equal(2 * 45, h.packets); /* 200 + 500 + 200 ms, twice */
	assert_int_equal(0, h.jumps);
	assert_true(stage_tone(&h, 80, 720, 770) > 0.4);
	assert_true(stage_tone(&h, 80, 720, 1336) > 0.4);
	assert_true(stage_tone(&h, 5680, 6320, 770) > 0.4);
	stage_end();
}

static void a_restarted_relay_goes_on_where_the_clock_is(void **state)
{
	struct fixture *f = *state;
	unsigned spoken;
	size_t before;

	begin(state);
	(void)stage_add(SILENCE, "", 1500, 1);
	(void)stage_add(SPEECH, "abcdefghijklmnopqrstuvwxyz", 0, 1);
	stage_play(15);
	stage_listen_for(&h, 700);
	before = h.packets;
	spoken = stage.spoken;
	(void)process_stop(f->world.relay, SIGKILL);
	world_start_relay(&f->world, NULL);
	stage_listen(&h, 3000);
	/* 4.1 s in all, less what was not sent while it was away */
	assert_true(h.packets > before + 50);
	assert_true(h.packets < 205);
	assert_in_range((h.last_us - h.first_us) / 1000, 3900, 5200);
	assert_true(stage_tone(&h, h.n - SECOND, h.n, STAGE_SPEECH_HZ) > 0.95);
	assert_int_equal(spoken + 1, stage.spoken);
	assert_int_equal(15, stage_event(DONE, 0)->play_id);
	stage_end();
}

/* What redis-cli shows of the session */
static void shows(struct fixture *f, const char *command, const char *suffix,
                  const char *expect)
{
	char words[128];

	(void)snprintf(words, sizeof(words), "%s media:{%s}%s", command,
	               f->call.session, suffix);
	redis_cli(&f->world.redis_server, words, expect);
}

static void passwords_in_urls_are_not_shown_and_not_lost(void **state)
{
	struct fixture *f = *state;
	Trestle__Play *play;
	char url[160];

	begin(state);
	play = stage_add(URL, "/a.wav", 0, 1000);
	(void)snprintf(url, sizeof(url), "http://kate:geheim@%s",
	               play->what + strlen("http://"));
	play->what = url;
	stage_play(16);
	for (int life = 0; life < 2; life++) {
		stage_listen_for(&h, 700);
		assert_true(h.packets > 10);
		shows(f, "HVALS", "", "\"what\":\"http://***@");
		shows(f, "HVALS", ":secret", "kate:geheim@");
		memset(&h, 0, sizeof(h));
		if (life > 0)
			break;
		(void)process_stop(f->world.relay, SIGKILL);
		world_start_relay(&f->world, NULL);
	}
	stage_stop();
	stage_listen(&h, QUIET_MS);
	shows(f, "EXISTS", ":secret", "0");
	stage_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_heard_without_a_gap),
		cmocka_unit_test(what_is_kept_is_heard_at_once),
		cmocka_unit_test(a_list_follows_another_without_a_gap),
		cmocka_unit_test(what_can_not_be_played_is_told_and_left_out),
		cmocka_unit_test(another_list_or_source_stops_it_at_once),
		cmocka_unit_test(a_long_file_starts_while_it_comes),
		cmocka_unit_test(prefetched_is_kept_for_later),
		cmocka_unit_test(keys_are_heard_by_a_phone_without_events),
		cmocka_unit_test(a_restarted_relay_goes_on_where_the_clock_is),
		cmocka_unit_test(passwords_in_urls_are_not_shown_and_not_lost),
	};

	return cmocka_run_group_tests(tests, stage_open, stage_close);
}

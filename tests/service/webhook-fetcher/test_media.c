/*
 * test_media.c - audio: fetched once, streamed, kept as HTTP says
 */
#include <signal.h>

#include "player.h"
#include "service/gallery.h"
#include "unit/test.h"

static void audio_is_fetched_once_and_streamed_to_all(void **state)
{
	static struct piece other;
	struct piece *p;

	(void)state;
	gallery_put(&(struct gallery_item){.path = "/slow.mp3",
	                                   .type = "audio/mpeg",
	                                   .body = player_body(),
	                                   .len = 100000,
	                                   .rate = 100000});
	player_ask(&other, "/slow.mp3", 0, "");
	p = player_piece("/slow.mp3", 0, "");
	player_await(&other);
	assert_true(p->ms < 400);
	assert_false(p->last);
	assert_string_equal("audio/mpeg", p->type);
	assert_string_equal(p->version, other.version);
	(void)player_whole("/slow.mp3", 100000);
	assert_int_equal(1, gallery_requests("/slow.mp3"));
	assert_string_equal("TwilioProxy/1.1", gallery_header("User-Agent"));
	assert_int_equal(28, strlen(gallery_header("X-Twilio-Signature")));
}

static void what_is_fresh_is_not_asked_for_again(void **state)
{
	struct piece *p;

	(void)state;
	player_put("/fresh.wav", "Cache-Control: max-age=60\r\n", PLAYER_BODY);
	(void)player_whole("/fresh.wav", PLAYER_BODY);
	p = player_piece("/fresh.wav", 0, "");
	assert_in_range(p->fresh_ms, 50000, 60000);
	(void)player_whole("/fresh.wav", PLAYER_BODY);
	assert_int_equal(1, gallery_requests("/fresh.wav"));
}

static void what_may_have_changed_is_asked_about(void **state)
{
	static const char *const headers[] = {
		"Cache-Control: no-cache\r\nETag: \"one\"\r\n",
		"ETag: \"two\"\r\n",
		"Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		"Expires: 0\r\n"};
	char version[64];
	struct piece *p;

	(void)state;
	for (size_t i = 0; i < N_OF(headers); i++) {
		player_put("/ask.wav", headers[i], 5000);
		(void)snprintf(version, sizeof(version), "%s",
		               player_whole("/ask.wav", 5000));
		p = player_still_so("/ask.wav", 5000, version);
		assert_int_equal(-1, p->refusal);
		assert_true(p->last && p->n == 0);
		assert_string_equal(version, p->version);
		(void)player_whole("/ask.wav", 5000);
		assert_int_equal(3, gallery_requests("/ask.wav"));
		assert_int_equal(2, gallery_unchanged("/ask.wav"));
	}
	/* now it is another one */
	player_put("/ask.wav", "ETag: \"three\"\r\n", 4000);
	p = player_still_so("/ask.wav", 5000, version);
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID, p->refusal);
	assert_string_not_equal(version, player_whole("/ask.wav", 4000));
}

static void what_may_not_be_stored_is_fetched_each_time(void **state)
{
	(void)state;
	player_put("/secret.wav", "Cache-Control: no-store, max-age=60\r\n",
	           300000);
	(void)player_whole("/secret.wav", 300000);
	(void)player_whole("/secret.wav", 300000);
	assert_int_equal(2, gallery_requests("/secret.wav"));
	player_put("/plain.wav", NULL, 1000);
	(void)player_whole("/plain.wav", 1000);
	(void)player_whole("/plain.wav", 1000);
	assert_int_equal(2, gallery_requests("/plain.wav"));
	assert_int_equal(0, gallery_unchanged("/plain.wav"));
}

static void what_can_not_be_played_ends_with_its_code(void **state)
{
	static const struct {
		const char *path;
		uint32_t code;
	} rows[] = {
		{"/page.html", 13420},
		{"/none.wav", 11200},
		{"/empty.wav", 11200},
		{"/huge.wav", 11200},
		{"/tired.wav", 11203},
		{"http://127.0.4.1/private.wav", 11205},
		{"http://127.0.3.9:4444/refused.wav", 11202},
		{"ftp://127.0.3.1/x.wav", 11100},
	};
	static char *huge;

	(void)state;
	huge = calloc(1, 64 * 1024 * 1024 + 1);
	assert_non_null(huge);
	gallery_put(&(struct gallery_item){.path = "/page.html",
	                                   .type = "text/html",
	                                   .body = "x",
	                                   .len = 1});
	player_put("/empty.wav", NULL, 0);
	gallery_put(&(struct gallery_item){.path = "/huge.wav",
	                                   .type = "audio/wav",
	                                   .body = huge,
	                                   .len = 64 * 1024 * 1024 + 1});
	gallery_put(&(struct gallery_item){.path = "/tired.wav",
	                                   .type = "audio/wav",
	                                   .body = player_body(),
	                                   .len = 20000,
	                                   .rate = 1});
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct piece *p = player_piece(rows[i].path, 0, "");
		uint64_t at = p->n;

		while (p->n > 0 && !p->last) {
			char version[64];

			memcpy(version, p->version, sizeof(version));
			p = player_piece(rows[i].path, at, version);
			at += p->n;
		}
		if (p->code != rows[i].code)
			fail_msg("%s: %u, %s", rows[i].path, p->code, p->text);
		assert_true(p->text[0] != '\0');
	}
	free(huge);
}

static void the_longest_unread_makes_room(void **state)
{
	static const char *const paths[] = {"/a.wav", "/b.wav", "/c.wav"};

	(void)state;
	for (size_t i = 0; i < N_OF(paths); i++) {
		player_put(paths[i], "Cache-Control: max-age=60\r\n",
		           PLAYER_BODY);
		(void)player_whole(paths[i], PLAYER_BODY);
		(void)run_until(fixture.loop, player_piece_came,
		                &(struct piece){.came = false}, 1200);
	}
	(void)player_whole("/c.wav", PLAYER_BODY);
	assert_int_equal(1, gallery_requests("/c.wav"));
	(void)player_whole("/a.wav", PLAYER_BODY);
	assert_int_equal(2, gallery_requests("/a.wav"));
}

static int set_up(void **state)
{
	setenv("TRESTLE_MEDIA_CACHE_MB", "65", 1);
	return player_set_up(state);
}

/* With room for little, in memory */
static int set_up_small(void **state)
{
	(void)state;
	(void)process_stop(fixture.fetcher, SIGKILL);
	setenv("TRESTLE_MEDIA_CACHE", "", 1);
	setenv("TRESTLE_MEDIA_CACHE_MB", "1", 1);
	fixture_start_fetcher();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(audio_is_fetched_once_and_streamed_to_all),
		cmocka_unit_test(what_is_fresh_is_not_asked_for_again),
		cmocka_unit_test(what_may_have_changed_is_asked_about),
		cmocka_unit_test(what_may_not_be_stored_is_fetched_each_time),
		cmocka_unit_test(what_can_not_be_played_ends_with_its_code),
		cmocka_unit_test_setup(the_longest_unread_makes_room,
	                               set_up_small),
	};

	return cmocka_run_group_tests(tests, set_up, player_tear_down);
}

/*
 * test_media.c - audio: fetched once, streamed, kept as HTTP says
 */
#include <signal.h>

#include "fixture.h"
#include "loop/loop.h"
#include "service/gallery.h"
#include "unit/test.h"

enum { BODY = 600000 };

static uint16_t port;
static char body[BODY];

/* One AudioRequest and what came */
struct piece {
	bool came;
	int err, refusal;
	uint32_t code, fresh_ms;
	bool last;
	char version[64];
	char type[64], text[400];
	uint8_t data[256 * 1024];
	size_t n;
	uint64_t asked_at, ms;
};

static void on_piece(void *arg, int err, const Trestle__Envelope *reply)
{
	struct piece *p = arg;
	const Trestle__AudioReply *r;

	p->came = true;
	p->err = err;
	p->refusal = -1;
	p->ms = loop_now_ms() - p->asked_at;
	if (err)
		return;
	if (reply->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL) {
		p->refusal = (int)reply->refusal->reason;
		return;
	}
	assert_int_equal(TRESTLE__ENVELOPE__BODY_AUDIO_REPLY, reply->body_case);
	r = reply->audio_reply;
	p->code = r->error_code;
	p->fresh_ms = r->fresh_ms;
	p->last = r->last;
	p->n = r->data.len;
	assert_true(p->n <= sizeof(p->data));
	if (p->n)
		memcpy(p->data, r->data.data, p->n);
	(void)snprintf(p->version, sizeof(p->version), "%s", r->version);
	(void)snprintf(p->type, sizeof(p->type), "%s", r->content_type);
	(void)snprintf(p->text, sizeof(p->text), "%s", r->error_text);
}

static const char *url_of(const char *path)
{
	static char url[256];

	(void)snprintf(url, sizeof(url), "http://%s:%u%s", APP_ADDRESS, port,
	               path);
	return path[0] == '/' ? url : path;
}

static bool check; /* is the version still so? */

static void ask_piece(struct piece *p, const char *path, uint64_t offset,
                      const char *version)
{
	const struct bus_req req = {.service = "webhook-fetcher",
	                            .timeout_ms = 20000};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AudioRequest m = TRESTLE__AUDIO_REQUEST__INIT;

	memset(p, 0, offsetof(struct piece, data));
	p->n = 0;
	p->asked_at = loop_now_ms();
	m.account_sid = ACCOUNT;
	m.call_sid = CALL;
	m.url = (char *)(uintptr_t)url_of(path);
	m.offset = offset;
	m.version = (char *)(uintptr_t)version;
	m.check = check;
	env.call_sid = CALL;
	env.body_case = TRESTLE__ENVELOPE__BODY_AUDIO_REQUEST;
	env.audio_request = &m;
	assert_int_equal(0, bus_request(fixture.bus, &req, &env, on_piece, p));
}

static bool piece_came(void *arg)
{
	return ((struct piece *)arg)->came;
}

static void await_piece(struct piece *p)
{
	assert_true(run_until(fixture.loop, piece_came, p, 20000));
	assert_int_equal(0, p->err);
}

static struct piece *piece(const char *path, uint64_t offset,
                           const char *version)
{
	static struct piece p;

	ask_piece(&p, path, offset, version);
	await_piece(&p);
	return &p;
}

static struct piece *still_so(const char *path, uint64_t len,
                              const char *version)
{
	struct piece *p;

	check = true;
	p = piece(path, len, version);
	check = false;
	return p;
}

/* All of it, compared with `body`. @return its version; static */
static const char *whole(const char *path, size_t len)
{
	static char version[64];
	size_t at = 0;
	struct piece *p;

	version[0] = '\0';
	do {
		p = piece(path, at, version);
		assert_int_equal(-1, p->refusal);
		assert_int_equal(0, p->code);
		assert_true(p->n > 0 || p->last);
		assert_memory_equal(body + at, p->data, p->n);
		at += p->n;
		memcpy(version, p->version, sizeof(version));
	} while (!p->last);
	assert_int_equal(len, at);
	return version;
}

static void audio_is_fetched_once_and_streamed_to_all(void **state)
{
	static struct piece other;
	struct piece *p;

	(void)state;
	gallery_put(&(struct gallery_item){.path = "/slow.mp3",
	                                   .type = "audio/mpeg",
	                                   .body = body,
	                                   .len = 100000,
	                                   .rate = 100000});
	ask_piece(&other, "/slow.mp3", 0, "");
	p = piece("/slow.mp3", 0, "");
	await_piece(&other);
	assert_true(p->ms < 400);
	assert_false(p->last);
	assert_string_equal("audio/mpeg", p->type);
	assert_string_equal(p->version, other.version);
	(void)whole("/slow.mp3", 100000);
	assert_int_equal(1, gallery_requests("/slow.mp3"));
	assert_string_equal("TwilioProxy/1.1", gallery_header("User-Agent"));
	assert_int_equal(28, strlen(gallery_header("X-Twilio-Signature")));
}

static void put_item(const char *path, const char *headers, size_t len)
{
	gallery_put(&(struct gallery_item){.path = path,
	                                   .type = "audio/wav",
	                                   .headers = headers,
	                                   .body = body,
	                                   .len = len});
}

static void what_is_fresh_is_not_asked_for_again(void **state)
{
	struct piece *p;

	(void)state;
	put_item("/fresh.wav", "Cache-Control: max-age=60\r\n", BODY);
	(void)whole("/fresh.wav", BODY);
	p = piece("/fresh.wav", 0, "");
	assert_in_range(p->fresh_ms, 50000, 60000);
	(void)whole("/fresh.wav", BODY);
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
		put_item("/ask.wav", headers[i], 5000);
		(void)snprintf(version, sizeof(version), "%s",
		               whole("/ask.wav", 5000));
		p = still_so("/ask.wav", 5000, version);
		assert_int_equal(-1, p->refusal);
		assert_true(p->last && p->n == 0);
		assert_string_equal(version, p->version);
		(void)whole("/ask.wav", 5000);
		assert_int_equal(3, gallery_requests("/ask.wav"));
		assert_int_equal(2, gallery_unchanged("/ask.wav"));
	}
	/* now it is another one */
	put_item("/ask.wav", "ETag: \"three\"\r\n", 4000);
	p = still_so("/ask.wav", 5000, version);
	assert_int_equal(TRESTLE__REFUSAL__REASON__INVALID, p->refusal);
	assert_string_not_equal(version, whole("/ask.wav", 4000));
}

static void what_may_not_be_stored_is_fetched_each_time(void **state)
{
	(void)state;
	put_item("/secret.wav", "Cache-Control: no-store, max-age=60\r\n",
	         300000);
	(void)whole("/secret.wav", 300000);
	(void)whole("/secret.wav", 300000);
	assert_int_equal(2, gallery_requests("/secret.wav"));
	put_item("/plain.wav", NULL, 1000);
	(void)whole("/plain.wav", 1000);
	(void)whole("/plain.wav", 1000);
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
	put_item("/empty.wav", NULL, 0);
	gallery_put(&(struct gallery_item){.path = "/huge.wav",
	                                   .type = "audio/wav",
	                                   .body = huge,
	                                   .len = 64 * 1024 * 1024 + 1});
	gallery_put(&(struct gallery_item){.path = "/tired.wav",
	                                   .type = "audio/wav",
	                                   .body = body,
	                                   .len = 20000,
	                                   .rate = 1});
	for (size_t i = 0; i < N_OF(rows); i++) {
		struct piece *p = piece(rows[i].path, 0, "");
		uint64_t at = p->n;

		while (p->n > 0 && !p->last) {
			char version[64];

			memcpy(version, p->version, sizeof(version));
			p = piece(rows[i].path, at, version);
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
		put_item(paths[i], "Cache-Control: max-age=60\r\n", BODY);
		(void)whole(paths[i], BODY);
		(void)run_until(fixture.loop, piece_came,
		                &(struct piece){.came = false}, 1200);
	}
	(void)whole("/c.wav", BODY);
	assert_int_equal(1, gallery_requests("/c.wav"));
	(void)whole("/a.wav", BODY);
	assert_int_equal(2, gallery_requests("/a.wav"));
}

static int set_up(void **state)
{
	for (size_t i = 0; i < BODY; i++)
		body[i] = (char)(i * 7 + i / 251);
	setenv("TRESTLE_MEDIA_CACHE", "/tmp", 1);
	setenv("TRESTLE_MEDIA_CACHE_MB", "65", 1);
	port = gallery_start(APP_ADDRESS);
	return fixture_set_up(state);
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

	return cmocka_run_group_tests(tests, set_up, fixture_tear_down);
}

/*
 * player.c - a relay that asks the fetcher for audio, and a gallery that has it
 */
#include "player.h"

#include <ftw.h>
#include <stdlib.h>
#include <sys/mount.h>

#include "loop/loop.h"
#include "service/gallery.h"
#include "unit/test.h"

static char folder[] = "/tmp/media-XXXXXX";
static uint16_t port;
static char body[PLAYER_BODY];

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

void player_ask(struct piece *p, const char *path, uint64_t offset,
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

bool player_piece_came(void *arg)
{
	return ((struct piece *)arg)->came;
}

void player_await(struct piece *p)
{
	assert_true(run_until(fixture.loop, player_piece_came, p, 20000));
	assert_int_equal(0, p->err);
}

struct piece *player_piece(const char *path, uint64_t offset,
                           const char *version)
{
	static struct piece p;

	player_ask(&p, path, offset, version);
	player_await(&p);
	return &p;
}

struct piece *player_still_so(const char *path, uint64_t len,
                              const char *version)
{
	struct piece *p;

	check = true;
	p = player_piece(path, len, version);
	check = false;
	return p;
}

const char *player_whole(const char *path, size_t len)
{
	static char version[64];
	size_t at = 0;
	struct piece *p;

	version[0] = '\0';
	do {
		p = player_piece(path, at, version);
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

void player_put(const char *path, const char *headers, size_t len)
{
	gallery_put(&(struct gallery_item){.path = path,
	                                   .type = "audio/wav",
	                                   .headers = headers,
	                                   .body = body,
	                                   .len = len});
}

const char *player_body(void)
{
	return body;
}

const char *player_folder(void)
{
	return folder;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int player_tear_down(void **state)
{
	int err = fixture_tear_down(state);

	(void)umount(folder); /* it may be a disk of its own */
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return err;
}

int player_set_up(void **state)
{
	assert_non_null(mkdtemp(folder));
	setenv("TRESTLE_MEDIA_CACHE", folder, 1);
	for (size_t i = 0; i < PLAYER_BODY; i++)
		body[i] = (char)(i * 7 + i / 251);
	port = gallery_start(APP_ADDRESS);
	return fixture_set_up(state);
}

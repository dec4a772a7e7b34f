/*
 * stage.c - a relay that plays, and who it plays from
 */
#include "stage.h"

#include <math.h>
#include <signal.h>
#include <time.h>

#include "base/log.h"
#include "core/g711.h"
#include "loop/loop.h"
#include "service/gallery.h"
#include "store/redis.h"
#include "unit/test.h"

#define ACCOUNT    "AC00000000000000000000000000000001"
#define GALLERY_IP "127.0.3.1"

enum { SPEECH_RATE = 16000, SPEECH_PIECE = 8000 };

struct stage stage;

static const struct log quiet = {NULL, "svc", "test"};

uint64_t stage_now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* --- the speech service ---------------------------------------------------- */

/* A tone as long as the text has letters, a tenth of a second each. "!" is not
 * spoken. */
static void on_speak(void *arg, const struct bus_return *from,
                     const Trestle__Envelope *env)
{
	const Trestle__SpeakRequest *m = env->speak_request;
	size_t n = strlen(m->ssml) * SPEECH_RATE / 10;
	size_t at = (size_t)m->offset / 2;
	int16_t pcm[SPEECH_PIECE];
	Trestle__SpeakReply r = TRESTLE__SPEAK_REPLY__INIT;
	Trestle__Envelope reply = TRESTLE__ENVELOPE__INIT;
	size_t k = n - at < SPEECH_PIECE ? n - at : SPEECH_PIECE;

	(void)arg;
	assert_int_equal(TRESTLE__ENVELOPE__BODY_SPEAK_REQUEST, env->body_case);
	stage.spoken += m->offset == 0;
	for (size_t i = 0; i < k; i++)
		pcm[i] = (int16_t)(8000 * sin(2 * M_PI * STAGE_SPEECH_HZ *
		                              (double)(at + i) / SPEECH_RATE));
	r.pcm.data = (uint8_t *)pcm;
	r.pcm.len = 2 * k;
	r.rate = SPEECH_RATE;
	r.last = at + k == n;
	if (strcmp(m->ssml, "!") == 0) {
		r.pcm.len = 0;
		r.error_code = 13520;
		r.text = "That can not be spoken.";
	}
	reply.body_case = TRESTLE__ENVELOPE__BODY_SPEAK_REPLY;
	reply.speak_reply = &r;
	bus_reply(stage.speech, from, &reply);
}

static void open_speech(struct world *w)
{
	static const char *const wants[] = {NULL};
	const struct bus_config cfg = {
		.loop = w->loop,
		.redis = w->redis,
		.log = &quiet,
		.service = "speech",
		.instance = "speech-t",
		.address = "127.0.0.1",
		.sip = "",
		.http = "",
		.wants = wants,
		.on_request = on_speak,
	};

	assert_int_equal(0, bus_alloc(&stage.speech, &cfg));
}

/* --- the others ------------------------------------------------------------ */

static void start_fetcher(struct world *w)
{
	static char redis[80], http[40];
	static const char *const env[] = {redis,
	                                  http,
	                                  "TRESTLE_INSTANCE=fetcher-t",
	                                  "TRESTLE_ADDRESS=127.0.0.1",
	                                  "TRESTLE_ALLOW_PRIVATE=" GALLERY_IP,
	                                  "TRESTLE_LOG=error",
	                                  NULL};
	uint16_t port = free_port();

	redis_cli(&w->redis_server,
	          "HSET account:" ACCOUNT " sid " ACCOUNT
	          " auth_token 12345 status active",
	          NULL);
	redis_cli(&w->redis_server, "SADD accounts " ACCOUNT, NULL);
	redis_cli(&w->redis_server, "INCR config:version", NULL);
	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               w->redis_server.url);
	(void)snprintf(http, sizeof(http), "TRESTLE_HTTP_PORT=%u", port);
	stage.fetcher =
		process_start(TRESTLE_BIN "/trestle-webhook-fetcher", env);
	wait_healthy(port);
}

int stage_open(void **state)
{
	int err = fixture_open(state);

	stage.f = *state;
	stage.port = gallery_start(GALLERY_IP);
	start_fetcher(&stage.f->world);
	open_speech(&stage.f->world);
	world_pass(&stage.f->world, 1500); /* until the relay knows them */
	return err;
}

int stage_close(void **state)
{
	(void)process_stop(stage.fetcher, SIGKILL);
	bus_free(stage.speech);
	return fixture_close(state);
}

/* --- lists ----------------------------------------------------------------- */

void stage_begin(void **state)
{
	struct fixture *f = fixture_begin(state);
	Trestle__MediaLeg *leg = &f->call.legs[0];

	stage.n = 0;
	f->call.put.account_sid = (char *)(uintptr_t)ACCOUNT;
	leg->source = TRESTLE__SOURCE__SOURCE_PLAYS;
	leg->plays = stage.list;
}

void stage_end(void)
{
	stage.f->call.legs[0].n_plays = 0;
	fixture_end(stage.f);
}

Trestle__Play *stage_add(Trestle__Play__Kind kind, const char *what,
                         uint32_t length_ms, uint32_t times)
{
	Trestle__Play *p = &stage.plays[stage.n];
	char *url = stage.urls[stage.n];

	trestle__play__init(p);
	p->kind = kind;
	p->what = (char *)(uintptr_t)what;
	if (kind == TRESTLE__PLAY__KIND__URL) {
		(void)snprintf(url, sizeof(stage.urls[0]),
		               "http://" GALLERY_IP ":%u%s", stage.port, what);
		p->what = url;
	}
	p->length_ms = length_ms;
	p->times = times;
	stage.list[stage.n] = p;
	stage.f->call.legs[0].n_plays = ++stage.n;
	return p;
}

void stage_play(uint64_t id)
{
	Trestle__MediaLeg *leg = &stage.f->call.legs[0];

	leg->source = TRESTLE__SOURCE__SOURCE_PLAYS;
	leg->play_id = id;
	fixture_put(stage.f);
}

void stage_stop(void)
{
	stage.f->call.legs[0].source = TRESTLE__SOURCE__SOURCE_SILENCE;
	fixture_put(stage.f);
}

/* --- hearing --------------------------------------------------------------- */

static void hear_event(struct heard *h, const struct phone *p)
{
	static const char keys[] = "0123456789*#ABCD";
	size_t n = strlen(h->keys);

	assert_int_equal(4, p->got.payload_len);
	if (p->got.marker && n + 1 < sizeof(h->keys))
		h->keys[n] = keys[p->got.payload[0] & 15];
}

static void take(struct heard *h, const struct phone *p)
{
	static uint16_t seq;
	static uint32_t ts;
	uint64_t now = stage_now_us();
	bool event = p->got.type == 101;

	if (h->packets == 0) {
		h->first_ts = p->got.ts;
		h->first_us = now;
	} else {
		h->gaps += p->got.seq != (uint16_t)(seq + 1);
		h->jumps += !event && p->got.ts != ts + 160;
		h->markers += p->got.marker && !event;
	}
	seq = p->got.seq;
	ts = h->packets && event ? ts + 160 : p->got.ts;
	if (h->packets < STAGE_PACKETS_MAX)
		h->off_us[h->packets] =
			(int64_t)(now - h->first_us) -
			(int64_t)(uint32_t)(ts - h->first_ts) * 125;
	h->last_us = now;
	h->packets++;
	if (event)
		hear_event(h, p);
	for (size_t i = 0; i < 160 && h->n < STAGE_SAMPLES_MAX; i++)
		h->pcm[h->n++] =
			event ? (int16_t)0 : g711_from_ulaw(p->got.payload[i]);
}

void stage_listen(struct heard *h, uint32_t quiet_ms)
{
	while (phone_hears(&stage.f->a, quiet_ms))
		take(h, &stage.f->a);
}

void stage_listen_for(struct heard *h, uint32_t ms)
{
	uint64_t end = loop_now_ms() + ms;

	for (;;) {
		uint64_t now = loop_now_ms();

		if (now >= end)
			return;
		if (phone_hears(&stage.f->a, (uint32_t)(end - now)))
			take(h, &stage.f->a);
	}
}

double stage_tone(const struct heard *h, size_t from, size_t to, double hz)
{
	double re = 0, im = 0, all = 0;

	assert_true(from < to && to <= h->n);
	for (size_t i = from; i < to; i++) {
		double turn = 2 * M_PI * hz * (double)i / 8000;

		re += h->pcm[i] * cos(turn);
		im += h->pcm[i] * sin(turn);
		all += (double)h->pcm[i] * h->pcm[i];
	}
	return all > 0 ? 2 * (re * re + im * im) / ((double)(to - from) * all)
	               : 0;
}

struct search {
	Trestle__MediaEvent__Type type;
	size_t n;
	const struct world_event *found;
};

static bool find_event(void *arg)
{
	struct search *s = arg;
	size_t n = 0;

	for (size_t i = 0; i < stage.f->world.n_events && !s->found; i++) {
		const struct world_event *ev = &stage.f->world.events[i];

		if (ev->type == s->type && n++ == s->n)
			s->found = ev;
	}
	return s->found;
}

const struct world_event *stage_event(Trestle__MediaEvent__Type type, size_t n)
{
	struct search s = {.type = type, .n = n};

	assert_true(world_run(&stage.f->world, find_event, &s, 12000));
	return s.found;
}

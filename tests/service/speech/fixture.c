/*
 * fixture.c - real speech processes with Redis, and an asker on the bus
 */
#include "fixture.h"

#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "engine/engine.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

enum { START_MS = 60000 };

struct fixture fixture;

static const struct log log_top = {NULL, "svc", "test"};

static void keep(struct answer *a, const Trestle__Envelope *e)
{
	const char *text = "";

	if (e->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL) {
		a->refusal = (int)e->refusal->reason;
		text = e->refusal->text;
	} else if (e->body_case == TRESTLE__ENVELOPE__BODY_SPEAK_REPLY) {
		const Trestle__SpeakReply *r = e->speak_reply;

		a->rate = r->rate;
		a->last = r->last;
		a->warning = r->warning_code;
		a->error = r->error_code;
		a->n = r->pcm.len;
		assert_true(a->n <= sizeof(a->pcm));
		if (a->n)
			memcpy(a->pcm, r->pcm.data, a->n);
		text = r->text;
	} else if (e->body_case == TRESTLE__ENVELOPE__BODY_HEAR_REPLY) {
		a->confidence = e->hear_reply->confidence_x1000;
		a->final = e->hear_reply->final;
		a->error = e->hear_reply->error_code;
		text = a->error ? e->hear_reply->error_text
		                : e->hear_reply->text;
	} else if (e->body_case == TRESTLE__ENVELOPE__BODY_TRANSCRIBE_REPLY) {
		a->error = e->transcribe_reply->error_code;
		text = a->error ? e->transcribe_reply->error_text
		                : e->transcribe_reply->text;
	}
	(void)snprintf(a->text, sizeof(a->text), "%s", text);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct answer *a = arg;

	a->came = true;
	a->err = err;
	if (reply)
		keep(a, reply);
}

static bool came(void *arg)
{
	return ((struct answer *)arg)->came;
}

static struct answer *ask_within(unsigned n, Trestle__Envelope *env,
                                 uint32_t ms)
{
	struct answer *a = &fixture.answer;
	char instance[16];
	struct bus_req req = {.service = "speech", .timeout_ms = ms};
	uint64_t started = loop_now_ms();

	(void)snprintf(instance, sizeof(instance), "speech-%u", n + 1);
	req.instance = instance;
	memset(a, 0, sizeof(*a));
	a->refusal = -1;
	assert_int_equal(0, bus_request(fixture.bus, &req, env, on_reply, a));
	assert_true(run_until(fixture.loop, came, a, ms + 5000));
	a->ms = loop_now_ms() - started;
	return a;
}

struct answer *ask(unsigned n, Trestle__Envelope *env)
{
	struct answer *a = ask_within(n, env, 60000);

	assert_int_equal(0, a->err);
	return a;
}

static char *text(const char *s)
{
	return (char *)(uintptr_t)(s ? s : "");
}

struct answer *speak_at(unsigned n, const char *ssml, const char *voice,
                        const char *language, uint64_t offset)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SpeakRequest r = TRESTLE__SPEAK_REQUEST__INIT;

	r.ssml = text(ssml);
	r.voice = text(voice);
	r.language = text(language);
	r.offset = offset;
	env.call_sid = text("CA00000000000000000000000000000001");
	env.body_case = TRESTLE__ENVELOPE__BODY_SPEAK_REQUEST;
	env.speak_request = &r;
	return ask(n, &env);
}

size_t speak_all(unsigned n, const char *ssml, const char *voice,
                 const char *language, uint8_t *out)
{
	size_t total = 0;

	for (;;) {
		struct answer *a = speak_at(n, ssml, voice, language, total);

		assert_int_equal(-1, a->refusal);
		assert_int_equal(0, a->error);
		assert_int_equal(16000, a->rate);
		assert_true(total + a->n <= AUDIO_MAX);
		memcpy(out + total, a->pcm, a->n);
		total += a->n;
		if (a->last)
			return total;
		assert_true(a->n > 0);
	}
}

struct answer *hear(unsigned n, Trestle__HearRequest *r, const uint8_t *pcm,
                    size_t bytes, bool last)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	struct answer *a;

	r->pcm.data = (uint8_t *)(uintptr_t)pcm;
	r->pcm.len = bytes;
	r->last = last;
	env.call_sid = text("CA00000000000000000000000000000001");
	env.body_case = TRESTLE__ENVELOPE__BODY_HEAR_REQUEST;
	env.hear_request = r;
	a = ask(n, &env);
	r->sequence++;
	return a;
}

struct answer *hear_all(unsigned n, Trestle__HearRequest *r, const uint8_t *pcm,
                        size_t bytes)
{
	size_t piece = r->rate / 5 * 2;
	struct answer *a = NULL;

	for (size_t at = 0; at < bytes; at += piece) {
		bool last = at + piece >= bytes;

		a = hear(n, r, pcm + at, last ? bytes - at : piece, last);
		if (a->refusal >= 0 || a->error || a->final)
			break;
	}
	return a;
}

size_t call_in(const char *words, const char *voice, uint8_t *out)
{
	enum { BEFORE = 3200, AFTER = 16000 }; /* bytes: 0.2 s, 1 s */
	struct audio audio = {NULL, 0};
	size_t n = speak_all(0, words, voice, "en-US", out);

	audio.n = n / 2;
	audio.v = malloc(n);
	assert_non_null(audio.v);
	memcpy(audio.v, out, n);
	assert_int_equal(0, audio_resample(&audio, 16000, 8000));
	n = audio.n * 2;
	memset(out, 0, BEFORE);
	memcpy(out + BEFORE, audio.v, n);
	memset(out + BEFORE + n, 0, AFTER);
	free(audio.v);
	return BEFORE + n + AFTER;
}

unsigned words_heard(const char *said, const char *heard)
{
	char copy[512], *rest = copy, *word;
	unsigned all = 0, found = 0;

	(void)snprintf(copy, sizeof(copy), "%s", said);
	while ((word = strsep(&rest, " .,"))) {
		if (!*word)
			continue;
		all++;
		found += strcasestr(heard, word) != NULL;
	}
	return all ? 100 * found / all : 0;
}

/* They are the children of the process, and their children, which die first. */
int signal_helpers(unsigned n, int sig)
{
	char command[128], line[32];
	int count = 0;
	FILE *f;

	(void)snprintf(
		command, sizeof(command),
		"for p in $(pgrep -P %d); do pgrep -P $p; echo =$p; done",
		(int)fixture.speech[n]);
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		bool helper = *line == '=';

		if (kill((pid_t)strtol(line + helper, NULL, 10), sig) == 0)
			count += helper;
	}
	pclose(f);
	return count;
}

static bool answers(void *arg)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__CallLeave unknown = TRESTLE__CALL_LEAVE__INIT;

	env.body_case = TRESTLE__ENVELOPE__BODY_CALL_LEAVE;
	env.call_leave = &unknown;
	return ask_within(*(unsigned *)arg, &env, 500)->refusal ==
	       TRESTLE__REFUSAL__REASON__UNSUPPORTED;
}

static bool is_healthy(void *arg)
{
	char body[64];

	return http_get(fixture.health_port[*(unsigned *)arg], "/healthz", body,
	                sizeof(body)) == 200 &&
	       strcmp(body, "ok\n") == 0;
}

void fixture_start(unsigned n)
{
	char redis[96], port[48], name[48], cache[96], recordings[96];
	const char *const env[] = {redis,
	                           port,
	                           name,
	                           cache,
	                           recordings,
	                           "TRESTLE_ADDRESS=127.0.0.1",
	                           "TRESTLE_LOG=debug",
	                           fixture.settings[0],
	                           fixture.settings[1],
	                           fixture.settings[2],
	                           fixture.settings[3],
	                           NULL};

	if (!fixture.health_port[n])
		fixture.health_port[n] = free_port();
	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               fixture.redis_server.url);
	(void)snprintf(port, sizeof(port), "TRESTLE_HTTP_PORT=%u",
	               fixture.health_port[n]);
	(void)snprintf(name, sizeof(name), "TRESTLE_INSTANCE=speech-%u", n + 1);
	(void)snprintf(cache, sizeof(cache), "TRESTLE_SPEECH_CACHE=%s",
	               fixture.cache);
	(void)snprintf(recordings, sizeof(recordings), "TRESTLE_RECORDINGS=%s",
	               fixture.recordings);
	for (unsigned i = 0; i < 4; i++) {
		if (!fixture.settings[i][0])
			(void)snprintf(fixture.settings[i],
			               sizeof(fixture.settings[i]), "NONE%u=1",
			               i);
	}
	fixture.speech[n] = process_start(TRESTLE_BIN "/trestle-speech", env);
	/* Its model is loaded then: seconds where others use the cores, too. */
	assert_true(run_until(fixture.loop, is_healthy, &n, START_MS));
	assert_true(run_until(fixture.loop, answers, &n, START_MS));
}

void fixture_stop(unsigned n, int sig)
{
	if (fixture.speech[n])
		process_stop(fixture.speech[n], sig);
	fixture.speech[n] = 0;
}

int fixture_set_up(void **state)
{
	static const char *const wants[] = {"speech", NULL};
	struct bus_config cfg = {.log = &log_top,
	                         .service = "media-relay",
	                         .instance = "tester-1",
	                         .address = "127.0.0.1",
	                         .sip = "",
	                         .http = "",
	                         .wants = wants};

	(void)state;
	log_set_level(LOG_ERROR);
	(void)snprintf(fixture.cache, sizeof(fixture.cache),
	               "/tmp/speech-cache-XXXXXX");
	(void)snprintf(fixture.recordings, sizeof(fixture.recordings),
	               "/tmp/speech-recordings-XXXXXX");
	assert_non_null(mkdtemp(fixture.cache));
	assert_non_null(mkdtemp(fixture.recordings));
	redis_server_start(&fixture.redis_server, 0);
	assert_int_equal(0, loop_alloc(&fixture.loop));
	assert_int_equal(0, redis_alloc(&fixture.redis, fixture.loop, &log_top,
	                                fixture.redis_server.url));
	cfg.loop = fixture.loop;
	cfg.redis = fixture.redis;
	assert_int_equal(0, bus_alloc(&fixture.bus, &cfg));
	fixture_start(0);
	return 0;
}

static void remove_folder(const char *path)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", path);
	(void)!pclose(popen(command, "r"));
}

int fixture_tear_down(void **state)
{
	(void)state;
	for (unsigned n = 0; n < INSTANCES; n++)
		fixture_stop(n, SIGTERM);
	bus_free(fixture.bus);
	redis_free(fixture.redis);
	loop_free(fixture.loop);
	redis_server_stop(&fixture.redis_server);
	remove_folder(fixture.cache);
	remove_folder(fixture.recordings);
	return 0;
}

/*
 * world.c - a real relay with a real Redis, and a controller to use it
 */
#include "world.h"

#include <ftw.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"
#include "loop/loop.h"
#include "store/redis.h"
#include "unit/test.h"

enum { ASK_TRIES = 30, ASK_AGAIN_MS = 100 };

static const struct log quiet = {NULL, "svc", "test"};
static const char *const wants[] = {"media-relay", NULL};

static void ack(struct world *w, const struct bus_return *from,
                const Trestle__MediaEvent *m)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__MediaEventAck reply = TRESTLE__MEDIA_EVENT_ACK__INIT;

	reply.session = m->session;
	reply.sequence = m->sequence;
	env.body_case = TRESTLE__ENVELOPE__BODY_MEDIA_EVENT_ACK;
	env.media_event_ack = &reply;
	bus_reply(w->bus, from, &env);
}

static void on_request(void *arg, const struct bus_return *from,
                       const Trestle__Envelope *env)
{
	struct world *w = arg;
	const Trestle__MediaEvent *m = env->media_event;
	struct world_event *ev = &w->events[w->n_events];

	assert_int_equal(TRESTLE__ENVELOPE__BODY_MEDIA_EVENT, env->body_case);
	if (m->type == TRESTLE__MEDIA_EVENT__TYPE__VOICE) {
		w->n_voices++;
		ack(w, from, m);
		return;
	}
	assert_true(w->n_events < WORLD_EVENTS_MAX);
	ev->type = m->type;
	ev->sequence = m->sequence;
	ev->digit = m->digit[0];
	ev->duration_ms = m->duration_ms;
	ev->play_id = m->play_id;
	ev->play_index = m->play_index;
	ev->ended_by = m->ended_by;
	ev->length_ms = m->length_ms;
	ev->error = m->error_code;
	ev->confidence = m->confidence_x1000;
	ev->final = m->final;
	(void)snprintf(ev->leg, sizeof(ev->leg), "%s", m->leg);
	(void)snprintf(ev->id, sizeof(ev->id), "%s", m->id);
	(void)snprintf(ev->text, sizeof(ev->text), "%s", m->text);
	w->n_events++;
	if (w->deaf > 0)
		w->deaf--;
	else
		ack(w, from, m);
}

static bool redis_is_up(void *arg)
{
	return redis_up(((struct world *)arg)->redis);
}

void world_open(struct world *w)
{
	struct bus_config cfg = {
		.log = &quiet,
		.service = "call-controller",
		.instance = "controller-t",
		.address = "127.0.0.1",
		.sip = "",
		.http = "",
		.wants = wants,
		.on_request = on_request,
		.arg = w,
	};

	memset(w, 0, sizeof(*w));
	log_set_level(LOG_ERROR);
	redis_server_start(&w->redis_server, 0);
	assert_int_equal(0, loop_alloc(&w->loop));
	assert_int_equal(0, redis_alloc(&w->redis, w->loop, &quiet,
	                                w->redis_server.url));
	assert_true(run_until(w->loop, redis_is_up, w, ANSWER_MS));
	cfg.loop = w->loop;
	cfg.redis = w->redis;
	assert_int_equal(0, bus_alloc(&w->bus, &cfg));
	w->http = free_port();
	(void)snprintf(w->recordings, sizeof(w->recordings),
	               "/tmp/recordings-XXXXXX");
	assert_non_null(mkdtemp(w->recordings));
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void world_close(struct world *w)
{
	if (w->relay > 0)
		(void)process_stop(w->relay, SIGKILL);
	bus_free(w->bus);
	redis_free(w->redis);
	loop_free(w->loop);
	redis_server_stop(&w->redis_server);
	(void)nftw(w->recordings, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void world_start_relay(struct world *w, const char *extra)
{
	char redis[80];
	char http[40], recordings[64];
	const char *const env[] = {redis,
	                           http,
	                           recordings,
	                           "TRESTLE_INSTANCE=relay-t",
	                           "TRESTLE_ADDRESS=127.0.0.1",
	                           "TRESTLE_RTP_ADDRESS=127.0.2.1",
	                           "TRESTLE_RTP_PORTS=31000-31399",
	                           "TRESTLE_RTP_ALLOW_PRIVATE=127.0.2.0/24",
	                           "TRESTLE_RTP_WORKERS=2",
	                           "TRESTLE_RTP_TIMEOUT=2",
	                           "TRESTLE_LOG=error",
	                           extra,
	                           NULL};

	(void)snprintf(redis, sizeof(redis), "TRESTLE_REDIS=%s",
	               w->redis_server.url);
	(void)snprintf(http, sizeof(http), "TRESTLE_HTTP_PORT=%u", w->http);
	(void)snprintf(recordings, sizeof(recordings), "TRESTLE_RECORDINGS=%s",
	               w->recordings);
	w->relay = process_start(TRESTLE_BIN "/trestle-media-relay", env);
}

static bool relay_is_alive(void *arg)
{
	struct world *w = arg;
	const struct peer *p =
		peers_find(bus_peers(w->bus), "media-relay", "relay-t");

	return p && p->alive;
}

void world_wait_relay(struct world *w)
{
	assert_true(run_until(w->loop, relay_is_alive, w, 2 * ANSWER_MS));
}

static void keep_state(struct world *w, const Trestle__SessionState *state)
{
	w->version = state->version;
	assert_true(state->n_legs <= WORLD_LEGS_MAX);
	w->n_legs = state->n_legs;
	for (size_t i = 0; i < state->n_legs; i++) {
		const Trestle__LegState *from = state->legs[i];
		struct world_leg *leg = &w->legs[i];

		(void)snprintf(leg->leg, sizeof(leg->leg), "%s", from->leg);
		(void)snprintf(leg->ip, sizeof(leg->ip), "%s", from->local_ip);
		leg->port = (uint16_t)from->local_port;
		leg->rtcp_port = (uint16_t)from->local_rtcp_port;
		leg->quality = *from->quality;
		(void)snprintf(leg->codec, sizeof(leg->codec), "%s",
		               from->quality->codec);
		(void)snprintf(leg->remote, sizeof(leg->remote), "%s",
		               from->quality->remote);
	}
}

static void on_answer(void *arg, int err, const Trestle__Envelope *reply)
{
	struct world *w = arg;

	w->answered = true;
	w->err = err;
	w->refused = TRESTLE__REFUSAL__REASON__UNKNOWN;
	if (err)
		return;
	if (reply->body_case == TRESTLE__ENVELOPE__BODY_SESSION_STATE) {
		keep_state(w, reply->session_state);
		return;
	}
	if (reply->body_case == TRESTLE__ENVELOPE__BODY_RECORDING_STATE) {
		(void)snprintf(w->recording, sizeof(w->recording), "%s",
		               reply->recording_state->recording);
		return;
	}
	assert_int_equal(TRESTLE__ENVELOPE__BODY_REFUSAL, reply->body_case);
	w->err = EACCES;
	w->refused = reply->refusal->reason;
}

static bool has_answer(void *arg)
{
	return ((struct world *)arg)->answered;
}

static bool ask(struct world *w, Trestle__Envelope *env)
{
	const struct bus_req req = {.service = "media-relay",
	                            .instance = "relay-t",
	                            .timeout_ms = ANSWER_MS};

	env->call_sid = "CA00000000000000000000000000000000";
	for (int i = 0; i < ASK_TRIES; i++) {
		w->answered = false;
		assert_int_equal(0,
		                 bus_request(w->bus, &req, env, on_answer, w));
		assert_true(run_until(w->loop, has_answer, w, 2 * ANSWER_MS));
		if (w->err != EAGAIN && w->err != EHOSTUNREACH)
			break;
		world_pass(w, ASK_AGAIN_MS); /* it was just restarted */
	}
	if (w->err != 0 && w->err != EACCES)
		fail_msg("no answer: %s", strerror(w->err));
	return w->err == 0;
}

bool world_put(struct world *w, Trestle__SessionPut *put, uint64_t epoch)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;

	env.epoch = epoch;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_PUT;
	env.session_put = put;
	return ask(w, &env);
}

bool world_remove(struct world *w, const char *recording)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__RecordingDelete m = TRESTLE__RECORDING_DELETE__INIT;

	m.recording = (char *)(uintptr_t)recording;
	env.body_case = TRESTLE__ENVELOPE__BODY_RECORDING_DELETE;
	env.recording_delete = &m;
	return ask(w, &env);
}

bool world_release(struct world *w, const char *session, uint64_t epoch)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SessionRelease release = TRESTLE__SESSION_RELEASE__INIT;

	release.session = (char *)(uintptr_t)session;
	env.epoch = epoch;
	env.body_case = TRESTLE__ENVELOPE__BODY_SESSION_RELEASE;
	env.session_release = &release;
	return ask(w, &env);
}

const struct world_leg *world_leg(const struct world *w, const char *leg)
{
	for (size_t i = 0; i < w->n_legs; i++) {
		if (strcmp(w->legs[i].leg, leg) == 0)
			return &w->legs[i];
	}
	fail_msg("no leg %s in the answer", leg);
	return NULL;
}

bool world_run(struct world *w, bool (*done)(void *arg), void *arg, uint32_t ms)
{
	return run_until(w->loop, done, arg, ms);
}

static bool never(void *arg)
{
	(void)arg;
	return false;
}

void world_pass(struct world *w, uint32_t ms)
{
	(void)run_until(w->loop, never, NULL, ms);
}

struct wanted_events {
	const struct world *world;
	size_t n;
};

static bool has_events(void *arg)
{
	const struct wanted_events *want = arg;

	return want->world->n_events >= want->n;
}

bool world_wait_events(struct world *w, size_t n, uint32_t ms)
{
	struct wanted_events want = {w, n};

	return run_until(w->loop, has_events, &want, ms);
}

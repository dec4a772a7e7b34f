/*
 * takes_load.c - a take gets its pieces from a webhook-fetcher or from speech
 *
 *     ask --> piece --> studio, ask … last --> close --> closed: loaded
 *               |
 *               +--> error: the clip breaks where it is
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/service.h"
#include "loop/loop.h"
#include "takes_impl.h"

static void ask(struct take *take);

/* A piece of either service, or why there is none */
struct answer {
	const uint8_t *data;
	size_t n;
	bool last;
	const char *type; /* "" = samples */
	uint32_t rate;
	const char *version;
	uint32_t fresh_ms;
	uint32_t error;
	const char *why;
};

/* Nothing more comes. */
static void close_with(struct take *take, uint32_t error, const char *why)
{
	if (take->closing)
		return;
	take->closing = true;
	if (take->job) {
		studio_close(take->job, error, why);
		take->job = NULL;
		return;
	}
	if (error)
		clip_break(take->clip, error, why);
	else
		clip_end(take->clip);
	take_loaded(take);
}

static void fail(struct take *take, uint32_t error, const char *why)
{
	log_warn(&take->log, "can not be played, error %u: %s", error, why);
	take_unlist(take); /* the next one tries again */
	close_with(take, error, why);
}

static bool begin(struct take *take, const struct answer *a)
{
	const struct studio_order order = {
		.clip = take->clip,
		.type = a->type,
		.rate = a->rate,
		.arg = take,
	};

	if (take->job)
		return true;
	take->job = studio_open(take->takes->studio, &order);
	if (!take->job)
		fail(take, 12400, "Memory ran out.");
	return take->job != NULL;
}

/* What was there before is still right: no piece came, and none is needed. */
static void reuse(struct take *take, const struct answer *a)
{
	take->fresh_until_ms = loop_now_ms() + a->fresh_ms;
	take->offset = take->before->offset;
	if (clip_copy(take->clip, take->before->clip))
		fail(take, 12400, "Memory ran out.");
	else
		close_with(take, 0, "");
}

static void go_on(struct take *take)
{
	if (take->closing || take->asking)
		return;
	take->full = take->job && studio_full(take->job);
	if (!take->full)
		ask(take);
}

static void take_answer(struct take *take, const struct answer *a)
{
	take->tries = 0;
	if (a->error) {
		fail(take, a->error, a->why);
		return;
	}
	if (take->version[0] == '\0' && a->version[0]) {
		free(take->version);
		take->version = strdup(a->version);
	}
	if (!take->version) {
		fail(take, 12400, "Memory ran out.");
		return;
	}
	if (take->before && take->offset == 0 && a->n == 0 && a->last) {
		reuse(take, a);
		return;
	}
	if (!begin(take, a))
		return;
	take->fresh_until_ms = loop_now_ms() + a->fresh_ms;
	if (studio_feed(take->job, a->data, a->n)) {
		fail(take, 12400, "Memory ran out.");
		return;
	}
	take->offset += a->n;
	if (a->last)
		close_with(take, 0, "");
	else
		go_on(take);
}

/* --- the bus --------------------------------------------------------------- */

static void try_again(struct take *take, const char *why)
{
	if (++take->tries >= TAKES_TRIES) {
		fail(take, take->speech ? 13520 : 11200, why);
		return;
	}
	timer_start(take->pause, TAKES_PAUSE_MS);
}

static void on_refused(struct take *take, const Trestle__Refusal *r)
{
	if (r->reason != TRESTLE__REFUSAL__REASON__INVALID || take->speech) {
		try_again(take, r->text);
		return;
	}
	/* The entity is another one now. What was begun can not go on. */
	if (take->offset > 0) {
		fail(take, 11200, "It changed while it was played.");
		return;
	}
	if (!take->before) {
		fail(take, 11200, r->text);
		return;
	}
	take->before->needed--;
	take->before = NULL;
	go_on(take);
}

static void on_audio(struct take *take, const Trestle__AudioReply *r)
{
	const struct answer a = {
		.data = r->data.data,
		.n = r->data.len,
		.last = r->last,
		.type = r->content_type[0] ? r->content_type : "unknown",
		.version = r->version,
		.fresh_ms = r->fresh_ms,
		.error = r->error_code,
		.why = r->error_text,
	};

	take_answer(take, &a);
}

static void on_speech(struct take *take, const Trestle__SpeakReply *r)
{
	const struct answer a = {
		.data = r->pcm.data,
		.n = r->pcm.len,
		.last = r->last,
		.type = "",
		.rate = r->rate,
		.version = "",
		.error = r->error_code,
		.why = r->text,
	};

	if (r->warning_code && take->offset == 0)
		clip_warn(take->clip, r->warning_code, r->text);
	take_answer(take, &a);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *reply)
{
	struct take *take = arg;

	take->asking = false;
	if (take->closing)
		return;
	if (err == EHOSTUNREACH) /* the bus has waited for one */
		fail(take, 12400,
		     take->speech ? "No speech service is running."
		                  : "No webhook-fetcher is running.");
	else if (err)
		try_again(take, take->speech ? "Speech did not answer."
		                             : "The webhook-fetcher did not "
		                               "answer.");
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_AUDIO_REPLY)
		on_audio(take, reply->audio_reply);
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_SPEAK_REPLY)
		on_speech(take, reply->speak_reply);
	else if (reply->body_case == TRESTLE__ENVELOPE__BODY_REFUSAL)
		on_refused(take, reply->refusal);
	else
		try_again(take, "An answer was not understood.");
}

static int send(struct take *take, struct bus *bus, Trestle__Envelope *env)
{
	const struct bus_req req = {
		.service = take->speech ? "speech" : "webhook-fetcher",
		/* one instance has all pieces, and all who ask for it */
		.key = take->what,
		.timeout_ms = TAKES_TIMEOUT_MS,
		.retry = true,
	};

	env->call_sid = take->call_sid;
	return bus_request(bus, &req, env, on_reply, take);
}

static int ask_fetcher(struct take *take, struct bus *bus)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__AudioRequest m = TRESTLE__AUDIO_REQUEST__INIT;

	m.account_sid = take->account_sid;
	m.call_sid = take->call_sid;
	m.url = take->what;
	m.offset = take->before ? take->before->offset : take->offset;
	m.version = take->before ? take->before->version : take->version;
	m.check = take->before != NULL;
	env.body_case = TRESTLE__ENVELOPE__BODY_AUDIO_REQUEST;
	env.audio_request = &m;
	return send(take, bus, &env);
}

static int ask_speech(struct take *take, struct bus *bus)
{
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__SpeakRequest m = TRESTLE__SPEAK_REQUEST__INIT;

	m.ssml = take->what;
	m.voice = take->voice;
	m.language = take->language;
	m.offset = take->offset;
	env.body_case = TRESTLE__ENVELOPE__BODY_SPEAK_REQUEST;
	env.speak_request = &m;
	return send(take, bus, &env);
}

static void ask(struct take *take)
{
	struct bus *bus = service_bus(take->takes->cfg.service);
	int err;

	if (!bus) { /* sessions of an earlier life are being opened */
		timer_start(take->pause, TAKES_PAUSE_MS);
		return;
	}
	err = take->speech ? ask_speech(take, bus) : ask_fetcher(take, bus);
	take->asking = err == 0;
	if (err)
		fail(take, 12400, "Memory ran out.");
}

static void on_pause_over(void *arg)
{
	go_on(arg);
}

void take_load(struct take *take)
{
	if (timer_alloc(&take->pause, take->takes->cfg.loop, on_pause_over,
	                take))
		fail(take, 12400, "Memory ran out.");
	else
		ask(take);
}

void take_stop(struct take *take)
{
	struct bus *bus = service_bus(take->takes->cfg.service);

	if (bus && take->asking)
		bus_cancel(bus, take);
}

/* --- the studio ------------------------------------------------------------ */

void take_on_hungry(void *arg)
{
	struct take *take = arg;

	if (take->full)
		go_on(take);
}

void take_on_failed(void *arg)
{
	struct take *take = arg;

	log_warn(&take->log, "can not be played, error %u: %s",
	         take->clip->error, take->clip->why);
	take_unlist(take);
	close_with(take, 0, "");
}

void take_on_closed(void *arg)
{
	take_loaded(arg);
}

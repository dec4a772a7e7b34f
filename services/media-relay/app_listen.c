/*
 * app_listen.c - what is said on a leg goes to speech, and comes back as text
 *
 *   plane --200 ms--> kept until it is understood --HearRequest--> speech
 *
 * One request at a time. The state of an utterance is in one instance; when
 * that is gone, another hears it from the beginning, or the same one when it
 * was started again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/outbox.h"
#include "adapters/store.h"
#include "app_session.h"
#include "base/service.h"
#include "loop/loop.h"

enum { PART_MS = 500 };      /* of audio in one request, at most */
enum { TIMEOUT_MS = 20000 }; /* a minute of speech is being understood */
enum { TRIES_MAX = 5 };      /* instances that hear it from the beginning */
enum { AGAIN_MS = 250 };     /* before the second; doubled each time */
enum { ROOM_FIRST = 65536 }; /* bytes; doubled when they are full */
enum { VOICE_MS = 1000 };    /* between two words about it */

static const char service_speech[] = "speech";

struct hearing {
	struct hearing *next;
	struct app_session *as; /* borrowed */
	uint32_t leg;           /* the plane's number */
	char leg_name[LEG_NAME_SIZE];
	char id[LISTEN_ID_SIZE];
	struct listen_order *order; /* owned */
	uint32_t rate;
	size_t n, room, sent; /* bytes of `pcm` */
	uint8_t *pcm;         /* owned; little endian */
	bool last;            /* no more comes */
	bool last_sent;
	bool in_flight, over;
	bool decide_end;  /* speech finds out when it is over */
	bool voice;       /* there was some */
	uint64_t told_ms; /* when that was told last; 0 = never */
	uint32_t sequence;
	unsigned tries;
	struct timer *pause;                  /* owned; running: in_flight */
	char instance[SESSION_INSTANCE_SIZE]; /* that hears it; "" = none yet */
};

static void send_part(struct hearing *h);

static void free_hearing(struct hearing *h)
{
	struct bus *bus = service_bus(h->as->app->service);

	if (bus)
		bus_cancel(bus, h);
	timer_free(h->pause);
	free(h->order);
	free(h->pcm);
	free(h);
}

static void remove_at(struct hearing **at)
{
	struct hearing *h = *at;

	*at = h->next;
	free_hearing(h);
}

static struct hearing **find(struct app_session *as, uint32_t leg)
{
	struct hearing **at = &as->hearings;

	while (*at && (*at)->leg != leg)
		at = &(*at)->next;
	return at;
}

/* --- what came of it ------------------------------------------------------- */

static struct session_event *note(struct hearing *h,
                                  enum session_event_type type)
{
	struct session_event *ev =
		session_note(h->as->state, type, h->leg_name);

	memcpy(ev->id, h->id, sizeof(ev->id));
	return ev;
}

static void tell(struct hearing *h)
{
	store_write(h->as);
	outbox_send(h->as);
}

static void fail(struct hearing *h, uint32_t error, const char *why)
{
	struct session_event *ev = note(h, SESSION_SPEECH_FAILED);

	ev->error = error;
	(void)snprintf(ev->why, sizeof(ev->why), "%s", why);
	log_warn(&h->as->log_session, "speech on leg %u: %s", h->leg, why);
	h->over = true;
	tell(h);
}

/* What was said is the caller's secret: not in the log. */
static void understood(struct hearing *h, const Trestle__HearReply *r)
{
	struct session_event *ev;

	if (!r->final && (!h->order->partial || r->text[0] == '\0'))
		return;
	ev = note(h, SESSION_SPEECH);
	ev->speech = strndup(r->text, SESSION_SPEECH_MAX);
	ev->confidence_x1000 = r->confidence_x1000;
	ev->final = r->final;
	h->over = r->final;
	tell(h);
}

/* The caller is not silent, whatever is understood of it. What else is to be
 * told goes first: this is true a second later, too. */
static void tell_voice(struct hearing *h)
{
	uint64_t now = loop_now_ms();

	if (!h->order->partial || h->as->state->n_events > 0 ||
	    (h->told_ms && now - h->told_ms < VOICE_MS))
		return;
	h->told_ms = now;
	(void)note(h, SESSION_VOICE);
	tell(h);
}

/* @param waited the bus did, and there was none */
static void start_again(struct hearing *h, bool waited)
{
	h->instance[0] = '\0';
	h->sent = 0;
	h->sequence = 0;
	h->last_sent = false;
	if (waited || ++h->tries == TRIES_MAX) {
		fail(h, 0, "no speech service can be reached");
		return;
	}
	h->in_flight = true;
	h->told_ms = 0;
	if (h->voice)
		tell_voice(h);
	timer_start(h->pause, AGAIN_MS << (h->tries - 1));
}

static void on_pause_over(void *arg)
{
	struct hearing *h = arg;

	h->in_flight = false;
	send_part(h);
}

static void on_reply(void *arg, int err, const Trestle__Envelope *env)
{
	struct hearing *h = arg;

	h->in_flight = false;
	if (err || env->body_case != TRESTLE__ENVELOPE__BODY_HEAR_REPLY) {
		start_again(h, err && h->instance[0] == '\0');
		return;
	}
	if (env->hear_reply->error_code) {
		fail(h, env->hear_reply->error_code,
		     env->hear_reply->error_text);
		return;
	}
	understood(h, env->hear_reply);
	if (!h->over && h->last_sent)
		fail(h, 0, "speech did not decide");
	send_part(h);
}

/* --- what is heard --------------------------------------------------------- */

static void choose(struct hearing *h, struct bus *bus)
{
	const struct peer *p;

	if (h->instance[0] != '\0')
		return;
	p = peers_pick(bus_peers(bus), service_speech, NULL);
	if (p)
		(void)snprintf(h->instance, sizeof(h->instance), "%s",
		               p->instance);
}

static void fill(struct hearing *h, Trestle__HearRequest *m)
{
	size_t most = (size_t)h->rate * 2 / 1000 * PART_MS;
	size_t n = h->n - h->sent < most ? h->n - h->sent : most;

	m->id = h->id;
	m->sequence = h->sequence;
	m->rate = h->rate;
	m->pcm.data = h->pcm + h->sent;
	m->pcm.len = n;
	m->last = h->last && h->sent + n == h->n;
	if (h->sequence > 0)
		return;
	m->language = h->order->language;
	m->hints = h->order->hints;
	m->n_hints = h->order->n_hints;
	m->partial = h->order->partial;
	m->decide_end = h->decide_end;
}

static void send_part(struct hearing *h)
{
	struct bus *bus = service_bus(h->as->app->service);
	struct bus_req req = {.service = service_speech,
	                      .timeout_ms = TIMEOUT_MS};
	Trestle__Envelope env = TRESTLE__ENVELOPE__INIT;
	Trestle__HearRequest m = TRESTLE__HEAR_REQUEST__INIT;

	if (h->over || h->in_flight || h->last_sent || !h->pcm ||
	    (h->sent == h->n && !h->last))
		return;
	choose(h, bus);
	/* none is known: one may come while the request waits */
	req.instance = h->instance[0] ? h->instance : NULL;
	req.retry = !req.instance;
	fill(h, &m);
	env.call_sid = h->as->state->call_sid;
	env.body_case = TRESTLE__ENVELOPE__BODY_HEAR_REQUEST;
	env.hear_request = &m;
	if (bus_request(bus, &req, &env, on_reply, h)) {
		fail(h, 0, "out of memory");
		return;
	}
	h->in_flight = true;
	h->sent += m.pcm.len;
	h->last_sent = m.last;
	h->sequence++;
}

static bool make_room(struct hearing *h, size_t more)
{
	size_t room = h->room ? h->room : ROOM_FIRST;
	uint8_t *bigger;

	while (room < h->n + more)
		room *= 2;
	if (room == h->room)
		return true;
	bigger = realloc(h->pcm, room);
	if (!bigger)
		return false;
	h->pcm = bigger;
	h->room = room;
	return true;
}

void app_listen_heard(struct app_session *as, const struct plane_event *ev)
{
	struct hearing *h = *find(as, ev->fact.leg);

	/* of an earlier wish, or understood already */
	if (!h || h->over || strcmp(h->id, ev->fact.listen) != 0)
		return;
	if (!make_room(h, ev->n_samples * 2)) {
		fail(h, 0, "out of memory");
		return;
	}
	for (size_t i = 0; i < ev->n_samples; i++) {
		h->pcm[h->n++] = (uint8_t)ev->samples[i];
		h->pcm[h->n++] = (uint8_t)((uint16_t)ev->samples[i] >> 8);
	}
	h->rate = ev->fact.rate;
	h->last |= ev->fact.last;
	h->voice |= ev->fact.voice;
	if (ev->fact.voice)
		tell_voice(h);
	send_part(h);
}

void app_listen_apply(struct app_session *as, const struct session_leg *leg,
                      struct listen_order *order)
{
	struct hearing **at = find(as, leg->id);
	struct hearing *h;

	if (*at && strcmp((*at)->id, leg->spec.listen.id) == 0) {
		free(order); /* the same wish again */
		return;
	}
	if (*at)
		remove_at(at);
	h = order ? calloc(1, sizeof(*h)) : NULL;
	if (!h || timer_alloc(&h->pause, service_loop(as->app->service),
	                      on_pause_over, h)) {
		free(h);
		free(order);
		return;
	}
	h->as = as;
	h->leg = leg->id;
	memcpy(h->leg_name, leg->spec.name, sizeof(h->leg_name));
	memcpy(h->id, leg->spec.listen.id, sizeof(h->id));
	h->decide_end = leg->spec.listen.silence_ms == 0;
	h->order = order;
	h->next = as->hearings;
	as->hearings = h;
}

void app_listen_stop(struct app_session *as, uint32_t leg)
{
	struct hearing **at = find(as, leg);

	if (*at)
		remove_at(at);
}

void app_listen_close(struct app_session *as)
{
	while (as->hearings)
		remove_at(&as->hearings);
}

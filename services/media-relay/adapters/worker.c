/*
 * worker.c - one thread of the media plane: its loop and its sessions
 *
 * Each round: wait for packets, relay them, then commands, clips that are due,
 * and every 100 ms what is due by time. Under load a round starts with a short
 * sleep, so that one wake-up serves many packets.
 */
#include "adapters/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define NTP_UNIX 2208988800ULL /* seconds from 1900 to 1970 */

static uint64_t clock_us(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint64_t worker_ntp(const struct worker *w)
{
	uint64_t us = w->now_us + w->ntp_minus_us;

	return (us / 1000000) << 32 | ((us % 1000000) << 32) / 1000000;
}

/* xorshift64*: spreads reports in time; nothing secret comes from it. */
uint32_t worker_random(struct worker *w)
{
	w->seed ^= w->seed >> 12;
	w->seed ^= w->seed << 25;
	w->seed ^= w->seed >> 27;
	return (uint32_t)(w->seed * 0x2545f4914f6cdd1dULL >> 32);
}

static int watch(struct worker *w, struct worker_port *port)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = port};

	return epoll_ctl(w->epoll, EPOLL_CTL_ADD, port->fd, &ev) ? errno : 0;
}

static void stop_playing(struct worker *w, struct worker_leg *wl)
{
	struct worker_leg **at = &w->players;

	if (!wl->playing)
		return;
	while (*at && *at != wl)
		at = &(*at)->next_playing;
	if (*at)
		*at = wl->next_playing;
	wl->playing = false;
}

static void close_leg(struct worker *w, struct worker_leg *wl)
{
	leg_attach(&wl->leg, NULL);
	while (wl->leg.listeners)
		leg_attach(wl->leg.listeners, NULL);
	stop_playing(w, wl);
	close(wl->rtp.fd);
	close(wl->rtcp.fd);
	free(wl);
}

static struct worker_leg *open_leg(struct worker *w, struct plane_session *s,
                                   const struct plane_leg *want)
{
	struct worker_leg *wl = calloc(1, sizeof(*wl));
	uint32_t random[2];

	if (!wl || getrandom(random, sizeof(random), 0) != sizeof(random)) {
		free(wl);
		close(want->rtp);
		close(want->rtcp);
		return NULL;
	}
	leg_init(&wl->leg, want->id, random, w->now_us);
	wl->session = s;
	wl->rtp = (struct worker_port){wl, want->rtp, false};
	wl->rtcp = (struct worker_port){wl, want->rtcp, true};
	/* These fail when memory runs out: the leg is deaf, times out, and
	 * its controller ends the call. */
	(void)watch(w, &wl->rtp);
	(void)watch(w, &wl->rtcp);
	s->legs[s->n++] = wl;
	return wl;
}

static struct worker_leg *find_leg(struct plane_session *s, uint32_t id)
{
	for (size_t i = 0; i < s->n; i++) {
		if (s->legs[i]->leg.id == id)
			return s->legs[i];
	}
	return NULL;
}

static struct leg *find_peer(struct plane_session *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->legs[i]->leg.spec.name, name) == 0)
			return &s->legs[i]->leg;
	}
	return NULL;
}

static bool plays_that(const struct leg_player *pl,
                       const struct plane_leg *want)
{
	if (!want->clip)
		return !pl->clip;
	if (!pl->begun || pl->play_id != want->spec.play_id)
		return false;
	/* A prompt that is over is not started again by the same id. */
	return pl->clip ? pl->clip == want->clip : !want->clip->loop;
}

static void play(struct worker *w, struct worker_leg *wl,
                 const struct plane_leg *want)
{
	struct leg_player *pl = &wl->leg.player;
	uint64_t skip_ms = want->skip_ms;

	if (plays_that(pl, want))
		return;
	/* another codec in the middle of it */
	if (pl->begun && pl->clip && want->clip &&
	    pl->play_id == want->spec.play_id)
		skip_ms = pl->frame * pl->clip->frame_ms;
	pl->begun |= want->clip != NULL;
	pl->play_id = want->spec.play_id;
	leg_start(&wl->leg, want->clip, skip_ms, w->now_us);
	if (!want->clip) {
		stop_playing(w, wl);
	} else if (!wl->playing) {
		wl->playing = true;
		wl->next_playing = w->players;
		w->players = wl;
	}
}

static void apply_leg(struct worker *w, struct plane_session *s,
                      const struct plane_leg *want)
{
	struct worker_leg *wl = find_leg(s, want->id);
	bool fresh = wl == NULL;

	if (fresh)
		wl = open_leg(w, s, want);
	if (!wl)
		return;
	wl->wanted = true;
	leg_apply(&wl->leg, &want->spec, &w->cfg->policy);
	if (fresh && want->restored)
		leg_restore(&wl->leg, &want->memory, &w->cfg->policy,
		            want->elapsed_us, w->now_us);
	packets_aim(wl);
	play(w, wl, want);
}

static void close_unwanted(struct worker *w, struct plane_session *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++) {
		struct worker_leg *wl = s->legs[i];

		if (wl->wanted) {
			s->legs[kept++] = wl;
			continue;
		}
		packets_bye(w, wl);
		events_tell_closed(w, s, wl);
		close_leg(w, wl);
	}
	s->n = kept;
}

static void apply(struct worker *w, const struct command *c)
{
	struct plane_session *s = c->session;

	for (size_t i = 0; i < s->n; i++)
		s->legs[i]->wanted = false;
	/* Those that go make room, and are nobody's peer any more. */
	for (size_t i = 0; i < c->n; i++) {
		struct worker_leg *wl = find_leg(s, c->legs[i].id);

		if (wl)
			wl->wanted = true;
	}
	close_unwanted(w, s);
	for (size_t i = 0; i < c->n; i++)
		apply_leg(w, s, &c->legs[i]);
	/* its numbers are known soon, should the process be killed */
	s->figures_due_ms = w->now_us / 1000;
	for (size_t i = 0; i < s->n; i++) {
		struct leg *leg = &s->legs[i]->leg;

		leg_attach(leg, leg->spec.source == SOURCE_LEG
		                        ? find_peer(s, leg->spec.peer)
		                        : NULL);
	}
}

static void open_session(struct worker *w, struct plane_session *s)
{
	s->next = w->sessions;
	s->at = &w->sessions;
	if (s->next)
		s->next->at = &s->next;
	w->sessions = s;
	s->figures_due_ms =
		w->now_us / 1000 + worker_random(w) % PLANE_FIGURES_MS;
}

static void close_session(struct worker *w, struct plane_session *s, bool bye)
{
	if (bye) {
		for (size_t i = 0; i < s->n; i++)
			packets_bye(w, s->legs[i]);
		events_tell(w, s, &(struct plane_fact){.type = PLANE_RELEASED});
	}
	while (s->n > 0)
		close_leg(w, s->legs[--s->n]);
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	free(s);
	atomic_fetch_sub_explicit(&w->n_sessions, 1, memory_order_relaxed);
}

static void obey(struct worker *w)
{
	struct message *m = queue_take(&w->in);

	w->commands_wait = false;
	while (m) {
		struct command *c = (struct command *)(void *)m;

		m = m->next;
		switch (c->type) {
		case COMMAND_OPEN: open_session(w, c->session); break;
		case COMMAND_APPLY: apply(w, c); break;
		case COMMAND_RELEASE: close_session(w, c->session, true); break;
		case COMMAND_STOP: w->stop = true; break;
		}
		free(c);
	}
}

static void tick_session(struct worker *w, struct plane_session *s)
{
	uint64_t now_ms = w->now_us / 1000;

	for (size_t i = 0; i < s->n; i++) {
		struct worker_leg *wl = s->legs[i];

		packets_report(w, wl);
		if (leg_timed_out(&wl->leg, now_ms, w->cfg->timeout_ms))
			events_tell(w, s,
			            &(struct plane_fact){.type = PLANE_SILENT,
			                                 .leg = wl->leg.id});
	}
	if (now_ms < s->figures_due_ms)
		return;
	s->figures_due_ms = now_ms + PLANE_FIGURES_MS;
	events_tell(w, s, &(struct plane_fact){.type = PLANE_FIGURES});
}

static void tick(struct worker *w)
{
	uint64_t packets = w->local.received - w->packets_tick;

	w->busy = packets * 1000 / WORKER_TICK_MS >= WORKER_BUSY_PPS;
	w->packets_tick = w->local.received;
	w->tick_due_us = w->now_us + WORKER_TICK_MS * 1000ULL;
	for (struct plane_session *s = w->sessions; s; s = s->next)
		tick_session(w, s);
}

static void publish(struct worker *w)
{
	atomic_store_explicit(&w->received, w->local.received,
	                      memory_order_relaxed);
	atomic_store_explicit(&w->sent, w->local.sent, memory_order_relaxed);
	for (size_t i = 0; i < DROP_REASONS; i++)
		atomic_store_explicit(&w->dropped[i], w->local.dropped[i],
		                      memory_order_relaxed);
}

static int wait_ms(const struct worker *w)
{
	uint64_t due = w->tick_due_us;
	uint64_t now = clock_us(CLOCK_MONOTONIC);

	if (w->players && w->play_due_us < due)
		due = w->play_due_us;
	return due <= now ? 0 : (int)((due - now + 999) / 1000);
}

static void round_of(struct worker *w)
{
	struct epoll_event ev[WORKER_EVENTS];
	int n = epoll_wait(w->epoll, ev, WORKER_EVENTS, wait_ms(w));

	w->now_us = clock_us(CLOCK_MONOTONIC);
	for (int i = 0; i < n; i++) {
		struct worker_port *port = ev[i].data.ptr;

		if (port->leg)
			packets_receive(w, port);
		else
			w->commands_wait = true;
	}
	/* Not before: a command may free what an event points to. */
	if (w->commands_wait)
		obey(w);
	if (w->now_us >= w->play_due_us) {
		w->play_due_us = w->now_us + WORKER_PLAY_MS * 1000ULL;
		packets_play(w);
	}
	if (w->now_us >= w->tick_due_us) {
		tick(w);
		publish(w);
	}
	if (n > 0 && w->busy && w->cfg->batch_us > 0) {
		struct timespec t = {0, (long)w->cfg->batch_us * 1000};

		(void)nanosleep(&t, NULL);
	}
}

static void *run(void *arg)
{
	struct worker *w = arg;

	while (!w->stop)
		round_of(w);
	while (w->sessions)
		close_session(w, w->sessions, false);
	return NULL;
}

int worker_start(struct worker *w, const struct plane_config *cfg,
                 struct queue *out)
{
	int err;

	memset(w, 0, sizeof(*w));
	w->cfg = cfg;
	w->out = out;
	w->epoll = -1;
	err = queue_init(&w->in);
	if (err)
		return err;
	w->now_us = clock_us(CLOCK_MONOTONIC);
	w->ntp_minus_us =
		clock_us(CLOCK_REALTIME) - w->now_us + NTP_UNIX * 1000000;
	w->seed = w->now_us | 1;
	w->queue_port.fd = w->in.fd;
	packets_init(w);
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	err = w->epoll < 0 ? errno : watch(w, &w->queue_port);
	if (!err)
		err = pthread_create(&w->thread, NULL, run, w);
	w->running = err == 0;
	if (err)
		worker_stop(w);
	return err;
}

void worker_stop(struct worker *w)
{
	struct command *c;

	if (!w->cfg)
		return;
	if (w->running) {
		do { /* the last word must be said */
			c = calloc(1, sizeof(*c));
		} while (!c);
		c->type = COMMAND_STOP;
		queue_put(&w->in, &c->message);
		(void)pthread_join(w->thread, NULL);
	}
	if (w->epoll >= 0)
		close(w->epoll);
	queue_close(&w->in);
	w->cfg = NULL;
}

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
#include <time.h>
#include <unistd.h>

#include "adapters/recording.h"

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

/* Edge-triggered: what is read until it is empty need not be asked again. */
static int control(struct worker *w, struct worker_port *port, int op)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLET, .data.ptr = port};

	return epoll_ctl(w->epoll, op, port->fd, &ev) ? errno : 0;
}

int worker_watch(struct worker *w, struct worker_port *port)
{
	return control(w, port, EPOLL_CTL_ADD);
}

void worker_rearm(struct worker *w, struct worker_port *port)
{
	(void)control(w, port, EPOLL_CTL_MOD);
}

static void obey(struct worker *w)
{
	struct message *m = queue_take(&w->in);

	w->commands_wait = false;
	while (m) {
		struct command *c = (struct command *)(void *)m;

		m = m->next;
		switch (c->type) {
		case COMMAND_OPEN: worker_session_open(w, c->session); break;
		case COMMAND_APPLY: worker_session_apply(w, c); break;
		case COMMAND_RECORD:
			recordings_apply(w, c->session, c->recordings,
			                 c->n_recordings);
			break;
		case COMMAND_RELEASE:
			worker_session_close(w, c->session, true);
			break;
		case COMMAND_STOP: w->stop = true; break;
		}
		free(c->recordings);
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

	if ((w->players || w->tapped) && w->play_due_us < due)
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
		audio_tick(w);
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
		worker_session_close(w, w->sessions, false);
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
	err = w->epoll < 0 ? errno : worker_watch(w, &w->queue_port);
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

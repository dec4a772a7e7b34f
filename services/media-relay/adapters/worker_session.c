/*
 * worker_session.c - the sessions of a worker: opened, changed, closed
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/epoll.h>
#include <sys/random.h>

#include "adapters/recording.h"
#include "adapters/senses.h"
#include "adapters/worker.h"

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

static void detach(struct worker_leg *wl)
{
	transcoder_stop(wl);
	leg_attach(&wl->leg, NULL);
}

static void close_leg(struct worker *w, struct worker_leg *wl)
{
	recordings_end(wl);
	detach(wl);
	while (wl->leg.listeners)
		detach((struct worker_leg *)(void *)wl->leg.listeners);
	stop_playing(w, wl);
	senses_close(wl);
	audio_close(w, wl);
	player_start(&wl->leg.player, NULL);
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
	(void)worker_watch(w, &wl->rtp);
	(void)worker_watch(w, &wl->rtcp);
	s->legs[s->n++] = wl;
	return wl;
}

struct worker_leg *worker_find_leg(struct plane_session *s, uint32_t id)
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

static void play(struct worker *w, struct worker_leg *wl,
                 const struct plane_leg *want)
{
	struct leg *leg = &wl->leg;

	if (want->plays_on)
		return;
	/* in another codec, but it is over */
	if (want->list && want->list->goes_on && !leg->player.list) {
		playlist_free(want->list);
		return;
	}
	if (!want->list && !leg->player.list)
		return;
	leg_start(leg, want->list, w->now_us);
	if (!want->list) {
		stop_playing(w, wl);
		return;
	}
	w->play_due_us = w->now_us; /* what is at hand leaves now */
	if (!wl->playing) {
		wl->playing = true;
		wl->next_playing = w->players;
		w->players = wl;
	}
}

static void apply_leg(struct worker *w, struct plane_session *s,
                      const struct plane_leg *want)
{
	struct worker_leg *wl = worker_find_leg(s, want->id);
	bool fresh = wl == NULL;

	if (fresh)
		wl = open_leg(w, s, want);
	if (!wl) {
		playlist_free(want->list);
		return;
	}
	wl->wanted = true;
	leg_apply(&wl->leg, &want->spec, &w->cfg->policy);
	if (fresh && want->restored)
		leg_restore(&wl->leg, &want->memory, &w->cfg->policy,
		            want->elapsed_us, w->now_us);
	packets_aim(wl);
	audio_apply(wl);
	senses_apply(w, wl);
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

void worker_session_apply(struct worker *w, const struct command *c)
{
	struct plane_session *s = c->session;

	for (size_t i = 0; i < s->n; i++)
		s->legs[i]->wanted = false;
	/* Those that go make room, and are nobody's peer any more. */
	for (size_t i = 0; i < c->n; i++) {
		struct worker_leg *wl = worker_find_leg(s, c->legs[i].id);

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
		transcoder_apply(s->legs[i]);
	}
}

void worker_session_open(struct worker *w, struct plane_session *s)
{
	s->next = w->sessions;
	s->at = &w->sessions;
	if (s->next)
		s->next->at = &s->next;
	w->sessions = s;
	s->figures_due_ms =
		w->now_us / 1000 + worker_random(w) % PLANE_FIGURES_MS;
}

void worker_session_close(struct worker *w, struct plane_session *s, bool bye)
{
	if (bye) {
		for (size_t i = 0; i < s->n; i++)
			packets_bye(w, s->legs[i]);
		events_tell(w, s, &(struct plane_fact){.type = PLANE_RELEASED});
	} else
		recordings_leave(s);
	while (s->n > 0)
		close_leg(w, s->legs[--s->n]);
	*s->at = s->next;
	if (s->next)
		s->next->at = s->at;
	free(s);
	atomic_fetch_sub_explicit(&w->n_sessions, 1, memory_order_relaxed);
}

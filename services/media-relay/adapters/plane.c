/*
 * plane.c - the media plane as the main thread sees it
 */
#include "plane.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapters/worker.h"
#include "loop/loop.h"

struct plane {
	struct plane_config cfg;
	struct queue events;
	bool events_open;
	struct watch *watch;
	unsigned n;
	struct worker *workers;
};

static void on_readable(void *arg, int events)
{
	struct plane *p = arg;
	struct message *m = queue_take(&p->events);

	(void)events;
	while (m) {
		struct plane_event *ev = (struct plane_event *)(void *)m;

		m = m->next;
		p->cfg.on_event(p->cfg.arg, ev);
		free(ev);
	}
}

int plane_alloc(struct plane **pp, const struct plane_config *cfg)
{
	struct plane *p = calloc(1, sizeof(*p));
	int err = ENOMEM;

	if (!p)
		goto out;
	p->cfg = *cfg;
	p->workers = calloc(cfg->workers, sizeof(*p->workers));
	if (!p->workers)
		goto out;
	err = queue_init(&p->events);
	if (err)
		goto out;
	p->events_open = true;
	err = watch_alloc(&p->watch, cfg->loop, p->events.fd, LOOP_READ,
	                  on_readable, p);
	while (!err && p->n < cfg->workers) {
		err = worker_start(&p->workers[p->n], &p->cfg, &p->events);
		p->n += err == 0;
	}
out:
	if (err)
		plane_free(p);
	else
		*pp = p;
	return err;
}

void plane_free(struct plane *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->n; i++)
		worker_stop(&p->workers[i]);
	watch_free(p->watch);
	if (p->events_open) {
		struct message *m = queue_take(&p->events);

		while (m) {
			struct message *next = m->next;

			free(m);
			m = next;
		}
		queue_close(&p->events);
	}
	free(p->workers);
	free(p);
}

static struct command *command(enum command_type type, struct plane_session *s,
                               size_t n)
{
	struct command *c =
		calloc(1, sizeof(*c) + n * sizeof(struct plane_leg));

	if (c) {
		c->type = type;
		c->session = s;
		c->n = n;
	}
	return c;
}

static struct worker *least_loaded(struct plane *p)
{
	struct worker *best = &p->workers[0];

	for (unsigned i = 1; i < p->n; i++) {
		struct worker *w = &p->workers[i];

		if (atomic_load_explicit(&w->n_sessions, memory_order_relaxed) <
		    atomic_load_explicit(&best->n_sessions,
		                         memory_order_relaxed))
			best = w;
	}
	return best;
}

struct plane_session *plane_open(struct plane *p, void *owner)
{
	struct plane_session *s = calloc(1, sizeof(*s));
	struct command *c = command(COMMAND_OPEN, s, 0);

	if (!s || !c) {
		free(s);
		free(c);
		return NULL;
	}
	s->worker = least_loaded(p);
	s->owner = owner;
	atomic_fetch_add_explicit(&s->worker->n_sessions, 1,
	                          memory_order_relaxed);
	queue_put(&s->worker->in, &c->message);
	return s;
}

/* Close and free what would have been given to plane_apply(). */
static void discard(const struct plane_leg *legs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		playlist_free(legs[i].list);
		if (legs[i].rtp < 0)
			continue;
		close(legs[i].rtp);
		close(legs[i].rtcp);
	}
}

int plane_apply(struct plane *p, struct plane_session *s,
                const struct plane_leg *legs, size_t n)
{
	struct command *c = command(COMMAND_APPLY, s, n);

	(void)p;
	if (!c) {
		discard(legs, n);
		return ENOMEM;
	}
	memcpy(c->legs, legs, n * sizeof(*legs));
	queue_put(&s->worker->in, &c->message);
	return 0;
}

int plane_record(struct plane *p, struct plane_session *s,
                 const struct plane_recording *list, size_t n)
{
	struct command *c = command(COMMAND_RECORD, s, 0);

	(void)p;
	if (!c)
		return ENOMEM;
	c->recordings = calloc(n + 1, sizeof(*list));
	if (!c->recordings) {
		free(c);
		return ENOMEM;
	}
	memcpy(c->recordings, list, n * sizeof(*list));
	c->n_recordings = n;
	queue_put(&s->worker->in, &c->message);
	return 0;
}

int plane_release(struct plane *p, struct plane_session *s)
{
	struct command *c = command(COMMAND_RELEASE, s, 0);

	(void)p;
	if (!c)
		return ENOMEM;
	queue_put(&s->worker->in, &c->message);
	return 0;
}

void plane_count(struct plane *p, struct plane_counters *out)
{
	memset(out, 0, sizeof(*out));
	for (unsigned i = 0; i < p->n; i++) {
		struct worker *w = &p->workers[i];

		out->received += atomic_load_explicit(&w->received,
		                                      memory_order_relaxed);
		out->sent +=
			atomic_load_explicit(&w->sent, memory_order_relaxed);
		for (size_t k = 0; k < DROP_REASONS; k++)
			out->dropped[k] += atomic_load_explicit(
				&w->dropped[k], memory_order_relaxed);
	}
}

/*
 * pool.c - helper processes that speak, and the sentences that wait for one
 */
#include "adapters/pool.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "adapters/helper.h"
#include "base/log.h"
#include "base/metrics.h"
#include "loop/loop.h"

enum { AGAIN_MS = 500 }; /* until one that can not be started is tried again */

struct job {
	TAILQ_ENTRY(job) link;
	struct frame_speak order;
	char *text;
	pool_h *handler;
	void *arg;
	unsigned tries;
};

struct seat {
	struct pool *pool;
	struct helper *helper; /* NULL = it is to be started */
	struct timer *timer;   /* of its job; or until it is started again */
	struct job *job;       /* NULL = idle */
};

struct pool {
	struct pool_config cfg;
	struct seat *seats;
	TAILQ_HEAD(, job) waiting;
	size_t n_waiting;
};

static void job_free(struct job *job)
{
	if (job)
		free(job->text);
	free(job);
}

static void finish(struct seat *seat, int err, const void *pcm, size_t n)
{
	struct job *job = seat->job;

	timer_stop(seat->timer);
	seat->job = NULL;
	job->handler(job->arg, err, pcm, n);
	job_free(job);
}

static void work(struct pool *p);

static void start_job(struct seat *seat, struct job *job)
{
	seat->job = job;
	job->tries++;
	timer_start(seat->timer, POOL_SECONDS * 1000);
	/* What is too large or finds no memory ends by the timer. */
	(void)helper_send(seat->helper, FRAME_SPEAK, &job->order,
	                  sizeof(job->order), job->text, strlen(job->text));
}

static void on_frame(void *arg, const struct frame_head *head, const void *body)
{
	struct seat *seat = arg;

	if (!seat->job)
		return;
	if (head->type == FRAME_PCM) {
		finish(seat, 0, body, head->n);
	} else {
		log_warn(seat->pool->cfg.log, "%s can not speak: %s",
		         seat->job->order.voice, (const char *)body);
		finish(seat, EIO, NULL, 0);
	}
	work(seat->pool);
}

static void start_helper(struct seat *seat);

/* Its helper is no more. The sentence is tried again: it may not be its fault. */
static void lose(struct seat *seat, const char *how)
{
	struct pool *p = seat->pool;
	struct job *job = seat->job;

	helper_free(seat->helper);
	seat->helper = NULL;
	timer_stop(seat->timer);
	log_warn(p->cfg.log, "a speaking helper %s%s", how,
	         job ? "; its sentence is tried again" : "");
	metric_add(p->cfg.deaths, 1);
	if (job && job->tries < POOL_TRIES) {
		seat->job = NULL;
		TAILQ_INSERT_HEAD(&p->waiting, job, link);
		p->n_waiting++;
	} else if (job) {
		finish(seat, EIO, NULL, 0);
	}
	timer_start(seat->timer, job ? 0 : AGAIN_MS);
}

static void on_end(void *arg)
{
	lose(arg, "died");
}

static void on_timer(void *arg)
{
	struct seat *seat = arg;

	if (seat->helper) {
		lose(seat, "took too long and was killed");
		return;
	}
	start_helper(seat);
	work(seat->pool);
}

static void start_helper(struct seat *seat)
{
	const struct helper_config cfg = {
		.loop = seat->pool->cfg.loop,
		.role = "speak",
		.on_frame = on_frame,
		.on_end = on_end,
		.arg = seat,
	};

	if (helper_start(&seat->helper, &cfg))
		timer_start(seat->timer, AGAIN_MS);
}

static void work(struct pool *p)
{
	for (uint32_t i = 0; i < p->cfg.n; i++) {
		struct job *job = TAILQ_FIRST(&p->waiting);

		if (!job)
			return;
		if (!p->seats[i].helper || p->seats[i].job)
			continue;
		TAILQ_REMOVE(&p->waiting, job, link);
		p->n_waiting--;
		start_job(&p->seats[i], job);
	}
}

int pool_alloc(struct pool **pp, const struct pool_config *cfg)
{
	struct pool *p = calloc(1, sizeof(*p));
	int err = 0;

	if (!p)
		return ENOMEM;
	p->cfg = *cfg;
	TAILQ_INIT(&p->waiting);
	p->seats = calloc(cfg->n, sizeof(*p->seats));
	if (!p->seats)
		err = ENOMEM;
	for (uint32_t i = 0; i < cfg->n && !err; i++) {
		p->seats[i].pool = p;
		err = timer_alloc(&p->seats[i].timer, cfg->loop, on_timer,
		                  &p->seats[i]);
		if (!err)
			start_helper(&p->seats[i]);
	}
	if (!err && !p->seats[0].helper)
		err = ECHILD;
	if (err)
		pool_free(p);
	else
		*pp = p;
	return err;
}

void pool_free(struct pool *p)
{
	struct job *job;

	if (!p)
		return;
	for (uint32_t i = 0; p->seats && i < p->cfg.n; i++) {
		helper_free(p->seats[i].helper);
		timer_free(p->seats[i].timer);
		job_free(p->seats[i].job);
	}
	while ((job = TAILQ_FIRST(&p->waiting))) {
		TAILQ_REMOVE(&p->waiting, job, link);
		job_free(job);
	}
	free(p->seats);
	free(p);
}

int pool_speak(struct pool *p, const struct plan_part *part, pool_h *handler,
               void *arg)
{
	struct job *job;

	if (p->n_waiting >= p->cfg.queue_max)
		return ENOBUFS;
	job = calloc(1, sizeof(*job));
	if (!job)
		return ENOMEM;
	job->text = strdup(part->text);
	if (!job->text) {
		free(job);
		return ENOMEM;
	}
	job->order = (struct frame_speak){.engine = part->voice.engine,
	                                  .rate = part->style.rate,
	                                  .pitch = part->style.pitch,
	                                  .volume = part->style.volume};
	(void)snprintf(job->order.voice, sizeof(job->order.voice), "%s",
	               part->voice.name);
	job->handler = handler;
	job->arg = arg;
	TAILQ_INSERT_TAIL(&p->waiting, job, link);
	p->n_waiting++;
	work(p);
	return 0;
}

size_t pool_n_waiting(const struct pool *p)
{
	return p->n_waiting;
}

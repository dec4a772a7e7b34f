/*
 * studio.c - one thread that turns sound files into clips: the main thread's
 * side of it
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loop/loop.h"
#include "studio_impl.h"

static void free_job(struct studio_job *job)
{
	free(job->closing);
	free(job);
}

static void on_news(void *arg, int events)
{
	struct studio *s = arg;
	struct message *m = queue_take(&s->out);

	(void)events;
	while (m) {
		struct news *news = (struct news *)(void *)m;
		struct studio_job *job = news->job;

		m = m->next;
		switch (news->type) {
		case NEWS_HUNGRY:
			free(news);
			s->cfg.on_hungry(job->arg);
			break;
		case NEWS_FAILED:
			free(news);
			s->cfg.on_failed(job->arg);
			break;
		case NEWS_CLOSED:
			s->cfg.on_closed(job->arg);
			free_job(job);
			break;
		}
	}
}

static struct piece *piece_alloc(struct studio_job *job, size_t n)
{
	struct piece *p = calloc(1, sizeof(*p) + n);

	if (!p)
		return NULL;
	p->job = job;
	p->n = n;
	return p;
}

int studio_alloc(struct studio **sp, const struct studio_config *cfg)
{
	struct studio *s = calloc(1, sizeof(*s));
	int err = ENOMEM;

	if (!s)
		goto out;
	s->cfg = *cfg;
	TAILQ_INIT(&s->busy);
	err = queue_init(&s->in);
	s->in_open = err == 0;
	if (!err)
		err = queue_init(&s->out);
	s->out_open = s->in_open && err == 0;
	if (!err)
		err = watch_alloc(&s->watch, cfg->loop, s->out.fd, LOOP_READ,
		                  on_news, s);
	if (!err)
		err = pthread_create(&s->thread, NULL, studio_run, s);
	s->running = err == 0;
out:
	if (err)
		studio_free(s);
	else
		*sp = s;
	return err;
}

static void stop(struct studio *s)
{
	struct piece *p;

	do { /* the last word must be said */
		p = calloc(1, sizeof(*p));
	} while (!p);
	queue_put(&s->in, &p->message);
	(void)pthread_join(s->thread, NULL);
}

/* The process ends: what jobs hold is left to the system, but for the news. */
void studio_free(struct studio *s)
{
	if (!s)
		return;
	if (s->running)
		stop(s);
	watch_free(s->watch);
	if (s->in_open)
		queue_close(&s->in);
	if (s->out_open)
		queue_close(&s->out);
	free(s);
}

struct studio_job *studio_open(struct studio *s,
                               const struct studio_order *order)
{
	struct studio_job *job = calloc(1, sizeof(*job));

	if (!job)
		return NULL;
	job->studio = s;
	job->arg = order->arg;
	job->end = &job->first;
	job->clip = order->clip;
	job->rate = encoder_rate(order->clip->codec);
	job->closing = piece_alloc(job, 0);
	if (!job->closing ||
	    encoder_alloc(&job->encoder, order->clip->codec, job->rate))
		goto out;
	switch (sound_file_alloc(&job->file, order->type, order->rate)) {
	case 0: break;
	case ENOTSUP:
		job->failed = true;
		clip_break(job->clip, STUDIO_WRONG_CONTENT,
		           "The content type is not one that can be played.");
		break;
	default: goto out;
	}
	clip_share(job->clip);
	return job;
out:
	encoder_free(job->encoder);
	free_job(job);
	return NULL;
}

int studio_feed(struct studio_job *job, const uint8_t *p, size_t n)
{
	struct piece *piece = n ? piece_alloc(job, n) : NULL;

	if (n == 0)
		return 0;
	if (!piece)
		return ENOMEM;
	memcpy(piece->bytes, p, n);
	atomic_fetch_add_explicit(&job->ahead, n, memory_order_relaxed);
	queue_put(&job->studio->in, &piece->message);
	return 0;
}

bool studio_full(const struct studio_job *job)
{
	return atomic_load_explicit(&job->ahead, memory_order_relaxed) >=
	       STUDIO_AHEAD_MAX;
}

void studio_close(struct studio_job *job, uint32_t error, const char *why)
{
	struct piece *p = job->closing;

	job->closing = NULL;
	p->last = true;
	p->error = error;
	(void)snprintf(p->why, sizeof(p->why), "%s", why);
	queue_put(&job->studio->in, &p->message);
}

/*
 * converter.c - recordings in the form that was asked for: the queue
 */
#include "adapters/converter.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapters/convert.h"
#include "base/log.h"
#include "loop/loop.h"

enum { SID = 36 };

struct job {
	TAILQ_ENTRY(job) link;
	char sid[SID];
	struct conversion what;
	converted_h *handler;
	void *arg;
	int err, fd;
};

TAILQ_HEAD(jobs, job);

struct converter {
	struct converter_config cfg;
	pthread_t thread;
	bool running, stop;
	pthread_mutex_t lock; /* of all to the blank line */
	pthread_cond_t more;
	struct jobs waiting, done;
	size_t n;

	int fd; /* readable when something is done */
	struct watch *watch;
};

static void cache_path(const struct converter *c, const struct conversion *what,
                       char out[CONVERTER_PATH])
{
	(void)snprintf(out, CONVERTER_PATH, "%.3900s/.cache/%s.%u.%s",
	               c->cfg.recordings, what->sid, what->channels,
	               what->mp3 ? "mp3" : "wav");
}

int converter_open(const struct converter *c, const struct conversion *what)
{
	char path[CONVERTER_PATH];

	cache_path(c, what, path);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

void converter_forget(struct converter *c, const char *sid)
{
	char path[CONVERTER_PATH];

	for (unsigned i = 0; i < 4; i++) {
		const struct conversion what = {sid, i % 2 == 0, 1 + i / 2};

		cache_path(c, &what, path);
		(void)unlink(path);
	}
}

/* --- the thread ---------------------------------------------------------------- */

static void do_job(struct converter *c, struct job *j)
{
	char from[CONVERTER_PATH], to[CONVERTER_PATH], cache[CONVERTER_PATH];

	j->what.sid = j->sid;
	j->fd = converter_open(c, &j->what); /* the same job before this one */
	if (j->fd >= 0)
		return;
	(void)snprintf(from, sizeof(from), "%.3900s/%s.wav", c->cfg.recordings,
	               j->sid);
	(void)snprintf(cache, sizeof(cache), "%.3900s/.cache",
	               c->cfg.recordings);
	cache_path(c, &j->what, to);
	(void)mkdir(cache, 0750);
	j->err = convert(from, to, j->what.mp3, j->what.channels);
	if (!j->err) {
		j->fd = converter_open(c, &j->what);
		j->err = j->fd < 0 ? errno : 0;
		convert_trim(cache, c->cfg.cache_max);
	} else if (j->err != ENOENT) { /* the disk is full, most likely */
		j->err = convert_in_memory(from, &j->fd, j->what.mp3,
		                           j->what.channels);
	}
	if (j->err && j->err != ENOENT)
		log_error(c->cfg.log, "%s can not be converted: %s", j->sid,
		          strerror(j->err));
}

static void *run(void *arg)
{
	const uint64_t one = 1;
	struct converter *c = arg;

	pthread_mutex_lock(&c->lock);
	while (!c->stop) {
		struct job *j = TAILQ_FIRST(&c->waiting);

		if (!j) {
			pthread_cond_wait(&c->more, &c->lock);
			continue;
		}
		TAILQ_REMOVE(&c->waiting, j, link);
		pthread_mutex_unlock(&c->lock);
		do_job(c, j);
		pthread_mutex_lock(&c->lock);
		TAILQ_INSERT_TAIL(&c->done, j, link);
		(void)!write(c->fd, &one, sizeof(one));
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

/* --- the loop ------------------------------------------------------------------- */

static struct job *take(struct converter *c, struct jobs *from)
{
	struct job *j;

	pthread_mutex_lock(&c->lock);
	j = TAILQ_FIRST(from);
	if (j) {
		TAILQ_REMOVE(from, j, link);
		c->n--;
	}
	pthread_mutex_unlock(&c->lock);
	return j;
}

static void on_done(void *arg, int events)
{
	struct converter *c = arg;
	struct job *j;
	uint64_t n;

	(void)events;
	(void)!read(c->fd, &n, sizeof(n));
	while ((j = take(c, &c->done))) {
		j->handler(j->arg, j->err, j->fd);
		free(j);
	}
}

int converter_start(struct converter *c, const struct conversion *what,
                    converted_h *handler, void *arg)
{
	struct job *j = calloc(1, sizeof(*j));
	bool full;

	if (!j)
		return ENOMEM;
	j->what = *what;
	(void)snprintf(j->sid, sizeof(j->sid), "%s", what->sid);
	j->handler = handler;
	j->arg = arg;
	j->fd = -1;
	pthread_mutex_lock(&c->lock);
	full = c->n >= CONVERTER_JOBS_MAX;
	if (!full) {
		c->n++;
		TAILQ_INSERT_TAIL(&c->waiting, j, link);
		pthread_cond_signal(&c->more);
	}
	pthread_mutex_unlock(&c->lock);
	if (full)
		free(j);
	return full ? EAGAIN : 0;
}

int converter_alloc(struct converter **cp, const struct converter_config *cfg)
{
	struct converter *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return ENOMEM;
	c->cfg = *cfg;
	TAILQ_INIT(&c->waiting);
	TAILQ_INIT(&c->done);
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	c->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	err = c->fd < 0 ? errno : 0;
	if (!err)
		err = watch_alloc(&c->watch, cfg->loop, c->fd, LOOP_READ,
		                  on_done, c);
	if (!err)
		err = pthread_create(&c->thread, NULL, run, c);
	c->running = err == 0;
	if (err)
		converter_free(c);
	else
		*cp = c;
	return err;
}

void converter_free(struct converter *c)
{
	struct job *j;

	if (!c)
		return;
	if (c->running) {
		pthread_mutex_lock(&c->lock);
		c->stop = true;
		pthread_cond_signal(&c->more);
		pthread_mutex_unlock(&c->lock);
		(void)pthread_join(c->thread, NULL);
	}
	watch_free(c->watch);
	while ((j = take(c, &c->waiting)) || (j = take(c, &c->done))) {
		if (j->fd >= 0)
			close(j->fd);
		j->handler(j->arg, ECANCELED, -1);
		free(j);
	}
	if (c->fd >= 0)
		close(c->fd);
	pthread_cond_destroy(&c->more);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

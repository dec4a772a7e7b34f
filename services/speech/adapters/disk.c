/*
 * disk.c - files read and written beside the loop, by one thread
 *
 * The thread owns nothing but the job that it has in hand; jobs go there and
 * come back through two lists under one lock.
 */
#include "adapters/disk.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/eventfd.h>
#include <sys/queue.h>

#include "adapters/files.h"
#include "base/log.h"
#include "loop/loop.h"

enum { TRIM_EVERY = 64 }; /* files stored between two looks at the folder */
enum { KEY_SIZE = 65 };

enum what { LOAD, STORE, READ };

struct job {
	TAILQ_ENTRY(job) link;
	enum what what;
	char key[KEY_SIZE];
	char *path; /* READ */
	size_t max;
	uint32_t rate;
	struct bytes bytes; /* in or out */
	int err;
	disk_h *handler;
	void *arg;
};

TAILQ_HEAD(jobs, job);

struct disk {
	struct disk_config cfg;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct jobs todo, done;
	bool stop;
	bool started;
	int fd; /* eventfd: something is in `done` */
	struct watch *watch;
	size_t n_jobs;   /* the loop's: under way */
	size_t n_stored; /* the thread's */
};

static void job_free(struct job *job)
{
	if (!job)
		return;
	free(job->path);
	free(job->bytes.v);
	free(job);
}

/* --- the thread ------------------------------------------------------------ */

static void trim(struct disk *d)
{
	if (d->n_stored++ % TRIM_EVERY == 0)
		files_trim(d->cfg.cache, d->cfg.cache_max);
}

static void run(struct disk *d, struct job *job)
{
	switch (job->what) {
	case LOAD:
		job->err = files_load(d->cfg.cache, job->key, &job->bytes);
		break;
	case STORE:
		trim(d);
		job->err = files_store(d->cfg.cache, job->key, job->rate,
		                       &job->bytes);
		break;
	case READ:
		job->err = files_read(job->path, job->max, &job->bytes);
		break;
	}
}

static struct job *next(struct disk *d)
{
	struct job *job;

	pthread_mutex_lock(&d->lock);
	while (!(job = TAILQ_FIRST(&d->todo)) && !d->stop)
		pthread_cond_wait(&d->wake, &d->lock);
	if (job)
		TAILQ_REMOVE(&d->todo, job, link);
	pthread_mutex_unlock(&d->lock);
	return job;
}

static void *work(void *arg)
{
	struct disk *d = arg;
	struct job *job;

	while ((job = next(d))) {
		const uint64_t one = 1;

		run(d, job);
		pthread_mutex_lock(&d->lock);
		TAILQ_INSERT_TAIL(&d->done, job, link);
		pthread_mutex_unlock(&d->lock);
		/* It fails only when the counter is full: readable too. */
		(void)!write(d->fd, &one, sizeof(one));
	}
	return NULL;
}

/* --- the loop -------------------------------------------------------------- */

static struct job *take_done(struct disk *d)
{
	struct job *job;

	pthread_mutex_lock(&d->lock);
	job = TAILQ_FIRST(&d->done);
	if (job)
		TAILQ_REMOVE(&d->done, job, link);
	pthread_mutex_unlock(&d->lock);
	return job;
}

static void on_done(void *arg, int events)
{
	struct disk *d = arg;
	struct job *job;
	uint64_t n;

	(void)events;
	(void)!read(d->fd, &n, sizeof(n));
	while ((job = take_done(d))) {
		d->n_jobs--;
		job->handler(job->arg, job->err, job->bytes.v, job->bytes.n);
		job_free(job);
	}
}

int disk_alloc(struct disk **dp, const struct disk_config *cfg)
{
	struct disk *d = calloc(1, sizeof(*d));
	int err;

	if (!d)
		return ENOMEM;
	d->cfg = *cfg;
	TAILQ_INIT(&d->todo);
	TAILQ_INIT(&d->done);
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->wake, NULL);
	err = *cfg->cache ? files_prepare(cfg->cache) : 0;
	d->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!err && d->fd < 0)
		err = errno;
	if (!err)
		err = watch_alloc(&d->watch, cfg->loop, d->fd, LOOP_READ,
		                  on_done, d);
	if (!err)
		err = pthread_create(&d->thread, NULL, work, d);
	d->started = !err;
	if (err)
		disk_free(d);
	else
		*dp = d;
	return err;
}

static void free_all(struct jobs *jobs)
{
	struct job *job;

	while ((job = TAILQ_FIRST(jobs))) {
		TAILQ_REMOVE(jobs, job, link);
		job_free(job);
	}
}

void disk_free(struct disk *d)
{
	if (!d)
		return;
	if (d->started) {
		pthread_mutex_lock(&d->lock);
		d->stop = true;
		pthread_cond_signal(&d->wake);
		pthread_mutex_unlock(&d->lock);
		pthread_join(d->thread, NULL);
	}
	free_all(&d->todo);
	free_all(&d->done);
	watch_free(d->watch);
	if (d->fd >= 0)
		close(d->fd);
	pthread_cond_destroy(&d->wake);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

static int put(struct disk *d, struct job *job)
{
	pthread_mutex_lock(&d->lock);
	TAILQ_INSERT_TAIL(&d->todo, job, link);
	pthread_cond_signal(&d->wake);
	pthread_mutex_unlock(&d->lock);
	d->n_jobs++;
	return 0;
}

static int make(struct disk *d, enum what what, disk_h *handler, void *arg,
                struct job **jobp)
{
	struct job *job;

	if (d->n_jobs >= DISK_JOBS_MAX)
		return ENOBUFS;
	job = calloc(1, sizeof(*job));
	if (!job)
		return ENOMEM;
	job->what = what;
	job->handler = handler;
	job->arg = arg;
	*jobp = job;
	return 0;
}

static void set_key(struct job *job, const char *key)
{
	memcpy(job->key, key, strnlen(key, KEY_SIZE - 1));
}

int disk_load(struct disk *d, const char *key, disk_h *handler, void *arg)
{
	struct job *job;
	int err = *d->cfg.cache ? make(d, LOAD, handler, arg, &job) : ENOBUFS;

	if (err)
		return err;
	set_key(job, key);
	return put(d, job);
}

int disk_store(struct disk *d, const char *key, const struct disk_audio *audio,
               disk_h *handler, void *arg)
{
	struct job *job;
	int err = *d->cfg.cache ? make(d, STORE, handler, arg, &job) : ENOBUFS;

	if (err)
		return err;
	set_key(job, key);
	job->rate = audio->rate;
	job->bytes.v = malloc(audio->n ? audio->n : 1);
	if (!job->bytes.v) {
		job_free(job);
		return ENOMEM;
	}
	if (audio->n)
		memcpy(job->bytes.v, audio->pcm, audio->n);
	job->bytes.n = audio->n;
	return put(d, job);
}

int disk_read(struct disk *d, const char *path, size_t max, disk_h *handler,
              void *arg)
{
	struct job *job;
	int err = make(d, READ, handler, arg, &job);

	if (err)
		return err;
	job->max = max;
	job->path = strdup(path);
	if (!job->path) {
		job_free(job);
		return ENOMEM;
	}
	return put(d, job);
}

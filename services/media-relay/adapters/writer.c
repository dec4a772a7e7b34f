/*
 * writer.c - recordings on disk: the queue, and the thread that empties it
 */
#include "adapters/writer.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/queue.h"
#include "adapters/writer_files.h"
#include "loop/loop.h"

enum { IDLE_MS = 60000 }; /* then it looks around */

enum job_type {
	JOB_OPEN,
	JOB_APPEND,
	JOB_CLOSE,
	JOB_REMOVE,
	JOB_ADOPT,
	JOB_STOP
};

struct job {
	struct message message;
	enum job_type type;
	uint32_t file;
	char sid[WRITER_SID_SIZE];
	unsigned channels;
	uint64_t keep;
	enum recorder_end why;
	int error;
	size_t n;
	int16_t samples[];
};

/* An event on its way to the main thread */
struct told {
	struct message message;
	struct writer_event event;
};

struct writer {
	struct writer_config cfg;
	struct queue in, out;
	bool in_open, out_open, running;
	atomic_size_t waiting; /* bytes of samples in the queue */
	pthread_t thread;
	struct watch *watch;
	struct writer_files files; /* the thread's */
};

/* --- the thread ---------------------------------------------------------------- */

/* What is told must be: a session waits for it. */
static void tell(void *arg, const struct writer_event *ev)
{
	struct writer *w = arg;
	struct told *t;

	do {
		t = calloc(1, sizeof(*t));
	} while (!t);
	t->event = *ev;
	queue_put(&w->out, &t->message);
}

/* @return false: it was the last one */
static bool do_job(struct writer *w, const struct job *j)
{
	struct writer_files *f = &w->files;

	switch (j->type) {
	case JOB_OPEN: files_open(f, j->file, j->sid, j->channels); break;
	case JOB_APPEND:
		files_append(f, j->file, j->samples, j->n);
		atomic_fetch_sub_explicit(&w->waiting,
		                          j->n * sizeof(j->samples[0]),
		                          memory_order_relaxed);
		break;
	case JOB_CLOSE:
		files_close(f, j->file, j->keep, j->why, j->error);
		break;
	case JOB_REMOVE: files_remove(f, j->sid); break;
	case JOB_ADOPT: files_adopt(f); break;
	case JOB_STOP: return false;
	}
	return true;
}

static void *run(void *arg)
{
	struct writer *w = arg;
	struct pollfd fd = {.fd = w->in.fd, .events = POLLIN};
	bool more = true;

	files_init(&w->files, &w->cfg, tell, w);
	while (more) {
		struct message *m;

		(void)poll(&fd, 1, IDLE_MS);
		strays_look(&w->files);
		m = queue_take(&w->in);
		while (m) {
			struct message *next = m->next;

			more &= do_job(w, (struct job *)(void *)m);
			free(m);
			m = next;
		}
	}
	files_drop(&w->files);
	return NULL;
}

/* --- the main thread ------------------------------------------------------------- */

static void on_readable(void *arg, int events)
{
	struct writer *w = arg;
	struct message *m = queue_take(&w->out);

	(void)events;
	while (m) {
		struct told *t = (struct told *)(void *)m;

		m = m->next;
		w->cfg.on_event(w->cfg.arg, &t->event);
		free(t);
	}
}

int writer_alloc(struct writer **wp, const struct writer_config *cfg)
{
	struct writer *w = calloc(1, sizeof(*w));
	int err = ENOMEM;

	if (!w)
		goto out;
	w->cfg = *cfg;
	err = queue_init(&w->in);
	w->in_open = err == 0;
	if (!err)
		err = queue_init(&w->out);
	w->out_open = w->in_open && err == 0;
	if (!err)
		err = watch_alloc(&w->watch, cfg->loop, w->out.fd, LOOP_READ,
		                  on_readable, w);
	if (!err)
		err = pthread_create(&w->thread, NULL, run, w);
	w->running = err == 0;
out:
	if (err)
		writer_free(w);
	else
		*wp = w;
	return err;
}

static void empty(struct queue *q)
{
	struct message *m = queue_take(q);

	while (m) {
		struct message *next = m->next;

		free(m);
		m = next;
	}
	queue_close(q);
}

static struct job *job(enum job_type type, uint32_t file, size_t n)
{
	struct job *j = calloc(1, sizeof(*j) + n * sizeof(j->samples[0]));

	if (j) {
		j->type = type;
		j->file = file;
		j->n = n;
	}
	return j;
}

static struct job *job_surely(enum job_type type, uint32_t file)
{
	struct job *j;

	do {
		j = job(type, file, 0);
	} while (!j);
	return j;
}

void writer_free(struct writer *w)
{
	if (!w)
		return;
	if (w->running) {
		queue_put(&w->in, &job_surely(JOB_STOP, 0)->message);
		(void)pthread_join(w->thread, NULL);
	}
	watch_free(w->watch);
	if (w->in_open)
		empty(&w->in);
	if (w->out_open)
		empty(&w->out);
	free(w);
}

static int put_sid(struct writer *w, struct job *j, const char *sid)
{
	if (!j)
		return ENOMEM;
	memcpy(j->sid, sid, strnlen(sid, sizeof(j->sid) - 1));
	queue_put(&w->in, &j->message);
	return 0;
}

int writer_open(struct writer *w, uint32_t file, const char *sid,
                unsigned channels)
{
	struct job *j = job(JOB_OPEN, file, 0);

	if (j)
		j->channels = channels;
	return put_sid(w, j, sid);
}

int writer_remove(struct writer *w, const char *sid)
{
	return put_sid(w, job(JOB_REMOVE, 0, 0), sid);
}

int writer_adopt(struct writer *w)
{
	return put_sid(w, job(JOB_ADOPT, 0, 0), "");
}

/* --- any thread ------------------------------------------------------------------ */

int writer_append(struct writer *w, uint32_t file, const int16_t *samples,
                  size_t n)
{
	size_t bytes = n * sizeof(*samples);
	struct job *j;

	if (atomic_load_explicit(&w->waiting, memory_order_relaxed) + bytes >
	    WRITER_QUEUE_MAX)
		return ENOBUFS;
	j = job(JOB_APPEND, file, n);
	if (!j)
		return ENOMEM;
	memcpy(j->samples, samples, bytes);
	atomic_fetch_add_explicit(&w->waiting, bytes, memory_order_relaxed);
	queue_put(&w->in, &j->message);
	return 0;
}

void writer_close(struct writer *w, uint32_t file, uint64_t keep,
                  enum recorder_end why, int error)
{
	struct job *j = job_surely(JOB_CLOSE, file);

	j->keep = keep;
	j->why = why;
	j->error = error;
	queue_put(&w->in, &j->message);
}

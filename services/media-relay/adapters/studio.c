/*
 * studio.c - one thread that turns sound files into clips while they come
 */
#include "studio.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/queue.h>

#include "adapters/sound_file.h"
#include "core/encoder.h"
#include "core/resampler.h"
#include "loop/loop.h"

enum { TURN_MS = 1000 };      /* of audio, then another clip has its turn */
enum { FIRST_TURN_MS = 200 }; /* the first packets leave soon */
enum { SAMPLES = 4800 };      /* decoded at once */
enum { RESAMPLED = SAMPLES * 4 + 8 }; /* 4 to 16 kHz */
enum { FRAME_MAX = 16 * 60 };         /* samples of a packet */
enum { FRAMES_MAX = TURN_MS / 10 };
enum { WRONG_CONTENT = 13420, OUT_OF_MEMORY = 12400 };

/* main thread to studio; a piece with its bytes behind it */
struct piece {
	struct message message; /* of the queue */
	struct piece *next;     /* of the job */
	struct studio_job *job;
	bool last;
	uint32_t error;
	char why[CLIP_WHY_SIZE];
	size_t n;
	uint8_t bytes[];
};

enum news_type { NEWS_HUNGRY, NEWS_FAILED, NEWS_CLOSED };

struct news {
	struct message message;
	struct studio_job *job;
	enum news_type type;
};

struct studio_job {
	struct studio *studio;
	struct clip *clip; /* a share */
	void *arg;
	struct piece *closing; /* allocated before it is needed */
	struct news closed;
	atomic_size_t ahead; /* bytes that wait */
	/* the studio's: */
	TAILQ_ENTRY(studio_job) link; /* of those that have work */
	bool listed;
	bool failed, full;
	struct piece *first, **end;
	bool closes;
	uint32_t error;
	char why[CLIP_WHY_SIZE];
	struct sound_file *file;
	struct resampler *resampler;
	uint32_t from_rate;
	struct encoder *encoder;
	uint32_t rate;
	size_t n; /* samples of a frame that is not full */
	int16_t frame[FRAME_MAX];
};

struct studio {
	struct studio_config cfg;
	struct queue in, out;
	bool in_open, out_open, running, stop;
	struct watch *watch;
	pthread_t thread;
	TAILQ_HEAD(, studio_job) busy;
	int16_t samples[SAMPLES];
	int16_t resampled[RESAMPLED];
	size_t n_frames; /* of the turn */
	uint32_t starts[FRAMES_MAX + 1];
	uint8_t packets[FRAMES_MAX * ENCODER_PACKET_MAX];
};

/* --- the studio's thread --------------------------------------------------- */

static void tell(struct studio_job *job, enum news_type type)
{
	struct news *news =
		type == NEWS_CLOSED ? &job->closed : calloc(1, sizeof(*news));

	if (!news)
		return; /* the clip says it too */
	news->job = job;
	news->type = type;
	queue_put(&job->studio->out, &news->message);
}

static void fail(struct studio_job *job, uint32_t error, const char *why)
{
	if (job->failed)
		return;
	job->failed = true;
	clip_break(job->clip, error, why);
	tell(job, NEWS_FAILED);
}

static void flush(struct studio_job *job)
{
	struct studio *s = job->studio;

	if (clip_append(job->clip, s->packets, s->starts, s->n_frames))
		fail(job, OUT_OF_MEMORY, "Memory ran out.");
	s->n_frames = 0;
}

static void add_frame(struct studio_job *job)
{
	struct studio *s = job->studio;
	size_t per_frame = (size_t)job->rate * job->clip->frame_ms / 1000;
	uint32_t at = s->starts[s->n_frames];

	memset(job->frame + job->n, 0,
	       (per_frame - job->n) * sizeof(job->frame[0]));
	s->starts[s->n_frames + 1] =
		at + (uint32_t)encoder_encode(job->encoder, job->frame,
	                                      per_frame, s->packets + at);
	s->n_frames++;
	job->n = 0;
	if (s->n_frames == FRAMES_MAX)
		flush(job);
}

static void add_samples(struct studio_job *job, const int16_t *samples,
                        size_t n)
{
	size_t per_frame = (size_t)job->rate * job->clip->frame_ms / 1000;

	while (n > 0) {
		size_t k = per_frame - job->n < n ? per_frame - job->n : n;

		memcpy(job->frame + job->n, samples, k * sizeof(*samples));
		job->n += k;
		samples += k;
		n -= k;
		if (job->n == per_frame)
			add_frame(job);
	}
}

/* @return false after fail() */
static bool follow_rate(struct studio_job *job)
{
	uint32_t rate = sound_file_rate(job->file);

	if (rate == job->from_rate)
		return true;
	job->from_rate = rate;
	resampler_free(job->resampler);
	job->resampler = NULL;
	if (rate == job->rate)
		return true;
	if (resampler_alloc(&job->resampler, rate, job->rate)) {
		fail(job, OUT_OF_MEMORY, "Memory ran out.");
		return false;
	}
	resampler_skip(job->resampler);
	return true;
}

static void convert(struct studio_job *job, const int16_t *samples, size_t n)
{
	struct studio *s = job->studio;

	if (!job->resampler) {
		add_samples(job, samples, n);
		return;
	}
	n = resampler_run(job->resampler, samples, n, s->resampled, RESAMPLED);
	add_samples(job, s->resampled, n);
}

static void end_well(struct studio_job *job)
{
	if (job->n > 0)
		add_frame(job);
	flush(job);
	if (!job->failed)
		clip_end(job->clip);
	job->failed = true; /* nothing more is made of it */
}

/* Decode until a turn is full or the file has no more. @return true: there is
 * more to do at once */
static bool decode_turn(struct studio_job *job)
{
	uint32_t before =
		atomic_load_explicit(&job->clip->ms, memory_order_relaxed);
	uint32_t turn = before ? TURN_MS : FIRST_TURN_MS;
	struct studio *s = job->studio;
	size_t n;

	while (!job->failed && s->n_frames * job->clip->frame_ms < turn) {
		switch (sound_file_read(job->file, s->samples, SAMPLES, &n)) {
		case SOUND_SAMPLES:
			if (follow_rate(job))
				convert(job, s->samples, n);
			break;
		case SOUND_HUNGRY: flush(job); return false;
		case SOUND_END: end_well(job); return false;
		case SOUND_BAD:
			flush(job);
			fail(job, WRONG_CONTENT,
			     "The audio is damaged, or its format is not one "
			     "that can be played.");
			return false;
		}
	}
	flush(job);
	if (before > STUDIO_LENGTH_MAX_MS)
		fail(job, WRONG_CONTENT,
		     "The audio is longer than 40 minutes: the rest is not "
		     "played.");
	return !job->failed;
}

static void take_piece(struct studio_job *job)
{
	struct piece *p = job->first;
	int err = 0;

	job->first = p->next;
	if (!job->first)
		job->end = &job->first;
	atomic_fetch_sub_explicit(&job->ahead, p->n, memory_order_relaxed);
	if (!job->failed && p->error == 0)
		err = sound_file_feed(job->file, p->bytes, p->n, p->last);
	if (err == EFBIG)
		fail(job, WRONG_CONTENT, "The audio is larger than 64 MiB.");
	else if (err)
		fail(job, OUT_OF_MEMORY, "Memory ran out.");
	if (p->last) {
		job->closes = true;
		job->error = p->error;
		memcpy(job->why, p->why, sizeof(job->why));
	}
	free(p);
	if (!job->closes && !job->first)
		tell(job, NEWS_HUNGRY);
}

static void close_job(struct studio_job *job)
{
	if (!job->failed && job->error)
		fail(job, job->error, job->why);
	sound_file_free(job->file);
	resampler_free(job->resampler);
	encoder_free(job->encoder);
	clip_drop(job->clip);
	tell(job, NEWS_CLOSED);
}

/* One turn of a job. */
static void work(struct studio *s, struct studio_job *job)
{
	bool more;

	TAILQ_REMOVE(&s->busy, job, link);
	more = !job->failed && decode_turn(job);
	if (!more && job->first) {
		take_piece(job);
		more = true;
	}
	if (!more && job->closes) {
		close_job(job);
		return;
	}
	job->listed = more;
	if (more)
		TAILQ_INSERT_TAIL(&s->busy, job, link);
}

static void take_orders(struct studio *s)
{
	struct message *m = queue_take(&s->in);

	while (m) {
		struct piece *p = (struct piece *)(void *)m;
		struct studio_job *job = p->job;

		m = m->next;
		if (!job) {
			s->stop = true;
			free(p);
			continue;
		}
		p->next = NULL;
		*job->end = p;
		job->end = &p->next;
		if (job->listed)
			continue;
		job->listed = true;
		TAILQ_INSERT_TAIL(&s->busy, job, link);
	}
}

static void *run(void *arg)
{
	struct studio *s = arg;
	struct pollfd p = {.fd = s->in.fd, .events = POLLIN};

	while (!s->stop) {
		struct studio_job *job = TAILQ_FIRST(&s->busy);

		(void)poll(&p, 1, job ? 0 : -1);
		take_orders(s);
		if (!job)
			job = TAILQ_FIRST(&s->busy);
		if (job)
			work(s, job);
	}
	return NULL;
}

/* --- the main thread ------------------------------------------------------- */

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
		err = pthread_create(&s->thread, NULL, run, s);
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
		clip_break(job->clip, WRONG_CONTENT,
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

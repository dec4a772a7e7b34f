/*
 * studio_work.c - the studio's thread: pieces to samples, frames, packets
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "studio_impl.h"

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
		fail(job, STUDIO_OUT_OF_MEMORY, "Memory ran out.");
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
	if (s->n_frames == STUDIO_FRAMES_MAX)
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
		fail(job, STUDIO_OUT_OF_MEMORY, "Memory ran out.");
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
	n = resampler_run(job->resampler, samples, n, s->resampled,
	                  STUDIO_RESAMPLED);
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
	uint32_t turn = before ? STUDIO_TURN_MS : STUDIO_FIRST_TURN_MS;
	struct studio *s = job->studio;
	size_t n;

	while (!job->failed && s->n_frames * job->clip->frame_ms < turn) {
		switch (sound_file_read(job->file, s->samples, STUDIO_SAMPLES,
		                        &n)) {
		case SOUND_SAMPLES:
			if (follow_rate(job))
				convert(job, s->samples, n);
			break;
		case SOUND_HUNGRY: flush(job); return false;
		case SOUND_END: end_well(job); return false;
		case SOUND_BAD:
			flush(job);
			fail(job, STUDIO_WRONG_CONTENT,
			     "The audio is damaged, or its format is not one "
			     "that can be played.");
			return false;
		}
	}
	flush(job);
	if (before > STUDIO_LENGTH_MAX_MS)
		fail(job, STUDIO_WRONG_CONTENT,
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
		fail(job, STUDIO_WRONG_CONTENT,
		     "The audio is larger than 64 MiB.");
	else if (err)
		fail(job, STUDIO_OUT_OF_MEMORY, "Memory ran out.");
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

void *studio_run(void *arg)
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

/*
 * recording.c - recordings of the legs of a worker
 */
#include "adapters/recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/audio.h"
#include "adapters/worker.h"
#include "adapters/writer.h"
#include "core/beep.h"
#include "core/encoder.h"

enum { BLOCK_MS = 1000 }; /* is gathered before it is written */
enum { BLOCK = BLOCK_MS * RECORDER_RATE / 1000 };
enum { FRAME_US = AUDIO_FRAME_MS * 1000 };
/* What is sent is heard by the tap a little later: that much of the beep would
 * be at the beginning of what the phone is sent. */
enum { BEEP_TAIL = 6 }; /* frames */
enum { BEEP_FRAMES = BEEP_MS / AUDIO_FRAME_MS };

struct beep {
	struct encoder *encoder; /* NULL: the leg's codec is not made here */
	enum codec codec;
	uint32_t rate;
	unsigned frame; /* that comes next */
	unsigned wait;  /* frames of silence after it */
};

struct recording {
	struct recording *next; /* of the session */
	struct worker *worker;
	struct worker_leg *leg;
	struct audio_tap tap;
	uint32_t file;
	bool beeping;
	struct beep beep;
	bool begun;      /* its first frame came */
	uint64_t due_us; /* of the next frame */
	struct recorder recorder;
	size_t n;
	int16_t block[]; /* BLOCK of each channel, and RECORDER_TAKE */
};

static int flush(struct recording *r)
{
	int err = 0;

	if (r->n > 0)
		err = writer_append(r->worker->cfg->writer, r->file, r->block,
		                    r->n);
	r->n = 0;
	return err;
}

static void unlink_it(struct recording *r)
{
	struct recording **at = &r->leg->session->recordings;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
}

/* Frees it. */
static void leave(struct recording *r)
{
	audio_tap_remove(r->leg, &r->tap);
	unlink_it(r);
	encoder_free(r->beep.encoder);
	free(r);
}

static void end(struct recording *r, enum recorder_end why, int error)
{
	int err = flush(r);

	if (err && !error) {
		why = RECORDER_FAILED;
		error = err;
	}
	writer_close(r->worker->cfg->writer, r->file,
	             recorder_length(&r->recorder), why, error);
	leave(r);
}

/* --- the beep ---------------------------------------------------------------------- */

static void prepare_beep(struct recording *r)
{
	const struct format *f = leg_spec_audio(&r->leg->leg.spec);
	struct beep *b = &r->beep;

	b->rate = f ? encoder_rate(f->codec) : 0;
	if (b->rate == 0 || encoder_alloc(&b->encoder, f->codec, b->rate))
		return;
	b->codec = f->codec;
	b->wait = r->recorder.spec.track == TRACK_IN ? 0 : BEEP_TAIL;
	r->beeping = true;
	stream_detach(&r->leg->leg.stream);
}

static void send_beep(struct recording *r, const struct format *f)
{
	uint8_t payload[ENCODER_PACKET_MAX];
	int16_t samples[AUDIO_FRAME_MAX];
	struct worker *w = r->worker;
	struct leg *leg = &r->leg->leg;
	struct leg_output *out = &w->outputs[0];
	struct beep *b = &r->beep;
	size_t n = b->rate * AUDIO_FRAME_MS / 1000;
	struct rtp rtp = {.type = f->type, .payload = payload};

	beep_render(b->rate, b->frame * n, samples, n);
	rtp.payload_len = encoder_encode(b->encoder, samples, n, payload);
	if (leg->target.family == ADDRESS_NONE || !leg->sends)
		return;
	stream_make(&leg->stream, f->rate * AUDIO_FRAME_MS / 1000, w->now_us,
	            &rtp);
	rtp_write(out->head, &rtp);
	out->head_len = RTP_HEADER;
	out->payload = rtp.payload;
	out->payload_len = rtp.payload_len;
	packets_send(w, r->leg);
}

/* @return false: it is over */
static bool beeps(struct recording *r)
{
	const struct format *f = leg_spec_audio(&r->leg->leg.spec);
	struct beep *b = &r->beep;

	/* another codec was negotiated in the middle of it */
	if (!f || f->codec != b->codec)
		b->frame = BEEP_FRAMES;
	if (b->frame < BEEP_FRAMES) {
		send_beep(r, f);
		b->frame++;
		return true;
	}
	if (b->wait > 0) {
		b->wait--;
		return true;
	}
	r->beeping = false;
	return false;
}

/* --- frames --------------------------------------------------------------------------- */

/* @return false: it is over, and gone */
static bool record(struct recording *r, const struct recorder_frame *f)
{
	const size_t block =
		(size_t)BLOCK * recorder_channels(&r->recorder.spec);
	enum recorder_end why;
	int err = 0;

	r->n += recorder_take(&r->recorder, f, r->block + r->n);
	r->due_us += FRAME_US;
	if (r->n >= block)
		err = flush(r);
	if (err) {
		end(r, RECORDER_FAILED, err);
		return false;
	}
	if (!recorder_ended(&r->recorder, &why))
		return true;
	end(r, why, 0);
	return false;
}

static void begin(struct recording *r, uint64_t at_us)
{
	r->begun = true;
	r->due_us = at_us;
	events_tell(r->worker, r->leg->session,
	            &(struct plane_fact){.type = PLANE_RECORDS,
	                                 .leg = r->leg->leg.id,
	                                 .file = r->file});
}

static void take(void *arg, const struct audio_frame *f)
{
	static const struct recorder_frame nothing = {NULL, NULL, false};
	const struct recorder_frame frame = {f->in, f->out, f->in_heard};
	struct recording *r = arg;

	if (r->beeping && beeps(r))
		return;
	if (!r->begun)
		begin(r, f->at_us);
	/* The process stood still: the file keeps its time. */
	while (r->due_us + FRAME_US <= f->at_us) {
		if (!record(r, &nothing))
			return;
	}
	(void)record(r, &frame);
}

/* --- which there are --------------------------------------------------------------- */

static struct recording *find(struct plane_session *s, uint32_t file)
{
	struct recording *r = s->recordings;

	while (r && r->file != file)
		r = r->next;
	return r;
}

static void start(struct worker *w, struct plane_session *s,
                  const struct plane_recording *want)
{
	struct worker_leg *wl = worker_find_leg(s, want->leg);
	size_t block =
		(size_t)BLOCK * recorder_channels(&want->spec) + RECORDER_TAKE;
	struct recording *r =
		wl ? calloc(1, sizeof(*r) + block * sizeof(r->block[0])) : NULL;
	enum recorder_track track = want->spec.track;

	if (!r) {
		writer_close(w->cfg->writer, want->file, want->from,
		             wl ? RECORDER_FAILED : RECORDER_STOPPED,
		             wl ? ENOMEM : 0);
		return;
	}
	r->worker = w;
	r->leg = wl;
	r->file = want->file;
	recorder_init(&r->recorder, &want->spec, want->from);
	r->tap.rate = RECORDER_RATE;
	r->tap.in = track != TRACK_OUT || want->spec.silence_ms > 0;
	r->tap.out = track != TRACK_IN;
	r->tap.take = take;
	r->tap.arg = r;
	r->next = s->recordings;
	s->recordings = r;
	if (want->beep)
		prepare_beep(r);
	if (audio_tap_add(w, wl, &r->tap))
		end(r, RECORDER_FAILED, ENOMEM);
}

static bool is_wanted(const struct plane_recording *list, size_t n,
                      uint32_t file)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].file == file)
			return true;
	}
	return false;
}

void recordings_apply(struct worker *w, struct plane_session *s,
                      const struct plane_recording *list, size_t n)
{
	struct recording *next;

	for (struct recording *r = s->recordings; r; r = next) {
		next = r->next;
		if (!is_wanted(list, n, r->file))
			end(r, RECORDER_STOPPED, 0);
	}
	for (size_t i = 0; i < n; i++) {
		struct recording *r = find(s, list[i].file);

		if (r) {
			r->recorder.spec.paused = list[i].spec.paused;
			r->recorder.spec.pause_skips = list[i].spec.pause_skips;
		} else if (list[i].fresh) {
			start(w, s, &list[i]);
		}
	}
}

void recordings_end(struct worker_leg *wl)
{
	struct recording *next;

	for (struct recording *r = wl->session->recordings; r; r = next) {
		next = r->next;
		if (r->leg == wl)
			end(r, RECORDER_STOPPED, 0);
	}
}

void recordings_leave(struct plane_session *s)
{
	struct recording *next;

	for (struct recording *r = s->recordings; r; r = next) {
		next = r->next;
		(void)flush(r);
		leave(r);
	}
}

/*
 * recorder.c - the two tracks of a leg to the samples of one recording
 *
 * Pure: no I/O, no clock, no log.
 */
#include "recorder.h"

#include <stdlib.h>
#include <string.h>

void recorder_init(struct recorder *r, const struct recorder_spec *spec,
                   uint64_t from)
{
	memset(r, 0, sizeof(*r));
	r->spec = *spec;
	r->taken = r->written = r->kept = from;
	r->begun = !spec->trim || from > 0;
}

unsigned recorder_channels(const struct recorder_spec *spec)
{
	return spec->dual && spec->track == TRACK_BOTH_WAYS ? 2 : 1;
}

static uint64_t samples_of(uint32_t ms)
{
	return (uint64_t)ms * (RECORDER_RATE / 1000);
}

static uint64_t limit(const struct recorder *r)
{
	return samples_of(r->spec.max_ms ? r->spec.max_ms : RECORDER_MAX_MS);
}

static bool loud(const int16_t *s, size_t n)
{
	uint32_t sum = 0;

	if (!s)
		return false;
	for (size_t i = 0; i < n; i++)
		sum += (uint32_t)abs(s[i]);
	return sum > n * RECORDER_LEVEL;
}

static int16_t mixed(int a, int b)
{
	int sum = a + b;

	if (sum > INT16_MAX)
		return INT16_MAX;
	return (int16_t)(sum < INT16_MIN ? INT16_MIN : sum);
}

/* The frame as the file has it. */
static void lay_out(const struct recorder_spec *spec,
                    const struct recorder_frame *f, size_t n, int16_t *out)
{
	unsigned channels = recorder_channels(spec);

	for (size_t i = 0; i < n; i++) {
		int16_t in = f->in ? f->in[i] : 0;
		int16_t sent = f->out ? f->out[i] : 0;

		if (channels == 2) {
			out[2 * i] = in;
			out[2 * i + 1] = sent;
		} else {
			out[i] = mixed(in, sent);
		}
	}
}

/* Silence that is not received does not count: a phone that sends nothing
 * while its user is silent, or is on hold, is not one that was left alone. */
static void count_silence(struct recorder *r, const struct recorder_frame *f)
{
	if (f->in && loud(f->in, RECORDER_FRAME))
		r->silence = 0;
	else if (f->in_heard)
		r->silence += RECORDER_FRAME;
}

/* Nothing was heard yet: only the newest frames may be wanted. */
static void keep_margin(struct recorder *r, const struct recorder_frame *f)
{
	if (r->n_margin == RECORDER_MARGIN) {
		memmove(r->margin[0], r->margin[1],
		        sizeof(r->margin) - sizeof(r->margin[0]));
		r->n_margin--;
	}
	lay_out(&r->spec, f, RECORDER_FRAME, r->margin[r->n_margin++]);
}

static size_t give_margin(struct recorder *r, int16_t *out)
{
	size_t n = RECORDER_FRAME * recorder_channels(&r->spec);

	for (size_t i = 0; i < r->n_margin; i++)
		memcpy(out + i * n, r->margin[i], n * sizeof(*out));
	r->written += r->n_margin * RECORDER_FRAME;
	n *= r->n_margin;
	r->n_margin = 0;
	return n;
}

size_t recorder_take(struct recorder *r, const struct recorder_frame *f,
                     int16_t *out)
{
	static const struct recorder_frame nothing = {NULL, NULL, false};
	struct recorder_frame heard = r->spec.paused ? nothing : *f;
	uint64_t left = limit(r) > r->taken ? limit(r) - r->taken : 0;
	size_t n = left < RECORDER_FRAME ? (size_t)left : RECORDER_FRAME;
	size_t given = 0;
	bool sound;

	if (r->spec.paused && r->spec.pause_skips)
		return 0;
	if (!r->spec.paused)
		count_silence(r, f);
	if (r->spec.track == TRACK_IN)
		heard.out = NULL;
	else if (r->spec.track == TRACK_OUT)
		heard.in = NULL;
	r->taken += n;
	sound = loud(heard.in, n) || loud(heard.out, n);
	if (!r->begun && !sound) {
		keep_margin(r, &heard);
		return 0;
	}
	if (!r->begun)
		given = give_margin(r, out);
	r->begun = true;
	lay_out(&r->spec, &heard, n, out + given);
	r->written += n;
	if (sound)
		r->kept = r->written;
	return given + n * recorder_channels(&r->spec);
}

bool recorder_ended(const struct recorder *r, enum recorder_end *why)
{
	if (r->taken >= limit(r)) {
		*why = RECORDER_LENGTH;
		return true;
	}
	*why = RECORDER_SILENCE;
	return r->spec.silence_ms > 0 &&
	       r->silence >= samples_of(r->spec.silence_ms);
}

uint64_t recorder_length(const struct recorder *r)
{
	uint64_t end = r->kept + RECORDER_MARGIN * RECORDER_FRAME;

	if (!r->spec.trim || end > r->written)
		return r->written;
	return r->kept == 0 ? 0 : end;
}

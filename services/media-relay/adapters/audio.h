/*
 * audio.h - what is heard and said at a leg, as linear samples
 *
 *   phone --> leg --> jitter buffer, decoder, concealment --> taps (in)
 *   phone <-- leg --> the same, of what it is sent        --> taps (out)
 *
 * A leg without a tap is never decoded. All of it belongs to the leg's worker
 * thread: taps are added, called and removed there.
 */
#ifndef MEDIA_ADAPTERS_AUDIO_H
#define MEDIA_ADAPTERS_AUDIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AUDIO_FRAME_MS = 20 };
enum { AUDIO_FRAME_MAX = AUDIO_FRAME_MS * 16 }; /* samples, at 16 kHz */

enum { AUDIO_LATE_US = 1000000 }; /* frames further behind are left out */

struct audio;
struct leg_input;
struct leg_output;
struct worker;
struct worker_leg;

/**
 * 20 ms of a leg. They come at a steady pace, 50 a second, whatever comes from
 * the network: where nothing is heard the samples are zero. Both tracks of one
 * frame belong to the same moment. None is left out, unless the process stood
 * still for more than AUDIO_LATE_US.
 */
struct audio_frame {
	uint64_t at_us; /**< when it was due [us, monotonic] */
	uint32_t rate;  /**< as the tap asked for [Hz] */
	size_t n;       /**< samples of a track: rate / 50 */
	/** What the phone said, what it was sent: borrowed until the tap
	 *  returns. NULL: the tap did not ask for it. */
	const int16_t *in, *out;
	/** Did the phone say anything? false: no packets came lately (before
	 *  the first, on hold, muted with silence suppression). */
	bool in_heard;
};

struct audio_tap {
	uint32_t rate; /**< 8000 or 16000 [Hz] */
	bool in, out;  /**< which tracks */
	/** Takes a frame; may remove its own tap. Must not block: a call
	 *  waits. */
	void (*take)(void *arg, const struct audio_frame *f);
	void *arg;
	struct audio_tap *next; /* of the leg; audio.c's */
};

/**
 * Listen to a leg from the next 20 ms on.
 *
 * @param tap the caller's storage, until audio_tap_remove() or the leg's end
 *            (audio_close() forgets taps without a word)
 * @return 0, or ENOMEM
 */
int audio_tap_add(struct worker *w, struct worker_leg *wl,
                  struct audio_tap *tap);

/** No frame comes any more. One that was not added is ignored. */
void audio_tap_remove(struct worker_leg *wl, struct audio_tap *tap);

/* --- for the packet path: of legs with a tap only -------------------------- */

/** A packet that the leg received, and one that it is sent. */
void audio_received(struct worker_leg *wl, const struct leg_input *in);
void audio_sent(struct worker_leg *wl, const struct leg_output *out,
                uint64_t now_us);

/** Frames that are due, of all legs of the worker. */
void audio_tick(struct worker *w);

/** The leg's codecs may have changed. */
void audio_apply(struct worker_leg *wl);

/** The leg ends. */
void audio_close(struct worker *w, struct worker_leg *wl);

#endif

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

struct worker;
struct worker_leg;

/**
 * 20 ms of a leg. They come at a steady pace, 50 a second, none is left out,
 * whatever comes from the network: where nothing is heard the samples are
 * zero. Both tracks of one frame belong to the same moment.
 */
struct audio_frame {
	uint64_t at_us; /**< when it was due [us, monotonic] */
	uint32_t rate;  /**< as the tap asked for [Hz] */
	size_t n;       /**< samples of a track: rate / 50 */
	/** What the phone said, what it was sent: borrowed until the tap
	 *  returns. NULL: the tap did not ask for it. */
	const int16_t *in, *out;
	/** Was there any audio? false: no packets came lately (before the
	 *  first, on hold, muted with silence suppression). */
	bool in_heard, out_heard;
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

#endif

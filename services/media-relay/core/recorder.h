/*
 * recorder.h - the two tracks of a leg to the samples of one recording
 *
 *   in  --+--> both in one channel, or one channel each --> trim, pause, limits
 *   out --+
 *
 * All durations are counted in samples: frames come without a gap, so the two
 * tracks stay together and the length is exact however long it takes.
 */
#ifndef MEDIA_CORE_RECORDER_H
#define MEDIA_CORE_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RECORDER_RATE = 8000 };                /* Hz */
enum { RECORDER_FRAME = RECORDER_RATE / 50 }; /* samples in 20 ms */
enum {
	RECORDER_LEVEL = 200
}; /* mean amplitude (-44 dBFS)
                                                      below which it is silence */
enum {
	RECORDER_MARGIN = 3
};                                              /* frames that trim leaves
                                                      around what is heard */
enum { RECORDER_CHANNELS = 2 };                 /* at most */
enum { RECORDER_MAX_MS = 24 * 60 * 60 * 1000 }; /* without another limit */
/** Samples that one recorder_take() may give */
enum {
	RECORDER_TAKE =
		(RECORDER_MARGIN + 1) * RECORDER_FRAME * RECORDER_CHANNELS
};

/** As heard at the leg; values of media.proto */
enum recorder_track {
	TRACK_BOTH_WAYS = 0,
	TRACK_IN = 1, /**< what its phone sends */
	TRACK_OUT = 2 /**< what its phone is sent */
};

struct recorder_spec {
	enum recorder_track track;
	bool dual; /**< of both ways: in left, out right; else they are mixed */
	bool trim; /**< leave out silence at the beginning and at the end */
	uint32_t max_ms; /**< then it ends; 0 = RECORDER_MAX_MS */
	uint32_t
		silence_ms; /**< received without a pause, that ends it; 0 = never */
	bool paused;        /**< silence is written in place of what is said */
	bool pause_skips; /**< or nothing is */
};

/** Why it is over; values of media.proto */
enum recorder_end {
	RECORDER_STOPPED = 0,
	RECORDER_SILENCE = 1,
	RECORDER_LENGTH = 2,
	RECORDER_FAILED = 3
};

struct recorder {
	struct recorder_spec spec;
	/* samples of a channel: */
	uint64_t taken;   /* that were recorded, trimmed ones too */
	uint64_t written; /* that were given out */
	uint64_t kept;    /* of those, to the end of the last sound */
	uint64_t silence; /* received since the last sound */
	bool begun;       /* something was heard, or need not be */
	size_t n_margin;  /* frames that wait for the first sound */
	int16_t margin[RECORDER_MARGIN][RECORDER_FRAME * RECORDER_CHANNELS];
};

/** @param from samples of a channel that its file has already */
void recorder_init(struct recorder *r, const struct recorder_spec *spec,
                   uint64_t from);

/** Channels that such a recording has: 1 or 2 */
unsigned recorder_channels(const struct recorder_spec *spec);

/** 20 ms of the leg at RECORDER_RATE */
struct recorder_frame {
	const int16_t *in, *out; /**< RECORDER_FRAME each; NULL = silence */
	bool in_heard;           /**< audio was received, be it silence */
};

/**
 * Record a frame.
 *
 * @param out room for RECORDER_TAKE
 * @return samples, of all channels, that are to be appended to the file
 */
size_t recorder_take(struct recorder *r, const struct recorder_frame *f,
                     int16_t *out);

/** Is it over by itself? @p why is set then. */
bool recorder_ended(const struct recorder *r, enum recorder_end *why);

/** Samples of a channel that the file is to keep; what follows is cut off. */
uint64_t recorder_length(const struct recorder *r);

#endif

/*
 * ear.h - an RTP stream to linear samples at a steady pace
 *
 *   packets --> jitter buffer --> decoder, concealment --> 20 ms, 20 ms, ...
 */
#ifndef MEDIA_CORE_EAR_H
#define MEDIA_CORE_EAR_H

#include <stdbool.h>
#include <stdint.h>

#include "jitter.h"

enum { EAR_FRAME_MS = 20 };
enum { EAR_FRAME_MAX = EAR_FRAME_MS * 16 }; /* samples, at 16 kHz */

struct ear;

/** What became of the packets */
struct ear_counters {
	uint64_t decoded;   /**< packets */
	uint64_t concealed; /**< packets that did not come, stood in for */
	uint64_t late;      /**< packets that came too late */
	uint64_t left_out;  /**< frames, to shorten the delay */
};

/** @param rate of the samples: 8000 or 16000 [Hz]. @return 0 or an errno */
int ear_alloc(struct ear **ep, uint32_t rate);
void ear_free(struct ear *e);
uint32_t ear_rate(const struct ear *e);

/**
 * A packet of audio came. Allocates nothing, but at the first packet of a
 * codec.
 *
 * @param fresh first of another stream (RTP SSRC)
 */
void ear_put(struct ear *e, const struct jitter_packet *p, bool fresh,
             uint64_t now_us);

/**
 * The next 20 ms.
 *
 * @param out rate / 50 samples; zero when nothing was heard
 * @return was anything heard?
 */
bool ear_take(struct ear *e, uint64_t now_us, int16_t out[EAR_FRAME_MAX]);

void ear_count(const struct ear *e, struct ear_counters *out);

#endif

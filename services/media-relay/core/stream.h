/*
 * stream.h - the one steady RTP stream that a leg is sent
 *
 * Whatever the leg hears, another phone, a tone, a prompt, then the phone
 * again: it gets one SSRC, consecutive sequence numbers and a timestamp that
 * follows the clock, with the marker bit where the source changes (RFC 3550
 * 5.1). Of one source, loss and order stay visible to the receiver: its
 * numbers are only shifted.
 */
#ifndef MEDIA_CORE_STREAM_H
#define MEDIA_CORE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "rtp.h"

enum { STREAM_DRIFT_S = 2 }; /* a timestamp further off the clock is a jump */

struct stream {
	uint32_t ssrc;
	uint16_t seq;   /**< highest that was sent */
	uint32_t ts;    /**< of the newest audio that was sent */
	uint64_t ts_us; /**< when that was [us]; 0 = nothing was sent yet */
	uint32_t rate;  /**< RTP clock of the leg's audio [Hz] */
	bool seq_mapped, ts_mapped; /* the shifts hold for the source */
	uint16_t seq_shift;         /* to add to the source's numbers */
	uint32_t ts_shift;
	bool event_known;             /* a keypress of another clock rate */
	uint32_t event_in, event_out; /* its timestamps */
	uint32_t press;               /* timestamp of the one that is made */
	uint64_t packets, octets;     /* octets: payload only */
};

/** What is known of a packet to relay, beside its header */
struct stream_input {
	uint64_t now_us;   /**< monotonic */
	bool fresh;        /**< first of its stream: the shifts do not hold */
	bool reordered;    /**< older than one before */
	bool event;        /**< telephone-event: its timestamp stands still */
	uint32_t rate;     /**< clock of its payload type at its source [Hz] */
	uint32_t rate_out; /**< the same at this leg */
};

/** @param random two random numbers: SSRC, and where the numbers start */
void stream_init(struct stream *s, const uint32_t random[2], uint32_t rate);

/** The next packet has another source. */
void stream_detach(struct stream *s);

/** Turn the numbers of @p r, a source's, into this stream's. */
void stream_relay(struct stream *s, const struct stream_input *in,
                  struct rtp *r);

/** A packet of the source is left out: close the gap in the numbers. */
void stream_skip(struct stream *s, const struct rtp *r);

/** Number the next packet that is made here; @p samples is what it lasts, in
 *  clock ticks. */
void stream_make(struct stream *s, uint32_t samples, uint64_t now_us,
                 struct rtp *r);

/** Number a telephone-event among packets that are made here. All packets of
 *  one press come with the same r->ts, which becomes ours. */
void stream_event(struct stream *s, uint64_t now_us, struct rtp *r);

/**
 * Number a packet of a key press that is made here, which takes the place of
 * @p samples of audio: all of a press carry the timestamp of its begin (RFC
 * 4733 2.5.1.1).
 *
 * @param begins it is the first of its press
 */
void stream_press(struct stream *s, uint32_t samples, bool begins,
                  uint64_t now_us, struct rtp *r);

/** Go on after a restart: @p elapsed_us after the numbers were written down,
 *  at most 100 packets a second since. */
void stream_resume(struct stream *s, uint64_t elapsed_us, uint64_t now_us);

/** What a timestamp would be now. */
uint32_t stream_clock(const struct stream *s, uint64_t now_us);

#endif

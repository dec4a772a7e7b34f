/*
 * telephone_event.h - keys pressed on a phone, told by RFC 4733 packets
 *
 * One report for each press, whatever was lost, repeated or overtaken on the
 * way. A press ends with an end packet, with the start of the next one, after
 * a while without packets, or after ten seconds.
 */
#ifndef MEDIA_CORE_TELEPHONE_EVENT_H
#define MEDIA_CORE_TELEPHONE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rtp.h"

enum { EVENT_PAYLOAD = 4 }; /* bytes */
enum { EVENT_VOLUME = 10 }; /* of those that are made here [-dBm0] */
enum { EVENT_PRESS_MAX_MS = 10000 };
enum { EVENT_SILENT_MS = 250 }; /* five lost packets of a 50 ms sender */
enum { EVENT_MEMORY = 16 };     /* presses that late packets may repeat */

/** The payload (RFC 4733 2.3) */
struct telephone_event {
	uint8_t code; /**< 0-15 are 0-9 * # A-D */
	bool end;
	uint8_t volume;    /**< -dBm0, 0-63 */
	uint16_t duration; /**< in units of the RTP clock */
};

/** A key press that is over */
struct key_press {
	char digit; /**< 0-9 * # A-D; '\0' = none */
	uint32_t duration_ms;
};

struct press_id {
	uint32_t ssrc;
	uint32_t ts;
	uint8_t code;
};

struct event_receiver {
	bool pressed;
	bool end_came;         /* and the press is still to be reported */
	struct press_id press; /* that goes on */
	uint32_t last_ts;      /* of its newest packet */
	uint32_t duration;     /* so far, in clock ticks from its start */
	uint32_t rate;
	uint64_t since_ms, seen_ms;
	struct press_id ended[EVENT_MEMORY]; /* a ring */
	size_t n_ended;                      /* ever */
};

/** @return false when the payload is too short */
bool telephone_event_parse(struct telephone_event *e, const uint8_t *p,
                           size_t n);

void telephone_event_write(uint8_t out[EVENT_PAYLOAD],
                           const struct telephone_event *e);

/** 0-9 * # A-D a-d to its code; what is no key is the code of 0 */
uint8_t telephone_event_code(char digit);

/**
 * Take a packet with a telephone-event.
 *
 * @param rate clock of this payload type [Hz]
 * @return the press that is over now; digit '\0' when none is
 */
struct key_press event_receive(struct event_receiver *er, const struct rtp *r,
                               uint32_t rate, uint64_t now_ms);

/** Call it now and then: a press without packets ends. */
struct key_press event_tick(struct event_receiver *er, uint64_t now_ms);

/** Forget nothing, but know this press as over (after a restart). */
void event_remember(struct event_receiver *er, const struct press_id *id);

/** The press that was over last, NULL = none yet. */
const struct press_id *event_last(const struct event_receiver *er);

#endif

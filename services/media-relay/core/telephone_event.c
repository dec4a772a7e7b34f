/*
 * telephone_event.c - keys pressed on a phone, told by RFC 4733 packets
 *
 *             first packet of a press            end packet, next press,
 *   RELEASED -------------------------> PRESSED  silence, ten seconds
 *      ^                                   |
 *      +----- reported, and remembered ----+
 *
 * Pure: no I/O, no log, no clock. The caller passes the time.
 */
#include "telephone_event.h"

#include <string.h>

#include "bytes.h"

enum { KEYS = 16 };
enum { SEGMENT = 0xffff }; /* longest that one timestamp can tell */
enum { END = 0x80, VOLUME = 0x3f };

static const char keys[KEYS + 1] = "0123456789*#ABCD";

bool telephone_event_parse(struct telephone_event *e, const uint8_t *p,
                           size_t n)
{
	if (n < EVENT_PAYLOAD)
		return false;
	e->code = p[0];
	e->end = (p[1] & END) != 0;
	e->volume = p[1] & VOLUME;
	e->duration = get16(p + 2);
	return true;
}

uint8_t telephone_event_code(char digit)
{
	char upper = digit >= 'a' && digit <= 'd' ? (char)(digit - 'a' + 'A')
	                                          : digit;
	const char *at = memchr(keys, upper, KEYS);

	return (uint8_t)(at ? at - keys : 0);
}

void telephone_event_write(uint8_t out[EVENT_PAYLOAD],
                           const struct telephone_event *e)
{
	out[0] = e->code;
	out[1] = (uint8_t)((e->end ? END : 0) | (e->volume & VOLUME));
	put16(out + 2, e->duration);
}

void event_remember(struct event_receiver *er, const struct press_id *id)
{
	er->ended[er->n_ended++ % EVENT_MEMORY] = *id;
}

const struct press_id *event_last(const struct event_receiver *er)
{
	if (er->n_ended == 0)
		return NULL;
	return &er->ended[(er->n_ended - 1) % EVENT_MEMORY];
}

static bool same_press(const struct press_id *a, const struct press_id *b)
{
	return a->ssrc == b->ssrc && a->ts == b->ts && a->code == b->code;
}

static bool ended_before(const struct event_receiver *er,
                         const struct press_id *id)
{
	size_t n = er->n_ended < EVENT_MEMORY ? er->n_ended : EVENT_MEMORY;

	for (size_t i = 0; i < n; i++) {
		if (same_press(&er->ended[i], id))
			return true;
	}
	return false;
}

static bool within(const struct event_receiver *er, const struct press_id *id)
{
	uint32_t into = id->ts - er->press.ts;

	if (id->ssrc != er->press.ssrc || id->code != er->press.code)
		return false;
	return into <= er->duration ||
	       (into % SEGMENT == 0 && into - er->duration < SEGMENT);
}

/* A late packet of a press that is over; of the last one also when the phone
 * lets the timestamp run, see below. */
static bool is_over(const struct event_receiver *er, const struct press_id *id,
                    const struct rtp *r)
{
	if (ended_before(er, id))
		return true;
	return !er->pressed && er->n_ended > 0 && !r->marker && within(er, id);
}

/*
 * Does this packet go on with the press under way? Beside the plain case of
 * one timestamp: a long press is sent in segments, each starting where the
 * one before ended (RFC 4733 2.5.1.3), and some phones wrongly let the
 * timestamp run; then it lies within the press.
 */
static bool goes_on(const struct event_receiver *er, const struct press_id *id,
                    const struct rtp *r)
{
	if (!er->pressed || id->ssrc != er->press.ssrc ||
	    id->code != er->press.code)
		return false;
	if (id->ts == er->press.ts || id->ts == er->last_ts)
		return true;
	return !r->marker && within(er, id);
}

static struct key_press end_press(struct event_receiver *er)
{
	struct key_press k = {.digit = keys[er->press.code]};

	k.duration_ms = (uint32_t)((uint64_t)er->duration * 1000 / er->rate);
	if (k.duration_ms > EVENT_PRESS_MAX_MS)
		k.duration_ms = EVENT_PRESS_MAX_MS;
	er->pressed = false;
	event_remember(er, &er->press);
	if (er->last_ts != er->press.ts) {
		struct press_id last = er->press;

		last.ts = er->last_ts;
		event_remember(er, &last);
	}
	return k;
}

static void extend(struct event_receiver *er, const struct press_id *id,
                   const struct telephone_event *e, uint64_t now_ms)
{
	uint32_t until = id->ts - er->press.ts + e->duration;

	if ((int32_t)(id->ts - er->last_ts) > 0)
		er->last_ts = id->ts;
	if (until > er->duration)
		er->duration = until;
	er->seen_ms = now_ms;
}

/* @return the press before it, which is over when this one begins */
static struct key_press begin(struct event_receiver *er,
                              const struct press_id *id, uint32_t rate,
                              uint64_t now_ms)
{
	struct key_press before = {0};

	if (er->pressed)
		before = end_press(er);
	er->pressed = true;
	er->end_came = false;
	er->press = *id;
	er->last_ts = id->ts;
	er->duration = 0;
	er->rate = rate;
	er->since_ms = now_ms;
	return before;
}

struct key_press event_receive(struct event_receiver *er, const struct rtp *r,
                               uint32_t rate, uint64_t now_ms)
{
	struct key_press over = {0};
	struct telephone_event e;
	struct press_id id = {.ssrc = r->ssrc, .ts = r->ts};

	if (!telephone_event_parse(&e, r->payload, r->payload_len) ||
	    e.code >= KEYS || rate == 0)
		return over;
	id.code = e.code;
	if (is_over(er, &id, r))
		return over;
	if (!goes_on(er, &id, r))
		over = begin(er, &id, rate, now_ms);
	extend(er, &id, &e, now_ms);
	/* Two presses that end with one packet: the second ends at the next
	 * packet or tick, as its state is kept. */
	if (over.digit == '\0' &&
	    (e.end || now_ms - er->since_ms >= EVENT_PRESS_MAX_MS))
		over = end_press(er);
	else if (e.end)
		er->end_came = true;
	return over;
}

struct key_press event_tick(struct event_receiver *er, uint64_t now_ms)
{
	struct key_press none = {0};

	if (!er->pressed ||
	    (!er->end_came && now_ms - er->seen_ms < EVENT_SILENT_MS))
		return none;
	return end_press(er);
}

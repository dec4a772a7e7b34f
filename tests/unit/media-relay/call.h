/*
 * call.h - two legs that hear each other, for tests
 */
#ifndef TEST_MEDIA_CALL_H
#define TEST_MEDIA_CALL_H

#include "core/leg.h"

/** Phones in 20.0.0.0/8, the relay at 20.0.0.99 */
extern const struct address_policy call_policy;

/* Two phones, A at 20.0.0.1:5000 and B at 20.0.0.2:5000 */
struct call {
	struct leg a, b;
	uint64_t now_us;
	uint16_t seq;
	uint32_t ts;
	uint8_t packet[400];
};

void call_make(struct call *c);

struct address call_phone(unsigned host, unsigned port);

/** A sends the next packet, 20 ms after the one before. */
enum drop call_send(struct call *c, struct leg_input *in, uint8_t type,
                    struct address from);

/** A sends until it is latched. */
void call_latch(struct call *c);

/** What B is sent. */
struct rtp call_passed(struct call *c, struct leg_input *in);

#endif

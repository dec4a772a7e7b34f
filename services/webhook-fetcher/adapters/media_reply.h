/*
 * media_reply.h - a piece of audio to a relay
 */
#ifndef FETCHER_ADAPTERS_MEDIA_REPLY_H
#define FETCHER_ADAPTERS_MEDIA_REPLY_H

#include "bus/bus.h"

/** An AudioReply; NULL or 0 is its default. All borrowed */
struct media_reply {
	const uint8_t *data;
	size_t n;
	const char *content_type, *version;
	bool last;
	uint32_t fresh_ms;
	uint32_t code; /**< 0, or why there is none */
	const char *text;
};

void media_reply_send(struct bus *bus, const struct bus_return *to,
                      const struct media_reply *reply);

#endif

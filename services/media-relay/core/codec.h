/*
 * codec.h - the codecs by name, as the relay tells them apart
 */
#ifndef MEDIA_CORE_CODEC_H
#define MEDIA_CORE_CODEC_H

#include <stdbool.h>
#include <stdint.h>

enum { CODEC_NAME_SIZE = 24 };

enum codec {
	CODEC_OTHER, /**< relayed, but not made here */
	CODEC_PCMU,
	CODEC_PCMA,
	CODEC_G722,
	CODEC_OPUS,
	CODEC_EVENT /**< telephone-event (RFC 4733) */
};

/** One negotiated payload type of a leg */
struct format {
	enum codec codec;
	uint8_t type; /**< payload type */
	uint8_t channels;
	uint32_t rate; /**< RTP clock [Hz]; 8000 for G722 (RFC 3551 4.5.2) */
	char name[CODEC_NAME_SIZE];
};

/** By encoding name, any case. */
enum codec codec_by_name(const char *name);

/** Is a payload of @p a one of @p b too: the same but for its number? The
 *  clock of telephone-event may differ, its payload is translated. */
bool format_same(const struct format *a, const struct format *b);

#endif

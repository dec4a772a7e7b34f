/*
 * sdp.h - session descriptions: what we read and write of them (RFC 8866)
 *
 * Strict and bounded; takes nothing from the peer's numbers but values in
 * range. Of the media lines only the first audio line that we can use is read
 * in full; of the others we keep what an answer must repeat.
 */
#ifndef CC_CORE_SDP_H
#define CC_CORE_SDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum { SDP_SIZE_MAX = 16384 };    /* bytes of a description */
enum { SDP_LINES_MAX = 16 };      /* m= lines */
enum { SDP_ATTRIBUTES_MAX = 64 }; /* a= lines of one m= line */
enum { SDP_FORMATS_MAX = 32 };    /* payload types of one m= line */
enum { SDP_CODECS_MAX = 8 };      /* that we know, of one m= line */
enum { SDP_FMTP_SIZE = 128 };
enum { SDP_IP_SIZE = 46 };

/** What we can relay and transcode; order of our own preference */
enum sdp_codec {
	SDP_PCMU,
	SDP_PCMA,
	SDP_G722,
	SDP_OPUS,
	SDP_EVENT,    /**< telephone-event/8000 (RFC 4733)  */
	SDP_EVENT_48, /**< telephone-event/48000, with opus */
	SDP_CODECS
};

struct sdp_codec_info {
	const char *name;
	uint32_t rate;
	uint8_t channels;
	uint8_t payload_type; /**< that we offer */
	const char *fmtp;     /**< that we offer */
};

const struct sdp_codec_info *sdp_codec_info(enum sdp_codec codec);
bool sdp_codec_audio(enum sdp_codec codec); /**< not an event codec */

enum sdp_direction { /* as the writer of the description says it */
	             SDP_SENDRECV,
	             SDP_SENDONLY,
	             SDP_RECVONLY,
	             SDP_INACTIVE
};

struct sdp_format {
	enum sdp_codec codec;
	uint8_t payload_type;
	char fmtp[SDP_FMTP_SIZE];
};

/** The audio line */
struct sdp_audio {
	char ip[SDP_IP_SIZE];
	uint16_t port;
	uint16_t rtcp_port; /**< 0 = port + 1 */
	bool rtcp_mux;
	bool no_address; /**< c= 0.0.0.0: do not send (old hold) */
	enum sdp_direction direction;
	uint32_t ptime; /**< 10 to 200 [ms]; 0 = not said */
	size_t n_formats;
	struct sdp_format formats[SDP_CODECS_MAX]; /**< in the peer's order */
};

/** An m= line, as an answer repeats it to refuse it */
struct sdp_line {
	char media[16];
	char proto[32];
	char format[32]; /**< the first */
};

struct sdp {
	int audio_line; /**< index of the audio line that is used; -1 = none */
	bool secure;    /**< the only audio is SRTP */
	struct sdp_audio audio;
	size_t n_lines;
	struct sdp_line lines[SDP_LINES_MAX];
};

/**
 * Read a description.
 *
 * @return 0; EINVAL when it breaks the rules; E2BIG when a limit is passed.
 *         A description without audio that we can use is valid.
 */
int sdp_parse(const char *text, size_t n, struct sdp *out);

/** What a description of ours says */
struct sdp_local {
	uint64_t id;      /**< o= session id */
	uint64_t version; /**< o= version */
	const char *ip;
	uint16_t port;
	uint16_t rtcp_port;
	bool rtcp_mux;
	enum sdp_direction direction;
	size_t n_formats;
	const struct sdp_format *formats;
	size_t n_lines; /**< of the offer that it answers; 0 = an offer */
	const struct sdp_line *lines;
	int audio_line;
};

/** @return the text in @p a; "" when memory ran out */
const char *sdp_write(struct arena *a, const struct sdp_local *l);

#endif

/*
 * io_media.h - of the port (io.h): the session as proto/media.proto has it,
 * field by field
 */
#ifndef CC_CORE_IO_MEDIA_H
#define CC_CORE_IO_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct media_codec {
	uint8_t payload_type;
	const char *name;
	uint32_t rate; /**< [Hz] */
	uint8_t channels;
	const char *fmtp;
};

enum media_direction { /* as seen from the relay: values of the proto */
	               MEDIA_SENDRECV,
	               MEDIA_SENDONLY,
	               MEDIA_RECVONLY,
	               MEDIA_INACTIVE
};

enum media_source { SRC_SILENCE, SRC_PEER, SRC_TONE, SRC_PROMPT, SRC_PLAYS };

enum play_kind { /* values of the proto */
	         PLAY_SILENCE,
	         PLAY_URL,
	         PLAY_SPEECH,
	         PLAY_TONE,
	         PLAY_PROMPT,
	         PLAY_DIGITS
};

/** One thing to be heard */
struct play {
	enum play_kind kind;
	const char *what; /**< URL, content of <speak>, keys, name */
	const char *voice, *language; /**< of PLAY_SPEECH; "" = default */
	uint32_t length_ms;           /**< of PLAY_SILENCE and _TONE */
	uint32_t times;
};

/** Speech recognition of what a leg says */
struct listen {
	const char *id; /**< "" = nobody listens */
	const char *language;
	const char *const *hints;
	size_t n_hints;
	uint32_t silence_ms; /**< that ends it; 0 = the engine decides */
	uint32_t max_ms;
	bool partial;
};

/** Who answered: a person or a machine? */
struct detect {
	bool wanted;
	bool until_end; /**< wait for the end of the greeting */
	uint32_t timeout_ms;
	uint32_t speech_ms;     /**< longer speech is a machine's */
	uint32_t speech_end_ms; /**< silence that ends speech */
	uint32_t silence_ms;    /**< no speech at all: unknown */
};

enum track { TRACK_BOTH, TRACK_INBOUND, TRACK_OUTBOUND }; /* of the proto */

struct media_recording {
	const char *sid;      /**< RE… */
	const char *call_sid; /**< of the Call that it belongs to */
	const char *leg;      /**< CallSid */
	enum track track;
	bool dual, beep, trim;
	uint32_t max_ms;     /**< 0 = no limit */
	uint32_t silence_ms; /**< 0 = never */
	const char *source;  /**< "RecordVerb" … */
	bool paused;
	bool pause_skips; /**< while paused nothing is written; else silence */
};

struct media_leg {
	const char *sid; /**< CallSid of the leg */
	const char *remote_ip;
	uint16_t remote_port;
	uint16_t remote_rtcp_port;
	bool rtcp_mux;
	const char *const *allowed_sources;
	size_t n_allowed_sources;
	bool any_source;
	bool loops; /**< its far end is a leg of ours too */
	const struct media_codec *codecs;
	size_t n_codecs;
	enum media_direction direction;
	enum media_source source;
	const char *peer;         /**< CallSid, of SRC_PEER */
	const char *play;         /**< "ringback-us", "apology" */
	uint64_t play_id;         /**< names `plays`; new ones have a new id */
	const struct play *plays; /**< of SRC_PLAYS; borrowed for this step */
	size_t n_plays;
	const struct play *prefetch; /**< borrowed for this step */
	size_t n_prefetch;
	struct listen listen;
	struct detect detect;
	bool want_digits;
	bool keys_stop; /**< a key that goes down ends `plays` at once */
	uint32_t ptime; /**< [ms]; 0 = 20 */
	bool expect_media;
};

struct cmd_media {
	const char *session; /**< MS… */
	uint64_t version;
	const char *account_sid;
	const struct media_leg *legs;
	size_t n_legs;
	const struct media_recording *recordings; /**< that run */
	size_t n_recordings;
};

#endif

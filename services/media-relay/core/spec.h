/*
 * spec.h - what a controller wants a session to be: SessionPut as plain data
 */
#ifndef MEDIA_CORE_SPEC_H
#define MEDIA_CORE_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec.h"
#include "latch.h"
#include "listen.h"
#include "machine.h"

enum { SESSION_LEGS_MAX = 128 }; /* ten nouns of ten devices, and the caller */
enum { LEG_FORMATS_MAX = 16 };   /* payload types of a leg */
enum { LEG_NAME_SIZE = 64 };
enum { PLAY_NAME_SIZE = 32 };
enum { PTIME_MIN_MS = 10, PTIME_MAX_MS = 60, PTIME_MS = 20 };

/** As seen from the relay; values of media.proto */
enum direction {
	DIRECTION_BOTH = 0,
	DIRECTION_SEND = 1,
	DIRECTION_RECEIVE = 2,
	DIRECTION_NONE = 3
};

/** What the leg hears; values of media.proto */
enum source {
	SOURCE_NOTHING = 0,
	SOURCE_LEG = 1,
	SOURCE_RINGING = 2,
	SOURCE_FILE = 3,
	SOURCE_LIST = 4
};

struct leg_spec {
	char name[LEG_NAME_SIZE]; /**< CallSid */
	struct latch_offer offer; /**< where its RTP comes from */
	uint16_t rtcp_port;       /**< of its SDP; 0 = the RTP port + 1 */
	bool rtcp_mux;
	bool want_digits;
	bool keys_stop; /**< a key that goes down ends SOURCE_LIST */
	bool expect_media;
	enum direction direction;
	enum source source;
	char peer[LEG_NAME_SIZE];  /**< for SOURCE_LEG */
	char play[PLAY_NAME_SIZE]; /**< for SOURCE_RINGING and _FILE */
	/* of SOURCE_LIST: struct plays, which is kept elsewhere */
	uint64_t play_id;
	uint32_t ptime_ms; /**< PTIME_MIN_MS-PTIME_MAX_MS */
	bool detects;      /**< who answered, as `detect` says */
	struct machine_spec detect;
	struct listen_spec listen; /**< speech of the leg is understood */
	size_t n_formats;
	struct format formats[LEG_FORMATS_MAX];
};

/** Is something played to it, not relayed? */
bool leg_spec_plays(const struct leg_spec *spec);

/** The format to send audio in: the first that is audio; NULL = none */
const struct format *leg_spec_audio(const struct leg_spec *spec);

/** Is audio of the leg taken, sent? */
bool leg_spec_receives(const struct leg_spec *spec);
bool leg_spec_sends(const struct leg_spec *spec);

/** Is one leg sound by itself? @return NULL, or what is wrong with it */
const char *leg_spec_problem(const struct leg_spec *leg);

/**
 * Is the specification of a session sound: names unique, not empty, peers in
 * it?
 *
 * @return NULL, or what is wrong with it
 */
const char *leg_specs_problem(const struct leg_spec *legs, size_t n);

#endif

/*
 * session.h - a session as the main thread knows it: what its controller
 * wants, where its legs are, what was measured
 */
#ifndef MEDIA_CORE_SESSION_H
#define MEDIA_CORE_SESSION_H

#include "leg.h"
#include "plays.h"
#include "recorder.h"

enum { SESSION_ID_SIZE = 36 };
enum { SESSION_INSTANCE_SIZE = 64 };
enum { SESSION_SPEECH_MAX = 4096 };   /* bytes of what was said */
enum { SESSION_EVENTS_MAX = 64 };     /* that wait to be acknowledged */
enum { SESSION_WANTED_MAX = 16 };     /* recordings at once */
enum { SESSION_RECORDINGS_MAX = 32 }; /* with those that are ending */
enum { RECORDING_SOURCE_SIZE = 40 };

struct session_leg {
	uint32_t id; /**< of the plane; never used twice */
	struct leg_spec spec;
	uint16_t port;         /**< RTP; RTCP is the next one */
	bool closed;           /**< only its figures remain */
	struct figures before; /**< of earlier lives of the process */
	struct figures now;
	struct leg_memory memory;
	struct plays *plays;  /**< of SOURCE_LIST; owned */
	bool plays_now;       /**< the plane was told to play `spec` */
	bool played;          /**< and that ended */
	uint64_t place_at_ms; /**< wall clock, when memory.place was so */
};

enum session_event_type { /* values of media.proto */
	                  SESSION_DIGIT = 1,
	                  SESSION_TIMEOUT = 2,
	                  SESSION_PLAYED = 3,
	                  SESSION_GONE = 4,
	                  SESSION_UNPLAYED = 5,
	                  SESSION_SPEECH = 6,
	                  SESSION_SPEECH_FAILED = 7,
	                  SESSION_MACHINE = 8,
	                  SESSION_RECORDS = 9,
	                  SESSION_RECORDED = 10,
	                  SESSION_VOICE = 11
};

/** What is to be told to the controller */
struct session_event {
	uint64_t sequence;
	enum session_event_type type;
	char leg[LEG_NAME_SIZE];
	char digit;
	uint32_t duration_ms;
	uint64_t play_id;
	uint32_t play,
		error; /**< of SESSION_UNPLAYED; contract 7.2, 0 = none */
	char why[CLIP_WHY_SIZE];
	char id[SESSION_ID_SIZE];  /**< of a recording or a listen */
	char *speech;              /**< what was said; owned; NULL = nothing */
	uint32_t confidence_x1000; /**< 0-1000 */
	bool final;
	enum recorder_end ended_by;
	uint32_t length_ms;
};

/** What a controller wants to be recorded */
struct recording_spec {
	char sid[SESSION_ID_SIZE]; /**< "RE…" */
	char account_sid[SESSION_ID_SIZE];
	char call_sid[SESSION_ID_SIZE]; /**< of the Call that it belongs to */
	char leg[LEG_NAME_SIZE];
	char source[RECORDING_SOURCE_SIZE]; /**< "DialVerb" … */
	bool beep;
	struct recorder_spec how;
};

struct session_recording {
	struct recording_spec spec;
	bool wanted;       /**< by the newest version */
	bool started;      /**< and the controller is told so */
	bool ended;        /**< the same */
	uint64_t start_ms; /**< wall clock */
	uint64_t end_ms;
	uint64_t samples; /**< of a channel, when it has ended */
	uint64_t bytes;
	uint32_t error; /**< contract 7.2; 0 = none */
	/* of this life of the process: */
	uint32_t file; /**< of the writer */
	bool open;     /**< samples may come */
	bool saved;    /**< its end is in Redis */
};

struct session {
	char id[SESSION_ID_SIZE]; /**< "MS…" */
	char call_sid[SESSION_ID_SIZE];
	char account_sid[SESSION_ID_SIZE];
	char controller[SESSION_INSTANCE_SIZE];
	uint64_t version;
	uint64_t epoch;
	bool released;
	uint64_t sequence; /**< of its newest event */
	size_t n;
	struct session_leg **legs; /**< owned; open and closed ones */
	size_t n_events;
	struct session_event events[SESSION_EVENTS_MAX]; /**< oldest first */
	size_t n_recordings;
	struct session_recording
		*recordings[SESSION_RECORDINGS_MAX]; /**< owned */
};

int session_alloc(struct session **sp, const char *id); /**< 0 or ENOMEM */
void session_free(struct session *s);

enum session_order {
	SESSION_APPLY,  /**< newer than what is in force   */
	SESSION_REPEAT, /**< known already, or overtaken   */
	SESSION_STALE   /**< from an owner that was replaced */
};

/** May this command change the session? A newer owner's word counts whatever
 *  its version: it may know an older state only. */
enum session_order session_order(const struct session *s, uint64_t epoch,
                                 uint64_t version);

/** The open leg of that name, or NULL. */
struct session_leg *session_find(const struct session *s, const char *name);
/** By the plane's number, open or closed, or NULL. */
struct session_leg *session_find_id(const struct session *s, uint32_t id);

/** Add an open leg. When there is no room, the oldest closed one is forgotten.
 *  @return NULL when memory ran out */
struct session_leg *session_add(struct session *s, uint32_t id,
                                const struct leg_spec *spec, uint16_t port);

/** Take the last added one back. */
void session_drop_last(struct session *s);

/** Is it named in these? */
bool session_wanted(const struct session_leg *leg, const struct leg_spec *want,
                    size_t n);

/** What was measured in all lives of the process. */
void session_figures(const struct session_leg *leg, struct figures *out);

/**
 * Note an event to be told. When SESSION_EVENTS_MAX wait, the oldest is lost.
 * @return it; its sequence is set
 */
struct session_event *session_note(struct session *s,
                                   enum session_event_type type,
                                   const char *leg);

/** Events that are of use when the session is over: others are forgotten. */
void session_keep_last_words(struct session *s);

/** NULL = there is none of that sid. */
struct session_recording *session_recording(const struct session *s,
                                            const char *sid);

/** @return NULL when there is no room or no memory */
struct session_recording *session_add_recording(
	struct session *s, const struct recording_spec *spec);
void session_drop_recording(struct session *s, const char *sid);

/** Milliseconds that a recording lasts; a part of one counts. */
uint32_t session_recording_ms(const struct session_recording *r);

/** It was acknowledged. @return false when it was not waiting */
bool session_acked(struct session *s, uint64_t sequence);

#endif

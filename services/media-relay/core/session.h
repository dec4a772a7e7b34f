/*
 * session.h - a session as the main thread knows it: what its controller
 * wants, where its legs are, what was measured
 */
#ifndef MEDIA_CORE_SESSION_H
#define MEDIA_CORE_SESSION_H

#include "leg.h"
#include "plays.h"

enum { SESSION_ID_SIZE = 36 };
enum { SESSION_INSTANCE_SIZE = 64 };
enum { SESSION_EVENTS_MAX = 64 }; /* that wait to be acknowledged */

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
	                  SESSION_UNPLAYED = 5
};

/** What is to be told to the controller */
struct session_event {
	uint64_t sequence;
	enum session_event_type type;
	char leg[LEG_NAME_SIZE];
	char digit;
	uint32_t duration_ms;
	uint64_t play_id;
	uint32_t play, error; /**< of SESSION_UNPLAYED */
	char why[CLIP_WHY_SIZE];
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

/** It was acknowledged. @return false when it was not waiting */
bool session_acked(struct session *s, uint64_t sequence);

#endif

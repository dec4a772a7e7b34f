/*
 * recording.h - the recordings of a call, from their wish to their end
 *
 *     WANTED ──► PUT ──► STARTED ──stop──► STOPPING ──► TRANSCRIBED ──► ENDED
 *                           └──── silence, length ────────┘
 *
 * They outlive the verb and the document that asked for them, and the call is
 * over only when the relay told of their ends. Those that verbs begin are of the
 * parent's leg; the API may record a child, until that ends.
 */
#ifndef CC_CORE_RECORDING_H
#define CC_CORE_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "base/sid.h"
#include "io.h"

struct call;
struct params;
struct step;

enum { RECORDINGS_MAX = 8 };       /* of one call at a time */
enum { RECORDING_END_MS = 10000 }; /* for the relay to tell of an end */

extern const char recording_source_start[]; /**< of <Start><Recording> */

enum recording_state {
	RECORDING_WANTED, /**< its leg has no media yet       */
	RECORDING_PUT,    /**< the relay was told             */
	RECORDING_STARTED,
	RECORDING_STOPPING,
	RECORDING_TRANSCRIBED, /**< has ended; speech was asked */
	RECORDING_ENDED        /**< forgotten at the end of the step */
};

/** Events that a recordingStatusCallback asks for */
enum { RECORDED_STARTED = 1, RECORDED_COMPLETED = 2, RECORDED_ABSENT = 4 };

/** What is to be recorded; strings are copied by recording_start() */
struct recording_spec {
	const char *source; /**< "RecordVerb" "DialVerb" … */
	const char *sid; /**< RE…, where the API chose it; NULL: make one */
	const char
		*call_sid; /**< of the child that it is of; NULL: the parent */
	enum track track;
	bool dual, beep, trim;
	uint32_t max_ms, silence_ms;
	const char *status_url, *status_method; /**< absolute, or "" */
	unsigned events;
	bool transcribe;            /**< when it has ended */
	const char *transcribe_url; /**< is told then; absolute, or "" */
};

struct recording {
	char sid[SID_SIZE]; /**< RE… */
	char call_sid
		[SID_SIZE]; /**< of whose leg: the parent's, or a child's */
	enum recording_state state;
	bool paused, pause_skips;
	struct recording_spec spec;
	const char *action_url,
		*action_method; /**< to be told its end, or "" */
	uint64_t start_ms;
	uint32_t length_ms;
	uint32_t error_code;
	char transcription[SID_SIZE]; /**< TR…, once it is transcribed; or "" */
	uint64_t transcribe_ms;       /**< when that began */
	struct arena arena;           /**< owns the strings */
};

struct recordings {
	size_t n;
	struct recording v[RECORDINGS_MAX];
	uint64_t end_at; /**< TIMER_RECORDING */
};

void recordings_close(struct recordings *r);

/** @return its sid, borrowed; "" when there are too many: an alert tells */
const char *recording_start(struct call *call,
                            const struct recording_spec *spec, struct step *st);
struct recording *recording_find(struct call *call, const char *sid);

/** That runs on this call: the one of this sid, or for "Twilio.CURRENT" the
 *  last. @return NULL when there is none */
struct recording *recording_current(struct call *call, const char *call_sid,
                                    const char *sid);

/** Stop it; EV_RECORDING_ENDED follows. A sid that is none is a no-op. */
void recording_stop(struct call *call, const char *sid, struct step *st);
void recordings_stop(struct call *call, struct step *st);
/** … those that a <Start><Recording> began */
void recordings_stop_started(struct call *call, struct step *st);

/** The call ends: when it has ended, tell this URL that the caller hung up. */
void recording_tell(struct call *call, const char *sid, const char *url,
                    const char *method, struct step *st);

/** EV_RECORDING_* and EV_TRANSCRIBED, before and after the verb sees them */
void recordings_step(struct call *call, struct step *st);
void recordings_sweep(struct call *call, struct step *st);

/** TIMER_RECORDING: the relay does not tell. */
void recordings_give_up(struct call *call, struct step *st);

/** After an adoption: what was under way goes on. */
void recordings_resume(struct call *call, struct step *st);

/** Is the end of one still to be told? */
bool recordings_busy(const struct call *call);

/** Those that the relay shall make now; they count as put. In @p a. */
const struct media_recording *recordings_wanted(struct call *call,
                                                struct arena *a, size_t *n);

/** "https://…/Recordings/RE…" */
const char *recording_url(const struct call *call, const char *sid,
                          struct arena *a);

/** Its length in whole seconds */
const char *recording_seconds(const struct recording *rec, struct arena *a);

/** RecordingUrl and RecordingSid */
void recording_params(const struct call *call, const char *sid,
                      struct params *p);

#endif

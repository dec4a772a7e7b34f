/*
 * plane.h - the media plane: worker threads that own sockets and sessions
 *
 * The main thread states what a session is; the worker that has it makes it
 * so and tells what happens. Both ways by queue; nothing is shared but clips,
 * whose parts never change, and counters.
 */
#ifndef MEDIA_ADAPTERS_PLANE_H
#define MEDIA_ADAPTERS_PLANE_H

#include "adapters/queue.h"
#include "core/leg.h"
#include "core/recorder.h"

struct loop;
struct plane;
struct plane_session;
struct writer;

enum { PLANE_WORKERS_MAX = 64 };
enum { PLANE_FIGURES_MS = 5000 }; /* between two reports of figures */

/** What a worker tells about one leg */
struct plane_snapshot {
	uint32_t leg;
	bool closed; /**< and its sockets are too: its ports are free */
	struct figures figures;
	struct leg_memory memory;
};

enum plane_type {
	PLANE_FIGURES,  /**< every few seconds, and when a source latched */
	PLANE_KEY,      /**< a key press is over                          */
	PLANE_SILENT,   /**< no RTP and no RTCP for the timeout           */
	PLANE_PLAYED,   /**< a list ended, tones excepted                 */
	PLANE_UNPLAYED, /**< an item of it is missing or broken          */
	PLANE_RECORDS,  /**< the first frame of a recording came          */
	PLANE_MACHINE,  /**< it is known who answered                    */
	PLANE_HEARD,    /**< a part of an utterance: `samples`           */
	PLANE_RELEASED  /**< the last event of a session: all legs closed */
};

struct plane_fact {
	enum plane_type type;
	uint32_t leg; /**< of a KEY, SILENT, PLAYED, UNPLAYED */
	struct key_press key;
	uint64_t play_id;
	uint32_t play, error; /**< of an UNPLAYED: its place in the list */
	char why[CLIP_WHY_SIZE];
	uint32_t file;               /**< of RECORDS */
	char listen[LISTEN_ID_SIZE]; /**< of a HEARD */
	uint32_t rate;               /**< of its samples [Hz] */
	bool last;                   /**< the utterance is over */
	bool voice;                  /**< there is voice in this part */
};

struct plane_event {
	struct message message;
	struct plane_fact fact;
	void *owner;       /**< as given to plane_open() */
	uint64_t heard_ms; /**< newest of the legs below, monotonic */
	size_t n_samples;
	const int16_t *samples; /**< of a HEARD; in the same block */
	size_t n;
	struct plane_snapshot snapshots[];
};

/** One leg of the wanted state */
struct plane_leg {
	uint32_t id;
	struct leg_spec spec;
	int rtp, rtcp;         /**< sockets of a new leg; else -1; given away */
	struct playlist *list; /**< to play; given away; NULL: nothing */
	bool plays_on;         /**< `list` is NULL; what it plays goes on */
	bool restored;         /**< a new leg, of which there is… */
	struct leg_memory memory;
	uint64_t elapsed_us; /**< since that was written */
};

/** A recording whose file is open */
struct plane_recording {
	uint32_t file; /**< of the writer */
	uint32_t leg;  /**< 0: it is not there any more */
	struct recorder_spec spec;
	bool fresh; /**< start it; else only change it, it may be over */
	bool beep;
	uint64_t from; /**< samples of a channel that its file has already */
};

struct plane_config {
	struct loop *loop;
	struct writer *writer; /**< borrowed; lives longer */
	unsigned workers;
	struct address_policy policy;
	uint32_t timeout_ms; /**< of silence, for PLANE_SILENT */
	uint32_t batch_us;   /**< under load, packets are gathered that long */
	bool inband_keys;    /**< heard from phones that promised events, too */
	/** Called in the main thread; @p ev is borrowed. */
	void (*on_event)(void *arg, const struct plane_event *ev);
	void *arg;
};

struct plane_counters {
	uint64_t received, sent; /**< packets */
	uint64_t dropped[DROP_REASONS];
};

/** @return 0 or an errno; *pp is set on success only */
int plane_alloc(struct plane **pp, const struct plane_config *cfg);

/** Stops the threads and closes the sockets; sessions end without a word. */
void plane_free(struct plane *p);

/** A session without legs, on the worker with the fewest.
 *  @return NULL when memory ran out */
struct plane_session *plane_open(struct plane *p, void *owner);

/**
 * State the legs of a session; one that is not in the list is closed.
 *
 * @param legs copied; their sockets and lists are given away in any case
 * @return 0 or ENOMEM
 */
int plane_apply(struct plane *p, struct plane_session *s,
                const struct plane_leg *legs, size_t n);

/**
 * State the recordings of a session; one that is not in the list ends.
 *
 * @param list copied
 * @return 0 or ENOMEM
 */
int plane_record(struct plane *p, struct plane_session *s,
                 const struct plane_recording *list, size_t n);

/** Close it: PLANE_RELEASED comes; @p s must not be used any more.
 *  @return 0 or ENOMEM */
int plane_release(struct plane *p, struct plane_session *s);

void plane_count(struct plane *p, struct plane_counters *out);

#endif

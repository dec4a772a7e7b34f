/*
 * worker.h - one thread of the media plane; inside of adapters/ only
 */
#ifndef MEDIA_ADAPTERS_WORKER_H
#define MEDIA_ADAPTERS_WORKER_H

#include <stdatomic.h>
#include <sys/uio.h>

#include "adapters/audio.h"
#include "adapters/plane.h"
#include "adapters/sockets.h"
#include "core/leg_rtcp.h"

enum { WORKER_BATCH = 8 };    /* packets read from a socket at once */
enum { WORKER_READS = 4 };    /* batches of a socket in one round */
enum { WORKER_EVENTS = 256 }; /* sockets that are looked at in one round */
enum { WORKER_TICK_MS = 100 };
enum { WORKER_PLAY_MS = 5 };
enum { WORKER_BUSY_PPS = 1000 }; /* packets a second that are worth batching */

struct senses;
struct transcoder;
struct worker_leg;

/** What epoll points to */
struct worker_port {
	struct worker_leg *leg; /* NULL: the command queue */
	int fd;
	bool rtcp;
};

struct worker_leg {
	struct leg leg;
	struct plane_session *session;
	struct worker_port rtp, rtcp;
	union sockaddr_any to, rtcp_to;
	socklen_t to_len, rtcp_to_len; /* 0: nowhere */
	bool wanted;                   /* in the state that is being applied */
	bool playing;
	struct worker_leg *next_playing;
	struct audio *audio;           /* NULL: nothing of it is decoded */
	struct senses *senses;         /* NULL: nothing is understood of it */
	struct transcoder *transcoder; /* NULL: what it hears is passed on */
	struct worker_leg *next_tapped;
};

struct recording;

struct plane_session {
	struct worker *worker;
	void *owner;
	struct plane_session *next, **at; /* of the worker */
	uint64_t figures_due_ms;
	size_t n;
	struct worker_leg *legs[SESSION_LEGS_MAX];
	struct recording *recordings; /* recording.c */
};

enum command_type {
	COMMAND_OPEN,
	COMMAND_APPLY,
	COMMAND_RECORD,
	COMMAND_RELEASE,
	COMMAND_STOP
};

struct command {
	struct message message;
	enum command_type type;
	struct plane_session *session;
	struct plane_recording *recordings; /* owned; of COMMAND_RECORD */
	size_t n_recordings;
	size_t n;
	struct plane_leg legs[];
};

struct worker {
	const struct plane_config *cfg; /* borrowed, never changes */
	struct queue in;                /* commands */
	struct queue *out; /* borrowed: events for the main thread */
	pthread_t thread;
	bool running;           /* main thread: the thread was started */
	atomic_uint n_sessions; /* for choosing a worker */
	bool stop;
	int epoll;
	struct worker_port queue_port;
	bool commands_wait;
	uint64_t now_us;
	uint64_t ntp_minus_us; /* NTP time is the monotonic clock plus this */
	uint64_t tick_due_us, play_due_us;
	uint64_t seed;
	bool busy;             /* enough packets to gather them */
	uint64_t packets_tick; /* received at the last tick */
	struct plane_session *sessions;
	struct worker_leg *players;
	struct worker_leg *tapped;   /* legs with taps */
	struct plane_counters local; /* this thread's; published each round */
	atomic_ullong received, sent, dropped[DROP_REASONS];
	/* buffers of a read */
	struct mmsghdr in_msgs[WORKER_BATCH];
	struct iovec in_iov[WORKER_BATCH];
	union sockaddr_any in_from[WORKER_BATCH];
	uint8_t in_data[WORKER_BATCH][RTP_PACKET_MAX + 1];
	/* and of what is sent because of it */
	struct leg_input inputs[WORKER_BATCH];
	struct leg_output outputs[WORKER_BATCH];
	struct mmsghdr out_msgs[WORKER_BATCH];
	struct iovec out_iov[WORKER_BATCH][2];
};

/* worker.c */
/** Begin its thread. @p cfg, @p out: borrowed until worker_stop(). @return 0 or an
 *  errno; then there is nothing to stop */
int worker_start(struct worker *w, const struct plane_config *cfg,
                 struct queue *out);
void worker_stop(struct worker *w);
uint32_t worker_random(struct worker *w);
uint64_t worker_ntp(const struct worker *w); /* 32.32, now */

int worker_watch(struct worker *w, struct worker_port *port); /* 0 or errno */
void worker_rearm(struct worker *w, struct worker_port *port);

/* worker_session.c */
/** NULL: it has none of that number. */
struct worker_leg *worker_find_leg(struct plane_session *s, uint32_t id);
void worker_session_open(struct worker *w, struct plane_session *s);
void worker_session_apply(struct worker *w, const struct command *c);
void worker_session_close(struct worker *w, struct plane_session *s, bool bye);

/* packets.c */
void packets_init(struct worker *w);
void packets_receive(struct worker *w, struct worker_port *port);
void packets_play(struct worker *w);
void packets_report(struct worker *w, struct worker_leg *wl);
void packets_bye(struct worker *w, struct worker_leg *wl);
void packets_aim(struct worker_leg *wl);
void packets_tell_key(struct worker *w, struct worker_leg *wl,
                      struct key_press key);
void packets_send(struct worker *w, struct worker_leg *wl); /* outputs[0] */

/* transcoder.c */
bool transcoder_start(struct worker *w, struct worker_leg *from,
                      struct worker_leg *to, const struct leg_input *in);
void transcoder_apply(struct worker_leg *to); /* it may hear another now */
void transcoder_stop(struct worker_leg *to);

/* events.c */
void events_tell(struct worker *w, struct plane_session *s,
                 const struct plane_fact *fact);
void events_tell_heard(struct worker *w, struct plane_session *s,
                       const struct plane_fact *fact, const int16_t *samples,
                       size_t n);
void events_tell_closed(struct worker *w, struct plane_session *s,
                        struct worker_leg *wl);

#endif

/*
 * leg.h - the media of one leg: what it sends us, what we send it
 *
 *   phone --> leg_receive() --+--> leg_send() of each leg that listens to it
 *                             +--> keys pressed, statistics
 *   clips --> leg_play()      --> phone
 *
 * Owned by one worker thread. All times are monotonic; all numbers of chance
 * come in as arguments.
 */
#ifndef MEDIA_CORE_LEG_H
#define MEDIA_CORE_LEG_H

#include "player.h"
#include "rtcp.h"
#include "rtp.h"
#include "spec.h"
#include "stats.h"
#include "stream.h"
#include "telephone_event.h"

enum { LEG_NO_TYPE = 0xff };
enum { LEG_HEAD_MAX = RTP_HEADER + EVENT_PAYLOAD };
enum { LEG_RATE_MIN = 150 };    /* packets a second that any leg may send */
enum { LEG_RATE_BURST = 50 };   /* packets */
enum { LEG_LATE_US = 200000 };  /* a clip further behind is not hurried */
enum { LEG_WAIT_US = 2000000 }; /* a prompt waits so long for its listener */
enum { LEG_RTCP_MS = 5000 };    /* mean time between two reports */

enum drop {
	DROP_NOT,       /**< it is to be forwarded                      */
	DROP_HELD,      /**< taken, but the leg is on hold              */
	DROP_INVALID,   /**< no RTP or RTCP                             */
	DROP_SOURCE,    /**< from an address that is not the leg's      */
	DROP_PROBATION, /**< first packets of a source                  */
	DROP_TYPE,      /**< payload type was not negotiated            */
	DROP_RATE,      /**< more packets a second than negotiated      */
	DROP_DUPLICATE, /**< came before, or too late                   */
	DROP_CODEC,     /**< the listening leg has not this codec       */
	DROP_SEND,      /**< the kernel did not take it                 */
	DROP_REASONS
};

/** For metrics: "source", "rate" … */
const char *drop_name(enum drop d);

/** What outlives a restart of the process */
struct leg_memory {
	struct address source;      /**< latched; ADDRESS_NONE = not yet */
	struct address rtcp_source; /**< the same for RTCP               */
	uint32_t ssrc;              /**< ours                            */
	uint16_t seq;
	uint32_t ts;
	bool sent;             /**< the two above were used         */
	struct press_id press; /**< that was reported last          */
	bool pressed;          /**< there is one                    */
	bool playing;          /**< a list is played, here:         */
	uint64_t play_id;
	struct player_place place;
};

struct figures {
	uint64_t received, sent; /* packets */
	uint64_t expected, lost, dropped;
	uint64_t octets_received, octets_sent;
	uint64_t remote_lost;
	uint32_t jitter_us, remote_jitter_us, round_trip_us;
	uint32_t mos_x100;
	char codec[CODEC_NAME_SIZE];
};

struct leg {
	/* what every packet of the leg needs, close together */
	struct leg *listeners; /* borrowed: legs whose peer this is */
	struct leg *next_listener;
	uint64_t tokens_us;
	uint32_t tokens_x1000; /* packets that may come, of a thousand */
	uint32_t rate_limit;   /* packets a second */
	uint64_t heard_ms;     /* RTP or RTCP of the right source */
	uint64_t octets_received;
	bool receives, sends; /* by its direction */
	bool timeout_told;
	bool restarted; /* its numbers, since a packet was forwarded last */
	struct latch latch;
	struct stats stats;
	uint8_t format_of[RTP_TYPES]; /* index in spec.formats + 1; 0 = none */

	/* and every packet to the leg */
	struct address target; /* RTP goes there; ADDRESS_NONE: nowhere */
	struct stream stream;
	uint8_t type_of[RTP_TYPES]; /* peer's payload type -> ours */
	bool transcoded; /* its audio is made here of the peer's, see leg_make() */

	struct leg_spec spec;
	uint32_t id;
	struct leg *peer; /* borrowed: same session; NULL = none */
	uint64_t dropped;
	struct event_receiver keys;
	struct player player;
	uint64_t play_at_us;    /* when its next frame is due */
	uint64_t play_since_us; /* when it was told to play */
	bool play_unheard;      /* nobody could hear a frame of it yet */
	bool play_waits;        /* its clip was not ready in time */

	struct address rtcp_target;
	struct address rtcp_source;
	uint64_t rtcp_seen_ms;
	uint64_t rtcp_due_ms;
	uint64_t packets_reported; /* stream.packets at the last report */
	uint32_t sr_ntp;           /* of the peer's last SR, and when */
	uint64_t sr_at_us;
	uint32_t round_trip_us;
	uint32_t remote_jitter_us;
	uint64_t remote_lost;
	char cname[RTCP_CNAME_SIZE];
};

/** A packet from the network, or what became of it */
struct leg_input {
	struct address from;
	uint64_t now_us;
	const uint8_t *data; /**< borrowed */
	size_t len;
	/* filled by leg_receive(): */
	struct rtp rtp;
	struct stream_input stream;
	struct key_press key; /**< that is over now; digit '\0' = none */
	bool latched;         /**< the source is new */
};

/** What leg_send() made: a head, and what follows it of the payload */
struct leg_output {
	uint8_t head[LEG_HEAD_MAX];
	size_t head_len;
	const uint8_t *payload; /**< borrowed from the input */
	size_t payload_len;
};

/** Set up with its identity; then leg_apply(). */
void leg_init(struct leg *leg, uint32_t id, const uint32_t random[2],
              uint64_t now_us);

/**
 * Make it so. Its peer, listeners and what it plays are set by leg_attach()
 * and leg_start().
 */
void leg_apply(struct leg *leg, const struct leg_spec *spec,
               const struct address_policy *policy);

/** Listen to @p peer; NULL = to nobody. */
void leg_attach(struct leg *leg, struct leg *peer);

/**
 * Play a list; NULL = play nothing. Takes it over. One that comes while the
 * last packet of another is still to be heard follows it without a gap.
 */
void leg_start(struct leg *leg, struct playlist *list, uint64_t now_us);

/** A key goes down: its list is over at once, if the leg is such
 *  (leg_spec.keys_stop). LEG_PLAY_ENDED does not come. */
void leg_key_down(struct leg *leg);

/** Take up what it was before a restart, @p elapsed_us ago. */
void leg_restore(struct leg *leg, const struct leg_memory *m,
                 const struct address_policy *policy, uint64_t elapsed_us,
                 uint64_t now_us);

/** Judge a packet that came on its RTP port. */
enum drop leg_receive(struct leg *leg, struct leg_input *in,
                      const struct address_policy *policy);

/** Make a packet that its peer received into one for this leg.
 *  @return DROP_NOT: send it to leg->target */
enum drop leg_send(struct leg *leg, const struct leg_input *in,
                   struct leg_output *out);

/** Is it audio in a codec that this leg has, too? */
bool leg_passes(const struct leg *leg, const struct leg_input *in);

/** Make a packet of audio that was encoded for this leg.
 *  @param payload borrowed until @p out was sent
 *  @param ticks   what it lasts, in the clock of its first codec
 *  @return false when nothing may be sent now */
bool leg_make(struct leg *leg, const uint8_t *payload, size_t len,
              uint32_t ticks, uint64_t now_us, struct leg_output *out);

/** The peer got a packet that is not forwarded: close the gap. */
void leg_skip(struct leg *leg, const struct leg_input *in);

enum leg_play {
	LEG_PLAY_NOTHING, /**< nothing is due now                      */
	LEG_PLAY_PACKET,  /**< send it to leg->target                  */
	LEG_PLAY_FAILED,  /**< an item of the list is left out, or warns */
	LEG_PLAY_ENDED    /**< the last packet of the list was sent    */
};

/** What is due of the list that it plays; call it until LEG_PLAY_NOTHING. */
enum leg_play leg_play(struct leg *leg, uint64_t now_us, struct leg_output *out,
                       struct player_failure *failed);

/** Where to send changed: call it when leg_input.latched is set. */
void leg_aim(struct leg *leg, const struct address_policy *policy);

void leg_figures(const struct leg *leg, struct figures *f);
void leg_remember(const struct leg *leg, struct leg_memory *m);

#endif

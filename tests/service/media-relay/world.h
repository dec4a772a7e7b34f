/*
 * world.h - a real relay with a real Redis, and a controller and phones to
 * use it
 *
 * The test is the call-controller: it puts sessions over a real bus and takes
 * MediaEvents. Phones are pairs of UDP sockets.
 */
#ifndef TEST_MEDIA_WORLD_H
#define TEST_MEDIA_WORLD_H

#include "bus/bus.h"
#include "core/rtp.h"
#include "service/harness.h"

enum { WORLD_EVENTS_MAX = 64, WORLD_LEGS_MAX = 64 };
enum { ANSWER_MS = 3000 };

#define RELAY_IP "127.0.2.1"

struct world_event {
	Trestle__MediaEvent__Type type;
	uint64_t sequence;
	char leg[40];
	char digit;
	uint32_t duration_ms;
	uint64_t play_id;
	char id[40];
	Trestle__MediaEvent__EndedBy ended_by;
	uint32_t length_ms, error;
	uint32_t play_index;
	char text[160];
	uint32_t confidence;
	bool final;
};

struct world_leg {
	char leg[40];
	char ip[48];
	uint16_t port, rtcp_port;
	Trestle__Quality quality; /* its strings point nowhere, but… */
	char codec[24];
	char remote[64];
};

struct world {
	struct redis_server redis_server;
	struct loop *loop;
	struct redis *redis;
	struct bus *bus;
	pid_t relay;
	char recordings[32]; /* their folder, made by world_open() */
	uint16_t http;
	/* the last answer */
	bool answered;
	int err;
	Trestle__Refusal__Reason refused;
	uint64_t version;
	char recording[40]; /* of a RecordingState */
	size_t n_legs;
	struct world_leg legs[WORLD_LEGS_MAX];
	/* events, repetitions included; but VOICE is only counted */
	size_t n_events, n_voices;
	struct world_event events[WORLD_EVENTS_MAX];
	unsigned deaf; /* so many events are not acknowledged */
};

void world_open(struct world *w);
void world_close(struct world *w);

/** Start the relay; returns at once. @p extra: one more setting or NULL */
void world_start_relay(struct world *w, const char *extra);
/** Until its bus answers. */
void world_wait_relay(struct world *w);

/** Send; @return true when a SessionState came, false for a Refusal */
bool world_put(struct world *w, Trestle__SessionPut *put, uint64_t epoch);
bool world_remove(struct world *w, const char *recording);
bool world_release(struct world *w, const char *session, uint64_t epoch);

const struct world_leg *world_leg(const struct world *w, const char *leg);

bool world_run(struct world *w, bool (*done)(void *arg), void *arg,
               uint32_t ms);
void world_pass(struct world *w, uint32_t ms); /* let that much time go by */

/** Wait until that many events came. */
bool world_wait_events(struct world *w, size_t n, uint32_t ms);

/* --- phones ---------------------------------------------------------------- */

struct phone {
	struct world *world;
	char ip[16];
	uint16_t port;
	int rtp, rtcp;
	uint16_t relay_port; /* of its leg */
	uint32_t ssrc;
	uint16_t seq;
	uint32_t ts;
	bool marker;
	/* the last packet that came */
	uint8_t data[2048];
	size_t len;
	struct rtp got;
	unsigned n_got;
};

/** @p last of 127.0.2.<last> */
void phone_open(struct phone *p, struct world *w, unsigned last);
void phone_close(struct phone *p);

/** One packet, 20 ms after the one before by its numbers. */
void phone_send(struct phone *p, uint8_t type, const void *payload, size_t n);

/** Wait for a packet; it is in p->got. */
bool phone_hears(struct phone *p, uint32_t ms);
bool phone_hears_rtcp(struct phone *p, uint32_t ms);

/** Send audio of @p type until the other phone hears. */
bool phone_reaches(struct phone *p, struct phone *other, uint8_t type,
                   uint32_t ms);

/* --- sessions -------------------------------------------------------------- */

/** Storage of a SessionPut with two legs, CA…a and CA…b */
struct call_put {
	Trestle__SessionPut put;
	Trestle__MediaLeg legs[2];
	Trestle__MediaLeg *list[2];
	Trestle__Codec codecs[2][2];
	Trestle__Codec *codec_list[2][2];
	char session[40];
	char names[2][40];
};

/** PCMU and telephone-event: 0 and 101 at A, 96 and 110 at B; each hears the
 *  other. The fields may be changed before it is put. */
void call_put(struct call_put *c, const char *session, const struct phone *a,
              const struct phone *b);

#endif

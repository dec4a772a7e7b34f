/*
 * stage.h - a relay that plays what a real webhook-fetcher gets from a real web
 * server, and what a speech service says, which is here
 */
#ifndef TEST_MEDIA_STAGE_H
#define TEST_MEDIA_STAGE_H

#include "fixture.h"

enum { STAGE_SAMPLES_MAX = 70 * 8000, STAGE_PLAYS_MAX = 8 };
enum { STAGE_PACKETS_MAX = 70 * 50 };
enum { STAGE_SPEECH_HZ = 660 }; /* what speech sounds like */

/** What a phone heard, of PCMU */
struct heard {
	int16_t pcm[STAGE_SAMPLES_MAX];
	size_t n;
	size_t packets;
	unsigned gaps;    /* packets whose sequence does not follow */
	unsigned jumps;   /* whose timestamp does not */
	unsigned markers; /* but the first */
	uint32_t first_ts;
	uint64_t first_us, last_us;        /* when packets came, monotonic */
	int64_t off_us[STAGE_PACKETS_MAX]; /* its timestamp, each packet */
	char keys[32];                     /* telephone-events */
};

struct stage {
	struct fixture *f;
	pid_t fetcher;
	uint16_t port;
	struct loop *loop; /* the relay's world's */
	struct bus *speech;
	unsigned spoken; /* SpeakRequests with offset 0 */
	Trestle__Play plays[STAGE_PLAYS_MAX];
	Trestle__Play *list[STAGE_PLAYS_MAX];
	size_t n;
	char urls[STAGE_PLAYS_MAX][128];
};

extern struct stage stage;

int stage_open(void **state); /**< cmocka group fixtures */
int stage_close(void **state);

/** Begin a test: an empty list for phone A. */
void stage_begin(void **state);
void stage_end(void);

/** Add to the list. A URL's @p what is a path of the gallery. */
Trestle__Play *stage_add(Trestle__Play__Kind kind, const char *what,
                         uint32_t length_ms, uint32_t times);

/** Put the list under this play_id. */
void stage_play(uint64_t id);

/** Put silence in its place. */
void stage_stop(void);

/** Listen to phone A until nothing came for @p quiet_ms; adds to @p h. */
void stage_listen(struct heard *h, uint32_t quiet_ms);

/** Listen for so long. */
void stage_listen_for(struct heard *h, uint32_t ms);

/** How loud is this tone in those samples? 0-1 of all that is heard there */
double stage_tone(const struct heard *h, size_t from, size_t to, double hz);

/** The n-th event of that type, waiting for it; it must come. */
const struct world_event *stage_event(Trestle__MediaEvent__Type type, size_t n);

uint64_t stage_now_us(void);

#endif

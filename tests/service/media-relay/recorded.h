/*
 * recorded.h - calls that are recorded, and what is in the file
 */
#ifndef TEST_MEDIA_RECORDED_H
#define TEST_MEDIA_RECORDED_H

#include "fixture.h"

#define RECORDED_ACCOUNT "AC00000000000000000000000000000001"
#define RECORDED_CALL    "CA00000000000000000000000000000001"

/** A session with one recording, of the leg of phone a */
struct recorded {
	struct fixture *f;
	Trestle__Recording want;
	Trestle__Recording *list[1];
	char sid[40];
	uint64_t begun_ms; /* when it was put first */
};

/** Both tracks, mixed; not put yet. */
void recorded_begin(struct recorded *r, struct fixture *f);

/** Put the session with it, and without it */
void recorded_put(struct recorded *r);
void recorded_stop(struct recorded *r);

/** Monotonic; a loaded machine takes longer than it was told to. */
uint64_t recorded_now_ms(void);

/** For so long, a says a tone and b another; 0 Hz = digital silence, -1 =
 *  nothing is sent. */
void recorded_talk(struct recorded *r, int a_hz, int b_hz, uint32_t ms);

/** Wait for its event of that type, which must come once.
 *  @return NULL when it does not come within @p ms */
const struct world_event *recorded_event(const struct recorded *r,
                                         Trestle__MediaEvent__Type type,
                                         uint32_t ms);
/** How often it came */
size_t recorded_count(const struct recorded *r, Trestle__MediaEvent__Type type);

/** Is there a file of that name? @param suffix ".wav" */
bool recorded_exists(const struct recorded *r, const char *suffix);

/** The length of the file [ms], by sox */
unsigned recorded_ms(const struct recorded *r);

/** The tone of a channel (1, 2), by sox; 0 = it is silent.
 *  @param from_ms, ms part of the file */
unsigned recorded_hz(const struct recorded *r, unsigned channel,
                     unsigned from_ms, unsigned ms);

#endif

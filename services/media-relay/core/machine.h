/*
 * machine.h - who answered: a person, a machine, a fax? (contract 1.10)
 *
 * A person says a word or two and waits; a machine talks longer, then beeps.
 */
#ifndef MEDIA_CORE_MACHINE_H
#define MEDIA_CORE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "voice.h"

enum { MACHINE_RATE = 8000, MACHINE_FRAME = 160 }; /* Hz, samples */
enum { MACHINE_BEEP_MS = 120 };                    /* shortest tone */
enum { MACHINE_FAX_MS = 500 };                     /* of 2100 Hz (ITU-T T.30) */

/** 0 in any of them: the default of the contract */
struct machine_spec {
	bool until_end;         /**< wait for the end of the greeting */
	uint32_t timeout_ms;    /**< 30000 */
	uint32_t speech_ms;     /**< 2400: longer speech is a machine's */
	uint32_t speech_end_ms; /**< 1200: silence that ends speech */
	uint32_t silence_ms;    /**< 5000: no speech at all: unknown */
};

enum machine_answer {
	MACHINE_OPEN, /**< not decided yet */
	MACHINE_HUMAN,
	MACHINE_START,
	MACHINE_END_BEEP,
	MACHINE_END_SILENCE,
	MACHINE_END_OTHER,
	MACHINE_FAX,
	MACHINE_UNKNOWN
};

struct machine {
	struct machine_spec spec;
	enum machine_answer answer;
	struct voice voice;
	uint32_t now_ms;
	bool spoke, greeting; /* speech; so much that it is a machine's */
	uint32_t spoke_since_ms, spoke_until_ms;
	uint32_t loud_ms;         /* voice without a break */
	uint32_t tone_ms, fax_ms; /* the same of a tone */
	float cosine;             /* of that tone */
};

/** "human", "machine_start" …, as the contract spells it */
const char *machine_name(enum machine_answer answer);

void machine_init(struct machine *m, const struct machine_spec *spec);

/** 20 ms of what was heard; silence, too. @return the answer, once it is
 *  known; it stays the same. */
enum machine_answer machine_put(struct machine *m,
                                const int16_t samples[MACHINE_FRAME]);

#endif

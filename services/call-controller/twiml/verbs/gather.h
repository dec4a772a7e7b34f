/*
 * gather.h - what the files gather*.c share
 */
#ifndef CC_TWIML_GATHER_H
#define CC_TWIML_GATHER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/sid.h"
#include "twiml/verb.h"

struct arena;

enum { KEYS_MAX = 256 };    /* of one Gather */
enum { SPEECH_MAX_S = 60 }; /* longest utterance */
enum { HINTS_MAX = 500, HINT_CHARS_MAX = 100 };

/* beyond the silence that ends speech: for what is understood after it */
enum { SPEECH_GUARD_MS = 5000 };

enum gather_phase { PROMPT, WAIT, KEYS, SPEECH };

struct gather {
	const char *action, *method, *input, *timeout, *speech_timeout;
	const char *finish_on_key, *language, *hints;
	const char *partial_url, *partial_method;
	int num_digits, max_speech_time; /* 0 = no limit; [s] */
	int speech_model;                /* 0 = default */
	bool on_empty, barge_in, profanity_filter, enhanced, debug;

	bool dtmf, speech; /* of `input` */
	unsigned timeout_s;
	unsigned silence_s; /* that ends speech; 0 = the engine decides */

	enum gather_phase phase;
	bool finished; /* keys are complete, the prompt is not */
	bool finish_pressed;
	unsigned sequence;     /* of the next partial result */
	char listen[SID_SIZE]; /* "" = nobody listens */
	uint64_t empty_at;     /* WAIT: when silence has lasted [ms] */
	char keys[KEYS_MAX + 1];
};

extern const struct attr gather_attrs[];

/** Read those attributes that are no simple values; what is wrong is told by a
 *  warning. */
void gather_read(struct gather *g, const struct twiml_node *node,
                 struct call *call, struct step *st);

/**
 * "yes, no, call me" to a list.
 *
 * @param list room for HINTS_MAX, strings in @p a
 * @param bad set when some were too long, or too many: they are left out
 */
size_t gather_hints(const struct gather *g, struct arena *a, const char **list,
                    bool *bad);

#endif

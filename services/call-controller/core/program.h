/*
 * program.h - TwiML that runs on one leg: the document, what is fetched next,
 * and what is heard meanwhile
 *
 * The parent's leg has one as long as it lives. The leg of a callee has one
 * from its answer to the bridge, when its noun has a `url` (call screening).
 */
#ifndef CC_CORE_PROGRAM_H
#define CC_CORE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "io.h"
#include "twiml/interp.h"

struct call;
struct child;
struct step;

enum { AUDIO_BYTES_MAX = 240 * 1024 };   /* of all programs of a call */
enum { PROGRAM_BYTES_MAX = 160 * 1024 }; /* of one */

/** The document that is asked for */
struct fetch {
	bool pending;
	bool fallback;      /**< this is the fallback URL */
	uint64_t id;        /**< of the last fetch */
	struct arena arena; /**< owns the strings */
	const char *url;
	const char *method;
	uint32_t error_code; /**< of the first URL, told to the fallback */
	const char *error_url;
	const struct pair *params; /**< besides the standard ones */
	size_t n_params;
};

/** Where VERB_FETCH and VERB_REJECT lead; borrowed: of the step's arena */
struct next {
	const char *url; /**< as written; "" = the present document */
	const char *method;
	const struct pair *params;
	size_t n_params;
	unsigned status;
	bool action; /**< of a verb: what happened is told there */
};

/** What the running verb wants of the media of its leg */
struct audio {
	struct arena arena; /**< owns the plays */
	struct play *plays; /**< NULL = nothing is played */
	size_t n_plays;
	struct play *prefetch;
	size_t n_prefetch;
	uint64_t play_id; /**< of plays */
	size_t bytes;     /**< of their texts, about */
	bool want_digits;
	bool keys_stop; /**< a key that goes down ends the plays at once */
	struct listen listen; /**< strings: of the verb's state */
	size_t listen_bytes;
};

struct program {
	struct child *child; /**< borrowed: whose leg; NULL = the parent's */
	struct interp interp;
	struct fetch fetch;
	struct next next;
	struct audio audio;
	uint64_t verb_at; /**< TIMER_VERB */
};

void program_close(struct program *p);

/**
 * Take EV_DOCUMENT or EV_FETCH_FAILED when it answers the fetch of st->program;
 * what is wrong with it is told by an alert.
 *
 * @return false when there is nothing to run; @p code says why, 0 = it was not
 *         the answer
 */
bool program_take(struct call *call, struct step *st, uint32_t *code);

/** How many bytes its audio may have: all programs of a call share what one
 *  message to a relay can hold, and a list there is limited, too. */
size_t program_room(const struct call *call, const struct program *p);

/** Take @p twiml, which comes from no URL, as the document of st->program.
 *  @return as program_take() */
bool program_load(struct call *call, struct step *st, const char *twiml,
                  uint32_t *code);

/** CallSid of the leg that it runs on */
const char *program_sid(const struct call *call, const struct program *p);

/** Does this event come from that leg? */
bool program_hears(const struct call *call, const struct step *st);

/** Can its leg hear something? */
bool program_connected(const struct call *call, const struct program *p);

/* Of st->program: */

/** The verb is heard: answer the parent, when it is not. */
void program_answer(struct call *call, struct step *st);
void program_timer_start(struct step *st, uint64_t ms);
void program_timer_stop(struct step *st);
/** Is the event this timer? Then it runs no more. */
bool program_timer_ran(struct step *st);
void program_timer_resume(struct step *st);

#endif

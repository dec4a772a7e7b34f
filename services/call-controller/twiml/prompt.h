/*
 * prompt.h - what Say, Play and Pause let be heard: alone, or inside of Gather
 *
 * A verb that can be heard adds plays to a prompt (struct verb, `prompt`). The
 * list is handed to the relay whole, so that there is no gap in it, together
 * with what the document has next, so that this is there when it is wanted.
 */
#ifndef CC_TWIML_PROMPT_H
#define CC_TWIML_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/io.h"
#include "twiml/verb.h"

struct call;
struct step;
struct twiml_node;

enum { PLAYS_MAX = 32 };        /* of one list */
enum { PREFETCH_MAX = 4 };      /* plays named ahead */
enum { PLAY_TIMES_MAX = 1000 }; /* loop="0" */

struct prompt {
	struct arena *arena; /**< owns the strings */
	bool nested;         /**< inside of Gather */
	bool full;           /**< something had no room */
	size_t room;         /**< bytes of texts that may come */
	size_t n;
	struct play v[PLAYS_MAX];
};

/** Add one play of @p what, borrowed: in p->arena; once, without a voice.
 *  @return NULL when there is no room for it */
struct play *prompt_add(struct prompt *p, enum play_kind kind,
                        const char *what);

/**
 * Let the leg of st->program hear what @p node is, with its attributes in
 * @p state, or what its children are.
 * What is wrong with them is told by warnings. EV_PLAY_DONE follows.
 *
 * @return false when there is nothing to be heard
 */
bool prompt_start(const void *state, const struct twiml_node *node,
                  struct call *call, struct step *st);
bool prompt_start_children(const struct twiml_node *node, struct call *call,
                           struct step *st);

/** After an adoption: the list that played, when one did, without warnings. */
void prompt_restore(const void *state, const struct twiml_node *node,
                    struct call *call, struct step *st);
void prompt_restore_children(const struct twiml_node *node, struct call *call,
                             struct step *st);

/** The same for keys alone, outside of any document. */
void prompt_start_digits(const char *digits, struct call *call,
                         struct step *st);
void prompt_restore_digits(const char *digits, struct call *call,
                           struct step *st);

/** Is it being heard? */
bool prompt_plays(const struct step *st);

/** Is the event its end? What could not be played is told by alerts. */
bool prompt_ended(struct call *call, struct step *st);

/** Be silent. */
void prompt_stop(struct step *st);

/* The whole of a verb that is nothing but heard */
enum verb_result prompt_verb_start(void *state, const struct twiml_node *node,
                                   struct call *call, struct step *st);
enum verb_result prompt_verb_step(void *state, struct call *call,
                                  struct step *st);
void prompt_verb_restore(void *state, const struct twiml_node *node,
                         struct call *call, struct step *st);
void prompt_verb_stop(void *state, struct call *call, struct step *st);

#endif

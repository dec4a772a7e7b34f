/*
 * interp.h - runs a document verb by verb; knows no verb by name
 *
 * Exactly one verb runs. Documents that follow each other without media or
 * waiting are counted here and nowhere else.
 */
#ifndef CC_TWIML_INTERP_H
#define CC_TWIML_INTERP_H

#include <stdbool.h>
#include <stddef.h>

#include "verb.h"

enum { DOCUMENTS_MAX = 50 }; /* in a row without media or waiting -> 14106 */

struct call;
struct step;
struct twiml;
struct twiml_error;

struct interp {
	struct twiml *doc;
	char *body; /**< its text, for call_save() */
	size_t body_len;
	char *url; /**< where it came from; relative URLs resolve against it */
	const struct twiml_node *node; /**< that runs, or is next */
	const struct verb *verb;       /**< that runs; NULL = none */
	unsigned position;             /**< of node within the document */
	unsigned in_a_row;             /**< documents without waiting */
	_Alignas(16) unsigned char state[VERB_STATE_SIZE];
};

/**
 * Take a document in place of the present one; run it with interp_run().
 *
 * @return 0, EINVAL (see @p error; the present one stays) or ENOMEM
 */
int interp_load(struct interp *in, const char *url, const char *body,
                size_t len, struct twiml_error *error);
void interp_close(struct interp *in);

/** Was there one document too many? Counts the one that was loaded last. */
bool interp_loops(struct interp *in);

/** Something was heard or waited for: the count starts again. */
void interp_waited(struct interp *in);

/** Run from the present position until a verb waits or the document is left.
 *  VERB_NEXT means that it ended. */
enum verb_result interp_run(struct interp *in, struct call *call,
                            struct step *st);

/** Step the running verb, then go on as interp_run() does. */
enum verb_result interp_step(struct interp *in, struct call *call,
                             struct step *st);

/** Cut the running verb short. */
void interp_stop(struct interp *in, struct call *call, struct step *st);

/** Set the position to verb @p n of the document, as running, with the
 *  attributes filled in but not started (call_restore()).
 *  @return false when there is no such verb */
bool interp_seek(struct interp *in, unsigned n, struct call *call,
                 struct step *st);

/** Then, with its saved fields read: let it make again what start() made. */
void interp_restore(struct interp *in, struct call *call, struct step *st);

#endif

/*
 * call_priv.h - what the files call_*.c share
 */
#ifndef CC_CORE_CALL_PRIV_H
#define CC_CORE_CALL_PRIV_H

#include <stdint.h>

#include "state.h"

struct next;

/** Write the Call resource of the parent. */
void call_write_status(struct call *call, struct step *st);

/** Send 200 when the media is ready, and what else waited for it. */
void call_settle_parent(struct call *call, struct step *st);

/** Run a document on the parent's leg: @p twiml, or what @p next gives. */
void call_run(struct call *call, const struct next *next, const char *twiml,
              struct step *st);

/** End the call so long after its answer (0 = any time), or earlier where all calls
 *  of the account end earlier. */
void call_limit(struct call *call, unsigned seconds, struct step *st);

/** The document can not be had or run: the fallback, else the apology. */
void call_document_failed(struct call *call, uint32_t code, struct step *st);

/** Answer, say that something went wrong, hang up. */
void call_apologise(struct call *call, struct step *st);

/** End all legs; @p status is that of the parent. */
void call_end(struct call *call, enum call_status status, struct step *st);

/** Act on what the running document came to. */
void call_on_verb(struct call *call, enum verb_result result, struct step *st);

/** What is to be done at the end of each step. */
void call_settle(struct call *call, struct step *st);

/** The step can not be finished: end everything at once. */
void call_abort(struct call *call, struct step *st);

#endif

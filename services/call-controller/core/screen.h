/*
 * screen.h - what happens on a callee's leg between its answer and the bridge
 *
 *     answer ──► keys (sendDigits) ──► document (url) ──► bridge
 *                                          └── hang-up ──► the child is over
 *
 * The document is a program of its own. The callee counts as the one who
 * answered only when it ended without a hang-up.
 */
#ifndef CC_CORE_SCREEN_H
#define CC_CORE_SCREEN_H

#include <stdbool.h>

#include "child.h"

struct call;
struct step;

/** Is there anything to be done before the bridge? */
bool screen_wanted(const struct child *child);

/** The child was answered. CHILD_NOTHING: screen_step() goes on. */
enum child_outcome screen_begin(struct call *call, struct child *child,
                                struct step *st);

/** Feed any event; it may not concern this child. */
enum child_outcome screen_step(struct call *call, struct child *child,
                               struct step *st);

/** Cut it short. A no-op when there is none. */
void screen_end(struct call *call, struct child *child, struct step *st);

#endif

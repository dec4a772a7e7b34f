/*
 * detach.h - a child call leaves its Dial and goes on as a call of its own
 *
 * Its leg moves from one struct call to another; its media gets a session of
 * its own, whose address the phone is told by a re-INVITE.
 */
#ifndef CC_CORE_DETACH_H
#define CC_CORE_DETACH_H

#include "child.h"

struct call;
struct step;

/**
 * EV_CHANGE of a child, NULL or one that is over included: it ends, or when it
 * is answered leaves for a document of its own; then CMD_DETACH tells the shell
 * to fetch the call that was made of it.
 */
enum child_outcome detach_change(struct call *call, struct child *child,
                                 struct step *st);

/** EV_DETACHED, in the new call */
void detach_begin(struct call *call, struct step *st);

#endif

/*
 * child_priv.h - what child.c and child_call.c share
 */
#ifndef CC_CORE_CHILD_PRIV_H
#define CC_CORE_CHILD_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "child.h"

struct call;

/** Copy the targets of EV_RESOLVED. @return false when memory ran out */
bool child_take_targets(struct child *child, const struct event *ev);

/** Its first INVITE is sent: the record says so. */
void child_dialled(struct call *call, struct child *child, struct step *st);

/** Would each of its targets only take the call in circles? */
bool child_too_deep(const struct call *call, const struct child *child);

/** When it calls a number of ours: take its part of the calls that this one may
 *  still lead to (TREE_MAX). What is over has given its part back.
 *  @return false when none is left */
bool child_take_share(const struct call *call, struct child *child);

/** Legs of the child that may still answer */
size_t child_branches(const struct call *call, const struct child *child);

/** Call the next target of a failover list. @return false when none is left */
bool child_call_next(struct call *call, struct child *child, struct step *st);

/** After a refusal that says how to do better (3xx, 422): do it. */
bool child_call_again(struct call *call, struct child *child, struct step *st);

void child_hangup_others(struct call *call, struct child *child,
                         const struct leg *except, struct step *st);
/** An alert that @p child can not be called: of @p call, whose document asks for
 *  it. Its caller may hear @p text: whom it calls, which is the application's
 *  secret, is put before it in the alert only. */
void child_alert(struct call *call, struct child *child, uint32_t code,
                 const char *text, struct step *st);

/** An alert of the child's own: about a final response that is one of failure, or
 *  blocks the caller. A host without an address is the document's again. */
void child_alert_refused(struct call *call, struct child *child,
                         const struct leg *leg, struct step *st);

/** … when a carrier was asked and it never rang. */
void child_alert_silent(struct child *child, struct step *st);

/** … when one call leads to too many others. */
void child_alert_share(struct call *call, struct child *child, struct step *st);

/** It is over, unanswered. */
enum child_outcome child_over(struct call *call, struct child *child,
                              enum call_status status, struct step *st);

#endif

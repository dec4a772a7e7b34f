/*
 * caller.h - who a child call sees calling (callerId)
 *
 * A SIP URI may be shown any caller. The phone network is shown numbers of
 * the account only (CMD_RESOLVE checks them), or, when a carrier brought the
 * parent call, its caller or callee as they came.
 */
#ifndef CC_CORE_CALLER_H
#define CC_CORE_CALLER_H

#include <stdbool.h>

struct call;
struct child;

/**
 * Set the caller of a child of the running Dial: its callerId, else the user
 * part of the parent's From, else the default of the domain.
 *
 * @return false when nobody may be shown to the phone network
 */
bool caller_choose(struct call *call, struct child *child);

#endif

/*
 * admit.h - how many calls an account has at a time, in all processes
 *
 * `account-calls:{AC…}` in Redis has the parent calls of an account that is limited;
 * one whose account is not costs nothing. Who dies leaves its calls there, but not for
 * ever: when the limit is reached, those are taken out that are not live.
 */
#ifndef CC_ADAPTERS_ADMIT_H
#define CC_ADAPTERS_ADMIT_H

#include <stdbool.h>

#include "store/redis.h"

struct app;

enum { ADMIT_REFUSED = 10004 }; /* contract 7.2 */
#define ADMIT_TEXT "the account has as many calls at a time as it may have"

/** Is the number of its calls limited? Else nobody needs to be asked. */
bool admit_limited(const struct app *app, const char *account_sid);

/** Ask for a place for this call. @p handler is never called before this returns.
 *  @return 0, ENOTCONN, ENOMEM: then there is no answer, and it is admitted */
int admit_ask(struct app *app, const char *account_sid, const char *call_sid,
              redis_reply_h *handler, void *arg);

/** Of the answer: may it begin? Without an answer it may. */
bool admit_granted(const struct app *app, int err, const redisReply *reply);

/** Who calls from outside; a place in the reject log */
struct admit_caller {
	const char *source; /**< IP; "" = from ourselves: not in that log */
	const char *user;   /**< or NULL */
	const char *domain;
};

/** Tell the account of a call that it may not have. @p caller or NULL */
void admit_alert(struct app *app, const char *account_sid,
                 const struct admit_caller *caller);

/** The call is over: its place is free. */
void admit_leave(struct app *app, const char *account_sid,
                 const char *call_sid);

#endif

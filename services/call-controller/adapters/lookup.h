/*
 * lookup.h - where a dialled thing is: bindings, carriers, foreign URIs
 */
#ifndef CC_ADAPTERS_LOOKUP_H
#define CC_ADAPTERS_LOOKUP_H

struct app;
struct cmd_resolve;
struct command;
struct event;
struct owned;

/** CMD_RESOLVE; EV_RESOLVED answers, never before it returns */
void lookup_resolve(struct app *app, struct owned *o,
                    const struct command *cmd);

/** A look-up without a call; all is borrowed until lookup_ask() returns */
struct lookup_question {
	const char *account_sid;
	const char *domain; /**< of the caller; "" = none */
	const struct cmd_resolve *cmd;
};

/** @p ev is an EV_RESOLVED, borrowed until it returns */
typedef void lookup_h(void *arg, const struct event *ev);

/** Find out where it is; the handler is called once, from the loop, unless the
 *  process ends before. @return 0 or ENOMEM: it is not called */
int lookup_ask(struct app *app, const struct lookup_question *question,
               lookup_h *handler, void *arg);

#endif

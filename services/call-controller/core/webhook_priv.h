/*
 * webhook_priv.h - what the files webhook*.c share
 */
#ifndef CC_CORE_WEBHOOK_PRIV_H
#define CC_CORE_WEBHOOK_PRIV_H

#include <stdint.h>

#include "webhook.h"

/** A number as the value of a parameter */
const char *params_number(struct params *p, uint64_t n);

/** What every request about the parent call has */
void params_add_parent(struct params *p, const struct call *call);

/** What a request has whose answer is a document: about the call whose program
 *  asks, the parent or a child */
void params_add_standard(struct params *p, const struct call *call,
                         const struct step *st);

/** A CMD_FETCH or CMD_NOTIFY of the parent call with its key; the strings must
 *  live as long as the step. */
struct cmd_fetch *webhook_request(struct call *call, enum command_type type,
                                  const char *url, const char *method,
                                  const struct params *p, struct step *st);

#endif

/*
 * rules.h - whom an account may call, and whom it may show as the caller
 */
#ifndef CC_ADAPTERS_RULES_H
#define CC_ADAPTERS_RULES_H

#include <stdbool.h>

#include "core/io.h"

struct app;

/** May the account call this number of the phone network (+E.164)?
 *  @return RESOLVED_FAILOVER, or why not */
enum resolution rules_number(const struct app *app, const char *account_sid,
                             const char *number);

/** May it show this caller to the phone network: a number of its own, one that
 *  it verified, or with the policy `any` every number? */
bool rules_caller(const struct app *app, const char *account_sid,
                  const char *caller);

#endif

/*
 * record.h - the record of a call in Redis: the Call as the API shows it
 *
 *   call:{CA…}           the record of each call, parent or child
 *   call:{CA…}:children  CallSids of the children of a parent
 *   calls:{AC…}          CallSids of an account, by when they were made
 */
#ifndef CC_ADAPTERS_RECORD_H
#define CC_ADAPTERS_RECORD_H

struct app;
struct cmd_status;
struct owned;

/** Write what is known now. What is not known yet is "". */
void record_write(struct app *app, const struct owned *o,
                  const struct cmd_status *s);

/** Let the API find it: in its account, and as a child of its parent. */
void record_index(struct app *app, const struct cmd_status *s);

#endif

/*
 * fetch.h - documents and status callbacks, by a webhook-fetcher
 */
#ifndef CC_ADAPTERS_FETCH_H
#define CC_ADAPTERS_FETCH_H

struct app;
struct command;
struct owned;

void fetch_document(struct app *app, struct owned *o,
                    const struct command *cmd);
void fetch_notify(struct app *app, struct owned *o, const struct command *cmd);

#endif

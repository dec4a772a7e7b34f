/*
 * prune.h - calls whose records are gone leave the list of their account
 */
#ifndef CC_ADAPTERS_PRUNE_H
#define CC_ADAPTERS_PRUNE_H

struct app;
struct prune;

int prune_alloc(struct prune **pp, struct app *app); /**< 0 or an errno */
void prune_free(struct prune *p);                    /**< NULL is a no-op */

#endif

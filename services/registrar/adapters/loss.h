/*
 * loss.h - has Redis lost what was written to it?
 *
 * Two signs: the `run_id` of the server is another one (it was restarted or
 * replaced), looked at each time that the connection is there again; and the
 * word at `bindings:mark` is gone or another one (it was emptied), looked at
 * each LOSS_POLL_MS. The first registrar that finds none writes one.
 */
#ifndef REGISTRAR_ADAPTERS_LOSS_H
#define REGISTRAR_ADAPTERS_LOSS_H

struct loop;
struct loss;
struct redis;

enum { LOSS_POLL_MS = 3000 };

/** @param handler called each time that it may have lost something
 *  @return 0 or ENOMEM */
int loss_alloc(struct loss **lp, struct loop *loop, struct redis *redis,
               void (*handler)(void *arg), void *arg);
void loss_free(struct loss *l); /**< NULL is a no-op */

#endif

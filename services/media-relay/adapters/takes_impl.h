/*
 * takes_impl.h - inside of takes.c and takes_load.c
 */
#ifndef MEDIA_ADAPTERS_TAKES_IMPL_H
#define MEDIA_ADAPTERS_TAKES_IMPL_H

#include <sys/queue.h>

#include "adapters/studio.h"
#include "adapters/takes.h"
#include "base/hash.h"
#include "base/log.h"
#include "bus/bus.h"

struct take {
	struct hash_entry hash;
	TAILQ_ENTRY(take) link; /* longest unused first */
	struct takes *takes;
	struct log log;
	bool listed; /* in the table: it may be found */
	bool speech;
	char *key;
	/* the order's texts, owned */
	char *account_sid, *call_sid, *what, *voice, *language;
	struct clip *clip;   /* a share */
	struct take *before; /* the clip of this one may still be right */
	unsigned needed;     /* by so many takes, as their `before` */
	/* loading */
	bool loading;
	bool asking;  /* a request is out */
	bool closing; /* nothing more is asked */
	bool full;    /* the studio has enough for now */
	unsigned tries;
	struct timer *pause;
	struct studio_job *job;  /* NULL: not begun, or closed */
	uint64_t offset;         /* bytes that came */
	char *version;           /* "" = not known yet */
	uint64_t fresh_until_ms; /* monotonic */
};

struct takes {
	struct takes_config cfg;
	struct studio *studio;
	struct hash table;
	TAILQ_HEAD(, take) all;
	struct takes_figures figures;
};

/* takes_load.c */
void take_load(struct take *take);
void take_stop(struct take *take); /* the process ends */
void take_on_hungry(void *arg);
void take_on_failed(void *arg);
void take_on_closed(void *arg);

/* takes.c */
void take_unlist(struct take *take); /* it is not found any more */
void take_loaded(struct take *take); /* or failed */

#endif

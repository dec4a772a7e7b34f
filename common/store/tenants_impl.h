/*
 * tenants_impl.h - how the configuration gets into memory; for store/tenants*.c
 */
#ifndef STORE_TENANTS_IMPL_H
#define STORE_TENANTS_IMPL_H

#include <hiredis/hiredis.h>

#include <sys/queue.h>

#include "store/snapshot.h"
#include "store/tenants.h"

enum { TENANTS_POLL_MS = 5000, TENANTS_RETRY_MS = 200 };

/** A hash that was asked for */
struct tenants_asked {
	TAILQ_ENTRY(tenants_asked) link;
	struct tenants *tenants;
	char name[];
};

struct tenants {
	struct redis *redis;   /* borrowed */
	const struct log *log; /* borrowed */
	const char *instance;  /* borrowed */
	struct timer *poll, *sweep;
	struct snapshot *now;  /* NULL before the first reading */
	struct snapshot *next; /* NULL when none is read whole */
	struct snapshot *old;  /* what is freed bit by bit */
	char *version;         /* that `now` is of; NULL = none, read all */
	char *next_version;    /* of `next` */
	enum family family;    /* that is being read for `next` */
	char cursor[24];       /* in its set of names */
	TAILQ_HEAD(, tenants_asked) asked;
	size_t open;   /* replies that are awaited for `next` */
	bool checking; /* it was asked which version there is */
	bool again;    /* somebody told of a change since then */
	bool failed;   /* this reading */
	bool lost;     /* there is none in Redis any more */
	bool locked;   /* no key of ours opens the token of an account */
};

/** The set of names and the prefix of the keys of each family */
struct tenants_family {
	const char *set, *prefix;
};
extern const struct tenants_family tenants_families[FAMILY_COUNT];

/** Look whether there is a change: at once, or behind what is under way. */
void tenants_check(void *arg);
/** Of the channel `config` */
void tenants_on_told(void *arg, const char *payload);

/** Read all of it, and go by it then. */
void tenants_read(struct tenants *t, const char *version);
/** Frees what nobody uses any more, some records in each turn of the loop. */
void tenants_sweep(void *arg);
/** No reply of this reading is listened to any more. */
void tenants_forget_asked(struct tenants *t);

/**
 * Put a record into a snapshot.
 *
 * @param hash names and values as HGETALL gives them; empty = it is no more
 * @return 0, ENOMEM, or EACCES: the token of an account can not be opened, and
 *         what was known stands. Of a record that is wrong only the log is told.
 */
int tenants_take(struct tenants *t, struct snapshot *into, enum family family,
                 const char *name, const redisReply *hash);

/** The present snapshot is of this version (owned by @p t now): all are told. */
void tenants_go_by(struct tenants *t, char *version);

#endif

/*
 * plan_impl.h - what the files of plan.h share: a command under construction
 */
#ifndef CLI_CORE_PLAN_IMPL_H
#define CLI_CORE_PLAN_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "plan.h"

/* A command under construction. Its words are kept here until it is given. */
struct words {
	char **v;
	size_t n, cap;
	bool failed;
};

struct plan {
	const struct model *m;
	const char *public_url;
	uint64_t now_ms;
	plan_command_h *handler;
	void *arg;
	struct words w;
};

void plan_word(struct plan *p, const char *s);
void plan_pair(struct plan *p, const char *name, const char *value);
/** Give the command to the handler, and begin the next. @return 0, ENOMEM, or
 *  what the handler returned */
int plan_give(struct plan *p);
void plan_clear(struct plan *p);

/** A field that was read as a number of its range. */
int plan_number(const struct object *o, const char *field);
/** date_created and date_updated */
void plan_dates(struct plan *p);
/** Where the API finds @p o, whose hash is @p key: in `sids:{AC…}` and in the
 *  sorted set of its kind. @return 0 or what the handler returned */
int plan_index(struct plan *p, const struct object *o, const char *key);

/** Where the account @p o may call. @return 0 or what the handler returned */
int plan_account(struct plan *p, const struct object *o);

/** The rates of a table, as JSON: a pair of the command. */
void plan_rates(struct plan *p, const struct object *table);

#endif

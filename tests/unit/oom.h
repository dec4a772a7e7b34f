/*
 * oom.h - how code behaves when memory runs out
 *
 *     OOM_EACH(binding_alloc(&b, &req, 0), binding_free(b));
 *
 * Every unit test is linked with malloc, calloc, realloc, strdup and strndup
 * of our own code wrapped; those inside of shared libraries are not.
 */
#ifndef OOM_H
#define OOM_H

#include <stdbool.h>

/** Grant @p n more allocations, then fail; a negative number grants all. */
void oom_grant(long n);

/** Was an allocation refused since the last oom_grant()? */
bool oom_refused(void);

struct oom_try {
	long n; /* allocations granted to the next try */
	bool ended;
};

/** @return false: no allocation was refused in the last try */
bool oom_begin(struct oom_try *t);
int oom_end(struct oom_try *t, int err); /**< @return @p err */

enum { OOM_TRIES_MAX = 10000 };

/**
 * Try @p make (an expression that is 0 or an errno) with 0, 1, 2 … allocations
 * granted until none is refused any more: each try must return ENOMEM or 0.
 * Where it is 0, @p undo runs.
 */
#define OOM_EACH(make, undo)                                                   \
	for (struct oom_try try_ = {0}; oom_begin(&try_);)                     \
		if (oom_end(&try_, (make)) == 0) {                             \
			undo;                                                  \
		}

#endif

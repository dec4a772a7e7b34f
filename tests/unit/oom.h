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

enum { OOM_TRIES_MAX = 10000 };

/**
 * Try @p make (an expression that is 0 or an errno) with 0, 1, 2 … allocations
 * granted until none is refused any more: each try must return ENOMEM or 0.
 * Where it is 0, @p undo runs.
 */
#define OOM_EACH(make, undo)                                                   \
	do {                                                                   \
		bool more_ = true;                                             \
                                                                               \
		for (long n_ = 0; more_; n_++) {                               \
			int err_;                                              \
                                                                               \
			assert_true(n_ < OOM_TRIES_MAX);                       \
			oom_grant(n_);                                         \
			err_ = (make);                                         \
			more_ = oom_refused();                                 \
			oom_grant(-1);                                         \
			if (err_ == 0) {                                       \
				undo;                                          \
			} else {                                               \
				assert_true(more_);                            \
				assert_int_equal(ENOMEM, err_);                \
			}                                                      \
		}                                                              \
	} while (0)

#endif

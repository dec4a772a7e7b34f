/*
 * log.h - one line an event, key=value, with the context of what it concerns
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/** A link of the context chain: printed as `key=value`, outermost first */
struct log {
	const struct log *parent; /**< borrowed: outlives this link; or NULL */
	const char *key;          /**< borrowed, "call_sid"                  */
	const char *value;        /**< borrowed; NULL or "" is not printed   */
};

/** Set the least level that is written; the only global of the log. */
void log_set_level(enum log_level level);
bool log_enabled(enum log_level level);

/** Read "debug", "info", "warn" or "error". @return 0 or EINVAL */
int log_level_parse(const char *name, enum log_level *level);

/**
 * Write one line to standard error:
 * `t=<unix seconds> level=info svc=… call_sid=… msg="…"`. The format makes the
 * value of msg; further fields are appended to the format by the caller as
 * `" status=%d"` only inside msg. Control characters, quotes and bytes that
 * are not UTF-8 are escaped here and nowhere else. Secrets never come here.
 */
__attribute__((format(printf, 3, 4))) void log_write(enum log_level level,
                                                     const struct log *log,
                                                     const char *fmt, ...);

/** Of what can come in crowds only the 1st, 2nd, 4th, 8th … are told: is the
 *  @p n-th, from 1, one of them? */
static inline bool log_nth(unsigned n)
{
	return (n & (n - 1)) == 0;
}

#define log_debug(log, ...) log_write(LOG_DEBUG, log, __VA_ARGS__)
#define log_info(log, ...)  log_write(LOG_INFO, log, __VA_ARGS__)
#define log_warn(log, ...)  log_write(LOG_WARN, log, __VA_ARGS__)
#define log_error(log, ...) log_write(LOG_ERROR, log, __VA_ARGS__)

#endif

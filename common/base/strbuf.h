/*
 * strbuf.h - growing string; the only string builder
 */
#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/** Zero-initialise it; `s` is NUL-terminated once something was added */
struct strbuf {
	char *s;
	size_t len;
	size_t cap;
	bool failed; /**< out of memory: later additions do nothing */
};

void strbuf_add(struct strbuf *b, const char *s);
void strbuf_addn(struct strbuf *b, const char *s, size_t n);
void strbuf_addc(struct strbuf *b, char c);

/** @p n bytes more, to be written by the caller at once. @return where; NULL when
 *  memory ran out */
char *strbuf_room(struct strbuf *b, size_t n);

__attribute__((format(printf, 2, 3))) void strbuf_addf(struct strbuf *b,
                                                       const char *fmt, ...);
void strbuf_reset(struct strbuf *b); /**< empty, keeps its memory */
void strbuf_close(struct strbuf *b); /**< frees; ready for use again */

/** The text, never NULL; borrowed until the next addition. */
const char *strbuf_str(const struct strbuf *b);

/**
 * Take the text out; the buffer is empty afterwards.
 * @return owned by the caller; NULL when memory ran out on the way
 */
char *strbuf_take(struct strbuf *b);

#endif

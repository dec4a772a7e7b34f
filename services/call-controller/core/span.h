/*
 * span.h - reading a text by pointer and length: nothing is copied before its
 * length is known to fit
 */
#ifndef CC_CORE_SPAN_H
#define CC_CORE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *s;
	size_t n;
};

/** Skip @p prefix, in any case. @return false when it is not there */
bool span_skip(struct span *v, const char *prefix);

/** Cut the next word off; words are parted by one space. */
struct span span_word(struct span *v);

/** Cut off what stands before the next slash, and the slash; or all. */
struct span span_part(struct span *v);

/** Cut off the next line, without its CR LF or LF. */
struct span span_line(struct span *text);

/** Read a decimal number of at most nine digits.
 *  @return false when it is none or over @p max; @p out may be set then */
bool span_number(struct span v, uint32_t max, uint32_t *out);

/** Copy with a NUL. @return 0, or EINVAL when it is empty or does not fit */
int span_copy(struct span v, char *out, size_t size);

bool span_ip4(struct span v); /**< four numbers with dots */
bool span_ip6(struct span v); /**< made of what an IPv6 address is made of */

#endif

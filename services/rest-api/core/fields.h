/*
 * fields.h - named texts in their order: a form, or a hash of Redis
 *
 * Pure: no I/O.
 */
#ifndef API_CORE_FIELDS_H
#define API_CORE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct field {
	char *name, *value;
};

/** Zero-initialise it. */
struct fields {
	struct field *v;
	size_t n, cap;
	bool failed; /**< out of memory: something is missing */
};

void fields_close(struct fields *f); /**< ready for use again */

/** One more, also when the name is there already. */
void fields_add(struct fields *f, const char *name, const char *value);
/** In place of the first of that name, else one more. */
void fields_set(struct fields *f, const char *name, const char *value);
void fields_set_uint(struct fields *f, const char *name,
                     unsigned long long value);
/** The last of that name, borrowed; NULL = none. A form that says a name twice
 *  means the last one. */
const char *fields_get(const struct fields *f, const char *name);
/** As fields_get(), "" = none. */
const char *fields_text(const struct fields *f, const char *name);
/** All of @p from over what is there. */
void fields_merge(struct fields *f, const struct fields *from);

/** Decode a form (RFC 1866 8.2.1) and add it.
 *  @return 0, EINVAL (a broken escape, a NUL), E2BIG or ENOMEM */
int fields_form(struct fields *f, const char *s, size_t n);

/** Is @p word among the words of @p list, which blanks separate? */
bool fields_has_word(const char *list, const char *word);

#endif

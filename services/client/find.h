/*
 * find.h - what the API has: paths of it, lists, and the sid of what has a name
 */
#ifndef CLIENT_FIND_H
#define CLIENT_FIND_H

#include <stddef.h>

#include <jansson.h>

#include "core/noun.h"

struct api;
struct strbuf;

enum { FIND_LOOKUP_MAX = 10000 }; /* things looked at to find one by its name */
enum { FIND_SAID_MAX = 10 };      /* sids told of those that share a name */

/** The path of a list, or of one of it; @p parent and @p sid may be NULL. */
void find_path(struct strbuf *b, const struct api *a, const struct noun *noun,
               const char *parent, const char *sid);

/** All rows of a list, at most @p max; NULL after the problem was printed.
 *  @param path with its query */
json_t *find_rows(struct api *a, const char *path, const char *key, size_t max);

/** The sid of what people call @p word. @return owned; NULL after the problem was
 *  printed: there is none, or several are called so */
char *find_sid(struct api *a, const struct noun *noun, const char *parent,
               const char *word);

/** "trestle: …" on standard error. @return 1 */
int find_problem(const char *text);

#endif

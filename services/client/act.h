/*
 * act.h - a noun and a verb: asks the API, prints what it says
 *
 * All return the exit status: 0 well, 1 an error that was printed, 2 the line
 * makes no sense.
 */
#ifndef CLIENT_ACT_H
#define CLIENT_ACT_H

#include <jansson.h>

#include "core/line.h"
#include "core/noun.h"

struct api;
struct strbuf;

enum { ACT_LIST_MAX = 100 };     /* rows, without --all */
enum { ACT_LOOKUP_MAX = 10000 }; /* things looked at to find one by its name */

/** `trestle NOUN [VERB] …`; @p form has the parameters, encoded. */
int act(struct api *a, const struct noun *noun, const struct line *line,
        struct strbuf *form);

/** `trestle hangup CA…` */
int act_hangup(struct api *a, const struct line *line, struct strbuf *form);

/** All rows of a list, at most @p max; NULL after the problem was printed.
 *  @param path with its query */
json_t *act_rows(struct api *a, const char *path, const char *key, size_t max);

/** "trestle: …" on standard error. @return 1 */
int act_problem(const char *text);

#endif

/*
 * act.h - a noun and a verb: asks the API, prints what it says
 *
 * All return the exit status: 0 well, 1 an error that was printed, 2 the line
 * makes no sense.
 */
#ifndef CLIENT_ACT_H
#define CLIENT_ACT_H

#include <stdbool.h>

#include "core/line.h"
#include "core/noun.h"
#include "core/option.h"

struct api;
struct strbuf;

enum { ACT_LIST_MAX = 100 }; /* rows, without --all */

/** `trestle NOUN [VERB] …`; @p form has the parameters, encoded. */
int act(struct api *a, const struct noun *noun, const struct line *line,
        struct strbuf *form);

/** `trestle hangup CA…` */
int act_hangup(struct api *a, const struct line *line, struct strbuf *form);

/** Has @p form only options that are known? If not, those are told. */
bool act_options(const struct options *known, const struct line *line,
                 const struct strbuf *form);

#endif

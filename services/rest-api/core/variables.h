/*
 * variables.h - what a template can name: the parameters of a request
 */
#ifndef API_CORE_VARIABLES_H
#define API_CORE_VARIABLES_H

#include <stddef.h>

#include "base/strbuf.h"
#include "twiml_bin/template.h"

enum { VARIABLES_MAX = 256 };

/** Zero-initialise it */
struct variables {
	struct template_var v[VARIABLES_MAX];
	size_t n;
	struct strbuf text; /**< owns names and values */
};

/**
 * Take query and body, both form-encoded. A name in the body stands before the
 * same name in the query; names that end with [] add up.
 *
 * @return 0, EINVAL (broken encoding), E2BIG (too many) or ENOMEM
 */
int variables_take(struct variables *vars, const char *query, const char *body,
                   size_t body_len);
void variables_close(struct variables *vars);

/** The value of @p name, "" when absent. */
const char *variables_get(const struct variables *vars, const char *name);

#endif

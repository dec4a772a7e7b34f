/*
 * yaml.h - a YAML text as a tree of nodes (libyaml)
 */
#ifndef CLI_ADAPTERS_YAML_H
#define CLI_ADAPTERS_YAML_H

#include <stddef.h>

#include "core/node.h"
#include "core/problems.h"

/** The value of `${NAME}`, or NULL when there is none. */
typedef const char *yaml_variable_h(void *arg, const char *name);

/**
 * Parse @p text. `${NAME}` in a value becomes what @p variable says; `$${` is
 * a plain `${`. Anchors and aliases work, tags mean nothing.
 *
 * @param np       set on success only; free it with node_free()
 * @param problems says what is wrong when EINVAL comes back
 * @return 0, EINVAL or ENOMEM
 */
int yaml_load(struct node **np, const char *text, size_t len,
              yaml_variable_h *variable, void *arg, struct problems *problems);

#endif

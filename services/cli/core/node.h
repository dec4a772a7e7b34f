/*
 * node.h - a parsed file as a tree that remembers lines
 *
 * What YAML and JSON have in common. Pure: no I/O, no clock, no log.
 */
#ifndef CLI_CORE_NODE_H
#define CLI_CORE_NODE_H

#include <stddef.h>

enum node_type { NODE_TEXT, NODE_LIST, NODE_MAP };

enum { NODE_DEPTH_MAX = 16 };      /* nesting; the format itself needs 7 */
enum { NODE_COUNT_MAX = 4000000 }; /* of a file, aliases counted each time */

struct node {
	enum node_type type;
	unsigned line; /**< where it starts, from 1          */
	char *text;    /**< of NODE_TEXT; never NULL there   */
	size_t n;      /**< members of a list, pairs of a map */
	size_t cap;
	struct node **keys;   /**< of a map: its keys, all NODE_TEXT */
	struct node **values; /**< of a map or a list; owned         */
};

/** @return 0 or ENOMEM; @p text is copied, NULL unless NODE_TEXT */
int node_alloc(struct node **np, enum node_type type, unsigned line,
               const char *text);
void node_free(struct node *n); /**< with all below it; NULL is a no-op */

/** Append to a list (@p key NULL) or a map. Takes both on success only.
 *  @return 0 or ENOMEM */
int node_add(struct node *n, struct node *key, struct node *value);

#endif

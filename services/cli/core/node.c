/*
 * node.c - a parsed file as a tree that remembers lines
 *
 * Pure: no I/O, no clock, no log.
 */
#include "node.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int node_alloc(struct node **np, enum node_type type, unsigned line,
               const char *text)
{
	struct node *n = calloc(1, sizeof(*n));

	if (!n)
		return ENOMEM;
	n->type = type;
	n->line = line;
	if (type == NODE_TEXT) {
		n->text = strdup(text);
		if (!n->text) {
			free(n);
			return ENOMEM;
		}
	}
	*np = n;
	return 0;
}

/* The depth of a tree is bounded by who built it: NODE_DEPTH_MAX. */
// NOLINTNEXTLINE(misc-no-recursion)
void node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++) {
		if (n->keys)
			node_free(n->keys[i]);
		node_free(n->values[i]);
	}
	free(n->keys);
	free(n->values);
	free(n->text);
	free(n);
}

static int grow(struct node *n)
{
	size_t cap = n->cap ? n->cap * 2 : 8;
	struct node **values = realloc(n->values, cap * sizeof(struct node *));
	struct node **keys = NULL;

	if (!values)
		return ENOMEM;
	n->values = values;
	if (n->type == NODE_MAP) {
		keys = realloc(n->keys, cap * sizeof(struct node *));
		if (!keys)
			return ENOMEM;
		n->keys = keys;
	}
	n->cap = cap;
	return 0;
}

int node_add(struct node *n, struct node *key, struct node *value)
{
	if (n->n == n->cap && grow(n))
		return ENOMEM;
	if (n->keys)
		n->keys[n->n] = key;
	n->values[n->n++] = value;
	return 0;
}

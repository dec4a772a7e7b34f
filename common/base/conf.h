/*
 * conf.h - the settings of a process: a table of environment variables
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum conf_type {
	CONF_STRING, /**< const char *, borrowed from the environment or table */
	CONF_UINT, /**< uint32_t, min..max                                    */
	CONF_BOOL  /**< bool: 1 0 true false yes no                           */
};

struct conf_item {
	const char *name; /**< "TRESTLE_REDIS"; NULL ends a table        */
	enum conf_type type;
	size_t offset;    /**< of the field in the struct                */
	const char *init; /**< default, as text; NULL = must be set      */
	uint32_t min, max;
	const char *help; /**< one line, goes into the README            */
};

/**
 * Fill @p conf from the environment.
 *
 * @param problem says what is wrong and what to do, when EINVAL comes back
 * @return 0 or EINVAL
 */
int conf_load(const struct conf_item *items, void *conf, char *problem,
              size_t size);

/** Print the table as Markdown, for the README. */
void conf_print(const struct conf_item *items, FILE *out);

#endif

/*
 * table.h - JSON as people like to read it
 *
 * Pure: no I/O.
 */
#ifndef CLIENT_CORE_TABLE_H
#define CLIENT_CORE_TABLE_H

#include <jansson.h>

struct strbuf;

/** Objects as rows under a head; @p columns are members, separated by blanks.
 *  Columns are as wide as what is in them, the last one as it is; a column that
 *  no row has is left out. */
void table_rows(struct strbuf *b, const json_t *array, const char *columns);

/** One object: a line for each member that says something */
void table_one(struct strbuf *b, const json_t *object);

#endif

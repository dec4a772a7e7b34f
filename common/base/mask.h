/*
 * mask.h - passwords in texts that people read
 *
 * The user and password of each http(s) URL, and the value of each
 * password="...", are shown as three asterisks. Pure.
 */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

/** Is there something to hide at @p p? @return bytes that are hidden, behind
 *  @p before bytes that are shown; 0 = nothing */
size_t mask_length(const char *p, size_t *before);

/** Append @p text with all that masked. @return was anything? */
bool mask_add(struct strbuf *b, const char *text);

#endif

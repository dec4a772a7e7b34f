/*
 * scanner.h - tools that look for open systems, by the name they give
 */
#ifndef REGISTRAR_CORE_SCANNER_H
#define REGISTRAR_CORE_SCANNER_H

#include <stdbool.h>

/** Is this the User-Agent of a scanner? They are not answered at all. */
bool scanner_is(const char *user_agent);

#endif

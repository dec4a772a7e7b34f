/*
 * same.h - comparison of secrets in a time that does not tell where they differ
 */
#ifndef REGISTRAR_CORE_SAME_H
#define REGISTRAR_CORE_SAME_H

#include <stdbool.h>
#include <stddef.h>

bool same_bytes(const void *a, const void *b, size_t n);

#endif

/*
 * descriptors.h - connections, ports and files: how many a process may have
 */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

#include <stddef.h>

/** Take all that the system grants. */
void descriptors_raise(void);

size_t descriptors_max(void);

#endif

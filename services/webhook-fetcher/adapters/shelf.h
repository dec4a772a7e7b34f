/*
 * shelf.h - kept audio as files that outlive the process
 *
 * <directory>/<key>.audio: a label (core/label.h), then the audio. A file gets
 * its name when it is whole, so there are no halves of any. Several processes
 * may share a directory: a file that another one removes or replaces is still
 * there for who has it open.
 */
#ifndef FETCHER_ADAPTERS_SHELF_H
#define FETCHER_ADAPTERS_SHELF_H

#include <stddef.h>

#include "core/label.h"

/** Give an open file without a name that one, or say anew what it is.
 *  @param named it has its name. @return 0 or an errno */
int shelf_keep(const char *directory, int fd, const struct label *l,
               bool named);

/** Take its name away, unless another file has it by now. */
void shelf_drop(const char *directory, const char *key, int fd);

/** Another life's: @p fd is the handler's to close. */
typedef void shelf_found_h(void *arg, int fd, const struct label *l,
                           uint64_t age_ms);

/** Tell of each file there is, at most @p max; what is damaged is removed. */
void shelf_load(const char *directory, size_t max, shelf_found_h *found,
                void *arg);

#endif

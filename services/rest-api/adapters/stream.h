/*
 * stream.h - a page of a Redis stream, newest first
 *
 * An entry has no sid of its own: it is NO and its place in the stream, 16
 * hexadecimal digits of milliseconds and 16 of the sequence number.
 */
#ifndef API_ADAPTERS_STREAM_H
#define API_ADAPTERS_STREAM_H

#include "adapters/records.h"

/**
 * Entries as records, each with a field `sid` beside its own.
 *
 * @param query `index` is the key of the stream; `from` and `until` are
 *              milliseconds since 1970; borrowed until this returns
 * @param only  sid of the only entry that is wanted, or NULL
 * @return 0, ENOTCONN or ENOMEM; on an error the handler is not called
 */
int stream_list(struct records_db *db, const struct records_query *query,
                const char *only, records_list_h *handler, void *arg);

#endif

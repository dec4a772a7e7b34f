/*
 * callbacks_lua.h - what must happen in Redis in one step, for callbacks.c
 */
#ifndef FETCHER_ADAPTERS_CALLBACKS_LUA_H
#define FETCHER_ADAPTERS_CALLBACKS_LUA_H

/*
 * KEYS: stream, callback:<key>. ARGV: group, consumer, most entries, then the
 * fields: account_sid call_sid method url body key.
 * Answers {entry, 0}; {entry, 1}: this key was stored before; nil: full.
 * The entry is pending for the consumer from the beginning, so that nobody
 * else reads it.
 */
extern const char callbacks_lua_add[];

/*
 * KEYS: stream. ARGV: group, consumer, idle [ms], most tries, most entries, 1 =
 * the consumer's own ones too.
 * Answers {entry, tries, fields} of each that is now the consumer's; those
 * with too many tries are removed.
 */
extern const char callbacks_lua_take[];

/* KEYS: stream. ARGV: group, entry. */
extern const char callbacks_lua_end[];

#endif

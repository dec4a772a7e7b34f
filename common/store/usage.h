/*
 * usage.h - what an account has used, by day: counted once, in the step that
 *           writes down the end of what is counted
 *
 *   usage:{AC…}:2026-11-30              of a day, for USAGE_DAYS
 *   usage:{AC…}:2026-11                 of a month, for good
 *   usage:{AC…}                         the months that there are
 *   usage:{AC…}:subaccounts[:…]         the same, of all its subaccounts
 *
 * The first two are hashes: "calls-outbound count", "calls-outbound usage",
 * "calls-outbound price" [1e-5 of the currency]. Only categories that are part
 * of no other one are counted; sums are the reader's.
 */
#ifndef STORE_USAGE_H
#define STORE_USAGE_H

#include <stdbool.h>
#include <stdint.h>

enum { USAGE_DAYS = 400 }; /* that one is told of single days */

/**
 * Lua: usage(record, day, category, used, price) counts one, unless this record
 * (a key, its hash has account_sid) was counted before; its field `usage_day`
 * tells. `day` is "2026-11-30", `used` and `price` are whole numbers. Constant
 * cost. It needs USAGE_SECONDS.
 */
#define USAGE_SECONDS "34560000" /* USAGE_DAYS */
#define USAGE_LUA                                                              \
	"local function usage(record, day, what, used, price)\n"               \
	"  if redis.call('HSETNX', record, 'usage_day', day) == 0 then "       \
	"return end\n"                                                         \
	"  local sid = redis.call('HGET', record, 'account_sid')\n"            \
	"  if not sid then return end\n"                                       \
	"  local owner = redis.call('HGET', 'account:' .. sid, "               \
	"'owner_account_sid')\n"                                               \
	"  local function add(all, part, seconds)\n"                           \
	"    local key = all .. ':' .. part\n"                                 \
	"    if redis.call('HINCRBY', key, what .. ' count', 1) == 1 then\n"   \
	"      if seconds then redis.call('EXPIRE', key, seconds)\n"           \
	"      else redis.call('SADD', all, part) end\n"                       \
	"    end\n"                                                            \
	"    redis.call('HINCRBY', key, what .. ' usage', used)\n"             \
	"    if price ~= '0' then redis.call('HINCRBY', key, what .. "         \
	"' price', price) end\n"                                               \
	"  end\n"                                                              \
	"  local all = 'usage:{' .. sid .. '}'\n"                              \
	"  add(all, day, " USAGE_SECONDS ")\n"                                 \
	"  add(all, string.sub(day, 1, 7))\n"                                  \
	"  if not owner or owner == '' or owner == sid then return end\n"      \
	"  all = 'usage:{' .. owner .. '}:subaccounts'\n"                      \
	"  add(all, day, " USAGE_SECONDS ")\n"                                 \
	"  add(all, string.sub(day, 1, 7))\n"                                  \
	"end\n"

enum { USAGE_DAY_SIZE = 11 };

/** The day of an instant, in UTC: "2026-11-30". */
void usage_day(uint64_t ms, char out[USAGE_DAY_SIZE]);

/** "calls-sip-outbound" …: of a leg to @p to, an +E.164 or SIP URI. */
const char *usage_of_leg(bool inbound, const char *to);

/** Begun minutes: at least one, of what lasted less than a second, too */
uint64_t usage_minutes(uint64_t seconds);

#endif

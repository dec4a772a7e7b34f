/*
 * callbacks_lua.c - what must happen in Redis in one step, for callbacks.c
 */
#include "adapters/callbacks_lua.h"

const char callbacks_lua_add[] =
	"local stream, key, group, me = KEYS[1], KEYS[2], ARGV[1], ARGV[2]\n"
	"if ARGV[9] ~= '' then\n"
	"  local before = redis.call('GET', key)\n"
	"  if before then return {before, 1} end\n"
	"end\n"
	"if redis.call('XLEN', stream) >= tonumber(ARGV[3]) then\n"
	"  return false\n"
	"end\n"
	"local id = redis.call('XADD', stream, '*', 'account_sid', ARGV[4],\n"
	"  'call_sid', ARGV[5], 'method', ARGV[6], 'url', ARGV[7],\n"
	"  'body', ARGV[8], 'key', ARGV[9])\n"
	"local function claim()\n"
	"  return redis.pcall('XCLAIM', stream, group, me, 0, id,\n"
	"    'FORCE', 'JUSTID', 'LASTID', id)\n"
	"end\n"
	"if claim().err then\n"
	"  redis.pcall('XGROUP', 'CREATE', stream, group, 0)\n"
	"  claim()\n"
	"end\n"
	"if ARGV[9] ~= '' then redis.call('SET', key, id, 'EX', 300) end\n"
	"return {id, 0}\n";

const char callbacks_lua_take[] =
	"local stream, group, me = KEYS[1], ARGV[1], ARGV[2]\n"
	"local idle, most, batch = ARGV[3], tonumber(ARGV[4]), ARGV[5]\n"
	"local out = {}\n"
	"redis.pcall('XGROUP', 'CREATE', stream, group, 0, 'MKSTREAM')\n"
	"local function take(id, tries)\n"
	"  local got = redis.call('XCLAIM', stream, group, me, 0, id)[1]\n"
	"  if got then out[#out + 1] = {id, tries, got[2]} end\n"
	"  if tries >= most or not got then\n"
	"    redis.call('XACK', stream, group, id)\n"
	"    redis.call('XDEL', stream, id)\n"
	"  end\n"
	"end\n"
	"local function take_all(pending)\n"
	"  for _, p in ipairs(pending) do take(p[1], p[4]) end\n"
	"end\n"
	"if ARGV[6] == '1' then\n"
	"  take_all(redis.call('XPENDING', stream, group, '-', '+', batch, "
	"me))\n"
	"end\n"
	"take_all(redis.call('XPENDING', stream, group, 'IDLE', idle,\n"
	"  '-', '+', batch))\n"
	"local new = redis.call('XREADGROUP', 'GROUP', group, me,\n"
	"  'COUNT', batch, 'STREAMS', stream, '>')\n"
	"if new then\n"
	"  for _, e in ipairs(new[1][2]) do out[#out + 1] = {e[1], 0, e[2]} "
	"end\n"
	"end\n"
	"return out\n";

const char callbacks_lua_end[] =
	"redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])\n"
	"return redis.call('XDEL', KEYS[1], ARGV[2])\n";

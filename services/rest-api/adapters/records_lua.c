/*
 * records_lua.c - what Redis does in one go for the API
 */
#include "records_lua.h"

struct redis_script records_find_script = {
	.source = "local key = redis.call('HGET', KEYS[1], ARGV[1])\n"
		  "if not key then return {} end\n"
		  "return {key, redis.call('HGETALL', key)}\n",
};

struct redis_script records_get_script = {
	.source = "return {KEYS[1], redis.call('HGETALL', KEYS[1])}\n",
};

/* The place to begin is a rank: behind the record `after`, else the rank that was
 * reached by the call before, else that of the latest instant, plus whole pages where
 * nothing is filtered. A record of a call that is gone is passed over. */
struct redis_script records_list_script = {
	.source = "local index, sids, after = KEYS[1], ARGV[1], ARGV[2]\n"
		  "local rank, skip = tonumber(ARGV[3]), tonumber(ARGV[4])\n"
		  "local want, look = tonumber(ARGV[5]), tonumber(ARGV[6])\n"
		  "local head, tail, from, till = ARGV[7], ARGV[8], "
		  "tonumber(ARGV[9]), ARGV[10]\n"
		  "local fields, filtered = {}, #ARGV > 10\n"
		  "for i = 11, #ARGV, 3 do fields[#fields + 1] = ARGV[i] end\n"
		  "local function digits(v, want)\n"
		  "  want = string.gsub(want, '[%^%$%(%)%%%.%[%]%+%-%?]', "
		  "'%%%0')\n"
		  "  return string.find(v, (string.gsub(want, '%*', '%%d')))\n"
		  "end\n"
		  "local test = {\n"
		  "  ['is'] = function(v, want) return v == want end,\n"
		  "  ['not'] = function(v, want) return v ~= want end,\n"
		  "  ['from'] = function(v, want) return v >= want end,\n"
		  "  ['until'] = function(v, want) return v ~= '' and v < want "
		  "end,\n"
		  "  ['digits'] = digits,\n"
		  "  ['word'] = function(v, want) return string.find(' ' .. "
		  "want .. ' ', ' ' .. v .. ' ', 1, true) end,\n"
		  "}\n"
		  "local function fits(key)\n"
		  "  local values = filtered and redis.call('HMGET', key, "
		  "unpack(fields))\n"
		  "  for i = 1, #fields do\n"
		  "    if not test[ARGV[9 + 3 * i]](values[i] or '', ARGV[10 + "
		  "3 * i]) then return false end\n"
		  "  end\n"
		  "  return true\n"
		  "end\n"
		  "local behind = after ~= '' and redis.call('ZREVRANK', "
		  "index, after)\n"
		  "if behind then\n"
		  "  if not rank then skip = 0 end\n"
		  "  rank = behind + 1\n"
		  "elseif not rank then\n"
		  "  rank = till ~= '0' and redis.call('ZCOUNT', index, till, "
		  "'+inf') or 0\n"
		  "  if not filtered then rank, skip = rank + skip, 0 end\n"
		  "end\n"
		  "local out, n = {'', '', '', ''}, 0\n"
		  "local part = redis.call('ZREVRANGE', index, rank, rank + "
		  "look - 1, 'WITHSCORES')\n"
		  "for i = 1, #part, 2 do\n"
		  "  local sid = part[i]\n"
		  "  if n == want or tonumber(part[i + 1]) < from then break "
		  "end\n"
		  "  after, rank = sid, rank + 1\n"
		  "  local key = head == '' and redis.call('HGET', sids, sid) "
		  "or head .. sid .. tail\n"
		  "  local hash = key and fits(key) and redis.call('HGETALL', "
		  "key) or {}\n"
		  "  if #hash > 0 and skip > 0 then skip = skip - 1\n"
		  "  elseif #hash > 0 then n = n + 1 out[n + 4] = hash end\n"
		  "end\n"
		  "local next = redis.call('ZREVRANGE', index, rank, rank, "
		  "'WITHSCORES')\n"
		  "if next[2] and tonumber(next[2]) >= from then out[4] = "
		  "'more' end\n"
		  "out[1], out[2], out[3] = after, tostring(rank), "
		  "tostring(skip)\n"
		  "return out\n",
};

struct redis_script records_change_script = {
	.source =
		"local i = 2\n"
		"local function has(key, field, word)\n"
		"  local v = redis.call('HGET', key, field) or ''\n"
		"  return string.find(' ' .. v .. ' ', ' ' .. word .. ' ', 1, "
		"true)\n"
		"end\n"
		"local test = {\n"
		"  absent = function(key) return redis.call('EXISTS', key) == "
		"0 "
		"end,\n"
		"  present = function(key) return redis.call('EXISTS', key) == "
		"1 "
		"end,\n"
		"  fewer = function(key, n) return redis.call('ZCARD', key) < "
		"tonumber(n) end,\n"
		"  same = function(key, field, v)\n"
		"    return (redis.call('HGET', key, field) or '') == v end,\n"
		"  without = function(key, field, w) return not has(key, "
		"field, "
		"w) end,\n"
		"}\n"
		"local touched, entry = {}, {}\n"
		"local function touch(key)\n"
		"  if not touched[key] and string.find(key, "
		"'^[a-z-]+:[^:{]+$') then\n"
		"    touched[key] = true\n"
		"    entry[#entry + 1] = 'key'\n"
		"    entry[#entry + 1] = key\n"
		"  end\n"
		"end\n"
		"local act = {\n"
		"  run = function()\n"
		"    local n = tonumber(ARGV[i + 1])\n"
		"    local command = ARGV[i + 2]\n"
		"    redis.call(unpack(ARGV, i + 2, i + 1 + n))\n"
		"    touch(ARGV[i + 3])\n"
		"    if command == 'RENAME' or command == 'DEL' then\n"
		"      for j = i + 4, i + 1 + n do touch(ARGV[j]) end\n"
		"    end\n"
		"    return 2 + n\n"
		"  end,\n"
		"  sweep = function()\n"
		"    local index, sids, set = unpack(ARGV, i + 1, i + 3)\n"
		"    for _, sid in ipairs(redis.call('ZRANGE', index, 0, -1)) "
		"do\n"
		"      local key = redis.call('HGET', sids, sid)\n"
		"      if key then redis.call('DEL', key) touch(key) end\n"
		"      if key and set ~= '' then redis.call('SREM', set, "
		"string.match(key, ':(.*)')) end\n"
		"      redis.call('HDEL', sids, sid)\n"
		"    end\n"
		"    redis.call('DEL', index)\n"
		"    return 4\n"
		"  end,\n"
		"  words = function()\n"
		"    local key, field, old, now = unpack(ARGV, i + 1, i + 4)\n"
		"    local out, taken = {}, old == ''\n"
		"    for w in string.gmatch(redis.call('HGET', key, field) or "
		"'', '%S+') do\n"
		"      if w == old and not taken then taken = true\n"
		"      else out[#out + 1] = w end\n"
		"    end\n"
		"    if now ~= '' then out[#out + 1] = now end\n"
		"    redis.call('HSET', key, field, table.concat(out, ' '))\n"
		"    touch(key)\n"
		"    return 5\n"
		"  end,\n"
		"}\n"
		"while i <= #ARGV and test[ARGV[i]] do\n"
		"  if not test[ARGV[i]](ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) "
		"then\n"
		"    return tonumber(ARGV[i + 4])\n"
		"  end\n"
		"  i = i + 5\n"
		"end\n"
		"while i <= #ARGV do i = i + act[ARGV[i]]() end\n"
		"if ARGV[1] ~= '' then return 0 end\n"
		"if #entry == 0 then entry = {'key', ''} end\n"
		"local version = redis.call('INCR', KEYS[1])\n"
		"local function note()\n"
		"  return redis.pcall('XADD', KEYS[2], 'MAXLEN', '~', 10000, "
		"string.format('%.0f-0', version), unpack(entry))\n"
		"end\n"
		"if type(note()) == 'table' then\n"
		"  redis.call('DEL', KEYS[2])\n"
		"  note()\n"
		"end\n"
		"redis.call('PUBLISH', 'config', 'api')\n"
		"return -version\n",
};

/* Of every carrier: sid, account, sources, username, numbers */
struct redis_script records_carriers_script = {
	.source = "local out = {}\n"
		  "for i, sid in ipairs(redis.call('SMEMBERS', KEYS[1])) do\n"
		  "  local r = redis.call('HMGET', 'carrier:' .. sid, 'sid', "
		  "'account_sid', 'sources', 'username', 'numbers')\n"
		  "  out[i] = {}\n"
		  "  for j = 1, 5 do out[i][j] = r[j] or '' end\n"
		  "end\n"
		  "return out\n",
};

/* Which of these are in the set? 0 or 1 each */
struct redis_script records_taken_script = {
	.source = "return redis.call('SMISMEMBER', KEYS[1], unpack(ARGV))\n",
};

/* Live bindings of an account's domains: {domain sid, domain, user, binding} each; a
 * status where the one domain that is asked for is not the account's. The sid is
 * that of the registrar's script_remove. */
struct redis_script records_registrations_script = {
	.source =
		"local sids = KEYS[1]\n"
		"local index, one, now, max, who = ARGV[1], ARGV[2], "
		"ARGV[3], tonumber(ARGV[4]), ARGV[5]\n"
		"local all = one ~= '' and {one} or redis.call('ZRANGE', "
		"index, 0, -1)\n"
		"local out = {}\n"
		"for _, sid in ipairs(all) do\n"
		"  local key = redis.call('HGET', sids, sid)\n"
		"  local domain = key and string.match(key, '^domain:(.*)$')\n"
		"  if not domain then\n"
		"    if one ~= '' then return redis.status_reply('missing') "
		"end\n"
		"    domain = ''\n"
		"  end\n"
		"  local users = #out >= max and {} or who ~= '' and {who} or "
		"redis.call('ZRANGEBYSCORE', 'aors:' .. domain, now, '+inf', "
		"'LIMIT', 0, max)\n"
		"  for _, user in ipairs(users) do\n"
		"    local aor = user .. '@' .. domain\n"
		"    local all = redis.call('HGETALL', 'aor:{' .. aor .. '}')\n"
		"    for i = 1, #all, 2 do\n"
		"      local sum = redis.sha1hex(aor .. '\\n' .. all[i])\n"
		"      if #out < max then out[#out + 1] = {sid, domain, user, "
		"all[i + 1], 'RG' .. string.sub(sum, 1, 32)} end\n"
		"    end\n"
		"  end\n"
		"end\n"
		"return out\n",
};

struct redis_script records_digests_script = {
	.source = "local without, first = 0, ''\n"
		  "local users = redis.call('SMEMBERS', KEYS[1])\n"
		  "table.sort(users)\n"
		  "for _, user in ipairs(users) do\n"
		  "  if redis.call('HEXISTS', ARGV[1] .. user, 'md5 ' .. "
		  "ARGV[2]) "
		  "== 0 then\n"
		  "    if without == 0 then first = user end\n"
		  "    without = without + 1\n"
		  "  end\n"
		  "end\n"
		  "return {without, first, ARGV[2]}\n",
};

/* The oldest number of the account, else of its owner, is the caller. */
struct redis_script records_verification_script = {
	.source =
		"local number, account, owner, now = unpack(ARGV)\n"
		"local open = 'verifications:{' .. account .. '}'\n"
		"redis.call('ZREMRANGEBYSCORE', open, '-inf', now)\n"
		"local function caller(ac)\n"
		"  if ac == '' then return '', '' end\n"
		"  local sid = redis.call('ZRANGE', 'numbers:{' .. ac .. '}', "
		"0, 0)[1]\n"
		"  return sid and redis.call('HGET', 'sids:{' .. ac .. '}', "
		"sid) or '', sid or ''\n"
		"end\n"
		"local key, sid = caller(account)\n"
		"if key == '' then key = caller(owner) sid = '' end\n"
		"return {redis.call('HGET', KEYS[1], number) or '',\n"
		"  redis.call('HGET', 'number:' .. number, 'account_sid') or "
		"'',\n"
		"  tostring(redis.call('ZCARD', open)),\n"
		"  redis.call('GET', 'public-url') or '', key, sid}\n",
};

struct redis_script records_wrong_code_script = {
	.source = "local status = redis.call('HGET', KEYS[1], 'status')\n"
		  "if not status then return {'', '0'} end\n"
		  "local tries = redis.call('HGET', KEYS[1], 'tries') or '0'\n"
		  "if status == 'pending' and redis.call('HGET', KEYS[1], "
		  "'token') ~= ARGV[1] then\n"
		  "  tries = tostring(redis.call('HINCRBY', KEYS[1], 'tries', "
		  "1))\n"
		  "  redis.call('HSET', KEYS[1], 'token', ARGV[1])\n"
		  "end\n"
		  "return {status, tries}\n",
};

// watch.mjs - has anything changed in Redis?
import assert from 'node:assert/strict';

import {until} from './wait.mjs';

/** Every key and a sum of its value, but those that processes write all the time. The
 *  order within a hash or a set says nothing. */
const sums = `local out = {}
	local function sorted(list)
		table.sort(list)
		return cjson.encode(list)
	end
	local function hash(key)
		local v, list = redis.call('HGETALL', key), {}
		for i = 1, #v, 2 do list[#list + 1] = v[i] .. '=' .. v[i + 1] end
		return sorted(list)
	end
	for _, key in ipairs(redis.call('KEYS', '*')) do
		if not string.find(key, '^service') and not string.find(key, '^config:seen')
			and not string.find(key, '^media:') and not string.find(key, '^controller')
			and not string.find(key, '^relay') then
			local kind = redis.call('TYPE', key).ok
			out[#out + 1] = key
			out[#out + 1] = redis.sha1hex(kind == 'hash' and hash(key) or kind == 'set'
				and sorted(redis.call('SMEMBERS', key)) or redis.call('DUMP', key) or '')
		end
	end
	return out`;

export class Watch {
	constructor(stack) {
		this.stack = stack;
	}

	async read() {
		const flat = await this.stack.redis('eval', sums, '0');
		return new Map(flat.flatMap((key, i) => i % 2 ? [] : [[key, flat[i + 1]]]));
	}

	static differing(a, b) {
		return [...new Set([...a.keys(), ...b.keys()])]
			.filter((key) => a.get(key) !== b.get(key));
	}

	/** What went before has ended: no call waits for an answer to its BYE. */
	async begin() {
		await until(async () => !(await this.stack.redis('keys', 'call:{*}:legs'))
			.length, 40000, 'end of all calls');
		await until(async () => {
			const now = await this.read();
			const calm = this.was && !Watch.differing(this.was, now).length;
			this.was = now;
			if (!calm)
				await new Promise((done) => setTimeout(done, 700));
			return calm;
		}, 30000, 'a calm system');
	}

	async nothingChanged(what) {
		const changed = Watch.differing(this.was, await this.read());
		assert.deepEqual(changed, [], `${what} changed Redis`);
	}
}

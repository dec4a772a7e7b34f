// api-calls.mjs - Calls: listed, filtered, fetched, deleted, by the official package
import assert from 'node:assert/strict';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {conversation, office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const codeOf = async (promise) => (await refused(promise)).code;
const sids = (calls) => calls.map(({sid}) => sid);

/** Records as a call-controller writes them: one an hour, CA…1 the latest. */
async function records(s, accountSid, n, fields = {}) {
	const out = [];
	for (let i = 1; i <= n; i++) {
		const sid = `CA${String(i).padStart(32, '0')}`;
		const start = Date.UTC(2026, 10, 22, 20 - i, 30, 15, 248);
		const iso = (ms) => new Date(ms).toISOString();
		await s.stack.redis('hset', `call:{${sid}}`, ...Object.entries({sid,
			account_sid: accountSid, direction: 'outbound-api',
			from: '+15550001111', to: `+1415867530${i}`, status: 'completed',
			start_time: iso(start), answer_time: iso(start + 2000),
			end_time: iso(start + 17000), duration: '15', ...fields}).flat());
		await s.stack.redis('zadd', `calls:{${accountSid}}`, String(start), sid);
		out.push(sid);
	}
	return out;
}

scenario('api-calls', 'calls that phones made are listed with their children', {},
	async (s) => {
		const {api, domain, phones} = await office(s, 'alice', 'bob');
		const began = new Date();
		await conversation(phones, 1100);
		const busy = await phones[0].call('bob');
		(await phones[1].nextCall()).reject(486, 'Busy Here');
		await busy.finished();
		await until(async () => (await api.calls.list()).filter((c) =>
			c.endTime).length === 4, 4000, 'four calls that ended');
		const all = await api.calls.list();
		const [parent] = all.filter((c) => c.direction === 'inbound'
			&& c.status === 'completed');
		const [child] = await api.calls.list({parentCallSid: parent.sid});
		assert.equal(child.parentCallSid, parent.sid);
		assert.equal(child.direction, 'outbound-dial');
		assert.equal(child.status, 'completed');
		assert.equal(child.to, `sip:bob@${domain}`);
		assert.equal(parent.from, `sip:alice@${domain}`);
		assert.equal(parent.fromFormatted, parent.from);
		assert.match(parent.duration, /^[12]$/);
		assert.ok(Math.abs(parent.startTime - began) < 5000);
		assert.ok(parent.endTime >= parent.startTime);
		assert.equal(parent.accountSid, api.accountSid);
		assert.equal(parent.subresourceUris.user_defined_message_subscriptions,
			`/2010-04-01/Accounts/${api.accountSid}/Calls/${parent.sid}`
			+ '/UserDefinedMessageSubscriptions.json');
		assert.deepEqual((await api.calls(parent.sid).fetch()).toJSON(),
			parent.toJSON());
		const [event] = await api.calls(parent.sid).events.list();
		assert.equal(event.response.content_type, 'text/xml');
		assert.match(event.response.response_body, /<Dial answerOnBridge="true">/);
		assert.equal((await api.calls.list({to: child.to})).length, 4);
		assert.equal((await api.calls.list({status: 'busy'})).length, 2);
		assert.deepEqual(sids(await api.calls.list({from: parent.from,
			status: 'completed'})), [parent.sid]);
		assert.equal((await api.calls.list({startTimeAfter: began})).length, 4);
		assert.equal((await api.calls.list({endTimeBefore:
			new Date(began - 5000)})).length, 0);
	});

scenario('api-calls-live', 'a call that is up is listed; it can not be deleted', {},
	async (s) => {
		const {api, phones: [alice, bob]} = await office(s, 'alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.ringing();
		await caller.status(180);
		const ringing = await until(async () => {
			const list = await api.calls.list({status: 'ringing'});
			return list.length === 2 && list;
		}, 4000, 'two calls that ring');
		const parent = ringing.find((c) => c.direction === 'inbound');
		assert.equal(parent.endTime, null);
		assert.equal(parent.duration, null);
		await callee.answer();
		await caller.answered();
		await until(async () => (await api.calls.list({status: 'in-progress'}))
			.length === 2, 4000, 'two calls in progress');
		const {status, code} = await refused(api.calls(parent.sid).remove());
		assert.deepEqual([status, code], [409, 20009]);
		assert.equal((await api.calls(parent.sid).fetch()).status, 'in-progress');
		await caller.hangup();
		await callee.ends();
		await until(async () => (await api.calls(parent.sid).fetch()).endTime,
			4000, 'the end of the call');
	});

scenario('api-calls-number', 'a call to the phone network: numbers, formatted', {},
	async (s) => {
		const [api, alice, carrier] = await Promise.all([s.api(),
			s.phone('alice'), s.carrier()]);
		s.app.on('voice', twiml((r) => r.dial({callerId: s.numbers[0]}, s.pstn)));
		const caller = await alice.call(s.pstn);
		await (await carrier.nextCall()).answer();
		await caller.answered();
		await caller.hangup();
		const call = await until(async () =>
			(await api.calls.list({to: s.pstn}))[0], 4000, 'the call');
		assert.equal(call.from, s.numbers[0]);
		assert.equal(call.toFormatted, `(${s.pstn.slice(2, 5)}) `
			+ `${s.pstn.slice(5, 8)}-${s.pstn.slice(8)}`);
	});

scenario('api-calls-pages', 'pages and dates of calls, as JSON and XML', {},
	async (s) => {
		const api = await s.subaccount();
		const made = await records(s, api.accountSid, 7);
		const list = (options) => api.calls.list(options).then(sids);
		const at = (hour, minute = 30, second = 15) =>
			new Date(Date.UTC(2026, 10, 22, hour, minute, second));
		assert.deepEqual(await list({pageSize: 3}), made, 'over three pages');
		assert.deepEqual(await list({limit: 2}), made.slice(0, 2));
		const third = await api.calls.page({pageSize: 2, pageNumber: 2});
		assert.deepEqual(sids(third.instances), made.slice(4, 6));
		for (const instant of [at(0, 0, 0), at(19)]) {
			assert.deepEqual(await list({startTime: instant}), made,
				'a library says a day as an instant');
			assert.deepEqual(await list({endTime: instant}), made);
		}
		assert.deepEqual(await list({startTime:
			new Date(Date.UTC(2026, 10, 23))}), []);
		assert.deepEqual(await list({startTimeAfter: at(17)}), made.slice(0, 3));
		assert.deepEqual(await list({startTimeBefore: at(15)}), made.slice(4));
		assert.deepEqual(await list({startTimeAfter: at(15), startTimeBefore:
			at(17), pageSize: 1}), made.slice(2, 5));
		assert.deepEqual(await list({endTimeAfter: at(18, 30, 32)}),
			made.slice(0, 2));
		assert.deepEqual(await list({endTimeAfter: at(18, 30, 32),
			endTimeBefore: at(18, 30, 32)}), made.slice(1, 2));
		const get = async (query, suffix = '.json') => {
			const response = await fetch(`${s.base}/2010-04-01/Accounts/`
				+ `${api.accountSid}/Calls${suffix}?${query}`, {headers: {
				authorization: `Basic ${Buffer.from(`${api.accountSid}:`
					+ api.password).toString('base64')}`}});
			return {status: response.status, text: await response.text()};
		};
		const count = async (query) => JSON.parse((await get(query)).text)
			.calls.length;
		assert.equal(await count('StartTime=2026-11-22'), 7);
		assert.equal(await count('StartTime=2026-11-21'), 0);
		assert.equal(await count('StartTime>=2026-11-22&StartTime<=2026-11-23'), 7);
		assert.equal(await count('StartTime%3E=2026-11-22T19:00:00%2B01:00'), 2);
		assert.equal(await count('EndTime%3C=2026-11-22'), 0);
		assert.equal(await count('EndTime%3E=Sun,%2022%20Nov%202026%2019:30:32'
			+ '%20%2B0000'), 1);
		for (const query of ['StartTime=yesterday', 'StartTime=2026-02-30',
			'EndTime>=2026-13-01', 'Status=lost', 'ParentCallSid=CA1']) {
			const {status, text} = await get(query);
			assert.deepEqual([status, JSON.parse(text).code], [400, 20001], query);
		}
		const {text} = await get('PageSize=1&StartTime%3E=2026-11-22', '');
		assert.match(text, /^<\?xml .*\n<TwilioResponse><Calls [^>]*pagesize="1"/);
		assert.match(text, /nextpageuri="[^"]*StartTime%3E=2026-11-22&amp;/);
		assert.match(text, /<Uri>\/2010-04-01\/Accounts\/AC\w+\/Calls\/CA\w+<\/Uri>/);
		assert.match(text, /<Recordings>\/2010[^.]+\/Recordings<\/Recordings>/);
		assert.match(text, /<Call><Sid>CA0{31}1<\/Sid>.*<ToFormatted>\(415\) 867-5301/);
	});

/** Redis makes them: the n-th is CA…n, the first is the oldest. */
const fill = `for i = 1, tonumber(ARGV[2]) do
	local sid = string.format('CAb%031d', i)
	local key = 'call:{' .. sid .. '}'
	redis.call('HSET', key, 'sid', sid, 'account_sid', ARGV[1], 'direction', 'inbound',
		'from', '+15550001111', 'to', '+15550002222', 'start_time',
		'2026-11-22T12:00:00.000Z', 'status', i % 1000 == 1 and 'busy' or 'completed')
	redis.call('ZADD', 'calls:{' .. ARGV[1] .. '}', 1795000000000 + i, sid)
end`;

scenario('api-calls-many', 'a filter finds the one call far behind; a large page is whole', {},
	async (s) => {
		const api = await s.subaccount();
		const sid = (i) => `CAb${String(i).padStart(31, '0')}`;
		await s.stack.redis('eval', fill, '0', api.accountSid, '2500');
		const page = async (options) =>
			sids((await api.calls.page(options)).instances);
		assert.deepEqual(await page({status: 'busy', pageSize: 10}),
			[sid(2001), sid(1001), sid(1)]);
		assert.deepEqual(await page({status: 'busy', pageSize: 2, pageNumber: 1}),
			[sid(1)]);
		const all = Array.from({length: 2500}, (_, i) => sid(2500 - i));
		assert.deepEqual(await page({pageSize: 1000}), all.slice(0, 1000));
		await s.stack.redis('del', `call:{${sid(2400)}}`); // it expired
		all.splice(100, 1);
		assert.deepEqual(await page({pageSize: 1000}), all.slice(0, 1000));
		assert.deepEqual(sids(await api.calls.list({pageSize: 900})), all);
		for (const i of [1, 1001, 2001])
			await s.stack.redis('del', `call:{${sid(i)}}`);
		assert.deepEqual(await page({status: 'busy'}), []);
		await s.stack.redis('eval', `for i = 1, 2500 do redis.call('DEL',
			string.format('call:{CAb%031d}', i)) end`, '0');
	});

scenario('api-calls-tenants', 'another tenant sees, fetches and deletes no calls', {},
	async (s) => {
		const [one, two] = [await s.subaccount('one'), await s.subaccount('two')];
		const sid = `CA${one.accountSid.slice(2)}`;
		await s.stack.redis('hset', `call:{${sid}}`, 'sid', sid, 'account_sid',
			one.accountSid, 'status', 'completed', 'end_time',
			'2026-11-22T18:30:15.248Z');
		await s.stack.redis('zadd', `calls:{${one.accountSid}}`, String(Date.now()), sid);
		for (const other of [two, client(s.base, two.accountSid, two.password,
			{accountSid: one.accountSid})]) {
			assert.equal(await codeOf(other.calls(sid).fetch()), 20404);
			assert.equal(await codeOf(other.calls(sid).remove()), 20404);
		}
		assert.equal((await two.calls.list({parentCallSid: sid})).length, 0);
		assert.equal((await one.calls.list()).length, 1);
	});

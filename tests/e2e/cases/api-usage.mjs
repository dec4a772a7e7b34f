// api-usage.mjs - what an account used and what it has left, by the official package
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {conversation, office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const require = createRequire(import.meta.url);

const codeOf = async (promise) => (await refused(promise)).code;
const day = (n = 0) => new Date(Date.now() + n * 86400000)
	.toISOString().slice(0, 10);
const month = (n) => {
	const now = new Date();
	return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 1))
		.toISOString().slice(0, 7);
};
const by = (records) => Object.fromEntries(records.map((r) => [r.category, r]));

/** What a process writes down of a day of an account. */
async function used(s, scope, date, category, count, minutes, price) {
	for (const part of [date, date.slice(0, 7)])
		for (const [what, n] of Object.entries({count, usage: minutes, price}))
			await s.stack.redis('hincrby', `usage:${scope}:${part}`,
				`${category} ${what}`, n);
	await s.stack.redis('sadd', `usage:${scope}`, date.slice(0, 7));
}

scenario('api-usage', 'each leg that was answered is counted once, with its price',
	{account: {rates: 'e2e', balance: '10.5'}}, async (s) => {
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}, s.pstn)));
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		const api = await s.api();
		assert.deepEqual(await api.usage.records.today.list()
			.then((all) => all.filter((r) => r.price !== '0'
				|| Number(r.count))), []);
		assert.equal((await api.balance.fetch()).balance, '10.50000');
		const call = await phone.call('anybody');
		await (await carrier.nextCall()).answer();
		await call.answered();
		await call.hangup();
		// one that nobody takes: it costs nothing and is not counted
		const second = await phone.call('anybody');
		await (await carrier.nextCall()).reject(486);
		await second.ends();
		const records = await until(async () => {
			const all = by(await api.usage.records.list());
			return all.calls.count === '2' && all;
		}, 8000, 'two legs');
		const [mine] = await api.calls.list({status: 'completed'})
			.then((all) => all.filter((c) => !c.parentCallSid && c.price));
		const cents = (price) => Math.round(-Number(price) * 100000);
		assert.equal(records['calls-outbound'].count, '1');
		assert.equal(records['calls-outbound'].usage, '1', 'a begun minute');
		assert.equal(records['calls-outbound'].price, '0.00850');
		assert.equal(records['calls-outbound'].priceUnit, 'usd');
		assert.equal(records['calls-outbound'].countUnit, 'calls');
		assert.equal(records['calls-outbound'].usageUnit, 'minutes');
		assert.equal(records['calls-sip-inbound'].count, '1');
		assert.equal(records['calls-sip'].count, '1');
		assert.equal(records['calls-inbound'].count, '0');
		const spent = 850 + cents(mine.price);
		assert.equal(records.totalprice.usage, (spent / 100000).toFixed(5));
		assert.equal(records.totalprice.price, (spent / 100000).toFixed(5));
		assert.equal(records.totalprice.endDate.toISOString().slice(0, 10), day());
		assert.match(records.calls.subresourceUris.daily,
			/Usage\/Records\/Daily\.json\?Category=calls$/);
		const {balance, currency} = await api.balance.fetch();
		assert.equal(balance, (10.5 - spent / 100000).toFixed(5));
		assert.equal(currency, 'USD');
		// as old applications ask
		const old = client(s.base, api.accountSid, api.password,
			{}, require('twilio-3'));
		assert.equal(by(await old.usage.records.thisMonth.list()).calls.count, '2');
		assert.equal((await old.balance.fetch()).balance, balance);
		// a repeated end of the same record counts nothing
		assert.equal(await s.stack.redis('hget', `call:{${mine.sid}}`, 'usage_day'),
			day());
	});

scenario('api-usage-periods', 'days, months and years, of subaccounts too, by pages',
	{}, async (s) => {
		const api = await s.subaccount();
		const {accountSid} = api;
		const scope = `{${accountSid}}`;
		await used(s, scope, day(), 'calls-outbound', 2, 5, 100);
		await used(s, scope, day(-1), 'calls-sip-inbound', 1, 1, 10);
		await used(s, scope, `${month(-1)}-15`, 'calls-inbound-mobile', 3, 4, 30);
		await used(s, scope, `${month(-14)}-01`, 'recordings', 7, 70, 0);
		await used(s, `${scope}:subaccounts`, day(), 'calls-outbound', 10, 20, 1);
		const {records} = api.usage;
		const counts = async (list, options) => (await list.list(options))
			.map((r) => [r.startDate.toISOString().slice(0, 10), r.count]);
		assert.deepEqual((await counts(records.today, {category: 'calls'})),
			[[day(), '12']]);
		assert.deepEqual((await counts(records.today, {category: 'calls',
			includeSubaccounts: false})), [[day(), '2']]);
		assert.deepEqual((await counts(records.yesterday, {category: 'calls'})),
			[[day(-1), '1']]);
		const [last] = await counts(records.lastMonth, {category: 'calls-inbound'});
		assert.equal(last[0], `${month(-1)}-01`);
		assert.ok(Number(last[1]) === 3);
		const daily = await counts(records.daily, {category: 'calls',
			startDate: new Date(`${day(-2)}T00:00:00Z`), pageSize: 2});
		assert.deepEqual(daily, [[day(), '12'], [day(-1), '1'], [day(-2), '0']]
			.map(([d, n]) => [d, d.endsWith('-15') && d.startsWith(month(-1))
				? String(Number(n) + 3) : n]));
		const monthly = await records.monthly.list({category: 'recordings'});
		assert.equal(monthly.length, 15);
		assert.equal(monthly[14].count, '7');
		assert.equal(monthly[14].usage, '70');
		assert.equal(monthly[0].endDate.toISOString().slice(0, 10), day());
		const yearly = await records.yearly.list({category: 'recordings'});
		assert.equal(yearly.reduce((n, r) => n + Number(r.count), 0), 7);
		const [all] = await records.allTime.list({category: 'calls'});
		assert.equal(all.count, '16');
		assert.equal(all.startDate.toISOString().slice(0, 10), `${month(-14)}-01`);
		const [part] = await records.list({category: 'calls',
			startDate: new Date(`${day(-1)}T00:00:00Z`),
			endDate: new Date(`${day(-1)}T00:00:00Z`)});
		assert.equal(Number(part.count) % 3, 1);
		// all categories of all months, in pages that cut through months
		const everything = await records.monthly.list({pageSize: 7});
		assert.equal(everything.length % 15, 0);
		assert.equal(new Set(everything.map((r) => `${r.category} ${r.startDate}`))
			.size, everything.length);
		const [none] = await records.list({category: 'sms'});
		assert.equal(none.count, '0');
		assert.equal(await codeOf(records.list({category: 'No such'})), 20001);
		const raw = (query) => api.request({method: 'get', uri: `${s.base}/2010-04-01/`
			+ `Accounts/${accountSid}/Usage/Records.json?${query}`});
		for (const query of ['StartDate=x', 'EndDate=2026-02-30',
			'IncludeSubaccounts=perhaps', 'StartDate=-x'])
			assert.equal((await raw(query)).body.code, 20001, query);
		assert.equal((await raw('StartDate=-1days&Category=calls')).body
			.usage_records.length, 1);
		assert.equal((await raw('StartDate=2030-01-01')).body
			.usage_records.length, 0);
		const other = await s.subaccount('other');
		assert.equal(await codeOf(client(s.base, other.accountSid, other.password,
			{accountSid}).usage.records.list()), 20404);
	});

scenario('api-usage-recordings', 'recordings are counted, and in the owner of a subaccount',
	{}, async (s) => {
		const {api, domain, phones} = await office(s, 'alice', 'bob');
		const owner = await s.api();
		const before = by(await owner.usage.records.today.list());
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
			record: 'record-from-answer'}).sip(`sip:bob@${domain}`)));
		await conversation(phones, 1200);
		const mine = await until(async () => {
			const all = by(await api.usage.records.today.list());
			return all.recordings.count === '1' && all.calls.count === '2' && all;
		}, 8000, 'a recording');
		assert.equal(mine.recordings.usage, '1');
		assert.equal(mine['calls-sip-outbound'].count, '1');
		const after = by(await owner.usage.records.today.list());
		assert.ok(Number(after.recordings.count)
			>= Number(before.recordings.count) + 1);
		assert.equal(by(await api.usage.records.today
			.list({includeSubaccounts: false})).recordings.count, '1');
	});

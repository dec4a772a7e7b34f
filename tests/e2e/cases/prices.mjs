// prices.mjs - what calls cost
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const rate = (prefix, per_minute, more = {}) =>
	({prefix, per_minute, ...more});

scenario('rules-rates', 'prices that the API sets are those of the next call', {},
	async (s) => {
		const {accountSid, password} = await s.api();
		const ours = `/2010-04-01/Accounts/${accountSid}/Rates`;
		const ask = async (method, path, form) => {
			const response = await fetch(`${s.base}${ours}${path}.json`, {method,
				body: form && new URLSearchParams(form),
				headers: {authorization: `Basic ${Buffer.from(
					`${accountSid}:${password}`).toString('base64')}`}});
			return {status: response.status, json: await response.json()
				.catch(() => null)};
		};
		for (const [what, form, code] of [
			['no name', {Rates: '[]'}, 20001],
			['no rates', {FriendlyName: 'default'}, 20001],
			['a name with a slash', {FriendlyName: 'a/b', Rates: '[]'}, 20001],
			['a currency', {FriendlyName: 'a', Currency: 'usd', Rates: '[]'}, 20001],
			['no JSON', {FriendlyName: 'a', Rates: 'x'}, 20001],
			['no array', {FriendlyName: 'a', Rates: '{}'}, 20001],
			...[{}, rate('+1'), rate('+1', 1), rate('+1', '1e3'), rate(1, '1'),
				rate('+1', '1', {direction: 'up'}), rate('+1', '1', {minimum: -1}),
				rate('+1', '1', {increment: 0}), rate('+1', '1', {minimum: 3601}),
			].map((row) => [JSON.stringify(row), {FriendlyName: 'a',
				Rates: JSON.stringify([row])}, 20001])]) {
			const {status, json} = await ask('POST', '', form);
			assert.deepEqual([status, json.code], [400, code], what);
		}
		const made = await ask('POST', '', {FriendlyName: 'default', Currency: 'EUR',
			Rates: JSON.stringify([rate('', '1.2'), rate('+1777', '6',
				{direction: 'outbound'})])});
		assert.equal(made.status, 201);
		assert.match(made.json.sid, /^RT[0-9a-f]{32}$/);
		assert.deepEqual(made.json.rates[1], {direction: 'outbound', prefix: '+1777',
			per_minute: '6', minimum: 60, increment: 60});
		const again = await ask('POST', '', {FriendlyName: 'default', Rates: '[]'});
		assert.equal(again.status, 409);
		const [phone, carrier] = [await s.phone('alice'), await s.carrier()];
		let placed = 0;
		const prices = async () => {
			const {calls} = await s.api();
			const call = await phone.call('anybody');
			await (await carrier.nextCall()).answer();
			await call.answered();
			const {params} = await s.app.request('voice', ++placed);
			await call.hangup();
			return until(async () => {
				const legs = [await calls(params.CallSid).fetch(),
					...await calls.list({parentCallSid: params.CallSid})];
				return legs.length === 2
					&& legs.every((c) => c.status === 'completed' && c.price)
					&& legs.map((c) => `${c.price} ${c.priceUnit}`).sort();
			}, 8000, 'two prices');
		};
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}, s.pstn)));
		assert.deepEqual(await prices(), ['-1.20000 EUR', '-6.00000 EUR']);
		const path = `/${made.json.sid}`;
		const changed = await ask('POST', path, {Rates: JSON.stringify(
			[rate('', '0.5')])});
		assert.deepEqual([changed.status, changed.json.currency], [200, 'EUR']);
		assert.deepEqual((await ask('GET', path)).json.rates, [{direction: 'both',
			prefix: '', per_minute: '0.5', minimum: 60, increment: 60}]);
		assert.equal((await ask('GET', '')).json.rates.length, 1);
		assert.deepEqual(await prices(), ['-0.50000 EUR', '-0.50000 EUR']);
		assert.equal((await ask('DELETE', path)).status, 204);
		assert.equal((await ask('GET', path)).status, 404);
		assert.equal(await s.stack.redis('exists',
			`rates:${accountSid}/default`), '0');
	});

scenario('rules-price', 'each leg that was answered costs by its own number and length',
	{account: {rates: 'e2e'}}, async (s) => {
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}, s.pstn)));
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		const call = await phone.call('anybody');
		await (await carrier.nextCall()).answer();
		await call.answered();
		const {params: {CallSid}} = await s.app.request('voice');
		await call.hangup();
		const api = await s.api();
		const ended = async () => {
			const calls = await api.calls.list();
			return calls.length === 2
				&& calls.every((c) => c.status === 'completed' && c.price) && calls;
		};
		const calls = await until(ended, 8000, 'two prices');
		const of = (sid) => calls.find((c) => (c.sid === CallSid) === sid);
		assert.equal(of(false).price, '-0.00850', 'a begun minute to +1777');
		assert.equal(of(true).price,
			(-Number(of(true).duration) * 0.004 / 60).toFixed(5).replace(/^-0.00000$/,
				'0.00000'));
		assert.equal(of(false).priceUnit, 'USD');
	});

// api-limits.mjs - how many calls accounts may have, and accounts that are closed
import assert from 'node:assert/strict';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN} from '../lib/tenants.mjs';

/** {status, json} of the Limits of @p sid; with @p form they are set. */
async function limits(s, api, sid, form) {
	const response = await fetch(
		`${s.base}/2010-04-01/Accounts/${sid}/Limits.json`, {
			method: form ? 'POST' : 'GET', body: form && new URLSearchParams(form),
			headers: {authorization: `Basic ${Buffer.from(
				`${api.username}:${api.password}`).toString('base64')}`}});
	const json = await response.json();
	return response.ok ? [json.calls_max, json.calls_per_second]
		: [response.status, json.code];
}

scenario('api-limits', 'limits of calls hold at once; a subaccount never gets above its owner',
	{account: {}}, async (s) => {
		const api = await s.api();
		const sub = await s.subaccount();
		s.app.authToken = AUTH_TOKEN; // the owner's calls are looked at
		const [own, its] = [api.accountSid, sub.accountSid];
		assert.deepEqual(await limits(s, api, own), [0, 0]);
		assert.deepEqual(await limits(s, api, own, {CallsMax: 2, CallsPerSecond: 9}),
			[2, 9]);
		assert.deepEqual(await limits(s, api, its), [2, 9], 'those of its owner');
		assert.deepEqual(await limits(s, api, its, {CallsMax: 1}), [1, 9]);
		for (const form of [{CallsMax: 3}, {CallsMax: 0}, {CallsPerSecond: 10},
			{CallsMax: 1, CallsPerSecond: 0}, {CallsMax: 'x'}])
			assert.deepEqual(await limits(s, api, its, form), [400, 20001],
				JSON.stringify(form));
		assert.deepEqual(await limits(s, sub, its), [1, 9]);
		assert.deepEqual(await limits(s, sub, its, {CallsMax: 1}), [403, 20006],
			'a subaccount sets none of its own');
		assert.deepEqual(await limits(s, sub, own), [404, 20404]);
		const key = await api.newKeys.create({friendlyName: 'limits'});
		assert.deepEqual(await limits(s, client(s.base, key.sid, key.secret,
			{accountSid: own}), own), [401, 20003]);

		s.app.on('voice', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		const alice = await s.phone('alice');
		const calls = [await alice.call('a'), await alice.call('b')];
		for (const call of calls)
			await call.answered();
		const third = await (await alice.call('c')).finished();
		assert.match(third.get('X-Trestle-Error'), /^10004 /);
		assert.deepEqual(await limits(s, api, own, {CallsMax: 3}), [3, 9]);
		calls.push(await alice.call('c'));
		await calls[2].answered();
		for (const call of calls)
			await call.hangup();

		const trestle = (...words) => s.stack.trestle(own, AUTH_TOKEN, words);
		assert.match(await trestle('limits'), /^calls_max +3$/m);
		assert.match(await trestle('limits', its), /^calls_max +1$/m);
		assert.match(await trestle('limits', 'set', its, '--calls-max', '2'),
			/^calls_max +2$/m);
	});

scenario('api-trial-subaccount', 'a subaccount of a trial account is one, too',
	{account: {type: 'Trial'}}, async (s) => {
		const sub = await s.subaccount();
		const account = await sub.api.v2010.accounts(sub.accountSid).fetch();
		assert.equal(account.type, 'Trial');
		assert.deepEqual(await limits(s, sub, sub.accountSid), [5, 0]);
		const {code} = await refused(sub.calls.create({to: '+12125550199',
			from: '+12125550199', twiml: '<Response/>'}));
		assert.equal(code, 21210);
	});

const NUMBER = '+15557761234';

scenario('api-closed', 'an account that was closed stays closed, and its numbers are free', {
	carrier: {numbers: [NUMBER]}}, async (s) => {
	const api = await s.api();
	const sub = await s.subaccount();
	const {accountSid} = sub;
	await sub.incomingPhoneNumbers.create({phoneNumber: NUMBER});
	assert.equal((await refused(api.incomingPhoneNumbers.create(
		{phoneNumber: NUMBER}))).code, 21422);
	const account = api.api.v2010.accounts(accountSid);
	assert.equal((await account.update({status: 'suspended'})).status, 'suspended');
	assert.equal((await account.update({status: 'active'})).status, 'active');
	assert.equal((await account.update({status: 'closed'})).status, 'closed');
	for (const status of ['active', 'suspended']) {
		const {status: http, code} = await refused(account.update({status}));
		assert.deepEqual([http, code], [400, 21479], status);
	}
	assert.equal((await account.update({status: 'closed'})).status, 'closed');
	assert.equal((await account.update({friendlyName: 'was'})).friendlyName, 'was');
	assert.equal((await account.fetch()).status, 'closed');
	assert.deepEqual(await account.incomingPhoneNumbers.list(), []);
	assert.equal(await s.stack.redis('sismember', 'numbers', NUMBER), '0');
	const {sid} = await api.incomingPhoneNumbers.create({phoneNumber: NUMBER});
	await api.incomingPhoneNumbers(sid).remove();
});

// api-numbers.mjs - numbers: found, taken, pointed at an application, moved, given back
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

/** Ten numbers of this world that its carrier brings. */
const stock = (k) => ({carrier: {numbers:
	[`${k}0110-${k}0118`, `${k}0119`, `+1800${k.slice(2, 8)}1`]}});

async function codeOf(promise) {
	return (await refused(promise)).code;
}

/** The carrier delivers calls to @p number until one ends with @p status: what the
 *  API changed is read by every process within moments. */
async function delivered(s, carrier, number, status, name) {
	const before = s.app.requests.length;
	return until(async () => {
		const call = await carrier.call(`sip:${number}@${s.stack.address}`);
		const got = (await call.finished()).status;
		const last = s.app.requests.at(-1);
		return got === status && (!name
			|| (s.app.requests.length > before && last.name === name && last));
	}, 4000, `${status} ${name ?? ''} for ${number}`);
}

const free = (api, options = {}) => api.availablePhoneNumbers('US').local
	.list({areaCode: '555', ...options});

scenario('api-application', 'Applications: create, list, change, delete, errors', {},
	async (s) => {
		const api = await s.subaccount();
		const a = await api.applications.create({friendlyName: 'menu',
			voiceUrl: 'https://app.example/a', voiceMethod: 'GET',
			statusCallback: 'https://app.example/s'});
		assert.equal(a.voiceMethod, 'GET');
		assert.equal(a.voiceFallbackUrl, null);
		assert.equal(a.voiceFallbackMethod, 'POST');
		assert.equal(a.statusCallback, 'https://app.example/s');
		assert.equal(a.publicApplicationConnectEnabled, false);
		for (const friendlyName of ['b', 'c'])
			await api.applications.create({friendlyName});
		assert.deepEqual((await api.applications.list({pageSize: 1}))
			.map((x) => x.friendlyName), ['c', 'b', 'menu']);
		assert.deepEqual((await api.applications.list({friendlyName: 'b'}))
			.map((x) => x.friendlyName), ['b']);
		const one = api.applications(a.sid);
		assert.equal((await one.update({voiceUrl: '', friendlyName: 'new'}))
			.voiceUrl, null);
		assert.equal((await one.fetch()).friendlyName, 'new');
		assert.equal(await codeOf(one.update({voiceUrl: 'app'})), 21402);
		assert.equal(await codeOf(one.update({statusCallbackMethod: 'PUT'})),
			21403);
		assert.equal((await one.update({friendlyName: 'é'.repeat(64)}))
			.friendlyName, 'é'.repeat(64));
		const long = await refused(one.update({friendlyName: 'é'.repeat(65)}));
		assert.equal(long.code, 20001);
		assert.match(long.message, /FriendlyName: it is longer than 64 char/);
		assert.ok(await one.remove());
		assert.equal((await refused(one.fetch())).status, 404);
	});

scenario('api-number', 'a number is taken, asks its application, moves, is free again',
	// by two accounts at the moment that it moves
	{...stock('+1555777'), unsigned: true}, async (s) => {
		const [one, two] = [await s.subaccount('one'), await s.subaccount('two')];
		const main = await s.api();
		s.app.authToken = one.password;
		const carrier = await s.carrier();
		const {phoneNumber} = (await free(one, {contains: '7770115'}))[0];
		const app = await one.applications
			.create({voiceUrl: s.app.url('application')});
		const number = await one.incomingPhoneNumbers.create({phoneNumber,
			voiceUrl: s.app.url('own'), voiceApplicationSid: app.sid});
		assert.equal(number.voiceApplicationSid, app.sid);
		assert.equal(await codeOf(two.incomingPhoneNumbers
			.create({phoneNumber})), 21422);
		for (const name of ['application', 'own', 'other'])
			s.app.on(name, twiml((r) => r.reject({reason: 'busy'})));
		const asked = await delivered(s, carrier, phoneNumber, 486,
			'application');
		assert.equal(asked.params.AccountSid, one.accountSid);
		assert.ok(asked.signed, 'with the token of the subaccount');
		// without an application its own URL is asked
		const spare = await one.applications.create({});
		const second = await one.incomingPhoneNumbers.create({phoneNumber:
			phoneNumber.replace(/5$/, '6'), voiceApplicationSid: spare.sid,
			smsApplicationSid: app.sid});
		await one.applications(app.sid).remove();
		assert.equal((await one.incomingPhoneNumbers(number.sid).fetch())
			.voiceApplicationSid, null, 'it went with the application');
		const kept = await one.incomingPhoneNumbers(second.sid).fetch();
		assert.deepEqual([kept.voiceApplicationSid, kept.smsApplicationSid],
			[spare.sid, null]);
		assert.ok(await one.incomingPhoneNumbers(second.sid).remove());
		await delivered(s, carrier, phoneNumber, 486, 'own');
		// the owner moves it
		const moved = await main.api.v2010.accounts(one.accountSid)
			.incomingPhoneNumbers(number.sid).update({
				accountSid: two.accountSid, voiceUrl: s.app.url('other')});
		assert.equal(moved.accountSid, two.accountSid);
		s.app.authToken = two.password;
		const last = await delivered(s, carrier, phoneNumber, 486, 'other');
		assert.equal(last.params.AccountSid, two.accountSid);
		assert.ok(last.signed, 'with the token of its new account');
		assert.equal((await refused(one.incomingPhoneNumbers(number.sid)
			.fetch())).status, 404);
		assert.deepEqual(await one.incomingPhoneNumbers.list(), []);
		assert.deepEqual((await two.incomingPhoneNumbers.list())
			.map((n) => n.phoneNumber), [phoneNumber]);
		assert.ok(await two.incomingPhoneNumbers(number.sid).remove());
		await delivered(s, carrier, phoneNumber, 404);
		assert.equal((await free(one, {contains: '7770115'})).length, 1);
	});

scenario('api-number-closed', 'the numbers of a subaccount that is closed are free again',
	{...stock('+1556780'), unsigned: true}, async (s) => {
		const [one, two] = [await s.subaccount('one'), await s.subaccount('two')];
		const carrier = await s.carrier();
		const mine = ['+15567800110', '+15567800111'];
		s.app.on('own', twiml((r) => r.reject({reason: 'busy'})));
		for (const phoneNumber of mine)
			await one.incomingPhoneNumbers.create({phoneNumber,
				voiceUrl: s.app.url('own')});
		await delivered(s, carrier, mine[0], 486, 'own');
		const main = await s.api();
		await main.api.v2010.accounts(one.accountSid).update({status: 'closed'});
		await delivered(s, carrier, mine[0], 404);
		for (const number of mine)
			assert.equal(await s.stack.redis('sismember', 'numbers', number), '0');
		assert.deepEqual(await main.api.v2010.accounts(one.accountSid)
			.incomingPhoneNumbers.list(), []);
		assert.equal(await codeOf(main.api.v2010.accounts(one.accountSid)
			.incomingPhoneNumbers.create({phoneNumber: mine[1]})), 20005);
		const again = await two.incomingPhoneNumbers.create({phoneNumber: mine[0],
			voiceUrl: s.app.url('own')});
		assert.equal((await two.incomingPhoneNumbers.list())[0].sid, again.sid);
		await delivered(s, carrier, mine[0], 486, 'own');
		assert.equal(await codeOf(main.api.v2010.accounts(two.accountSid)
			.incomingPhoneNumbers(again.sid).update({accountSid:
				one.accountSid})), 20001);
	});

scenario('api-number-stock', 'what carriers bring: countries, filters, what is free',
	stock('+1555778'), async (s) => {
		const api = await s.subaccount();
		const countries = await api.availablePhoneNumbers.list();
		assert.ok(countries.some((c) => c.countryCode === 'US'));
		const us = await api.availablePhoneNumbers('US').fetch();
		assert.ok(us.subresourceUris.local.endsWith('/US/Local.json'));
		assert.equal((await api.availablePhoneNumbers('us').fetch()).countryCode,
			'US');
		const [small] = await api.availablePhoneNumbers('us').local
			.list({contains: '778011*'});
		assert.equal(small.isoCountry, 'US');
		assert.equal((await refused(api.availablePhoneNumbers('ZZ').fetch()))
			.status, 404);
		const mine = (options) => free(api, {contains: '778011*', ...options});
		const all = await mine();
		assert.equal(all.length, 10);
		assert.equal(all[0].friendlyName, '(555) 778-0110');
		assert.deepEqual(all[0].capabilities,
			{voice: true, SMS: false, MMS: false, fax: false});
		assert.equal((await mine({pageSize: 3, limit: 3})).length, 3);
		for (const none of [{smsEnabled: true}, {voiceEnabled: false},
			{inRegion: 'CA'}, {areaCode: '415'}, {contains: '9999*99'}])
			assert.deepEqual(await mine(none), [], JSON.stringify(none));
		const tollFree = await api.availablePhoneNumbers('US').tollFree
			.list({contains: '800555778'});
		assert.equal(tollFree.length, 1);
		assert.deepEqual(await api.availablePhoneNumbers('US').voip.list(), []);
		for (const [bad, code] of [[{contains: '5'}, 20001],
			[{contains: '5-5'}, 20001], [{areaCode: 'abc'}, 21451],
			[{areaCode: '5'}, 21451], [{areaCode: '5557'}, 21451],
			[{smsEnabled: 'maybe'}, 20001]])
			assert.equal(await codeOf(mine(bad)), code);
		const taken = await api.incomingPhoneNumbers.local
			.create({phoneNumber: all[0].phoneNumber});
		assert.deepEqual((await mine()).map((n) => n.phoneNumber),
			all.slice(1).map((n) => n.phoneNumber));
		assert.equal(taken.friendlyName, all[0].friendlyName);
	});

scenario('api-number-errors', 'numbers: lists, filters, areas, each documented error',
	stock('+1556779'), async (s) => {
		const api = await s.subaccount();
		const numbers = api.incomingPhoneNumbers;
		for (const n of [1, 2, 3])
			await numbers.create({phoneNumber: `+1556779011${n}`,
				friendlyName: `n${n}`});
		const listed = async (options) => (await numbers.list(options))
			.map((n) => n.friendlyName);
		assert.deepEqual(await listed({pageSize: 2}), ['n3', 'n2', 'n1']);
		assert.deepEqual(await listed({friendlyName: 'n2'}), ['n2']);
		assert.deepEqual(await listed({phoneNumber: '5677901*3'}), ['n3']);
		assert.deepEqual(await listed({phoneNumber: '+15567790111'}), ['n1']);
		assert.deepEqual(await listed({phoneNumber: '.*'}), []);
		assert.deepEqual(await listed({origin: 'hosted'}), []);
		assert.deepEqual(await listed({origin: 'twilio', beta: true}),
			['n3', 'n2', 'n1']);
		assert.equal((await numbers.local.list()).length, 3);
		assert.deepEqual(await numbers.tollFree.list(), []);
		const [{sid}] = await numbers.list({friendlyName: 'n1'});
		for (const [what, code] of [
			[{phoneNumber: '+15567790111'}, 21422],
			[{phoneNumber: '+15559999999'}, 21422],
			[{phoneNumber: '5567790115'}, 21421],
			[{areaCode: '415'}, 21452], [{areaCode: '4'}, 21451],
			[{areaCode: '115'}, 21451], [{}, 20001],
			[{phoneNumber: '+15567790115', voiceUrl: 'x'}, 21402],
			[{phoneNumber: '+15567790115', voiceMethod: 'PUT'}, 21403],
			[{phoneNumber: '+15567790115', voiceApplicationSid:
				`AP${'0'.repeat(32)}`}, 21218]])
			assert.equal(await codeOf(numbers.create(what)), code,
				JSON.stringify(what));
		const unknown = `AP${'0'.repeat(32)}`;
		for (const promise of [numbers(sid).update({voiceApplicationSid: unknown}),
			numbers.create({phoneNumber: '+15567790115',
				voiceApplicationSid: unknown})])
			assert.match((await refused(promise)).message,
				new RegExp(`ApplicationSid ${unknown}`));
		assert.equal(await codeOf(numbers.tollFree
			.create({phoneNumber: '+15567790115'})), 21422);
		assert.equal(await codeOf(numbers(sid).update({accountSid:
			`AC${'0'.repeat(32)}`})), 20001);
		assert.equal(await s.stack.redis('exists', 'number:+15567790115'), '0');
		// an application and a trunk delete each other
		const app = await api.applications.create({});
		const trunkSid = `TK${'1'.repeat(32)}`;
		const one = numbers(sid);
		await one.update({voiceApplicationSid: app.sid});
		const trunk = await one.update({trunkSid});
		assert.deepEqual([trunk.trunkSid, trunk.voiceApplicationSid],
			[trunkSid, null]);
		const back = await one.update({voiceApplicationSid: app.sid});
		assert.deepEqual([back.trunkSid, back.voiceApplicationSid],
			[null, app.sid]);
		const area = await numbers.create({areaCode: '556'});
		assert.match(area.phoneNumber, /^\+1556/);
	});

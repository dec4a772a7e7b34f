// api-ours.mjs - resources of ours: TwiML Bins, carriers; and where an account may call
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

/** What the package has no class for: {status, json}. */
async function ask(s, api, method, path, params) {
	const response = await fetch(`${s.base}/2010-04-01/Accounts/`
		+ `${api.accountSid}/${path}.json`, {method,
		body: params && new URLSearchParams(params),
		headers: {authorization: `Basic ${Buffer.from(
			`${api.username}:${api.password}`).toString('base64')}`}});
	const text = await response.text();
	return {status: response.status, json: text ? JSON.parse(text) : undefined};
}

async function made(s, api, path, params) {
	const {status, json} = await ask(s, api, 'POST', path, params);
	assert.equal(status, 201, JSON.stringify(json));
	return json;
}

/** A call of the carrier to @p number ends with @p status, at the latest soon. */
async function ends(s, carrier, number, status) {
	await until(async () => {
		const call = await carrier.call(`sip:${number}@${s.stack.address}`);
		return (await call.finished()).status === status;
	}, 4000, `${status} for ${number}`);
}

scenario('api-bin', 'a TwiML Bin made by the API answers calls; a wrong one is refused',
	{carrier: {numbers: ['+15557810110']}}, async (s) => {
		const api = await s.subaccount();
		const carrier = await s.carrier();
		const busy = '<Response><Reject reason="busy"/></Response>';
		const bin = await made(s, api, 'TwimlBins',
			{FriendlyName: 'closed', Twiml: busy});
		assert.match(bin.sid, /^EH[0-9a-f]{32}$/);
		assert.equal(bin.twiml, busy);
		const number = await api.incomingPhoneNumbers.create({
			phoneNumber: '+15557810110', voiceUrl: s.base + bin.path});
		await ends(s, carrier, number.phoneNumber, 486);
		for (const [twimlOf, line] of [
			['<Response>\n<Say>{{#a}}</Say></Response>', 2],
			['<Response>\n\n<Say></Response>', 3], ['<Other/>', 1]]) {
			const {status, json} = await ask(s, api, 'POST', 'TwimlBins',
				{FriendlyName: 'x', Twiml: twimlOf});
			assert.deepEqual([status, json.code], [400, 21618]);
			assert.match(json.message, new RegExp(`line ${line}: `));
		}
		const wrong = await ask(s, api, 'POST', `TwimlBins/${bin.sid}`,
			{Twiml: '<Response'});
		assert.equal(wrong.status, 400);
		const changed = await ask(s, api, 'POST', `TwimlBins/${bin.sid}`,
			{Twiml: '<Response><Reject/></Response>'});
		assert.equal(changed.status, 200);
		await ends(s, carrier, number.phoneNumber, 404);
		const {json: list} = await ask(s, api, 'GET', 'TwimlBins');
		assert.deepEqual(list.twiml_bins.map((b) => b.friendly_name),
			['closed']);
		const other = await s.subaccount('other');
		assert.equal((await ask(s, other, 'GET', `TwimlBins/${bin.sid}`)).status,
			404);
		assert.equal((await ask(s, api, 'DELETE', `TwimlBins/${bin.sid}`)).status,
			204);
		assert.equal((await ask(s, api, 'GET', `TwimlBins/${bin.sid}`)).status,
			404);
	});

scenario('api-carrier', 'a carrier made by the API takes the next call', {},
	async (s) => {
		const api = await s.api();
		const to = '+18885557821';
		const made1 = await made(s, api, 'Carriers', {FriendlyName: 'second',
			Prefixes: '+1888555782 +1888555783', Country: '1',
			Numbers: '+15557820100-+15557820109', Username: 'trunk782',
			Password: 'Trunk-pass-782', Targets: JSON.stringify([{
				uri: `sip:${s.carrierIp}:5091`, username: 'us',
				password: 'Our-pass-782'}])});
		assert.deepEqual(made1.prefixes, ['+1888555782', '+1888555783']);
		assert.deepEqual(made1.targets, [{uri: `sip:${s.carrierIp}:5091`,
			priority: 10, weight: 10, username: 'us'}]);
		assert.doesNotMatch(JSON.stringify(made1), /pass-782|ha1/);
		const stored = await s.stack.hash(`carrier:${made1.sid}`);
		assert.equal(stored.password, undefined);
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
			callerId: s.numbers[0]}, to)));
		const [alice, carrier] = [await s.phone('alice'), await s.carrier(1)];
		// it is in force within moments
		let call;
		await until(async () => {
			call = await alice.call(`sip:${to}@${s.domain}`);
			const got = await Promise.race([
				carrier.nextCall().then((c) => c, () => undefined),
				call.finished().then(() => undefined)]);
			if (!got)
				return false;
			assert.equal(got.request.uriOf('To').split('@')[0], `sip:${to}`);
			await got.reject(486);
			return true;
		}, 8000, 'a call to the new carrier');
		const path = `Carriers/${made1.sid}`;
		const changed = await ask(s, api, 'POST', path, {Priority: '3',
			Targets: JSON.stringify([{uri: `sip:${s.carrierIp}:5091`,
				username: 'us', weight: 7}])});
		assert.deepEqual([changed.status, changed.json.priority,
			changed.json.targets[0].weight], [200, 3, 7]);
		assert.match(await s.stack.redis('hget', `carrier:${made1.sid}`,
			'targets'), /"password":"(Our-pass-782|sealed:)/, 'it stays');
		for (const wrong of [{Sources: s.carrierIp}, {Sources: '127.0.0.0/8'},
			{Username: 'trunk'.repeat(9)}, {Targets: '{}'}, {Targets: '[{}]'},
			{Targets: '[{"uri":"http://x"}]'}, {Numbers: '5550100'},
			{Prefixes: '44'}, {Priority: '-1'}, {MediaSource: 'x'},
			{Targets: '[{"uri":"sip:x","username":"u"}]'}]) {
			const {status, json} = await ask(s, api, 'POST', path, wrong);
			assert.deepEqual([status, json.code], [400, 20001],
				JSON.stringify(wrong));
		}
		assert.equal((await ask(s, api, 'POST', path, {Username: 'new'}))
			.json.code, 21242);
		const sub = await s.subaccount();
		assert.equal((await ask(s, sub, 'POST', 'Carriers',
			{FriendlyName: 'x'})).status, 403);
		assert.equal((await ask(s, sub, 'GET', path)).status, 404);
		assert.equal((await ask(s, api, 'DELETE', path)).status, 204);
	});

scenario('api-permissions', 'where an account may call: shown, changed, inherited', {},
	async (s) => {
		const api = await s.subaccount();
		const {dialingPermissions} = api.voice.v1;
		const {countries} = dialingPermissions;
		const flags = async (iso, of = dialingPermissions) => {
			const c = await of.countries(iso).fetch();
			return [c.lowRiskNumbersEnabled, c.highRiskSpecialNumbersEnabled,
				c.highRiskTollfraudNumbersEnabled];
		};
		const all = await countries.list();
		assert.ok(all.length > 200, `${all.length} over several pages`);
		assert.equal(new Set(all.map((c) => c.isoCode)).size, all.length);
		assert.deepEqual(await flags('CA'), [true, false, false]);
		assert.deepEqual(await flags('GB'), [false, false, false]);
		assert.deepEqual(await flags('ca'), [true, false, false]);
		assert.deepEqual((await countries.list({countryCode: '44'}))
			.map((c) => c.isoCode), ['GB']);
		assert.deepEqual((await countries.list({lowRiskNumbersEnabled: true}))
			.map((c) => c.isoCode), ['CA', 'US']);
		assert.ok((await countries('GB').highriskSpecialPrefixes.list())
			.some((p) => p.prefix === '+4470'));
		assert.equal((await refused(countries('ZZ').fetch())).status, 404);
		await dialingPermissions.settings()
			.update({dialingPermissionsInheritance: false});
		const bulk = await dialingPermissions.bulkCountryUpdates.create({
			updateRequest: JSON.stringify([{iso_code: 'GB',
				low_risk_numbers_enabled: 'true',
				high_risk_special_numbers_enabled: 'true'},
			{iso_code: 'CA', low_risk_numbers_enabled: false}])});
		assert.equal(bulk.updateCount, 2);
		assert.deepEqual(await flags('GB'), [true, true, false]);
		assert.deepEqual(await flags('CA'), [false, false, false]);
		assert.equal(await s.stack.redis('hget',
			`dialing-permissions:${api.accountSid}`, 'GB'), 'low special');
		// what is not said stays
		await dialingPermissions.bulkCountryUpdates.create({updateRequest:
			'[{"iso_code":"GB","high_risk_special_numbers_enabled":false}]'});
		assert.deepEqual(await flags('GB'), [true, false, false]);
		for (const updateRequest of ['', '{}', '[]', '[{"iso_code":"ZZ"}]',
			'[1]', '[', `[${'{"iso_code":"GB"},'.repeat(301)}1]`])
			assert.equal((await refused(dialingPermissions.bulkCountryUpdates
				.create({updateRequest}))).code, 20001);
		// a subaccount that inherits has its owner's
		const set = dialingPermissions.settings();
		assert.equal((await set.fetch()).dialingPermissionsInheritance, false);
		assert.equal((await set.update({dialingPermissionsInheritance: true}))
			.dialingPermissionsInheritance, true);
		assert.deepEqual(await flags('GB'), [false, false, false]);
		assert.deepEqual(await flags('ca'), [true, false, false]);
	});

scenario('api-registrations', 'who is registered, from where, with which device', {},
	async (s) => {
		const api = await s.api();
		await s.phone('alice');
		const sid = await s.stack.redis('hget', `domain:${s.domain}`, 'sid');
		const {status, json} = await ask(s, api, 'GET',
			`SIP/Domains/${sid}/Registrations`);
		assert.equal(status, 200);
		assert.equal(json.registrations.length, 1);
		const [one] = json.registrations;
		assert.deepEqual([one.username, one.domain_name, one.domain_sid,
			one.transport], ['alice', s.domain, sid, 'udp']);
		assert.ok(one.source.startsWith(s.ip), one.source);
		assert.ok(Date.parse(one.date_expires)
			> Date.parse(one.date_registered));
		const all = await ask(s, api, 'GET', 'SIP/Registrations');
		assert.ok(all.json.registrations.some((r) => r.domain_sid === sid));
		const sub = await s.subaccount();
		assert.equal((await ask(s, sub, 'GET',
			`SIP/Domains/${sid}/Registrations`)).status, 404);
		assert.deepEqual((await ask(s, sub, 'GET', 'SIP/Registrations'))
			.json.registrations, []);
	});

scenario('api-registration-credential', 'who has no credential any more is not in the list, and is not called', {},
	async (s) => {
		const {api, domain, phones} = await office(s, 'alice', 'bob');
		const names = async () => (await ask(s, api, 'GET', 'SIP/Registrations'))
			.json.registrations.map((r) => r.username).sort();
		assert.deepEqual(await names(), ['alice', 'bob']);
		const [list] = await api.sip.credentialLists.list();
		const {credentials} = api.sip.credentialLists(list.sid);
		const bob = (await credentials.list()).find((c) => c.username === 'bob');
		await credentials(bob.sid).remove();
		assert.deepEqual(await names(), ['alice']);
		assert.equal((await (await phones[0].call('bob')).finished()).status, 404);
		// his binding is still there: with a credential he is reached again
		assert.equal(await s.stack.redis('exists', `aor:{bob@${domain}}`), '1');
		await credentials.create({username: 'bob', password: 'Another-pw-1842'});
		assert.deepEqual(await names(), ['alice', 'bob']);
	});

scenario('api-registration-delete', 'a registration is taken away: the phone must register again', {},
	async (s) => {
		const api = await s.api();
		s.app.on('voice', ({params}) => twiml((r) =>
			r.dial({answerOnBridge: true}).sip(params.To)));
		const [alice, bob, other] = [await s.phone('alice'), await s.phone('bob'),
			await s.phone('bob')];
		const sid = await s.stack.redis('hget', `domain:${s.domain}`, 'sid');
		const path = `SIP/Domains/${sid}/Registrations`;
		const list = async (more = '') =>
			(await ask(s, api, 'GET', path + more)).json.registrations;
		const remove = async (of, more) =>
			(await ask(s, of, 'DELETE', path + more)).status;
		const [gone] = (await list('/bob')).filter((r) =>
			r.contact.includes(`:${bob.port}`));
		assert.match(gone.sid, /^RG[0-9a-f]{32}$/);
		assert.ok(gone.uri.endsWith(`${path}/bob/${gone.sid}.json`), gone.uri);
		assert.equal(gone.aor, `bob@${s.domain}`);
		assert.equal((await list()).length, 3);
		const sub = await s.subaccount();
		s.app.authToken = undefined; // the calls are not of that one
		assert.equal(await remove(sub, `/bob/${gone.sid}`), 404);
		assert.equal(await remove(api, `/alice/${gone.sid}`), 404);
		assert.equal(await remove(api, `/bob/${gone.sid}`), 204);
		assert.equal(await remove(api, `/bob/${gone.sid}`), 404);
		assert.equal((await list('/bob')).length, 1);
		// only the other device rings
		const caller = await alice.call('bob');
		(await other.nextCall()).reject(486);
		await caller.finished();
		assert.equal(bob.incoming.length, 0);
		assert.equal(await remove(api, '/bob'), 204);
		assert.equal(await remove(api, '/bob'), 404);
		assert.equal(await remove(api, '/nobody'), 404);
		assert.equal((await (await alice.call('bob')).finished()).status, 480);
		assert.deepEqual((await list()).map((r) => r.username), ['alice']);
		// it may come back, with its next REGISTER
		assert.equal((await bob.register()).status, 200);
		const again = await alice.call('bob');
		(await bob.nextCall()).reject(486);
		await again.finished();
		const {accountSid, password} = api;
		await s.stack.trestle(accountSid, password,
			['registrations', 'remove', `bob@${s.domain}`]);
		assert.deepEqual(await list('/bob'), []);
		assert.match(await s.stack.trestle(accountSid, password,
			['registrations']), new RegExp(`^alice@${s.domain} `, 'm'));
	});

scenario('api-caller-ids', 'verified numbers of an account', {}, async (s) => {
	const api = await s.subaccount();
	const account = api.accountSid;
	const sid = `PN${'7'.repeat(32)}`;
	const key = `caller-id:${sid}`;
	for (const command of [
		['hset', key, 'sid', sid, 'account_sid', account, 'phone_number',
			'+15557840100', 'friendly_name', 'mine'],
		['hset', `sids:{${account}}`, sid, key],
		['zadd', `caller-ids:{${account}}`, '1', sid],
		['hset', `verified-numbers:{${account}}`, '+15557840100', sid]])
		await s.stack.redis(...command);
	const list = (filter) => api.outgoingCallerIds.list(filter);
	assert.deepEqual((await list()).map((c) => c.phoneNumber),
		['+15557840100']);
	assert.deepEqual(await list({phoneNumber: '+15557840101'}), []);
	const one = api.outgoingCallerIds(sid);
	assert.equal((await one.update({friendlyName: 'new'})).friendlyName, 'new');
	assert.equal((await one.fetch()).friendlyName, 'new');
	// it is no incoming number
	assert.equal((await refused(api.incomingPhoneNumbers(sid).fetch())).status,
		404);
	assert.ok(await one.remove());
	assert.equal((await refused(one.fetch())).status, 404);
	assert.equal(await s.stack.redis('exists',
		`verified-numbers:{${account}}`), '0');
});

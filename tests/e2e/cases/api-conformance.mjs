// api-conformance.mjs - every published operation of the voice part, as published
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';

import {Walk} from '../lib/conformance.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN, PASSWORD} from '../lib/tenants.mjs';
import {until} from '../lib/wait.mjs';

/** Operations that must stay built; more is better. */
const BUILT = 137;

/** What creates and changes say, by path. */
const bodiesOf = (s) => ({
	'/Accounts.json': {FriendlyName: 'conformance'},
	'~/SIP/Domains.json': {DomainName: `conformance.${s.domain}`},
	'~/SIP/CredentialLists.json': {FriendlyName: 'conformance'},
	'~/SIP/CredentialLists/{Sid}.json': {FriendlyName: 'changed'},
	'~/SIP/CredentialLists/{CredentialListSid}/Credentials.json':
		{Username: 'conformance', Password: PASSWORD},
	'~/SIP/CredentialLists/{CredentialListSid}/Credentials/{Sid}.json':
		{Password: `${PASSWORD}0`},
	'~/SIP/IpAccessControlLists.json': {FriendlyName: 'conformance'},
	'~/SIP/IpAccessControlLists/{Sid}.json': {FriendlyName: 'changed'},
	'~/SIP/IpAccessControlLists/{IpAccessControlListSid}/IpAddresses.json':
		{FriendlyName: 'a', IpAddress: '192.0.2.1'},
	'/v1/DialingPermissions/BulkCountryUpdates': {UpdateRequest:
		'[{"iso_code":"US","low_risk_numbers_enabled":true}]'},
	'/v1/Settings': {DialingPermissionsInheritance: 'true'},
	'~/Applications.json': {FriendlyName: 'conformance'},
	'~/IncomingPhoneNumbers.json': {PhoneNumber: stock[0]},
	'~/IncomingPhoneNumbers/Local.json': {PhoneNumber: stock[1]},
	'~/IncomingPhoneNumbers/Mobile.json': {PhoneNumber: stock[2]},
	'~/IncomingPhoneNumbers/TollFree.json': {PhoneNumber: stock[3]},
	'~/Calls/{CallSid}/Recordings/{Sid}.json': {Status: 'stopped'},
	'~/Calls.json': {To: `sip:nobody@${s.domain}`, From: 'conformance',
		Twiml: '<Response/>'},
	'~/OutgoingCallerIds.json': {PhoneNumber: s.pstn},
	'~/Keys.json': {FriendlyName: 'conformance'},
	'~/SigningKeys.json': {FriendlyName: 'conformance'},
});

/** Mappings say which list. The older paths are those for calls under another
 *  name, so each has a list of its own. */
async function addMappings(s, bodies) {
	const {sip} = await s.api();
	const lists = async (n) => ({
		CredentialListMappings: {CredentialListSid: (await sip.credentialLists
			.create({friendlyName: `conformance ${n}`})).sid},
		IpAccessControlListMappings: {IpAccessControlListSid:
			(await sip.ipAccessControlLists
				.create({friendlyName: `conformance ${n}`})).sid}});
	const [older, newer] = [await lists(1), await lists(2)];
	for (const [where, some] of [['', older], ['Auth/Calls/', newer],
		['Auth/Registrations/', newer]])
		for (const [name, body] of Object.entries(some))
			bodies[`~/SIP/Domains/{DomainSid}/${where}${name}.json`] = body;
}

/** A call that is up: it can be recorded. */
async function talk(s, api) {
	const alice = await s.phone('alice');
	const live = await api.calls.create({to: `sip:alice@${s.domain}`,
		from: 'conformance', // with something to be notified of
		twiml: '<Response><Pause length="x"/><Pause length="120"/></Response>'});
	const phone = await alice.nextCall();
	await phone.answer();
	await until(async () => (await api.calls(live.sid).fetch()).status
		=== 'in-progress', 5000, 'an answer');
	return {live, phone};
}

/** A recording that is whole, and two transcriptions: one is of it. */
async function recorded(s, api, callSid) {
	const {sid} = await api.calls(callSid).recordings.create();
	await new Promise((done) => setTimeout(done, 700));
	await api.calls(callSid).recordings(sid).update({status: 'stopped'});
	await until(async () => (await api.recordings(sid).fetch()).status
		=== 'completed', 8000, 'a recording');
	for (const n of ['1', '2']) {
		const transcription = `TR${n.padStart(32, api.accountSid.slice(2))}`;
		await s.stack.redis('hset', `transcription:{${transcription}}`,
			'sid', transcription, 'account_sid', api.accountSid,
			'recording_sid', n === '1' ? sid : `RE${'0'.repeat(32)}`,
			'status', 'completed', 'text', 'hello', 'duration', '1',
			'date_created', new Date().toISOString(),
			'date_updated', new Date().toISOString());
		for (const owner of n === '1' ? [api.accountSid, sid] : [api.accountSid])
			await s.stack.redis('zadd', `transcriptions:{${owner}}`,
				`${Math.trunc(Date.now() / 1000)}.${n}`, transcription);
	}
}

function table(results) {
	return results.map(({operation: o, built, wrong, why}) =>
		`${built ? wrong.length ? 'WRONG' : 'ok   ' : '-    '} ${o.method} `
		+ `${o.path}${built ? '' : `  (${why})`}${(wrong ?? [])
			.map((w) => `\n        ${w}`).join('')}`).join('\n');
}

/** What the carrier brings: a local number, another, a mobile and a free one */
const stock = ['+15557760110', '+15557760111', '+447700900776', '+18005557760'];

scenario('api-conformance', 'what is built of the published API is as published',
	{carrier: {numbers: stock},
		account: {caller_ids: [{phone_number: '+15557760199'}]}},
	async (s) => {
		const api = await s.api();
		const {accountSid} = api;
		const call = await api.calls.create({to: `sip:nobody@${s.domain}`,
			from: 'insights', twiml: '<Response/>'});
		const {live, phone} = await talk(s, api);
		await recorded(s, api, live.sid);
		const walk = new Walk({base: s.base, sid: accountSid, token: AUTH_TOKEN,
			known: {'/Accounts': accountSid, '~/AvailablePhoneNumbers': 'US',
				'/v1/DialingPermissions/Countries': 'GB',
				'/v1/Voice': call.sid, '~/Calls': live.sid},
			before: {'DELETE ~/Calls/{CallSid}/Recordings/{Sid}.json': async () => {
				await phone.hangup();
				await until(async () => (await api.calls(live.sid).fetch())
					.status === 'completed', 8000, 'the end of the call');
			}},
			bodies: bodiesOf(s)});
		await addMappings(s, walk.bodies);
		await walk.all();
		const {built, of, wrong} = walk.score();
		writeFileSync(`${s.dir}/conformance.txt`, `${table(walk.results)}\n\n`
			+ `${built - wrong.length} of ${of} published operations are built `
			+ 'and as published\n');
		assert.equal(wrong.length, 0, table(wrong));
		assert.ok(built >= BUILT, `only ${built} are built:\n`
			+ table(walk.results));
	});

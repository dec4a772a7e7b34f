// rules.mjs - who may call whom, how many at a time, for how much; what is secret
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN, PASSWORD} from '../lib/tenants.mjs';

const TARGET_SECRET = 'canary-of-a-target';
const CARRIER_SECRET = 'Canary-of-carrier-1';
const URL_SECRET = 'canary-of-an-url';

/** What Redis keeps of a user's password (RFC 7616 3.4.2). */
function ha1(algorithm, user, realm, password = PASSWORD) {
	return createHash(algorithm).update(`${user}:${realm}:${password}`)
		.digest('hex');
}

scenario('rules-sealed', 'no secret stands in Redis as it is, and all that needs them works',
	{targets: [{username: 'us', password: TARGET_SECRET}], carrier: {
		username: 'them', password: CARRIER_SECRET}},
	async (s) => {
		const api = await s.subaccount();
		const domain = await api.sip.domains.create({domainName: `sub.${s.domain}`,
			voiceUrl: s.app.url('voice').replace('//', `//me:${URL_SECRET}@`),
			sipRegistration: true});
		const list = await api.sip.credentialLists.create({friendlyName: 'phones'});
		await api.sip.credentialLists(list.sid).credentials
			.create({username: 'alice', password: PASSWORD});
		const {registrations, calls} = api.sip.domains(domain.sid).auth;
		await registrations.credentialListMappings
			.create({credentialListSid: list.sid});
		await calls.credentialListMappings.create({credentialListSid: list.sid});
		s.app.on('voice', twiml((r) => r.dial()
			.sip({password: TARGET_SECRET, username: 'me'},
				`sip:${s.carrierIp}:5090`)));
		await s.stack.configured();
		const phone = await s.phone('alice', {domain: domain.domainName});
		const carrier = await s.carrier();
		const call = await phone.call('anybody');
		const there = await carrier.nextCall();
		await there.answer();
		await call.answered();
		const {realm} = await s.stack.hash(`account:${api.accountSid}`);
		assert.deepEqual(await s.stack.keysWith([AUTH_TOKEN, PASSWORD, URL_SECRET,
			s.app.authToken, TARGET_SECRET, CARRIER_SECRET,
			ha1('md5', 'alice', realm), ha1('sha256', 'alice', realm),
			ha1('md5', 'alice', s.domain), 
			ha1('md5', 'them', 'carrier', CARRIER_SECRET)]), []);
		const {voiceUrl} = await api.sip.domains(domain.sid).fetch();
		assert.ok(voiceUrl.includes(URL_SECRET), 'the API shows it as it was given');
		await call.hangup();
	});

// rules.mjs - who may call whom; what is secret
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {emergency} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN, PASSWORD} from '../lib/tenants.mjs';
import {until} from '../lib/wait.mjs';

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

const VERIFIED = '+12125550177';
const STRANGE = '+12125550188';

/** What a phone hears when its application dials. @return {status, code} */
async function dialled(s, phone, attributes, what) {
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true, ...attributes},
		what)));
	const response = await (await phone.call('anybody')).finished();
	return [response.status, Number.parseInt(response.get('X-Trestle-Error') || '0')];
}

/** The alert of the last call is the caller's, with the document that asked for it. */
async function told(s, code) {
	const api = await s.api();
	const {params} = s.app.named('voice').at(-1);
	const note = await until(async () => (await api.calls(params.CallSid)
		.notifications.list()).find((n) => Number(n.errorCode) === code), 4000,
	`notification ${code} of the caller`);
	const whole = await api.calls(params.CallSid).notifications(note.sid).fetch();
	assert.equal(whole.requestUrl, s.app.url('voice'));
	assert.equal(new URLSearchParams(whole.requestVariables).get('CallSid'),
		params.CallSid);
	assert.match(whole.responseBody, /<Dial/);
	assert.match(whole.responseHeaders, /Content-Type/i);
	const alert = await api.monitor.v1.alerts(note.sid).fetch();
	assert.equal(alert.resourceSid, params.CallSid);
	assert.match(alert.requestHeaders, /X-Twilio-Signature/);
}

/** … and the carrier, when it is let through: user part of From. */
async function shown(s, phone, carrier, attributes) {
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true, ...attributes},
		s.pstn)));
	const call = await phone.call('anybody');
	const there = await carrier.nextCall();
	const from = there.request.uriOf('From');
	there.reject(486, 'Busy Here');
	await call.finished();
	return from.replace(/^sip:|@.*$/g, '');
}

scenario('rules-caller', 'the phone network sees numbers of the account and verified ones only',
	{account: {caller_ids: [{phone_number: VERIFIED}]},
		domain: {default_caller_id: ''}},
	async (s) => {
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		assert.equal(await shown(s, phone, carrier, {callerId: VERIFIED}), VERIFIED);
		assert.equal(await shown(s, phone, carrier, {callerId: s.numbers[1]}),
			s.numbers[1]);
		assert.deepEqual(await dialled(s, phone, {callerId: STRANGE}, s.pstn),
			[503, 13214]);
		await told(s, 13214);
		assert.deepEqual(await dialled(s, phone, {}, s.pstn), [503, 13247],
			'alice is no number');
		await told(s, 13247);
		const owned = await s.phone(s.numbers[0]);
		assert.equal(await shown(s, owned, carrier, {}), s.numbers[0]);
		assert.equal(carrier.incoming.length, 0);
	});

scenario('rules-identity', 'a phone calls as who it signed in, whatever its From says',
	{account: {caller_ids: [{phone_number: VERIFIED}]},
		domain: {default_caller_id: ''}}, async (s) => {
		const carrier = await s.carrier();
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}, s.pstn)));
		const rows = [ // From, From of the webhook, whom the phone network sees
			[`sip:bob@${s.domain}`, 'alice', null],
			[`sip:${s.numbers[1]}@${s.domain}`, 'alice', null], // another user
			[`sip:${STRANGE}@${s.domain}`, 'alice', null],
			['sip:ALICE@evil.test', 'ALICE', null],
			['sip:anonymous@anonymous.invalid', 'anonymous', null],
			[`sip:${VERIFIED}@pbx.test`, VERIFIED, VERIFIED], // nobody's name
			[`sip:${s.numbers[3]}@${s.domain}`, s.numbers[3], s.numbers[3]],
		];
		for (const [from, told, seen] of rows) {
			const [user, domain] = from.slice(4).split('@');
			const alice = await s.phone('alice', {from: user, fromHost: domain,
				register: false});
			const call = await alice.call(s.pstn);
			if (seen) {
				const leg = await carrier.nextCall();
				assert.equal(leg.request.uriOf('From').slice(4).split('@')[0], seen);
				leg.reject(486, 'Busy Here');
			}
			assert.equal((await call.finished()).status, seen ? 486 : 503, from);
			const {params} = s.app.named('voice').at(-1);
			assert.deepEqual([params.From, params.SipUsername],
				[`sip:${told}@${s.domain}`, 'alice'], from);
		}
		assert.equal(carrier.incoming.length, 0);
	});

scenario('rules-caller-any', 'an installation may leave that to its carrier',
	{account: {caller_id_policy: 'any'}}, async (s) => {
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		assert.equal(await shown(s, phone, carrier, {callerId: STRANGE}), STRANGE);
	});

scenario('rules-countries', 'a country that is not open is not called, whatever carriers take',
	{account: {dialing_countries: ['US', 'DE'], dialing_special: ['US']},
		carrier: {prefixes: ['+']}},
	async (s) => {
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		const rings = async (number) => {
			s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}, number)));
			const call = await phone.call('anybody');
			(await carrier.nextCall()).reject(486, 'Busy Here');
			return (await call.finished()).status;
		};
		assert.equal(await rings(s.pstn), 486);
		assert.equal(await rings('+4930123456'), 486);
		assert.equal(await rings('+19005550100'), 486, 'special numbers of the US');
		for (const number of ['+442071838750', '+499001234567', '+16045550100'])
			assert.deepEqual(await dialled(s, phone, {}, number), [503, 13227], number);
		assert.deepEqual(await dialled(s, phone, {}, '+881612345678'), [404, 13226]);
		await told(s, 13226);
		await dialled(s, phone, {}, '+442071838750');
		await told(s, 13227);
		assert.equal(carrier.incoming.length, 0);
	});

scenario('rules-trial', 'a trial account calls numbers that it verified, and its own',
	{account: {type: 'Trial', caller_id_policy: 'any',
		caller_ids: [{phone_number: VERIFIED}]}, carrier: {prefixes: ['+']}},
	async (s) => {
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}, VERIFIED)));
		const call = await phone.call('anybody');
		(await carrier.nextCall()).reject(486, 'Busy Here');
		assert.equal((await call.finished()).status, 486);
		assert.deepEqual(await dialled(s, phone, {}, STRANGE), [503, 32100]);
		assert.deepEqual(await dialled(s, phone, {callerId: STRANGE}, VERIFIED),
			[503, 13214], 'its caller id must be verified, whatever its policy');
		s.app.on('number', twiml((r) => r.reject({reason: 'busy'})));
		assert.deepEqual(await dialled(s, phone, {}, s.numbers[1]), [486, 0]);
	});

scenario('rules-passwords', 'who guesses passwords of the API is not heard any more, others are',
	{}, async (s) => {
		const [api, other] = [await s.subaccount(), await s.subaccount()];
		const fetches = (sid, token) => client(s.base, sid, token).api.v2010
			.accounts(sid).fetch();
		for (let n = 0; n < 20; n++)
			assert.equal((await refused(fetches(api.accountSid, `guess-${n}`))).status,
				401);
		const {status, code} = await refused(fetches(api.accountSid, 'guess-20'));
		assert.deepEqual([status, code], [429, 20429]);
		assert.equal((await refused(api.api.v2010.accounts(api.accountSid).fetch()))
			.status, 429, 'not even the right one is looked at');
		const there = await other.api.v2010.accounts(other.accountSid).fetch();
		assert.equal(there.sid, other.accountSid);
	});

scenario('rules-emergency', 'an emergency number is called as it is, whatever rules and URLs say',
	{account: {type: 'Trial', dialing_countries: ['GB'],
		caller_ids: [{phone_number: VERIFIED}]},
	domain: (world) => ({emergency_calling_enabled: true, default_caller_id: '',
		emergency_caller: world.numbers[1], voice_url: 'http://127.0.0.1:9/gone'}),
	carrier: {prefixes: ['+44'], prefix: '00', strip_plus: true, emergency: true}},
	async (s) => {
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		// no application is asked
		for (const [dialled, number] of [['911', '911'], ['933', '933'],
			['112', '112'], ['+1911', '911']])
			assert.deepEqual(await emergency(await phone.call(dialled), carrier),
				[number, s.numbers[1]], dialled);
		// nor is any rule when an application or the API dials it
		const api = await s.api();
		for (const dialled of ['911', '+1911']) {
			const {sid} = await api.calls.create({to: dialled, from: VERIFIED,
				url: s.app.url('voice')});
			assert.deepEqual(await emergency(null, carrier),
				['911', s.numbers[1]]);
			await until(async () => (await s.call(sid)).status === 'busy', 4000,
				'the end of the call');
		}
		s.app.on('number', twiml((r) => r.dial({answerOnBridge: true,
			callerId: 'not a number'}, '9-1-1')));
		assert.deepEqual(await emergency(await carrier.call(
			`sip:${s.numbers[0]}@${s.stack.address}`), carrier),
		['911', s.numbers[1]]);
	});

scenario('rules-emergency-off', 'without emergency calling a number is no other one, and the alert says what to do',
	{account: {}, carrier: {prefixes: ['+']}}, async (s) => {
		const phone = await s.phone('alice');
		const carrier = await s.carrier();
		for (const number of ['911', '+1911', '112'])
			assert.deepEqual(await dialled(s, phone, {}, number), [503, 13224],
				number);
		assert.deepEqual(await dialled(s, phone, {}, '110'), [404, 13223],
			'the police of another country');
		const api = await s.api();
		assert.deepEqual((({status, code}) => [status, code])(await refused(
			api.calls.create({to: '911', from: s.numbers[0],
				url: s.app.url('voice')}))), [400, 21216]);
		const domain = await api.sip.domains.list();
		const update = (change) => api.sip.domains(domain[0].sid).update(change);
		assert.equal((await refused(update({emergencyCallerSid: 'PN'.padEnd(34, '7')})))
			.status, 400);
		const [{sid}] = await api.incomingPhoneNumbers.list({limit: 1});
		const changed = await update({emergencyCallingEnabled: true,
			emergencyCallerSid: sid});
		assert.equal(changed.emergencyCallerSid, sid);
		await s.stack.configured();
		assert.deepEqual(await dialled(s, phone, {}, '911'), [404, 13224],
			'no carrier takes it');
		const {params} = await s.app.request('voice');
		assert.ok(params.To.startsWith('sip:anybody@'));
		assert.equal(carrier.incoming.length, 0);
	});

const place = (api, s, wish) => refused(api.calls.create({url: s.app.url('voice'),
	from: s.numbers[0], to: s.pstn, ...wish})).then(({status, code}) => [status, code]);

scenario('rules-api', 'what rules refuse is said when the call is asked for',
	{account: {type: 'Trial', caller_ids: [{phone_number: VERIFIED}]},
		carrier: {prefixes: ['+']}},
	async (s) => {
		const api = await s.api();
		const carrier = await s.carrier();
		assert.deepEqual(await place(api, s, {to: STRANGE}), [400, 21219]);
		assert.deepEqual(await place(api, s, {to: '+442071838750'}), [400, 21215]);
		assert.deepEqual(await place(api, s, {to: '+881612345678'}), [400, 21211]);
		assert.deepEqual(await place(api, s, {to: 'nobody'}), [400, 21211]);
		assert.deepEqual(await place(api, s, {to: VERIFIED, from: STRANGE}),
			[400, 21210]);
		assert.deepEqual(await place(api, s, {to: VERIFIED, callerId: STRANGE}),
			[400, 21210]);
		assert.deepEqual(await place(api, s, {to: VERIFIED, from: 'me'}), [400, 21212]);
		assert.deepEqual(await api.calls.list(), [], 'nothing was placed');
		const {sid} = await api.calls.create({url: s.app.url('voice'), from: VERIFIED,
			to: VERIFIED});
		(await carrier.nextCall()).reject(486, 'Busy Here');
		await until(async () => (await s.call(sid)).status === 'busy', 4000, 'its end');
		assert.match((await s.call(sid)).phone_number_sid, /^PN/);
		assert.equal(carrier.incoming.length, 0);
	});

// rules.mjs - who may call whom, how many at a time, for how much; what is secret
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
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
		assert.deepEqual(await dialled(s, phone, {}, s.pstn), [503, 13247],
			'alice is no number');
		const owned = await s.phone(s.numbers[0]);
		assert.equal(await shown(s, owned, carrier, {}), s.numbers[0]);
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
		const prices = async () => {
			const before = (await (await s.api()).calls.list()).length;
			const call = await phone.call('anybody');
			await (await carrier.nextCall()).answer();
			await call.answered();
			await call.hangup();
			return until(async () => {
				const calls = await (await s.api()).calls.list();
				return calls.length === before + 2 && calls.slice(0, 2).every((c) =>
					c.status === 'completed' && c.price) && calls.slice(0, 2)
					.map((c) => `${c.price} ${c.priceUnit}`).sort();
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

/** What the carrier is asked for, and who calls: user parts. Then it is busy. */
async function emergency(call, carrier) {
	const there = await carrier.nextCall();
	const user = (uri) => uri.replace(/^sip:|@.*$/g, '');
	const [to, from] = [user(there.request.uri), user(there.request.uriOf('From'))];
	there.reject(486, 'Busy Here');
	carrier.calls.delete(there.id);
	if (call)
		assert.equal((await call.finished()).status, 486);
	return [to, from];
}

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

scenario('rules-concurrent', 'an account has so many calls at a time, in all processes; what is over makes room',
	{account: {calls_max: 3}, domain: {emergency_calling_enabled: true},
		carrier: {emergency: true}}, async (s) => {
		s.app.on('voice', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		s.app.on('number', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		const [phone, bob] = await s.phones('alice', 'bob');
		const carrier = await s.carrier();
		const api = await s.api();
		const calls = [];
		for (let n = 0; n < 2; n++) {
			calls.push(await phone.call('anybody'));
			await calls[n].answered();
		}
		const placed = await api.calls.create({to: `sip:bob@${s.domain}`,
			from: 'desk', url: s.app.url('voice')});
		const there = await bob.nextCall();
		await there.answer();
		// full: phones, carriers and the API hear so, whichever process has them
		for (let n = 0; n < 3; n++) {
			const response = await (await phone.call('anybody')).finished();
			assert.deepEqual([response.status,
				Number.parseInt(response.get('X-Trestle-Error'))], [503, 10004]);
		}
		assert.equal((await (await carrier.call(
			`sip:${s.numbers[0]}@${s.stack.address}`)).finished()).status, 503);
		assert.deepEqual((({status, code}) => [status, code])(await refused(
			api.calls.create({to: `sip:bob@${s.domain}`, from: 'desk',
				url: s.app.url('voice')}))), [429, 10004]);
		// but not who calls for help
		assert.equal((await emergency(await phone.call('911'), carrier))[0], '911');
		const alerts = await api.monitor.v1.alerts.list();
		assert.ok(alerts.some((a) => a.errorCode === '10004'));
		// what ends makes room, once
		await calls[0].hangup();
		const next = await phone.call('anybody');
		await next.answered();
		assert.equal((await (await phone.call('anybody')).finished()).status, 503);
		// what a process that died left behind does not stay for ever
		await there.hangup();
		await until(async () => (await s.call(placed.sid)).status === 'completed',
			4000, 'the end of the call');
		await s.stack.redis('zadd', `account-calls:{${api.accountSid}}`, '1000',
			'CA'.padEnd(34, '7'));
		const last = await phone.call('anybody');
		await last.answered();
		for (const call of [calls[1], next, last])
			await call.hangup();
		await until(async () => Number(await s.stack.redis('zcard',
			`account-calls:{${api.accountSid}}`)) === 0, 4000, 'no places');
	});

scenario('rules-trial-time', 'a call of a trial account ends after ten minutes, five are up at most',
	{account: {type: 'Trial'}}, async (s) => {
		s.app.on('voice', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		const phone = await s.phone('alice');
		const calls = [];
		for (let n = 0; n < 5; n++) {
			calls.push(await phone.call('anybody'));
			await calls[n].answered();
		}
		assert.equal((await (await phone.call('anybody')).finished()).status, 503);
		const [{sid}] = await (await s.api()).calls.list({limit: 1,
			status: 'in-progress'});
		const due = async () => {
			const {answer_time, call_timer_at_ms} = await s.call(sid);
			return Number(call_timer_at_ms) - Date.parse(answer_time);
		};
		assert.equal(await until(due, 2000, 'a snapshot'), 600000);
		for (const call of calls)
			await call.hangup();
	});

scenario('rules-rate', 'calls that the API places too fast wait for their turn, or are canceled',
	{account: {calls_per_second: 2}}, async (s) => {
		s.app.on('voice', twiml((r) => r.hangup()));
		const bob = await s.phone('bob');
		const api = await s.api();
		const wish = {to: `sip:bob@${s.domain}`, from: 'desk', url: s.app.url('voice'),
			statusCallback: s.app.url('status'), statusCallbackEvent: ['initiated']};
		const begin = Date.now();
		const placed = [];
		for (let n = 0; n < 5; n++)
			placed.push(await api.calls.create({...wish, callReason: `${n}`}));
		assert.ok(Date.now() - begin < 1500, 'nobody waits for an answer');
		assert.deepEqual([...new Set(placed.map((p) => p.status))], ['queued']);
		const last = placed.pop();
		assert.equal((await refused(api.calls(last.sid).update({
			url: s.app.url('voice')}))).code, 21220, 'it waits');
		assert.equal((await api.calls(last.sid).update({status: 'canceled'})).status,
			'canceled');
		assert.equal((await refused(api.calls(last.sid).update({status: 'canceled'})))
			.code, 21220);
		const at = [];
		for (const {} of placed) {
			(await bob.nextCall()).reject(486, 'Busy Here');
			at.push(Date.now() - begin);
		}
		for (const [n, ms] of at.entries())
			assert.ok(ms >= n * 500 - 100, `call ${n} came after ${ms} ms`);
		await until(async () => (await api.calls.list({status: 'busy'})).length === 4,
			4000, 'four calls');
		const fourth = await s.call(placed[3].sid);
		assert.ok(Number(fourth.queue_time) >= 500, fourth.queue_time);
		assert.equal(fourth.call_reason, '3');
		const told = s.app.requests.filter((r) => String(r.url).includes('/status'))
			.map((r) => r.params.CallSid);
		assert.ok(placed.every((p) => told.includes(p.sid)));
		assert.ok(!told.includes(last.sid), 'nobody was told of the one canceled');
		assert.equal(bob.incoming.length, 0);
		assert.deepEqual(await s.stack.redis('zrange', 'calls:waiting', '0', '-1'), []);
	});

scenario('kill-rate', 'kill -9 of a controller while calls wait for their turn: another one places them',
	{alone: true, account: {calls_per_second: 1}}, async (s) => {
		const bob = await s.phone('bob');
		const api = await s.api();
		const wish = {to: `sip:bob@${s.domain}`, from: 'desk', url: s.app.url('voice')};
		const placed = [];
		for (let n = 0; n < 4; n++)
			placed.push(await api.calls.create(wish));
		(await bob.nextCall()).reject(486, 'Busy Here');
		// what rings while its controller dies is ended, not continued
		const busy = async (n) => (await api.calls.list({status: 'busy'})).length === n;
		await until(() => busy(1), 4000, 'the first call');
		await s.stack.kill('call-controller-1');
		for (let n = 0; n < 3; n++)
			(await bob.nextCall(15000)).reject(486, 'Busy Here');
		await until(() => busy(4), 8000, 'four calls, each once');
		assert.equal(bob.incoming.length, 0);
	});

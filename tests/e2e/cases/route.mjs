// route.mjs - "what would happen to this call?" is what happens to it
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';

/** @return {status, json} */
async function simulate(s, api, params) {
	const response = await fetch(`${s.base}/2010-04-01/Accounts/${api.accountSid}`
		+ '/SIP/RouteSimulations.json', {method: 'POST',
		body: new URLSearchParams(params),
		headers: {authorization: `Basic ${Buffer.from(
			`${api.username}:${api.password}`).toString('base64')}`}});
	return {status: response.status, json: await response.json()};
}

async function would(s, api, params) {
	const {status, json} = await simulate(s, api, params);
	assert.equal(status, 200, JSON.stringify(json));
	return json;
}

/** Of an account that only this case has: what is in Redis of what happened. */
async function traces(s, sid) {
	return Promise.all([s.stack.redis('zcard', `calls:{${sid}}`),
		s.stack.redis('xlen', `alerts:{${sid}}`),
		s.stack.redis('hgetall', `sids:{${sid}}`).then((x) => x.length)]);
}

const own = {account: {dialing_countries: ['US', 'CA']}};

scenario('route-dial', 'what a Dial would reach, and why not, is what it reaches',
	{...own, targets: [{}, {}]}, async (s) => {
		const api = await s.api();
		await s.stack.redis('del', `aor:{bob@${s.domain}}`); // of another try
		const [alice, bob] = await s.phones('alice', 'bob');
		const before = await traces(s, api.accountSid);
		const dial = (to, more = {}) => would(s, api, {Origin: 'dial', To: to,
			From: `sip:alice@${s.domain}`, DomainName: s.domain, ...more});
		const mine = s.numbers[1];
		const rows = [ // To, CallerId
			[`sip:bob@${s.domain}`, ''], [`sip:carol@${s.domain}`, ''],
			[`sip:nobody@${s.domain}`, ''], [`sip:x@169.254.1.1`, ''],
			[s.pstn, mine], [s.pstn, ''], [s.pstn, '+14155550199'],
			['+442071838750', mine], ['+8881234', mine], ['+12125550123', mine],
			['12', mine], ['sales', mine], [s.numbers[2], mine], ['911', mine],
			[`sip:bob@${s.domain}`, 'a b'], [s.pstn, '(415) 555-0199'],
		];
		const said = [];
		for (const [to, callerId] of rows)
			said.push(await dial(to, callerId && {CallerId: callerId}));
		assert.deepEqual(await traces(s, api.accountSid), before,
			'a simulation leaves no trace');
		const carrier = await s.carrier();
		s.app.on('number', twiml((r) => r.reject({reason: 'busy'})));
		for (const [i, [to, callerId]] of rows.entries()) {
			const sim = said[i];
			const name = `${to} as ${callerId}: ${sim.reason}`;
			s.app.on('voice', twiml((r) => {
				const d = r.dial({answerOnBridge: true,
					...(callerId && {callerId})});
				if (to.startsWith('sip:'))
					d.sip(to);
				else
					d.number(to);
			}));
			const call = await alice.call('anybody');
			if (sim.outcome === 'rings' && sim.kind !== 'own-number') {
				const there = await (sim.kind === 'user' ? bob : carrier)
					.nextCall();
				assert.equal(there.request.uriOf('From').split('@')[0],
					`sip:${sim.caller_id}`, name);
				there.reject(486, 'Busy Here');
				await call.finished();
				continue;
			}
			const response = await call.finished();
			if (sim.kind === 'own-number') {
				assert.equal(response.status, 486, name);
				continue;
			}
			assert.equal(sim.outcome, 'refused', name);
			const [code] = (response.get('X-Trestle-Error') ?? '').split(' ');
			assert.equal(response.status, sim.sip_status, name);
			assert.equal(code, String(sim.code), name);
		}
		const [user, away, none, address, number, other, foreign, closed, nowhere,
			nobody, short, word, loop, help] = said;
		assert.equal(user.targets.length, 1);
		assert.equal(user.targets[0].source_ip, s.ip);
		assert.ok(user.targets[0].uri.includes(`:${bob.port}`));
		assert.deepEqual([away.code, away.sip_status, none.sip_status,
			address.code], [32009, 480, 404, 13254]);
		assert.deepEqual(number.targets.map((t) => [t.order, t.carrier, t.uri]),
			[5090, 5091].map((port, i) => [i + 1, s.slug,
				`sip:${s.pstn}@${s.carrierIp}:${port}`]));
		assert.equal(other.caller_id, s.numbers[0], 'the default of the domain');
		assert.deepEqual([foreign, closed, nowhere, nobody, short, word]
			.map((r) => [r.code, r.rule]), [[13214, 'caller id'],
			[13227, 'country'], [13226, 'country'], [13224, 'carrier'],
			[13223, 'number'], [13223, 'number']]);
		assert.deepEqual([help.kind, help.code], ['emergency', 13224]);
		assert.deepEqual(said.slice(-2).map((r) => r.code), [13214, 13214]);
		assert.match(closed.reason, /dialing permissions/);
		assert.deepEqual([loop.kind, loop.voice_url],
			['own-number', s.app.url('number')]);
	});

scenario('route-phone', 'who lets a phone\'s call in, and who is asked what to do with it',
	{...own, status: true}, async (s) => {
		const api = await s.api();
		const before = await traces(s, api.accountSid);
		const phone = (more) => would(s, api, {From: `sip:alice@${s.domain}`,
			To: 'bob', Origin: 'phone', DomainName: s.domain, ...more});
		const sim = await phone({});
		const [list] = await api.sip.credentialLists.list();
		assert.deepEqual([sim.outcome, sim.username, sim.authorized_by,
			sim.voice_url, sim.status_callback, sim.domain_name], ['asks',
			'alice', [list.sid], s.app.url('voice'), s.app.url('status'),
			s.domain]);
		assert.deepEqual(await would(s, api, {From: `sip:alice@${s.domain}`,
			To: `sip:bob@${s.domain}`}), {...sim, to: `sip:bob@${s.domain}`});
		assert.deepEqual(await would(s, api, {From: `sip:alice@${s.domain}`,
			To: 'bob'}), sim, 'a phone dials at its own domain');
		assert.equal((await would(s, api, {From: `sip:alice@${s.domain}`,
			To: '+17771234567'})).outcome, 'asks');
		assert.equal((await would(s, api, {From: 'alice', To: 'bob',
			Origin: 'phone'})).code, 32002);
		const stranger = await phone({From: 'mallory'});
		assert.deepEqual([stranger.outcome, stranger.code, stranger.sip_status,
			stranger.rule], ['refused', 32202, 403, 'authorization']);
		assert.equal((await phone({To: 'sip:x@elsewhere.test'})).code, 32002);
		assert.deepEqual(await traces(s, api.accountSid), before);
		// help is called whatever the application says
		const emergency = (on) => api.sip.domains(sim.domain_sid)
			.update({emergencyCallingEnabled: on});
		await emergency(true);
		const help = await phone({To: '911'});
		assert.deepEqual([help.kind, help.destination, help.code],
			['emergency', '911', 13224], help.reason);
		assert.match(help.reason, /no carrier takes emergency/);
		await emergency(false);
		assert.equal((await phone({To: '911'})).outcome, 'asks');
		// an access list: from where?
		const acl = await api.sip.ipAccessControlLists.create({friendlyName: 'a'});
		await api.sip.ipAccessControlLists(acl.sid).ipAddresses
			.create({friendlyName: 'a', ipAddress: '192.0.2.7'});
		const domain = (await api.sip.domains.list()).find((d) =>
			d.domainName === s.domain);
		await api.sip.domains(domain.sid).auth.calls.ipAccessControlListMappings
			.create({ipAccessControlListSid: acl.sid});
		assert.equal((await phone({})).code, 32201);
		const output = await s.stack.trestle(api.accountSid, api.password,
			['route', `sip:alice@${s.domain}`, `sip:bob@${s.domain}`]);
		assert.match(output, /^code +32201$/m);
		assert.match(output, /^reason +.*not in ACL/m);
		assert.deepEqual((await phone({SourceIp: '192.0.2.7'})).authorized_by,
			[acl.sid, list.sid]);
		await api.sip.domains(domain.sid).update({secure: true});
		assert.equal((await phone({SourceIp: '192.0.2.7'})).code, 32209);
		assert.equal((await phone({SourceIp: '192.0.2.7', Transport: 'tls'}))
			.outcome, 'asks');
	});

scenario('route-carrier', 'a call that a carrier delivers; one that the API places', own,
	async (s) => {
		const api = await s.api();
		const from = '+12125550188';
		const by = (more) => would(s, api, {From: from, To: s.numbers[0],
			SourceIp: s.carrierIp, ...more});
		const sim = await by({});
		const [carrier] = (await s.stack.redis('zrange',
			`carriers:{${api.accountSid}}`, '0', '-1'));
		assert.deepEqual([sim.origin, sim.outcome, sim.carrier_sid, sim.caller_id,
			sim.voice_url], ['carrier', 'asks', carrier, from,
			s.app.url('number')]);
		assert.deepEqual(await by({SourceIp: '', CarrierSid: carrier}), sim);
		assert.equal((await by({To: '+12125550177'})).code, 32101);
		assert.equal((await by({SourceIp: '192.0.2.99'})).code, 32002);
		const api2 = (more) => would(s, api, {Origin: 'api', To: s.pstn,
			From: s.numbers[0], ...more});
		const rings = await api2({});
		assert.deepEqual([rings.outcome, rings.caller_id, rings.targets.length],
			['rings', s.numbers[0], 1]);
		const {create} = api.calls;
		for (const [change, code, rule] of [[{From: from}, 21210, 'caller id'],
			[{To: '+442071838750'}, 21215, 'country'],
			[{To: '555'}, 21211, 'number'], [{From: 'a b'}, 21212, 'caller id']]) {
			const r = await api2(change);
			assert.deepEqual([r.outcome, r.code, r.rule], ['refused', code, rule]);
			const error = await create.call(api.calls, {to: change.To ?? s.pstn,
				from: change.From ?? s.numbers[0], twiml: '<Response/>'})
				.then(() => undefined, (e) => e);
			assert.equal(error?.code, code);
			assert.equal(error.message, r.reason);
		}
		const user = await api2({To: `sip:alice@${s.domain}`, From: 'desk'});
		assert.deepEqual([user.code, user.kind], [32009, 'user']);
		// another tenant
		const sub = await s.subaccount();
		const theirs = (more) => simulate(s, sub, {From: from, To: s.numbers[0],
			...more});
		assert.equal((await theirs({SourceIp: s.carrierIp})).json.code, 32101);
		assert.equal((await theirs({DomainName: s.domain})).status, 404);
		assert.equal((await theirs({Origin: 'dial',
			To: `sip:alice@${s.domain}`})).json.code, 32214);
		assert.equal((await theirs({CarrierSid: `BY${'0'.repeat(32)}`})).status,
			404);
		assert.equal((await theirs({Origin: 'x'})).json.code, 20001);
		assert.equal((await simulate(s, api, {From: from})).json.code, 20001);
	});

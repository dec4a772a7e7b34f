// carrier.mjs - the phone network: calls in, calls out, failover
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {checkAnswer} from '../lib/sip.mjs';

const dialPstn = (s) => twiml((r) => r.dial({answerOnBridge: true,
	callerId: s.numbers[0]}, s.pstn));

scenario('carrier-in', 'SIPp as the carrier calls a number of ours', {}, async (s) => {
	s.app.on('number', twiml((r) => r.dial({answerOnBridge: true})
		.sip(`sip:alice@${s.domain}`)));
	const alice = await s.phone('alice');
	const carrier = await s.sipp('carrier-in', {ip: s.carrierIp, port: 5080,
		keys: {number: s.numbers[0], caller: '+12125550199'}});
	const callee = await alice.nextCall();
	assert.equal(callee.request.uriOf('From').split('@')[0], 'sip:+12125550199');
	callee.ringing();
	await callee.answer();
	const {params} = await s.app.request('number');
	assert.equal(params.From, '+12125550199');
	assert.equal(params.To, s.numbers[0]);
	assert.equal(params.SipDomain, undefined);
	await callee.ends();
	await carrier.succeeds();
});

scenario('carrier-in-digest', 'SIPp signs in as a carrier and delivers a diverted call',
	{carrier: {sources: [], username: 'trunk', password: 'Trunk-pass-77',
		md5_only: true}}, async (s) => {
		s.app.on('number', twiml((r) => r.reject({reason: 'busy'})));
		const carrier = await s.sipp('carrier-in-digest', {port: 5081,
			keys: {number: s.numbers[0], caller: '+12125550199',
				diverted: '+12125550100'},
			auth: {user: 'trunk', password: 'Trunk-pass-77'},
			args: ['-auth_uri',
				`${s.numbers[0]}@${s.stack.server.host}:${s.stack.server.port}`]});
		const {params} = await s.app.request('number');
		assert.equal(params.From, '+12125550199');
		assert.equal(params.ForwardedFrom, '+12125550100');
		await carrier.succeeds();
	});

scenario('carrier-in-national', 'a national number of the carrier becomes +E.164', {},
	async (s) => {
		s.app.on('number', twiml((r) => r.reject()));
		const carrier = await s.carrier();
		const call = await carrier.call(`sip:${s.numbers[0].slice(2)}@`
			+ `${s.stack.address}`);
		await call.finished();
		const {params} = await s.app.request('number');
		assert.equal(params.To, s.numbers[0]);
	});

scenario('carrier-in-unknown', 'a call to a number that is not ours is 404', {},
	async (s) => {
		const carrier = await s.carrier();
		const call = await carrier.call(`sip:+15559999999@${s.stack.address}`);
		assert.equal((await call.finished()).status, 404);
		assert.equal(s.app.requests.length, 0);
	});

scenario('carrier-out', 'SIPp as the carrier takes a call and talks', {}, async (s) => {
	s.app.on('voice', dialPstn(s));
	const carrier = await s.sipp('carrier-out', {ip: s.carrierIp,
		args: ['-rtp_echo']});
	const alice = await s.phone('alice');
	const caller = await alice.call(s.pstn);
	await caller.answered();
	caller.rtp.frequency = 700;
	await caller.rtp.hears(700); // its echo
	await caller.hangup();
	await carrier.succeeds();
});

scenario('carrier-digest', 'the carrier asks for a password and gets the digest',
	{targets: [{username: 'trestle', password: 'carrier-secret'}]}, async (s) => {
		s.app.on('voice', dialPstn(s));
		const carrier = await s.carrier();
		const alice = await s.phone('alice');
		const caller = await alice.call(s.pstn);
		const first = await carrier.nextCall();
		first.reject(407, 'Proxy Authentication Required', {
			'Proxy-Authenticate': 'Digest realm="carrier", nonce="abc", '
				+ 'qop="auth", algorithm=MD5'});
		carrier.calls.delete(first.id);
		const second = await carrier.nextCall();
		assert.ok(checkAnswer(second.request.get('Proxy-Authorization'),
			{method: 'INVITE', user: 'trestle', password: 'carrier-secret'}));
		await second.answer();
		await caller.answered();
		await s.talk(caller, second);
		await caller.hangup();
		await second.ends();
	});

scenario('carrier-failover', 'the first target says 503: the second is tried',
	{targets: [{}, {}]}, async (s) => {
		s.app.on('voice', dialPstn(s));
		const first = await s.carrier(0);
		const second = await s.carrier(1);
		const alice = await s.phone('alice');
		const caller = await alice.call(s.pstn);
		(await first.nextCall()).reject(503, 'Service Unavailable');
		const callee = await second.nextCall();
		await callee.answer();
		await caller.answered();
		await s.talk(caller, callee);
		await callee.hangup();
		await caller.ends();
	});

scenario('carrier-busy', 'the first target says 486: that is final', {targets: [{}, {}]},
	async (s) => {
		s.app.on('voice', dialPstn(s));
		const first = await s.carrier(0);
		const second = await s.carrier(1);
		const alice = await s.phone('alice');
		const caller = await alice.call(s.pstn);
		(await first.nextCall()).reject(486, 'Busy Here');
		assert.equal((await caller.finished()).status, 486);
		assert.equal(second.incoming.length, 0);
	});

scenario('carrier-foreign', 'a call from an unknown address is not let in', {},
	async (s) => {
		const stranger = await s.phone('mallory', {register: false,
			domain: s.stack.address});
		const call = await stranger.call(s.numbers[0]);
		const {status} = await call.finished();
		assert.ok([403, 404, 407].includes(status), `status ${status}`);
		assert.equal(s.app.requests.length, 0);
	});

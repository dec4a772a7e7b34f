// carrier.mjs - the phone network: calls in, calls out, failover
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {checkAnswer, parameters} from '../lib/sip.mjs';
import {until} from '../lib/wait.mjs';

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

scenario('carrier-in-tel', 'a carrier may say both numbers as tel: URIs; who has none is'
	+ ' unknown', {}, async (s) => {
	s.app.on('number', twiml((r) => r.reject({reason: 'busy'})));
	const [number] = s.numbers;
	const national = `${number.slice(2, 5)}-${number.slice(5, 8)}-${number.slice(8)}`;
	for (const [i, [uri, identity, from]] of [
		[`tel:${number}`, 'tel:+12125550100', '+12125550100'],
		[`tel:+1-${national};ext=5`, 'tel:+1-212-555-0100', '+12125550100'],
		[`tel:${national};phone-context=+1`, 'sip:carrier.example', 'unknown'],
		[`sip:${number}@${s.stack.address}`, 'sip:anonymous@anonymous.invalid',
			'anonymous'],
	].entries()) {
		const carrier = await s.carrier(i, {identity});
		const call = await carrier.call(uri);
		assert.equal((await call.finished()).status, 486, uri);
		const {params} = s.app.named('number').at(-1);
		assert.equal(params.From, from);
		assert.equal(params.To, number);
	}
	assert.equal(s.app.requests.length, 4);
});

scenario('phone-tel', 'a phone may dial a tel: URI: it is a number at its domain', {},
	async (s) => {
		s.app.on('voice', twiml((r) => r.reject({reason: 'busy'})));
		const alice = await s.phone('alice');
		const caller = await alice.call('tel:+1-212-555-0100');
		assert.equal((await caller.finished()).status, 486);
		const {params} = await s.app.request('voice');
		assert.equal(params.To, `sip:+12125550100@${s.domain}`);
		assert.equal(params.From, `sip:alice@${s.domain}`);
		assert.equal(params.SipDomain, s.domain);
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

const LOGIN = {user: 'trestle', password: 'carrier-secret'};
const SIGNS_IN = {targets: [{username: LOGIN.user, password: LOGIN.password}]};

/** Refuse an INVITE: the next one has to be signed. @param more of the challenge */
async function challenge(carrier, call, nonce, more = '') {
	call.reject(407, 'Proxy Authentication Required', {'Proxy-Authenticate':
		`Digest realm="carrier", nonce="${nonce}", qop="auth", algorithm=MD5${more}`});
	carrier.calls.delete(call.id);
	const next = await carrier.nextCall();
	const value = next.request.get('Proxy-Authorization');
	assert.ok(checkAnswer(value, {method: 'INVITE', ...LOGIN}));
	assert.match(value, new RegExp(`nonce="${nonce}"`));
	return next;
}

scenario('carrier-digest', 'the carrier asks for a password and gets the digest', SIGNS_IN,
	async (s) => {
		s.app.on('voice', dialPstn(s));
		const carrier = await s.carrier();
		const alice = await s.phone('alice');
		const caller = await alice.call(s.pstn);
		const callee = await challenge(carrier, await carrier.nextCall(), 'abc');
		await callee.answer();
		await caller.answered();
		assert.equal(callee.ack.get('Proxy-Authorization'),
			callee.request.get('Proxy-Authorization'));
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
	});

scenario('carrier-digest-stale', 'a nonce that is too old by now is replaced, a password'
	+ ' that is wrong is not', SIGNS_IN, async (s) => {
	s.app.on('voice', dialPstn(s));
	const carrier = await s.carrier();
	const alice = await s.phone('alice');
	const caller = await alice.call(s.pstn);
	const second = await challenge(carrier, await carrier.nextCall(), 'abc');
	const third = await challenge(carrier, second, 'def', ', stale=true');
	third.reject(407, 'Proxy Authentication Required', {'Proxy-Authenticate':
		'Digest realm="carrier", nonce="ghi", qop="auth", algorithm=MD5'});
	const {status} = await caller.finished();
	assert.equal(status, 503);
	assert.equal(carrier.incoming.length, 0);
});

scenario('carrier-digest-cancel', 'a caller who gave up does not sign', SIGNS_IN, async (s) => {
	s.app.on('voice', dialPstn(s));
	const carrier = await s.carrier();
	const alice = await s.phone('alice');
	const caller = await alice.call(s.pstn);
	const callee = await carrier.nextCall();
	callee.onCancel = (msg, from) => { // its challenge crossed our CANCEL
		carrier.respond(msg, 200, 'OK', {toTag: callee.localTag}, from);
		callee.reject(407, 'Proxy Authentication Required', {'Proxy-Authenticate':
			'Digest realm="carrier", nonce="abc", qop="auth", algorithm=MD5'});
		carrier.calls.delete(callee.id);
	};
	await caller.cancel();
	assert.equal((await caller.finished()).status, 487);
	await until(() => callee.ended, 4000, 'challenge');
	await assert.rejects(carrier.nextCall(700));
});

scenario('carrier-digest-dialog', 'a carrier may ask for a password in the call, too',
	SIGNS_IN, async (s) => {
		s.app.on('voice', dialPstn(s));
		const api = await s.api();
		const carrier = await s.carrier();
		const alice = await s.phone('alice');
		const caller = await alice.call(s.pstn);
		const callee = await carrier.nextCall();
		await callee.answer();
		await caller.answered();
		callee.mustSign(LOGIN);
		const {params} = await s.app.request('voice');
		const [child] = await api.calls.list({parentCallSid: params.CallSid});
		// it leaves the Dial: a re-INVITE
		await api.calls(child.sid).update({twiml:
			'<Response><Pause length="60"/></Response>'});
		await until(() => callee.reinvites, 4000, 're-INVITE');
		await api.calls(child.sid).update({status: 'completed'});
		await callee.ends();
		assert.deepEqual(callee.signatures, ['INVITE', 'BYE']);
	});

scenario('carrier-in-signed', 'a call that a carrier began is ended with the password of'
	+ ' its target', SIGNS_IN, async (s) => {
	s.app.on('number', twiml((r) => {
		r.pause({length: 1});
		r.hangup();
	}));
	const carrier = await s.carrier();
	const caller = await carrier.call(`sip:${s.numbers[0]}@${s.stack.address}`);
	caller.mustSign(LOGIN);
	await caller.answered();
	await caller.ends();
	assert.deepEqual(caller.signatures, ['BYE']);
});

scenario('sip-digest-quotes', 'names and challenges with quotes in them are answered; a'
	+ ' password that is not taken is 13249', {}, async (s) => {
	const login = {user: 'u"x\\', password: 'p"w'};
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}).sip({
		username: login.user, password: login.password},
	`sip:dave@${s.carrierIp}:5090`)));
	const peer = await s.carrier();
	const alice = await s.phone('alice');
	const caller = await alice.call('bob');
	const first = await peer.nextCall();
	const asks = {'WWW-Authenticate':
		'Digest realm="r\\"q", nonce="n\\\\1", opaque="o\\"", qop="auth"'};
	first.reject(401, 'Unauthorized', asks);
	peer.calls.delete(first.id);
	const second = await peer.nextCall();
	const value = second.request.get('Authorization');
	assert.ok(checkAnswer(value, {method: 'INVITE', ...login}), value);
	assert.equal(parameters(value).opaque, 'o"');
	second.reject(401, 'Unauthorized', asks);
	const refused = await caller.finished();
	assert.equal(refused.status, 503);
	assert.match(refused.get('X-Trestle-Error'), /^13249 /);
	const {params} = await s.app.request('voice');
	const [child] = await s.stack.redis('smembers', `call:{${params.CallSid}}:children`);
	await s.alert(params.CallSid, 13249);
	await s.alert(child, 32011);
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

scenario('carrier-silent', 'the first target says nothing: the second is tried within seconds',
	{targets: [{}, {}]}, async (s) => {
		s.app.on('voice', dialPstn(s));
		const second = await s.carrier(1); // nobody is where the first should be
		const alice = await s.phone('alice');
		const begun = Date.now();
		const caller = await alice.call(s.pstn);
		const callee = await second.nextCall(8000);
		assert.ok(Date.now() - begun > 3000, 'the first had its time');
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

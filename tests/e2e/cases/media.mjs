// media.mjs - sound: softphones, transports, NAT, hold
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';

// baresip 1.0 gives up when it is offered SHA-256 beside MD5.
const md5 = {domain: {md5_only: true}};

/** Whoever is dialled is a user of the domain. */
function dialUser(s) {
	s.app.on('voice', ({params}) => twiml((r) =>
		r.dial({answerOnBridge: true}).sip(params.To)));
}

async function softphones(s, options, others = options) {
	const bob = await s.baresip('bob', {answer: true, ...others});
	const alice = await s.baresip('alice', options);
	await alice.dial('bob');
	await alice.event('CALL_ESTABLISHED');
	await Promise.all([alice.hearsRecordingOf(bob), bob.hearsRecordingOf(alice)]);
	await alice.command('hangup');
	await bob.event('CALL_CLOSED');
}

scenario('media-baresip-udp', 'two softphones hear each other over UDP', md5,
	async (s) => {
		dialUser(s);
		await softphones(s, {});
	});
scenario('media-baresip-tcp', 'two softphones hear each other over TCP, PCMA', md5,
	async (s) => {
		dialUser(s);
		await softphones(s, {transport: 'tcp', codec: 'PCMA/8000/1'});
	});
scenario('media-baresip-tls', 'two softphones hear each other over TLS', md5,
	async (s) => {
		dialUser(s);
		await softphones(s, {transport: 'tls'});
	});
scenario('media-baresip-codecs', 'two softphones without a common codec hear each other,'
	+ ' one answered before the other', md5,
async (s) => {
	s.app.on('voice', ({params}) => twiml((r) => r.dial().sip(params.To)));
	await softphones(s, {codec: 'PCMA/8000/1'}, {codec: 'PCMU/8000/1'});
});

for (const [name, one, other] of [['opus', 'PCMU/8000/1', 'opus/48000/2'],
	['g722', 'G722/16000/1', 'PCMA/8000/1']])
	scenario(`media-transcode-${name}`, `${one} and ${other} hear each other`, md5,
		async (s) => {
			dialUser(s);
			const bob = await s.baresip('bob', {answer: true, codec: other});
			const alice = await s.baresip('alice', {codec: one});
			await alice.dial('bob');
			await alice.event('CALL_ESTABLISHED');
			// waveforms of other codecs are alike, not the same
			await Promise.all([alice.hearsRecordingOf(bob, {least: 0.9}),
				bob.hearsRecordingOf(alice, {least: 0.9})]);
			await alice.command('hangup');
			await bob.event('CALL_CLOSED');
		});

scenario('media-baresip-hold', 'a softphone holds and resumes the call', md5,
	async (s) => {
		dialUser(s);
		const bob = await s.phone('bob');
		const alice = await s.baresip('alice');
		await alice.dial('bob');
		const callee = await bob.nextCall();
		await callee.answer();
		await alice.event('CALL_ESTABLISHED');
		callee.rtp.frequency = 1000;
		await alice.command('hold');
		await callee.rtp.hearsNothing(500);
		await alice.command('resume');
		await new Promise((r) => setTimeout(r, 500));
		assert.ok(!callee.ended);
		await callee.hangup();
		await alice.event('CALL_CLOSED');
	});

for (const transport of ['tcp', 'tls'])
	scenario(`transport-${transport}`, `a phone over ${transport.toUpperCase()} calls and`
		+ ' is called', {}, async (s) => {
		dialUser(s);
		const alice = await s.phone('alice', {transport});
		const bob = await s.phone('bob');
		for (const [one, other] of [[alice, bob], [bob, alice]]) {
			const caller = await one.call(other.user);
			const callee = await other.nextCall();
			callee.ringing();
			await caller.status(180);
			await callee.answer();
			await caller.answered();
			await s.talk(caller, callee);
			await callee.hangup();
			await caller.ends();
		}
	});

for (const late of [false, true])
	scenario(`transport-reconnect${late ? '-late' : ''}`, 'a phone whose connection broke'
		+ ` hears our BYE on its new one${late ? ', which comes after it' : ''}`, {},
	async (s) => {
		dialUser(s);
		const alice = await s.phone('alice', {transport: 'tcp'});
		const bob = await s.phone('bob');
		for (const [one, other] of [[alice, bob], [bob, alice]]) {
			const caller = await one.call(other.user);
			const callee = await other.nextCall();
			await callee.answer();
			await caller.answered();
			await s.talk(caller, callee);
			const [broken, good] = one === alice ? [caller, callee] : [callee, caller];
			if (late) {
				alice.wire.close();
				await good.hangup();
				await new Promise((r) => setTimeout(r, 1500));
				await alice.reconnect();
			} else {
				await alice.reconnect();
				await good.hangup();
			}
			await broken.ends();
		}
	});

scenario('nat', 'a phone that says a private address in Contact and SDP is reached', {},
	async (s) => {
		dialUser(s);
		const alice = await s.phone('alice', {contactIp: '10.99.99.99'});
		const bob = await s.phone('bob');
		for (const [one, other] of [[alice, bob], [bob, alice]]) {
			const caller = await one.call(other.user);
			const callee = await other.nextCall();
			await callee.answer();
			await caller.answered();
			await s.talk(caller, callee);
			await callee.hangup();
			await caller.ends();
		}
	});

scenario('hold', 'hold and resume by re-INVITE: silence, then sound again', {},
	async (s) => {
		dialUser(s);
		const [caller, callee] = await s.bridged();
		await s.talk(caller, callee);
		const hold = await caller.reinvite('sendonly');
		assert.equal(hold.status, 200);
		assert.ok(['recvonly', 'inactive'].includes(caller.remoteSdp.direction));
		await new Promise((r) => setTimeout(r, 200));
		await caller.rtp.hearsNothing(400);
		assert.equal((await caller.reinvite('sendrecv')).status, 200);
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
	});

scenario('digits', 'keys pressed at one phone arrive at the other (RFC 4733)', {},
	async (s) => {
		dialUser(s);
		const [caller, callee] = await s.bridged();
		await s.talk(caller, callee);
		for (const digit of '15*#')
			await caller.rtp.press(digit);
		await new Promise((r) => setTimeout(r, 300));
		assert.equal(callee.rtp.digits, '15*#');
		await caller.hangup();
		await callee.ends();
	});

scenario('late-offer', 'an INVITE without SDP gets an offer, and sound', {}, async (s) => {
	dialUser(s);
	const [alice, bob] = await s.phones('alice', 'bob');
	const caller = await alice.call('bob', {sdp: false});
	const callee = await bob.nextCall();
	await callee.answer();
	await caller.answered();
	await s.talk(caller, callee);
	await caller.hangup();
	await callee.ends();
});

// dialogs.mjs - who may speak in a call: its phones, wherever they are, and nobody else
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';

const PCMU = ['v=0', 'o=- 9 9 IN IP4 127.9.9.9', 's=-', 'c=IN IP4 127.9.9.9', 't=0 0',
	'm=audio 4000 RTP/AVP 0', ''].join('\r\n');

/** Another address of this case */
const elsewhere = (ip, n = 1) => ip.replace(/^127\.0/, `127.${n}`);

function dialUser(s) {
	s.app.on('voice', ({params}) => twiml((r) =>
		r.dial({answerOnBridge: true}).sip(params.To)));
}

async function talking(s, caller, callee) {
	await callee.answer();
	await caller.answered();
	await s.talk(caller, callee);
}

scenario('dialog-forged', 'who has read a call can neither end it nor turn its sound', {},
	async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const mallory = await s.phone('mallory',
			{register: false, ip: elsewhere(s.ip)});
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		await talking(s, caller, callee);
		for (const call of [caller, callee]) {
			const offer = {headers: {'Content-Type': 'application/sdp'}, body: PCMU};
			for (const [method, options] of [['BYE'], ['INVITE', offer],
				['UPDATE', offer], ['INFO']]) {
				const {status} = await call.forgedBy(mallory, method, options);
				assert.equal(status, 403, `${method} of a stranger`);
			}
			assert.equal(call.ended, false);
		}
		await s.talk(caller, callee);
		assert.equal((await caller.hangup()).status, 200);
		await callee.ends();
	});

for (const nat of [false, true])
	scenario(`dialog-moved${nat ? '-nat' : ''}`, 'a phone that changes networks in mid-call'
		+ ` goes on${nat ? ', behind NAT' : ''}`, {}, async (s) => {
		dialUser(s);
		const alice = await s.phone('alice', nat ? {contactIp: '10.99.99.98'} : {});
		const bob = await s.phone('bob');
		let n = 1;
		for (const [one, other] of [[alice, bob], [bob, alice]]) {
			const caller = await one.call(other.user);
			const callee = await other.nextCall();
			await talking(s, caller, callee);
			const [moved, stayed] = one === alice ? [caller, callee] : [callee, caller];
			assert.equal((await alice.move(elsewhere(s.ip, n++))).status, 200);
			assert.equal((await moved.move()).status, 200);
			await s.talk(caller, callee);
			await stayed.hangup(); // reaches it where it is now
			await moved.ends();
		}
	});

scenario('dialog-moved-at-once', 'a phone may say that it moved before it is registered'
	+ ' there', {}, async (s) => {
	dialUser(s);
	const [alice, bob] = await s.phones('alice', 'bob');
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	await talking(s, caller, callee);
	const registered = alice.move(elsewhere(s.ip));
	await new Promise((r) => setTimeout(r, 1)); // the socket is open
	const moved = caller.move();
	assert.equal((await registered).status, 200);
	assert.equal((await moved).status, 200);
	await s.talk(caller, callee);
	assert.equal((await caller.hangup()).status, 200);
	await callee.ends();
});

scenario('dialog-carrier', 'a carrier may hang up from any of its sources', {
	carrier: {sources: ['127.77.0.0/24']}}, async (s) => {
	s.app.on('number', () => twiml((r) =>
		r.dial({answerOnBridge: true}).sip(`sip:bob@${s.domain}`)));
	const bob = await s.phone('bob');
	const carrier = await s.carrier(0, {ip: '127.77.0.1'});
	const sibling = await s.carrier(1, {ip: '127.77.0.2'});
	const stranger = await s.carrier(2, {ip: '127.77.1.2'});
	const caller = await carrier.call(`sip:${s.numbers[0]}@${s.stack.address}`);
	const callee = await bob.nextCall();
	await talking(s, caller, callee);
	assert.equal((await caller.forgedBy(stranger, 'BYE')).status, 403);
	assert.equal(callee.ended, false);
	assert.equal((await caller.forgedBy(sibling, 'BYE')).status, 200);
	await callee.ends();
});

scenario('dialog-early-bye', 'a caller may hang up while it rings, by BYE, too', {},
	async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.ringing();
		await caller.early();
		assert.equal((await caller.ask('BYE')).status, 200);
		assert.equal((await caller.finished()).status, 487);
		await callee.ends();
		assert.equal(callee.endStatus, 'CANCEL');
	});

scenario('dialog-early-invite', 'a second INVITE has to wait for the answer to the first', {},
	async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.ringing();
		await caller.early();
		const refused = await caller.ask('INVITE', {body: PCMU,
			headers: {'Content-Type': 'application/sdp'}});
		assert.equal(refused.status, 500);
		assert.match(refused.get('Retry-After'), /^([1-9]|10)$/);
		await talking(s, caller, callee);
		assert.equal((await caller.reinvite()).status, 200);
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
	});

scenario('dialog-422', 'a callee that wants a longer session timer gets it', {}, async (s) => {
	dialUser(s);
	const [alice, bob] = await s.phones('alice', 'bob');
	const caller = await alice.call('bob');
	(await bob.nextCall()).reject(422, 'Session Interval Too Small', {'Min-SE': '3600'});
	const callee = await bob.nextCall();
	assert.match(callee.request.get('Session-Expires'), /^3600\b/);
	assert.equal(callee.request.get('Min-SE'), '3600');
	await talking(s, caller, callee);
	await caller.hangup();
	await callee.ends();
});

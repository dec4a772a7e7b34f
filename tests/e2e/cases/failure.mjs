// failure.mjs - kill -9 of every process: calls go on, or are simply made anew
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const alone = {alone: true, status: true};

function dialUser(s) {
	s.app.on('voice', ({params}) => twiml((r) =>
		r.dial({answerOnBridge: true}).sip(params.To)));
}

async function oneCall(alice, bob) {
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	callee.ringing();
	await callee.answer();
	await caller.answered();
	return [caller, callee];
}

/** The instance that a call belongs to, once that is written down. */
const ownerOf = (s, sid) => until(async () => (await s.call(sid)).owner, 2000,
	'owner of the call');

/** Calls before, while and after one of two copies is killed: none fails. */
async function survives(s, instance) {
	dialUser(s);
	const [alice, bob] = await s.phones('alice', 'bob');
	for (let i = 0; i < 6; i++) {
		if (i === 2)
			await s.stack.kill(instance, {wait: false});
		const [caller, callee] = await oneCall(alice, bob);
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
		assert.equal((await alice.register()).status, 200);
	}
	await s.stack.well(instance);
}

for (const service of ['registrar', 'webhook-fetcher', 'rest-api'])
	scenario(`kill-${service}`, `kill -9 of one ${service} of two: no call fails`, alone,
		async (s) => survives(s, `${service}-1`));

scenario('kill-registrar-signing',
	'who answers a challenge of a registrar that died is asked to sign again', alone,
	async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const others = ['sip-edge-1', 'call-controller-1', 'call-controller-2'];
		const replace = (one, other) => async () => {
			alice.beforeSigning = undefined;
			await s.stack.revive(other);
			await s.stack.meet(others, 'registrar', 2);
			await s.stack.kill(one, {stay: true});
			await s.stack.meet(others, 'registrar', 1);
		};
		await s.stack.kill('registrar-2', {stay: true});
		await s.stack.meet(others, 'registrar', 1);
		alice.beforeSigning = replace('registrar-1', 'registrar-2');
		assert.equal((await alice.register()).status, 200);
		alice.beforeSigning = replace('registrar-2', 'registrar-1');
		const [caller, callee] = await oneCall(alice, bob);
		assert.equal(caller.signed, 2);
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
		await s.stack.revive('registrar-2');
	});

scenario('kill-call-controller',
	'kill -9 in mid-call: sound goes on, BYE is answered, the record is right', alone,
	async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const [caller, callee] = await oneCall(alice, bob);
		await s.talk(caller, callee);
		const sid = (await s.app.request('voice')).params.CallSid;
		const owner = await ownerOf(s, sid);
		await s.stack.kill(owner, {wait: false});
		await s.talk(caller, callee);
		await until(async () => (await s.call(sid)).owner !== owner
			|| s.stack.pid(owner), 10000, 'owner of the call');
		assert.equal((await callee.hangup()).status, 200);
		await caller.ends();
		const {params} = await s.app.request('status');
		assert.equal(params.CallStatus, 'completed');
		assert.equal((await s.call(sid)).status, 'completed');
		await s.stack.well(owner);
	});

for (const byCaller of [true, false])
	scenario(`adopt-call-${byCaller ? 'caller' : 'callee'}-hangs-up`,
		'a controller dies for good in mid-call: another one takes the call',
		alone, async (s) => {
			dialUser(s);
			const [alice, bob] = await s.phones('alice', 'bob');
			const [caller, callee] = await oneCall(alice, bob);
			await s.talk(caller, callee);
			const sid = (await s.app.request('voice')).params.CallSid;
			const owner = await ownerOf(s, sid);
			await s.stack.kill(owner, {stay: true});
			await s.talk(caller, callee);
			await until(async () => (await s.call(sid)).owner !== owner, 10000,
				'new owner of the call');
			await s.talk(caller, callee);
			const [one, other] = byCaller ? [caller, callee] : [callee, caller];
			assert.equal((await one.hangup()).status, 200);
			await other.ends();
			const {params} = await s.app.request('status');
			assert.equal(params.CallStatus, 'completed');
			assert.equal(s.app.named('voice').length, 1);
			assert.equal((await s.call(sid)).status, 'completed');
			await s.stack.revive(owner);
		});

scenario('adopt-call-signs', 'who took over a call has the password of its carrier, too', {
	...alone, targets: [{username: 'trestle', password: 'carrier-secret'}]}, async (s) => {
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
		callerId: s.numbers[0]}, s.pstn)));
	const carrier = await s.carrier();
	const alice = await s.phone('alice');
	const caller = await alice.call(s.pstn);
	const callee = await carrier.nextCall();
	await callee.answer();
	await caller.answered();
	callee.mustSign({user: 'trestle', password: 'carrier-secret'});
	const sid = (await s.app.request('voice')).params.CallSid;
	const owner = await ownerOf(s, sid);
	await s.stack.kill(owner, {stay: true});
	await until(async () => (await s.call(sid)).owner !== owner, 10000,
		'new owner of the call');
	assert.equal((await caller.hangup()).status, 200);
	await callee.ends();
	assert.deepEqual(callee.signatures, ['BYE']);
	await s.stack.revive(owner);
});

for (const stay of [true, false])
	scenario(`kill-call-controller-ringing-${stay ? 'for-good' : 'restarted'}`,
		'kill -9 while it rings: a final answer, CANCEL, records and callbacks in 3.5 s',
		alone, async (s) => {
			s.app.on('voice', ({params}) => twiml((r) => r.dial({answerOnBridge: true})
				.sip({statusCallback: s.app.url('events'),
					statusCallbackEvent: 'initiated ringing answered completed'},
				params.To)));
			const [alice, bob] = await s.phones('alice', 'bob');
			const caller = await alice.call('bob');
			const callee = await bob.nextCall();
			callee.ringing();
			await caller.status(180);
			const sid = (await s.app.request('voice')).params.CallSid;
			await until(() => s.app.named('events').length === 2, 4000, 'ringing');
			const owner = await ownerOf(s, sid);
			const killed = Date.now();
			await s.stack.kill(owner, {wait: false, stay});
			assert.equal((await caller.finished(6000)).status, 503);
			await callee.ends();
			const ms = Date.now() - killed;
			assert.ok(ms < 3500, `${ms} ms until both knew`);
			const {params} = await s.app.request('status');
			assert.equal(params.CallStatus, 'failed');
			const child = await until(() => s.app.named('events')
				.find((r) => r.params.CallbackSource && r.params.CallDuration), 4000,
			'last callback of the child');
			assert.equal(child.params.CallStatus, 'canceled');
			assert.equal((await s.call(sid)).status, 'failed');
			assert.equal((await s.call(child.params.CallSid)).status, 'canceled');
			assert.equal(s.app.named('status').length, 1);
			await (stay ? s.stack.revive(owner) : s.stack.well(owner));
		});

scenario('kill-call-controller-inviting',
	'kill -9 as soon as an INVITE is out: it is canceled, the caller gets a final answer',
	alone, async (s) => {
		let owner;
		s.app.on('voice', async ({params}) => {
			owner = await ownerOf(s, params.CallSid);
			return twiml((r) => r.dial({answerOnBridge: true}).sip(params.To));
		});
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		await s.stack.kill(owner, {wait: false});
		callee.ringing();
		assert.equal((await caller.finished(6000)).status, 503);
		await callee.ends();
		await s.stack.well(owner);
	});

scenario('kill-media-relay', 'kill -9 in mid-call: sound is back within a second or two',
	alone, async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const [caller, callee] = await oneCall(alice, bob);
		await s.talk(caller, callee);
		const sid = (await s.app.request('voice')).params.CallSid;
		const {session} = await s.call(sid);
		const {relay} = await s.stack.hash(`media:{${session}}`);
		await s.stack.kill(relay);
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
		const {params} = await s.app.request('status');
		assert.equal(params.CallStatus, 'completed');
	});

scenario('kill-sip-edge', 'kill -9 of the edge: calls over UDP go on', alone,
	async (s) => {
		dialUser(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const [caller, callee] = await oneCall(alice, bob);
		await s.stack.kill('sip-edge-1');
		await s.talk(caller, callee);
		assert.equal((await callee.hangup()).status, 200);
		await caller.ends();
		const [again, other] = await oneCall(alice, bob);
		await again.hangup();
		await other.ends();
	});

scenario('kill-redis-pause', 'Redis stands still while a call ends: it ends once, and stays so',
	{alone: true}, async (s) => {
		s.app.on('voice', ({params}) => twiml((r) =>
			r.dial({answerOnBridge: true, action: 'done'}).sip(params.To)));
		s.app.on('done', twiml((r) => r.hangup()));
		const [caller, callee] = await s.bridged();
		await s.talk(caller, callee);
		const {params: {CallSid: sid}} = await s.app.request('voice');
		await s.stack.redis('client', 'pause', '4000');
		await callee.hangup();
		await caller.ends(10000);
		await until(async () => (await s.call(sid)).status === 'completed', 12000,
			'the record of its end');
		await new Promise((done) => setTimeout(done, 4000)); // adoption's time
		const record = await s.call(sid);
		assert.equal(record.status, 'completed');
		assert.equal(record.owner, undefined);
		assert.ok(Number(record.duration) < 10, record.duration);
		assert.ok(!await s.stack.redis('zscore', 'calls:live', sid));
		assert.equal(s.app.named('done').length, 1);
	});

scenario('kill-redis-pause-setup', 'Redis stands still while a call is set up: it is late, and'
	+ ' does not fail', {alone: true}, async (s) => {
	s.app.on('voice', ({params}) => twiml((r) =>
		r.dial({answerOnBridge: true}).sip(params.To)));
	const [alice, bob] = await s.phones('alice', 'bob');
	await s.stack.redis('client', 'pause', '2500');
	const caller = await alice.call('bob');
	const callee = await bob.nextCall(12000);
	await callee.answer();
	await caller.answered(12000);
	await s.talk(caller, callee);
	assert.equal((await caller.hangup()).status, 200);
	await callee.ends();
});

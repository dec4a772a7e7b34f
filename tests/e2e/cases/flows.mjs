// flows.mjs - who can call whom: the six call flows, legs and records checked
import assert from 'node:assert/strict';

import {router} from '../lib/router.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const bins = {
	'dial-a-number': '<Response><Dial answerOnBridge="true" '
		+ 'callerId="{{#e164}}{{From}}{{/e164}}">{{#e164}}{{To}}{{/e164}}</Dial>'
		+ '</Response>',
	'ring-the-user': '<Response><Dial answerOnBridge="true">'
		+ '<Sip>sip:{{#e164}}{{To}}{{/e164}}@DOMAIN</Sip></Dial></Response>',
};

const twoLegs = {status: true};

/** The application of the domain, with status callbacks of the child. */
function route(s) {
	s.app.on('voice', router({users: s.users, domain: s.domain,
		defaultCallerId: s.numbers[0], statusCallback: s.app.url('child')}));
}

/** Calls in Redis whose parent is that call. */
async function children(s, parent) {
	return (await s.stack.calls()).filter((c) => c.parent_call_sid === parent);
}

/** Caller and callee are connected: check the first request and both records,
 *  talk, hang up, check how it ended. */
async function checkTwoLegs(s, {caller, callee, from, to}) {
	const first = await s.app.request('voice');
	assert.match(first.params.CallSid, /^CA[0-9a-f]{32}$/);
	assert.equal(first.params.From, `sip:${caller.phone.user}@${s.domain}`);
	assert.equal(first.params.To, to);
	assert.equal(first.params.CallStatus, 'ringing');
	assert.equal(first.params.Direction, 'inbound');
	assert.equal(first.params.ApiVersion, '2010-04-01');
	assert.equal(first.params.SipDomain, s.domain);
	assert.equal(callee.request.uriOf('From').replace(/^sip:([^@]*)@.*/, '$1'),
		from);
	await s.talk(caller, callee);

	const sid = first.params.CallSid;
	const parent = await s.call(sid);
	assert.equal(parent.direction, 'inbound');
	assert.equal(parent.status, 'in-progress');
	const [child] = await children(s, sid);
	assert.equal(child.direction, 'outbound-dial');
	assert.equal(child.status, 'in-progress');
	assert.notEqual(child.sid, sid);
	await caller.hangup();
	await callee.ends();

	await s.app.request('child', 4);
	const events = s.app.named('child').map((r) => r.params)
		.sort((a, b) => a.SequenceNumber - b.SequenceNumber);
	assert.deepEqual(events.map((e) => e.CallStatus),
		['initiated', 'ringing', 'in-progress', 'completed']);
	for (const e of events) {
		assert.equal(e.ParentCallSid, sid);
		assert.equal(e.CallSid, child.sid);
		assert.equal(e.Direction, 'outbound-dial');
	}
	const last = await s.app.request('status');
	assert.equal(last.params.CallStatus, 'completed');
	assert.equal(last.params.CallSid, sid);
	assert.equal((await s.call(sid)).status, 'completed');
	assert.equal((await s.call(child.sid)).status, 'completed');
}

async function connect(s, phone, to, answering) {
	const call = await phone.call(to);
	const callee = await answering.nextCall();
	callee.ringing();
	await call.status(180);
	assert.ok(!call.statuses.includes(200), 'answered before the callee');
	await callee.answer();
	await call.answered();
	return [call, callee];
}

scenario('flow-number-to-pstn', 'a user with a number calls the phone network',
	twoLegs, async (s) => {
		route(s);
		const carrier = await s.carrier();
		const phone = await s.phone(s.numbers[0]);
		const [caller, callee] = await connect(s, phone, s.pstn, carrier);
		assert.match(callee.request.uri, new RegExp(`^sip:\\${s.pstn}@`));
		await checkTwoLegs(s, {caller, callee, from: s.numbers[0],
			to: `sip:${s.pstn}@${s.domain}`});
	});

scenario('flow-number-to-number-app',
	'a user with a number calls another through one application: two legs',
	twoLegs, async (s) => {
		route(s);
		const [one, two] = await s.phones(s.numbers[0], s.numbers[1]);
		const [caller, callee] = await connect(s, one, s.numbers[1], two);
		await checkTwoLegs(s, {caller, callee, from: s.numbers[0],
			to: `sip:${s.numbers[1]}@${s.domain}`});
	});

scenario('flow-number-to-number-bins',
	'a user with a number calls another through two bins: four legs',
	{bins, domainBin: 'dial-a-number', numberBin: 'ring-the-user',
		unsigned: true}, async (s) => {
		const [one, two] = await s.phones(s.numbers[0], s.numbers[1]);
		const [caller, callee] = await connect(s, one, s.numbers[1], two);
		await s.talk(caller, callee);
		const calls = (await s.stack.calls()).filter((c) =>
			c.status === 'in-progress'
				&& [c.to, c.from].some((x) => x.includes(s.numbers[1])));
		assert.equal(calls.length, 4);
		assert.equal(calls.filter((c) => c.direction === 'inbound').length, 2);
		await callee.hangup();
		await caller.ends();
	});

scenario('flow-number-to-name', 'a user with a number calls one with a name',
	twoLegs, async (s) => {
		route(s);
		const [one, bob] = await s.phones(s.numbers[0], 'bob');
		const [caller, callee] = await connect(s, one, 'bob', bob);
		await checkTwoLegs(s, {caller, callee, from: s.numbers[0],
			to: `sip:bob@${s.domain}`});
	});

scenario('flow-name-to-pstn',
	'a user with a name calls the phone network, with the default caller id',
	twoLegs, async (s) => {
		route(s);
		const carrier = await s.carrier();
		const alice = await s.phone('alice');
		const [caller, callee] = await connect(s, alice, s.pstn, carrier);
		await checkTwoLegs(s, {caller, callee, from: s.numbers[0],
			to: `sip:${s.pstn}@${s.domain}`});
	});

scenario('flow-name-to-number', 'a user with a name calls one with a number',
	twoLegs, async (s) => {
		route(s);
		const [alice, two] = await s.phones('alice', s.numbers[1]);
		const [caller, callee] = await connect(s, alice, s.numbers[1], two);
		await checkTwoLegs(s, {caller, callee, from: 'alice',
			to: `sip:${s.numbers[1]}@${s.domain}`});
	});

scenario('flow-name-to-name', 'a user with a name calls another', twoLegs,
	async (s) => {
		route(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		const [caller, callee] = await connect(s, alice, 'bob', bob);
		await checkTwoLegs(s, {caller, callee, from: 'alice',
			to: `sip:bob@${s.domain}`});
	});

scenario('redis-view', 'a live call is there to be read in Redis', {},
	async (s) => {
		route(s);
		const [alice, bob] = await s.phones('alice', 'bob');
		assert.deepEqual((await s.stack.redis('zrange', `aors:${s.domain}`, '0',
			'-1')).sort(), ['alice', 'bob']);
		const binding = JSON.parse(Object.values(
			await s.stack.hash(`aor:{alice@${s.domain}}`))[0]);
		assert.ok(binding.contact.includes(`${s.ip}:${alice.port}`));
		const [caller, callee] = await connect(s, alice, 'bob', bob);
		await s.talk(caller, callee);
		const sid = (await s.app.request('voice')).params.CallSid;
		assert.ok((await s.stack.redis('zrange', 'calls:live', '0', '-1'))
			.includes(sid));
		assert.equal(Object.keys(await s.stack.hash(`call:{${sid}}:legs`)).length,
			2);
		const {session} = await s.call(sid);
		const media = await until(async () => {
			const m = await s.stack.hash(`media:{${session}}`);
			return Object.keys(m).filter((k) => k.startsWith('leg.')).length === 2
				&& m;
		}, 4000, 'media session with two legs');
		assert.equal(media.call_sid, sid);
		const text = await s.stack.cli('call', sid);
		for (const word of [sid, 'in-progress', 'PCMU', '/voice'])
			assert.ok(text.includes(word), `${word} in trestle-cli call`);
		assert.match(await s.stack.cli('calls'), new RegExp(sid));
		assert.match(await s.stack.cli('registrations', s.domain), /alice@/);
		await caller.hangup();
		await callee.ends();
		await until(async () => !(await s.stack.redis('zrange', 'calls:live', '0',
			'-1')).includes(sid), 4000, 'end in calls:live');
	});

// dial.mjs - <Dial>: forking, failing, limits, actions, callbacks
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {sleep, until} from '../lib/wait.mjs';

const sip = (s, user) => `sip:${user}@${s.domain}`;

/** The domain's document: dial these users with these attributes. */
function dials(s, attributes, ...users) {
	s.app.on('voice', twiml((r) => {
		const dial = r.dial(attributes);
		for (const user of users)
			dial.sip(sip(s, user));
	}));
}

/** action that says what came of it, and ends the call */
const action = (s, answer = twiml((r) => r.hangup())) => s.app.on('action', answer);

scenario('dial-fork', 'three devices ring, the first to answer wins, two are cancelled',
	{}, async (s) => {
		dials(s, {answerOnBridge: true}, 'bob');
		const alice = await s.phone('alice');
		const devices = [];
		for (let i = 0; i < 3; i++)
			devices.push(await s.phone('bob'));
		const caller = await alice.call('bob');
		const legs = await Promise.all(devices.map((d) => d.nextCall()));
		legs.forEach((leg) => leg.ringing());
		await caller.status(180);
		await legs[1].answer();
		await caller.answered();
		await Promise.all([legs[0].ends(), legs[2].ends()]);
		assert.deepEqual([legs[0].endStatus, legs[2].endStatus],
			['CANCEL', 'CANCEL']);
		await s.talk(caller, legs[1]);
		await caller.hangup();
		await legs[1].ends();
	});

scenario('dial-fork-nouns', 'two nouns ring at once, the loser is cancelled', {},
	async (s) => {
		dials(s, {answerOnBridge: true}, 'bob', 'carol');
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		const caller = await alice.call('bob');
		const [b, c] = await Promise.all([bob.nextCall(), carol.nextCall()]);
		b.ringing();
		c.ringing();
		await c.answer();
		await caller.answered();
		await b.ends();
		await s.talk(caller, c);
		await c.hangup();
		await caller.ends();
	});

scenario('dial-cancel', 'the caller gives up: the callee stops ringing', {status: true},
	async (s) => {
		dials(s, {answerOnBridge: true}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.ringing();
		await caller.status(180);
		assert.equal((await caller.cancel()).status, 200);
		assert.equal((await caller.finished()).status, 487);
		await callee.ends();
		assert.equal(callee.endStatus, 'CANCEL');
		const {params} = await s.app.request('status');
		assert.equal(params.CallStatus, 'canceled');
	});

scenario('dial-busy', 'a busy callee: DialCallStatus busy, and 486 for the caller', {},
	async (s) => {
		dials(s, {answerOnBridge: true, action: action(s, twiml(() => {}))}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		(await bob.nextCall()).reject(486, 'Busy Here');
		assert.equal((await caller.finished()).status, 486);
		const {params} = await s.app.request('action');
		assert.equal(params.DialCallStatus, 'busy');
		assert.equal(params.DialSipResponseCode, '486');
	});

scenario('dial-no-answer', 'nobody answers within timeout: no-answer, and 480', {},
	async (s) => {
		dials(s, {answerOnBridge: true, timeout: 5,
			action: action(s, twiml(() => {}))}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.ringing();
		const {params} = await s.app.request('action', 1, 9000);
		assert.equal(params.DialCallStatus, 'no-answer');
		await callee.ends();
		assert.equal((await caller.finished()).status, 480);
	});

scenario('dial-not-registered', 'nobody there: failed, alert 32009, and 404', {},
	async (s) => {
		dials(s, {answerOnBridge: true, action: action(s, twiml(() => {}))}, 'bob');
		const alice = await s.phone('alice');
		const caller = await alice.call('bob');
		const final = await caller.finished();
		assert.ok([404, 480].includes(final.status));
		assert.match(final.get('X-Trestle-Error'), /^32009 the user is not/);
		const {params} = await s.app.request('action');
		assert.equal(params.DialCallStatus, 'failed');
		await s.alert(params.CallSid, 32009);
	});

scenario('dial-no-host', 'a host without an address: failed, alert 13254', {}, async (s) => {
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
		action: action(s, twiml(() => {}))}).sip('sip:bob@nobody.invalid')));
	const alice = await s.phone('alice');
	const caller = await alice.call('bob');
	assert.match((await caller.finished()).get('X-Trestle-Error'), /^13254 the host has no/);
	const {params} = await s.app.request('action');
	assert.equal(params.DialCallStatus, 'failed');
	await s.alert(params.CallSid, 13254);
});

scenario('dial-no-codec', 'a callee that answers with a codec unknown to us', {},
	async (s) => {
		dials(s, {answerOnBridge: true, action: action(s, twiml(() => {}))}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		bob.respond(callee.request, 200, 'OK', {toTag: callee.localTag,
			headers: {Contact: bob.contact, 'Content-Type': 'application/sdp'},
			body: `v=0\r\no=- 1 1 IN IP4 ${bob.ip}\r\ns=-\r\nc=IN IP4 ${bob.ip}\r\n`
				+ 't=0 0\r\nm=audio 9 RTP/AVP 18\r\na=rtpmap:18 G729/8000\r\n',
		}, callee.from);
		const final = await caller.finished();
		assert.equal(final.status, 503);
		const error = final.get('X-Trestle-Error');
		assert.match(error, /^32102 .*codec/);
		assert.ok(!error.includes('bob'), error); // the application's secret
		await callee.ends();
		const {params} = await s.app.request('action');
		assert.equal(params.DialCallStatus, 'failed');
		await s.alert(params.DialCallSid, 32102);
	});

scenario('dial-answer-first', 'without answerOnBridge the caller is answered at once',
	{}, async (s) => {
		dials(s, {}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		await caller.answered();
		const callee = await bob.nextCall();
		callee.ringing();
		await until(() => caller.rtp.packets > 20, 4000, 'ringback as sound');
		await callee.answer();
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
	});

scenario('dial-sequential', 'sequential: the second rings after the first refuses', {},
	async (s) => {
		dials(s, {answerOnBridge: true, sequential: true}, 'bob', 'carol');
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		const caller = await alice.call('bob');
		const first = await bob.nextCall();
		first.ringing();
		await sleep(200);
		assert.equal(carol.incoming.length, 0);
		first.reject(486, 'Busy Here');
		const second = await carol.nextCall();
		await second.answer();
		await caller.answered();
		await s.talk(caller, second);
		await caller.hangup();
		await second.ends();
	});

scenario('dial-time-limit', 'timeLimit ends the bridge; action says how long it was',
	{}, async (s) => {
		dials(s, {answerOnBridge: true, timeLimit: 2, action: action(s)}, 'bob');
		const [caller, callee] = await s.bridged();
		await callee.ends(5000);
		const {params} = await s.app.request('action');
		assert.equal(params.DialCallStatus, 'completed');
		assert.ok(['2', '3'].includes(params.DialCallDuration),
			`DialCallDuration ${params.DialCallDuration}`);
		await caller.ends();
	});

scenario('dial-hangup-on-star', 'the caller presses *: the callee goes, the call goes on',
	{}, async (s) => {
		dials(s, {answerOnBridge: true, hangupOnStar: true,
			action: action(s, twiml((r) => {
				r.dial({answerOnBridge: true}).sip(sip(s, 'carol'));
			}))}, 'bob');
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		await callee.answer();
		await caller.answered();
		await s.talk(caller, callee);
		await caller.rtp.press('*');
		await callee.ends();
		const {params} = await s.app.request('action');
		assert.equal(params.DialCallStatus, 'completed');
		const next = await carol.nextCall();
		await next.answer();
		await s.talk(caller, next);
		await caller.hangup();
		await next.ends();
	});

scenario('dial-action', 'action carries what became of the call, and decides what is next',
	{}, async (s) => {
		dials(s, {answerOnBridge: true, action: action(s, twiml((r) => {
			r.dial().sip(sip(s, 'carol'));
		}))}, 'bob');
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		await callee.answer();
		await caller.answered();
		await sleep(1100);
		await callee.hangup();
		const {params} = await s.app.request('action');
		assert.equal(params.DialCallStatus, 'completed');
		assert.equal(params.DialBridged, 'true');
		assert.match(params.DialCallSid, /^CA[0-9a-f]{32}$/);
		assert.notEqual(params.DialCallSid, params.CallSid);
		assert.ok(Number(params.DialCallDuration) >= 1);
		assert.equal(params.CallStatus, 'in-progress');
		const next = await carol.nextCall();
		await next.answer();
		await s.talk(caller, next);
		await next.hangup();
		await caller.ends();
	});

scenario('dial-next-verb', 'without action the next verb runs', {}, async (s) => {
	s.app.on('voice', twiml((r) => {
		r.dial({answerOnBridge: true}).sip(sip(s, 'bob'));
		r.dial({answerOnBridge: true}).sip(sip(s, 'carol'));
	}));
	const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
	const caller = await alice.call('bob');
	(await bob.nextCall()).reject(486, 'Busy Here');
	const callee = await carol.nextCall();
	await callee.answer();
	await caller.answered();
	await s.talk(caller, callee);
	await caller.hangup();
	await callee.ends();
});

scenario('dial-sip-headers', 'X- headers travel: phone to webhook, TwiML to phone', {},
	async (s) => {
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true})
			.sip(`${sip(s, 'bob')}?x-order=17%2C18`)));
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob', {headers: {'X-Customer': 'Ada',
			'X-Trestle-Source': '192.0.2.1:5060;transport=udp'}});
		const callee = await bob.nextCall();
		assert.equal(callee.request.get('x-order'), '17,18');
		const {params} = await s.app.request('voice');
		assert.equal(params['SipHeader_X-Customer'], 'Ada');
		assert.equal(params['SipHeader_X-Trestle-Source'], undefined);
		assert.equal(params.SipSourceIp, s.ip);
		callee.reject(603, 'Decline');
		await caller.finished();
	});

scenario('log-call', 'CallSid and Call-ID of a call stand in one line of each process',
	{}, async (s) => {
		dials(s, {}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.reject(486);
		await caller.finished();
		const sid = (await s.app.request('voice')).params.CallSid;
		const lines = (service) => [1, 2].flatMap((i) =>
			s.stack.log(`${service}-${i}`).split('\n'));
		for (const service of ['call-controller', 'registrar'])
			assert.ok(lines(service).some((l) => l.includes(`call_sid=${sid}`)
				&& l.includes(`call_id=${caller.id}`)), `${service}: INVITE`);
		assert.ok(lines('call-controller').some((l) => l.includes(`call_sid=${sid}`)
			&& l.includes(`call_id=${callee.id}`)), 'INVITE of the child');
	});

scenario('dial-host-case', 'the host of a dialled URI is the same in any case', {},
	async (s) => {
		dials(s, {}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call(`sip:Bob@${s.domain.toUpperCase()}`);
		const {params} = await s.app.request('voice');
		assert.equal(params.To, `sip:Bob@${s.domain}`);
		assert.equal(params.SipDomain, s.domain);
		(await bob.nextCall()).reject(486);
		await caller.finished();
	});

scenario('dial-callbacks', 'status callbacks of a child that is busy', {}, async (s) => {
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}).sip({
		statusCallback: s.app.url('child'),
		statusCallbackEvent: 'initiated ringing answered completed'},
	sip(s, 'bob'))));
	const [alice, bob] = await s.phones('alice', 'bob');
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	callee.ringing();
	await caller.status(180);
	callee.reject(486, 'Busy Here');
	await s.app.request('child', 3);
	const seen = s.app.named('child').map((r) => r.params)
		.sort((a, b) => a.SequenceNumber - b.SequenceNumber);
	assert.deepEqual(seen.map((p) => p.CallStatus),
		['initiated', 'ringing', 'busy']);
	assert.equal(seen[0].CallbackSource, 'call-progress-events');
	assert.ok(!Number.isNaN(Date.parse(seen[0].Timestamp)));
	assert.equal((await caller.finished()).status, 486);
});

scenario('dial-hang-up-both-ways', 'either side hangs up, the other hears of it', {},
	async (s) => {
		dials(s, {answerOnBridge: true}, 'bob');
		const [alice, bob] = await s.phones('alice', 'bob');
		for (const byCaller of [true, false]) {
			const caller = await alice.call('bob');
			const callee = await bob.nextCall();
			await callee.answer();
			await caller.answered();
			const [one, other] = byCaller ? [caller, callee] : [callee, caller];
			assert.equal((await one.hangup()).status, 200);
			await other.ends();
		}
	});

scenario('dial-each-other', 'numbers that all dial each other make no flood of calls', {},
	async (s) => {
		const others = ({params}) => twiml((r) => {
			const dial = r.dial({answerOnBridge: true, timeout: 20});
			for (const number of s.numbers)
				if (number !== params.To)
					dial.number(number);
		});
		s.app.on('voice', others);
		s.app.on('number', others);
		const alice = await s.phone('alice');
		const caller = await alice.call('anybody');
		const response = await caller.finished(20000);
		assert.ok(response.status >= 400, `status ${response.status}`);
		const asked = s.app.named('number');
		assert.ok(asked.length > 20 && asked.length <= 50,
			`${asked.length} calls of one INVITE`);
		const alerts = await s.stack.redis('xrevrange', 'alerts', '+', '-',
			'COUNT', '500');
		assert.ok(alerts.some(([, a]) => a.includes('32006')
			&& a.some((text) => text.includes('may lead to 50 calls')
				&& s.numbers.some((n) => text.includes(n)))));
	});

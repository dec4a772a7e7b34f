// api-control.mjs - calls that the official package places, changes and ends
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {sleep, until} from '../lib/wait.mjs';

const codeOf = async (promise) => (await refused(promise)).code;
const sip = (s, user) => `sip:${user}@${s.domain}`;
const dial = (s, user, attributes = {}) => twiml((r) =>
	r.dial(attributes).sip(sip(s, user)));
const EVENTS = ['initiated', 'ringing', 'answered', 'completed'];

/** Until the record says so. */
async function is(api, sid, status) {
	return until(async () => {
		const call = await api.calls(sid).fetch();
		return call.status === status && call;
	}, 4000, `${sid} ${status}`);
}

scenario('api-call', 'a call that the API places rings, talks, and is told of', {},
	async (s) => {
		const api = await s.api();
		const [alice, bob] = await s.phones('alice', 'bob');
		s.app.on('voice', dial(s, 'bob'));
		const placed = await api.calls.create({to: sip(s, 'alice'),
			from: 'desk', url: s.app.url('voice'), timeout: 20,
			statusCallback: s.app.url('status'), statusCallbackEvent: EVENTS});
		assert.match(placed.sid, /^CA[0-9a-f]{32}$/);
		assert.equal(placed.status, 'queued');
		assert.equal(placed.direction, 'outbound-api');
		assert.equal(placed.to, sip(s, 'alice'));
		assert.equal(placed.from, 'desk');
		assert.equal(placed.duration, null);
		assert.ok(Math.abs(placed.dateCreated - Date.now()) < 5000);
		const a = await alice.nextCall();
		const dialled = await until(async () => {
			const call = await api.calls(placed.sid).fetch();
			return call.startTime && call;
		}, 4000, 'a start');
		assert.equal(dialled.status, 'queued');
		a.ringing();
		await is(api, placed.sid, 'ringing');
		await a.answer();
		const b = await bob.nextCall();
		await b.answer();
		await s.talk(a, b);
		await sleep(600); // a second, rounded
		const {params} = await s.app.request('voice');
		assert.equal(params.Direction, 'outbound-api');
		assert.equal(params.CallSid, placed.sid);
		assert.equal(params.CallStatus, 'in-progress');
		const [child] = await api.calls.list({parentCallSid: placed.sid});
		assert.equal(child.direction, 'outbound-dial');
		assert.equal(child.status, 'in-progress');
		await a.hangup();
		await b.ends();
		const ended = await is(api, placed.sid, 'completed');
		assert.ok(ended.startTime && ended.endTime);
		await s.app.request('status', 4);
		const told = s.app.named('status').map((r) => r.params)
			.sort((x, y) => x.SequenceNumber - y.SequenceNumber);
		assert.deepEqual(told.map((t) => [t.SequenceNumber, t.CallStatus]),
			[['0', 'initiated'], ['1', 'ringing'], ['2', 'in-progress'],
				['3', 'completed']]);
		for (const t of told) {
			assert.equal(t.CallSid, placed.sid);
			assert.equal(t.CallbackSource, 'call-progress-events');
			assert.match(t.Timestamp, /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/);
		}
		assert.equal(told[3].SipResponseCode, '200');
		assert.equal(told[3].CallDuration, ended.duration);
		assert.equal(told[3].Duration, '1');
		s.checkSignatures();
	});

scenario('api-call-number', 'over a carrier, from a number of the account; busy', {},
	async (s) => {
		const api = await s.api();
		const carrier = await s.carrier();
		const placed = await api.calls.create({to: s.pstn,
			from: s.numbers[0], twiml: '<Response><Pause/></Response>',
			statusCallback: s.app.url('status')});
		assert.match(placed.phoneNumberSid, /^PN/);
		const leg = await carrier.nextCall();
		leg.reject(486, 'Busy Here');
		await is(api, placed.sid, 'busy');
		const {params} = await s.app.request('status');
		assert.equal(params.CallStatus, 'busy');
		assert.equal(params.SipResponseCode, '486');
	});

scenario('api-call-cancel', 'a call that rings is canceled, one that talks is completed',
	{}, async (s) => {
		const api = await s.api();
		const alice = await s.phone('alice');
		const place = () => api.calls.create({to: sip(s, 'alice'), from: 'desk',
			twiml: '<Response><Pause length="60"/></Response>'});
		const first = await place();
		const a = await alice.nextCall();
		a.ringing();
		await is(api, first.sid, 'ringing');
		assert.equal(await codeOf(api.calls(first.sid).update(
			{url: s.app.url('other')})), 21220);
		assert.equal((await api.calls(first.sid).update({status: 'canceled'}))
			.status, 'canceled');
		await a.ends();
		for (const status of ['completed', 'canceled']) // it is so
			assert.equal((await api.calls(first.sid).update({status})).status,
				'canceled');
		assert.equal(await codeOf(api.calls(first.sid).update(
			{url: s.app.url('other')})), 21220);
		const second = await place();
		const b = await alice.nextCall();
		await b.answer();
		await is(api, second.sid, 'in-progress');
		assert.equal(await codeOf(api.calls(second.sid).update(
			{status: 'canceled'})), 21220);
		assert.equal((await api.calls(second.sid).update({status: 'completed'}))
			.status, 'completed');
		await b.ends();
		assert.equal((await api.calls(second.sid).update({status: 'completed'}))
			.status, 'completed', 'it is so');
		assert.equal(await codeOf(api.calls(second.sid).update(
			{status: 'canceled'})), 21220);
	});

scenario('api-call-redirect', 'a caller who talks is sent to another document', {},
	async (s) => {
		const api = await s.api();
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		s.app.on('voice', dial(s, 'bob', {answerOnBridge: true,
			action: s.app.url('action')}));
		s.app.on('other', dial(s, 'carol'));
		const caller = await alice.call('bob');
		const b = await bob.nextCall();
		await b.answer();
		await caller.answered();
		await s.talk(caller, b);
		const {params: {CallSid}} = await s.app.request('voice');
		const call = await api.calls(CallSid).update({url: s.app.url('other')});
		assert.equal(call.status, 'in-progress');
		await b.ends();
		const c = await carol.nextCall();
		await c.answer();
		await s.talk(caller, c);
		assert.equal((await s.app.request('other')).params.Direction, 'inbound');
		await caller.hangup();
		await c.ends();
		assert.equal(s.app.named('action').length, 0);
	});

scenario('api-call-child', 'a callee leaves the Dial for a call of its own; the caller goes on',
	{}, async (s) => {
		const api = await s.api();
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		s.app.on('voice', dial(s, 'bob', {answerOnBridge: true,
			action: s.app.url('action')}));
		s.app.on('action', twiml((r) => r.pause({length: 30})));
		const caller = await alice.call('bob');
		const b = await bob.nextCall();
		await b.answer();
		await caller.answered();
		await s.talk(caller, b);
		const {params} = await s.app.request('voice');
		const [child] = await api.calls.list({parentCallSid: params.CallSid});
		await api.calls(child.sid).update({twiml: dial(s, 'carol')});
		const action = (await s.app.request('action')).params;
		assert.equal(action.DialCallStatus, 'completed');
		assert.equal(action.DialCallDuration, undefined);
		const c = await carol.nextCall();
		await c.answer();
		await s.talk(b, c);
		await caller.rtp.hearsNothing();
		await caller.hangup();
		await is(api, params.CallSid, 'completed');
		await s.talk(b, c); /* without the parent */
		assert.equal((await is(api, child.sid, 'in-progress')).parentCallSid,
			params.CallSid);
		await b.hangup();
		await c.ends();
		await is(api, child.sid, 'completed');
	});

scenario('api-call-bad', 'what can not be placed or changed has its code', {},
	async (s) => {
		const api = await s.api();
		const good = {to: sip(s, 'alice'), from: 'desk',
			url: s.app.url('voice')};
		const code = async (change) => codeOf(api.calls.create(
			{...good, ...change}));
		const raw = async (form) => {
			const response = await fetch(`${s.base}/2010-04-01/Accounts/`
				+ `${api.accountSid}/Calls.json`, {method: 'POST',
				headers: {Authorization: `Basic ${Buffer.from(
					`${api.accountSid}:${api.password}`).toString('base64')}`},
				body: new URLSearchParams(form)});
			return (await response.json()).code;
		};
		assert.equal(await raw({From: 'desk', Url: good.url}), 21201);
		assert.equal(await raw({To: good.to, Url: good.url}), 21213);
		assert.equal(await code({to: '555'}), 21211);
		assert.equal(await code({to: 'client:kate'}), 21211);
		for (const to of ['sip:', 'sip:alice', `sip:@${s.domain}`, 'sip:alice@',
			'sip:alice@:5060', 'sips:?a=b'])
			assert.equal(await code({to}), 21211, to);
		assert.equal(await code({to: `sip:${'a'.repeat(1400)}@x`}), 21211);
		assert.equal(await code({from: 'a'.repeat(300)}), 21212);
		assert.equal(await code({from: 'a b'}), 21212);
		assert.equal(await code({to: '+14155550123'}), 21212);
		assert.equal(await code({to: '+14155550123', from: '+15005550199'}), 21210);
		assert.equal(await code({url: 'ftp://x'}), 21205);
		assert.equal(await code({url: undefined}), 21205);
		assert.equal(await code({method: 'PUT'}), 21209);
		assert.equal(await code({url: undefined, twiml: `<${'x'.repeat(4000)}`}),
			32018);
		assert.equal(await code({url: undefined, twiml: `<${'x'.repeat(20000)}`}),
			32018);
		assert.equal(await code({applicationSid: `AP${'0'.repeat(32)}`}), 21218);
		assert.equal(await code({sendDigits: 'x'}), 20001);
		assert.equal(await code({timeout: 601}), 20001);
		assert.equal(await code({machineDetection: 'Maybe'}), 20001);
		const none = api.calls(`CA${'0'.repeat(32)}`);
		assert.equal(await codeOf(none.update({status: 'completed'})), 20404);
		assert.equal(await codeOf(none.update({status: 'busy'})), 20001);
		assert.equal(await codeOf(none.update({url: good.url, twiml: '<a/>'})),
			32019);
		const gone = await api.calls.create(good);
		const failed = await is(api, gone.sid, 'failed'); /* nobody there */
		assert.ok(failed.startTime, 'in the lists by StartTime');
		assert.equal(await codeOf(api.calls(failed.sid).update(
			{url: good.url})), 21220);
	});

scenario('api-call-record', 'a live call is recorded, paused, and stopped', {},
	async (s) => {
		const api = await s.api();
		const [alice, bob] = await s.phones('alice', 'bob');
		s.app.on('voice', dial(s, 'bob', {answerOnBridge: true}));
		const caller = await alice.call('bob');
		const b = await bob.nextCall();
		const {params: {CallSid}} = await s.app.request('voice');
		const call = api.calls(CallSid);
		assert.equal(await codeOf(call.recordings.create()), 21220);
		await b.answer();
		await caller.answered();
		const made = await call.recordings.create({recordingChannels: 'dual',
			recordingStatusCallback: s.app.url('recorded')});
		assert.match(made.sid, /^RE[0-9a-f]{32}$/);
		assert.equal(made.status, 'in-progress');
		assert.equal(made.channels, 2);
		assert.equal(made.source, 'StartCallRecordingAPI');
		assert.equal(made.callSid, CallSid);
		const there = await call.recordings(made.sid).fetch();
		assert.equal(there.status, 'in-progress');
		assert.deepEqual((await call.recordings.list()).map((r) => r.sid),
			[made.sid]);
		await s.talk(caller, b);
		const update = (change) => call.recordings(made.sid).update(change);
		assert.equal((await update({status: 'paused', pauseBehavior: 'skip'}))
			.status, 'paused');
		assert.equal((await update({status: 'in-progress'})).status,
			'in-progress');
		await sleep(600);
		const current = call.recordings('Twilio.CURRENT');
		const paused = await current.update({status: 'paused'});
		assert.deepEqual([paused.sid, paused.status], [made.sid, 'paused']);
		assert.equal((await current.update({status: 'in-progress'})).sid,
			made.sid);
		assert.equal(await s.stack.redis('ttl', `recording:{${made.sid}}`), '-1');
		assert.equal((await update({status: 'stopped'})).status, 'stopped');
		assert.equal(await codeOf(current.update({status: 'paused'})), 21220);
		assert.equal(await codeOf(update({status: 'paused'})), 21220);
		assert.equal(await codeOf(update({status: 'gone'})), 20001);
		const {params} = await s.app.request('recorded');
		assert.equal(params.RecordingSid, made.sid);
		assert.equal(params.RecordingStatus, 'completed');
		assert.equal(params.RecordingSource, 'StartCallRecordingAPI');
		assert.equal(params.RecordingChannels, '2');
		await s.talk(caller, b);
		await caller.hangup();
		await b.ends();
	});

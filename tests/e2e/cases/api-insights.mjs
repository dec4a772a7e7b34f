// api-insights.mjs - Voice Insights of calls, by the official package
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';

import {client, refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {conversation, office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {sleep, until} from '../lib/wait.mjs';

const require = createRequire(import.meta.url);
const codeOf = async (promise) => (await refused(promise)).code;

scenario('api-insights', 'summary, metrics and events of a call, as it was measured',
	{}, async (s) => {
		const {api, phones: [alice, bob]} = await office(s, 'alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.ringing();
		await callee.answer();
		await caller.answered();
		await s.talk(caller, callee);
		const {params: {CallSid: sid}} = await s.app.request('voice');
		const insights = api.insights.v1.calls(sid);
		const early = await insights.summary().fetch();
		assert.equal(early.callState, 'answered');
		assert.equal(early.processingState, 'partial');
		assert.equal(early.connectDuration, null);
		const live = await insights.metrics.list();
		assert.deepEqual(live.map((m) => m.direction), ['inbound', 'outbound']);
		assert.ok(live[0].sipEdge.cumulative.packets_received > 0);
		assert.ok(Math.abs(new Date(live[0].timestamp) - Date.now()) < 60000);
		await sleep(400); // twenty packets
		await caller.hangup();
		await callee.ends();
		const summary = await until(async () => {
			const it = await insights.summary().fetch();
			return it.processingState === 'complete'
				&& it.sipEdge.metrics && it;
		}, 8000, 'a complete summary');
		assert.equal(summary.callSid, sid);
		assert.equal(summary.callType, 'sip');
		assert.equal(summary.callState, 'completed');
		assert.equal(summary.from.caller, `sip:alice@${alice.domain}`);
		assert.equal(summary.properties.disconnected_by, 'caller');
		assert.equal(summary.properties.last_sip_response_num, 200);
		assert.ok(summary.duration >= summary.connectDuration);
		assert.equal(summary.carrierEdge, null);
		assert.equal(summary.clientEdge, null);
		assert.equal(summary.sdkEdge, null);
		const {inbound, outbound} = summary.sipEdge.metrics;
		assert.ok(inbound.cumulative.packets_received > 10);
		assert.ok(outbound.cumulative.packets_sent > 10);
		assert.equal(inbound.packet_loss_percentage, 0);
		assert.equal(inbound.cumulative.jitter.max, null, 'it is not measured');
		assert.match(inbound.codec_name, /PCMU|opus|G722/i);
		assert.ok(Math.abs(summary.startTime - Date.now()) < 60000);
		assert.equal((await insights.metrics.list({direction: 'outbound'})).length,
			1);
		assert.equal((await insights.metrics.list({edge: 'sdk_edge'})).length, 0);
		const events = await insights.events.list({pageSize: 2});
		const names = events.map((e) => `${e.group} ${e.name}`);
		assert.equal(names[0], 'call initiated');
		assert.ok(names.includes('request done'));
		assert.ok(names.includes('call answered'));
		assert.equal(names.at(-1) === 'call completed'
			|| names.includes('call completed'), true);
		assert.deepEqual(events.map((e) => e.timestamp),
			events.map((e) => e.timestamp).sort());
		assert.equal(events[0].edge, 'sip_edge');
		const [child] = await api.calls.list({parentCallSid: sid});
		const childEvents = await api.insights.v1.calls(child.sid).events.list();
		assert.ok(childEvents.some((e) => e.name === 'ringing'));
		// as old applications ask
		const old = client(s.base, api.accountSid, api.password, {},
			require('twilio-3'));
		const same = await old.insights.v1.calls(sid).summary().fetch();
		assert.equal(same.callState, 'completed');
		assert.equal((await old.insights.v1.calls(sid).events.list()).length,
			events.length);
		assert.equal((await old.insights.v1.calls(sid).metrics.list()).length, 2);
		const whole = await insights.fetch();
		assert.equal(whole.sid, sid);
		assert.equal(whole.links.metrics, `${s.base}/v1/Voice/${sid}/Metrics`);
		const other = await s.subaccount('other');
		const theirs = other.insights.v1.calls(sid);
		for (const ask of [() => theirs.fetch(), () => theirs.summary().fetch(),
			() => theirs.metrics.list(), () => theirs.events.list(),
			() => theirs.annotation().fetch(),
			() => theirs.annotation().update({spam: true}),
			() => api.insights.v1.calls(`CA${'0'.repeat(32)}`).summary().fetch()])
			assert.equal(await codeOf(ask()), 20404);
		assert.equal((await other.insights.v1.callSummaries.list()).length, 0);
		assert.equal(await codeOf(insights.metrics.list({edge: 'x'})), 20001);
		assert.equal(await codeOf(insights.summary()
			.fetch({processingState: 'x'})), 20001);
	});

scenario('api-insights-list', 'summaries of an account by filters; annotations', {},
	async (s) => {
		const {api, phones} = await office(s, 'alice', 'bob');
		await conversation(phones);
		s.app.on('voice', twiml((r) => r.reject()));
		await (await phones[0].call('nobody')).ends();
		const list = (options) => api.insights.v1.callSummaries.list(options);
		const all = await until(async () => {
			const calls = await list({pageSize: 1, processingState: 'completed'});
			return calls.length === 3 && calls;
		}, 8000, 'three summaries');
		const states = (calls) => calls.map((c) => c.callState);
		assert.deepEqual(states(await list({callState: 'completed'})),
			['completed', 'completed']);
		assert.equal((await list({direction: 'outbound_dial'})).length, 1);
		assert.equal((await list({startTime: '1h'})).length, 3);
		assert.equal((await list({endTime: '1h'})).length, 0);
		assert.equal((await list({callType: 'sip'})).length, 3);
		assert.equal((await list({callType: 'carrier'})).length, 0);
		assert.equal((await list({from: 'sip:x@y'})).length, 0);
		assert.equal((await list({processingState: 'partial'})).length, 0);
		for (const options of [{callState: 'x'}, {callType: 'x'},
			{startTime: '3 days'}, {endTime: 'x'}, {direction: 'x'}])
			assert.equal(await codeOf(list(options)), 20001);
		const call = api.insights.v1.calls(all[0].callSid);
		assert.equal((await call.annotation().fetch()).callScore, null);
		const note = await call.annotation().update({answeredBy: 'human',
			qualityIssues: 'echo,latency', spam: true, callScore: 2,
			comment: 'far away'});
		assert.deepEqual(note.qualityIssues, ['echo', 'latency']);
		assert.equal(note.callScore, 2);
		assert.equal(note.spam, true);
		assert.equal((await call.annotation().fetch()).comment, 'far away');
		assert.equal((await call.summary().fetch()).annotation.call_score, 2);
		for (const wrong of [{callScore: 6}, {qualityIssues: 'loud'},
			{answeredBy: 'x'}, {comment: 'x'.repeat(101)}])
			assert.equal(await codeOf(call.annotation().update(wrong)), 20001);
		assert.ok(Number(await s.stack.redis('ttl',
			`annotation:{${all[0].callSid}}`)) > 0);
	});

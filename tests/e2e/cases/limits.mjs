// limits.mjs - how many calls an account has at a time, how fast, for how long
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {emergency} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

scenario('rules-concurrent', 'an account has so many calls at a time, in all processes; what is over makes room',
	{account: {calls_max: 3}, domain: {emergency_calling_enabled: true},
		carrier: {emergency: true}}, async (s) => {
		s.app.on('voice', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		s.app.on('number', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		const [phone, bob] = await s.phones('alice', 'bob');
		const carrier = await s.carrier();
		const api = await s.api();
		const calls = [];
		for (let n = 0; n < 2; n++) {
			calls.push(await phone.call('anybody'));
			await calls[n].answered();
		}
		const placed = await api.calls.create({to: `sip:bob@${s.domain}`,
			from: 'desk', url: s.app.url('voice')});
		const there = await bob.nextCall();
		await there.answer();
		// full: phones, carriers and the API hear so, whichever process has them
		for (let n = 0; n < 3; n++) {
			const response = await (await phone.call('anybody')).finished();
			assert.deepEqual([response.status,
				Number.parseInt(response.get('X-Trestle-Error'))], [503, 10004]);
		}
		assert.equal((await (await carrier.call(
			`sip:${s.numbers[0]}@${s.stack.address}`)).finished()).status, 503);
		assert.deepEqual((({status, code}) => [status, code])(await refused(
			api.calls.create({to: `sip:bob@${s.domain}`, from: 'desk',
				url: s.app.url('voice')}))), [429, 10004]);
		// but not who calls for help
		assert.equal((await emergency(await phone.call('911'), carrier))[0], '911');
		const alerts = await api.monitor.v1.alerts.list();
		assert.ok(alerts.some((a) => a.errorCode === '10004'));
		// what ends makes room, once
		await calls[0].hangup();
		const next = await phone.call('anybody');
		await next.answered();
		assert.equal((await (await phone.call('anybody')).finished()).status, 503);
		// what a process that died left behind does not stay for ever
		await there.hangup();
		await until(async () => (await s.call(placed.sid)).status === 'completed',
			4000, 'the end of the call');
		await s.stack.redis('zadd', `account-calls:{${api.accountSid}}`, '1000',
			'CA'.padEnd(34, '7'));
		const last = await phone.call('anybody');
		await last.answered();
		for (const call of [calls[1], next, last])
			await call.hangup();
		await until(async () => Number(await s.stack.redis('zcard',
			`account-calls:{${api.accountSid}}`)) === 0, 4000, 'no places');
	});

scenario('rules-trial-time', 'a call of a trial account ends after ten minutes, five are up at most',
	{account: {type: 'Trial'}}, async (s) => {
		s.app.on('voice', twiml((r) => (r.say('Hi'), r.pause({length: 60}))));
		const phone = await s.phone('alice');
		const calls = [];
		for (let n = 0; n < 5; n++) {
			calls.push(await phone.call('anybody'));
			await calls[n].answered();
		}
		assert.equal((await (await phone.call('anybody')).finished()).status, 503);
		const [{sid}] = await (await s.api()).calls.list({limit: 1,
			status: 'in-progress'});
		const due = async () => {
			const {answer_time, call_timer_at_ms} = await s.call(sid);
			return Number(call_timer_at_ms) - Date.parse(answer_time);
		};
		assert.equal(await until(due, 2000, 'a snapshot'), 600000);
		for (const call of calls)
			await call.hangup();
	});

scenario('rules-rate', 'calls that the API places too fast wait for their turn, or are canceled',
	{account: {calls_per_second: 2}}, async (s) => {
		s.app.on('voice', twiml((r) => r.hangup()));
		const bob = await s.phone('bob');
		const api = await s.api();
		const wish = {to: `sip:bob@${s.domain}`, from: 'desk', url: s.app.url('voice'),
			statusCallback: s.app.url('status'), statusCallbackEvent: ['initiated']};
		const begin = Date.now();
		const placed = [];
		for (let n = 0; n < 5; n++)
			placed.push(await api.calls.create({...wish, callReason: `${n}`}));
		assert.ok(Date.now() - begin < 1500, 'nobody waits for an answer');
		assert.deepEqual([...new Set(placed.map((p) => p.status))], ['queued']);
		const last = placed.pop();
		assert.equal((await refused(api.calls(last.sid).update({
			url: s.app.url('voice')}))).code, 21220, 'it waits');
		assert.equal((await api.calls(last.sid).update({status: 'canceled'})).status,
			'canceled');
		assert.equal((await api.calls(last.sid).update({status: 'canceled'})).status,
			'canceled', 'it is so');
		const at = [];
		for (const {} of placed) {
			(await bob.nextCall()).reject(486, 'Busy Here');
			at.push(Date.now() - begin);
		}
		for (const [n, ms] of at.entries())
			assert.ok(ms >= n * 500 - 100, `call ${n} came after ${ms} ms`);
		await until(async () => (await api.calls.list({status: 'busy'})).length === 4,
			4000, 'four calls');
		const fourth = await s.call(placed[3].sid);
		assert.ok(Number(fourth.queue_time) >= 500, fourth.queue_time);
		assert.equal(fourth.call_reason, '3');
		const told = s.app.requests.filter((r) => String(r.url).includes('/status'))
			.map((r) => r.params.CallSid);
		assert.ok(placed.every((p) => told.includes(p.sid)));
		assert.ok(!told.includes(last.sid), 'nobody was told of the one canceled');
		assert.equal(bob.incoming.length, 0);
		assert.deepEqual(await s.stack.redis('zrange', 'calls:waiting', '0', '-1'), []);
	});

scenario('kill-rate', 'kill -9 of a controller while calls wait for their turn: another one places them',
	{alone: true, account: {calls_per_second: 1}}, async (s) => {
		const bob = await s.phone('bob');
		const api = await s.api();
		const wish = {to: `sip:bob@${s.domain}`, from: 'desk', url: s.app.url('voice')};
		const placed = [];
		for (let n = 0; n < 4; n++)
			placed.push(await api.calls.create(wish));
		(await bob.nextCall()).reject(486, 'Busy Here');
		// what rings while its controller dies is ended, not continued
		const busy = async (n) => (await api.calls.list({status: 'busy'})).length === n;
		await until(() => busy(1), 4000, 'the first call');
		await s.stack.kill('call-controller-1');
		for (let n = 0; n < 3; n++)
			(await bob.nextCall(15000)).reject(486, 'Busy Here');
		await until(() => busy(4), 8000, 'four calls, each once');
		assert.equal(bob.incoming.length, 0);
	});

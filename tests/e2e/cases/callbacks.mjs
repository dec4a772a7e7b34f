// callbacks.mjs - status callbacks of a call that the API places, while processes are
// killed: each event arrives, with its number, and known again when it is repeated
import assert from 'node:assert/strict';

import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const EVENTS = ['initiated', 'ringing', 'answered', 'completed'];
const STATUSES = ['initiated', 'ringing', 'in-progress', 'completed'];
const ALWAYS = ['AccountSid', 'ApiVersion', 'CallSid', 'CallStatus', 'CallbackSource',
	'Called', 'Caller', 'Direction', 'From', 'SequenceNumber', 'Timestamp', 'To'];
const AT_THE_END = ['CallDuration', 'Duration', 'SipResponseCode'];
const FETCHERS = ['webhook-fetcher-1', 'webhook-fetcher-2'];
const LATE_MS = 40000; // what a dead fetcher had is another one's after 20 s

const tokenOf = (r) => r.headers['i-twilio-idempotency-token'];
const told = (s, n) => s.app.named('status').filter((r) =>
	r.params.SequenceNumber === String(n));

/** Place a call; its callbacks go to "status". @return [sid, its leg, api] */
async function placed(s) {
	const api = await s.api();
	const alice = await s.phone('alice');
	const {sid} = await api.calls.create({to: `sip:alice@${s.domain}`, from: 'desk',
		twiml: '<Response><Pause length="120"/></Response>',
		statusCallback: s.app.url('status'), statusCallbackEvent: EVENTS});
	return [sid, await alice.nextCall(), api];
}

/** Do not answer the first request of event @p n; @return when it is there. */
function hold(s, n) {
	let held;
	s.app.on('status', (request, res) => {
		if (!held && request.params.SequenceNumber === String(n)) {
			held = request;
			return new Promise(() => {});
		}
		res.writeHead(204).end();
		return undefined;
	});
	return () => until(() => held, 8000, `callback ${n}`);
}

/** Kill all of these at once, and have them back. */
async function killAll(s, instances) {
	const before = instances.map((i) => s.stack.pid(i));
	await Promise.all(instances.map((i) => s.stack.kill(i, {wait: false})));
	await Promise.all(instances.map((i, n) => s.stack.well(i, before[n])));
}

/** Every event came, as it is documented; what came twice is the same. */
async function complete(s, sid) {
	for (const n of STATUSES.keys())
		await until(() => told(s, n).length, LATE_MS, `callback ${n}`);
	const tokens = new Set();
	for (const [n, status] of STATUSES.entries()) {
		const [first, ...again] = told(s, n);
		assert.equal(first.params.CallStatus, status);
		assert.equal(first.params.CallSid, sid);
		assert.equal(first.params.CallbackSource, 'call-progress-events');
		assert.equal(first.params.Direction, 'outbound-api');
		assert.match(tokenOf(first), /^[0-9a-f-]{36}$/);
		for (const name of ALWAYS)
			assert.ok(first.params[name], `${name} of ${status}`);
		for (const name of AT_THE_END)
			assert.equal(name in first.params, status === 'completed', name);
		for (const other of again) {
			assert.equal(tokenOf(other), tokenOf(first));
			assert.deepEqual(other.params, first.params);
		}
		tokens.add(tokenOf(first));
	}
	assert.equal(tokens.size, STATUSES.length, 'a token of its own each');
	s.checkSignatures();
}

async function answerAndEnd(s, leg, api, sid) {
	leg.ringing();
	await leg.answer();
	await until(() => told(s, 2).length, LATE_MS, 'answered');
	await api.calls(sid).update({status: 'completed'});
	await leg.ends();
}

for (const [n, event] of EVENTS.entries())
	scenario(`callbacks-killed-fetcher-${event}`,
		`both webhook-fetchers die with "${event}" on its way: it comes again, with its token`,
		{alone: true}, async (s) => {
			const held = hold(s, n);
			const [sid, leg, api] = await placed(s);
			const ends = n === 3 && answerAndEnd(s, leg, api, sid);
			if (n === 1 || n === 2)
				leg.ringing();
			if (n === 2)
				await leg.answer();
			await held();
			await killAll(s, FETCHERS);
			await until(() => told(s, n).length === 2, LATE_MS, 'it again');
			await (ends || answerAndEnd(s, leg, api, sid));
			await complete(s, sid);
		});

scenario('callbacks-killed-controller',
	'the call-controller dies as soon as it is answered: every callback comes, once known',
	{alone: true}, async (s) => {
		const held = hold(s, 2);
		const [sid, leg, api] = await placed(s);
		leg.ringing();
		await leg.answer();
		await held();
		const {owner} = await s.call(sid);
		await s.stack.kill(owner, {stay: true});
		await until(async () => (await s.call(sid)).owner !== owner, 10000,
			'another owner');
		await s.stack.revive(owner);
		await api.calls(sid).update({status: 'completed'});
		await leg.ends();
		await complete(s, sid);
	});

scenario('callbacks-killed-in-turn',
	'rest-api, webhook-fetcher and call-controller are killed one after another in one call',
	{alone: true}, async (s) => {
		s.app.on('status', (_, res) => {
			res.writeHead(204).end();
		});
		const [sid, leg, api] = await placed(s);
		await killAll(s, ['rest-api-1', 'rest-api-2']);
		leg.ringing();
		await killAll(s, FETCHERS);
		await until(() => told(s, 1).length, LATE_MS, 'ringing');
		await leg.answer();
		const {owner} = await s.call(sid);
		await s.stack.kill(owner);
		await until(() => told(s, 2).length, LATE_MS, 'answered');
		await killAll(s, FETCHERS);
		await api.calls(sid).update({status: 'completed'});
		await killAll(s, ['rest-api-1', 'rest-api-2', ...FETCHERS]);
		await leg.ends();
		await complete(s, sid);
		assert.equal((await api.calls(sid).fetch()).status, 'completed');
	});

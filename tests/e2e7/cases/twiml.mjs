// twiml.mjs - Reject, Redirect, Hangup, Pause; what an application does wrong
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const dialBob = (s) => twiml((r) => r.dial({answerOnBridge: true})
	.sip(`sip:bob@${s.domain}`));

/** alice calls; bob's phone must ring: the call survived. */
async function reachesBob(s) {
	const [alice, bob] = await s.phones('alice', 'bob');
	const caller = await alice.call('bob');
	const callee = await bob.nextCall(20000);
	await callee.answer();
	await caller.answered();
	await s.talk(caller, callee);
	await caller.hangup();
	await callee.ends();
}

for (const [reason, status, callStatus] of [['rejected', 404, 'no-answer'],
	['busy', 486, 'busy']])
	scenario(`reject-${reason}`, `Reject reason=${reason} is ${status}, and free`,
		{status: true}, async (s) => {
			s.app.on('voice', twiml((r) => r.reject({reason})));
			const alice = await s.phone('alice');
			const caller = await alice.call('bob');
			assert.equal((await caller.finished()).status, status);
			const {params} = await s.app.request('status');
			assert.equal(params.CallStatus, callStatus);
		});

scenario('redirect', 'Redirect goes to a relative URL, the rest is not run', {},
	async (s) => {
		s.app.on('voice', twiml((r) => {
			r.redirect('next');
			r.reject();
		}));
		s.app.on('next', dialBob(s));
		await reachesBob(s);
		assert.equal((await s.app.request('next')).params.CallStatus, 'ringing');
	});

scenario('hangup', 'Hangup as the first verb answers and ends the call', {status: true},
	async (s) => {
		s.app.on('voice', twiml((r) => r.hangup()));
		const alice = await s.phone('alice');
		const caller = await alice.call('bob');
		await caller.answered();
		await caller.ends();
		assert.equal((await s.app.request('status')).params.CallStatus,
			'completed');
	});

scenario('fallback', 'the application fails: the fallback URL decides', {fallback: true},
	async (s) => {
		s.app.on('voice', (_, res) => {
			res.writeHead(500).end();
		});
		s.app.on('fallback', dialBob(s));
		await reachesBob(s);
		const {params} = await s.app.request('fallback');
		assert.equal(params.ErrorCode, '11200');
		assert.equal(params.ErrorUrl, s.app.url('voice'));
		await s.alert(params.CallSid, 11200);
	});

/** Everything fails: the caller is answered, hears an apology, is hung up. */
async function apologises(s, {code, ms = 8000} = {}) {
	const alice = await s.phone('alice');
	const caller = await alice.call('bob');
	await caller.answered(ms);
	await until(() => caller.rtp.samples.some((x) => Math.abs(x) > 1000), 5000,
		'apology as sound');
	await caller.ends(15000);
	const sid = (await s.app.request('voice')).params.CallSid;
	assert.equal((await s.call(sid)).status, 'completed');
	if (code)
		await s.alert(sid, code);
}

scenario('apology', 'application and fallback fail: the caller hears an apology',
	{fallback: true}, async (s) => {
		s.app.on('voice', (_, res) => {
			res.writeHead(503).end();
		});
		s.app.on('fallback', (_, res) => {
			res.writeHead(500).end();
		});
		await apologises(s, {code: 11200});
	});

const bad = {
	'xml': ['invalid XML', '<Response><Dial></Response>', 'text/xml', 12100],
	'dtd': ['a document type definition',
		'<!DOCTYPE x [<!ENTITY a "b">]><Response><Hangup/></Response>',
		'text/xml', 12100],
	'html': ['a web page', '<html><body>Oops</body></html>', 'text/html', 0],
	'type': ['an image', 'GIF89a', 'image/gif', 12300],
	'empty': ['nothing at all', '', 'text/xml', 0],
};
for (const [name, [what, body, type, code]] of Object.entries(bad))
	scenario(`app-${name}`, `the application answers with ${what}: fallback`,
		{fallback: true}, async (s) => {
			s.app.on('voice', (_, res) => {
				res.writeHead(200, {'Content-Type': type}).end(body);
			});
			s.app.on('fallback', dialBob(s));
			await reachesBob(s);
			if (code)
				await s.alert((await s.app.request('voice')).params.CallSid, code);
		});

scenario('app-huge', 'the application answers with 10 MB: fallback', {fallback: true},
	async (s) => {
		s.app.on('voice', (_, res) => {
			res.on('error', () => {});
			res.writeHead(200, {'Content-Type': 'text/xml'})
				.end(`<Response><!--${'x'.repeat(10 << 20)}--></Response>`);
		});
		s.app.on('fallback', dialBob(s));
		await reachesBob(s);
	});

scenario('app-hangs', 'the application never answers: fallback after its time limit',
	{fallback: true}, async (s) => {
		s.app.on('hangs', () => new Promise(() => {}));
		s.app.on('voice', twiml((r) => r.redirect('hangs#tt=1000&rc=0')));
		s.app.on('fallback', dialBob(s));
		await reachesBob(s);
		assert.ok(s.app.named('fallback').length === 1);
	});

scenario('app-private', 'an application may not send us to addresses of ours',
	{fallback: true}, async (s) => {
		s.app.on('voice', twiml((r) => r.redirect('http://127.0.0.1:1/secret')));
		s.app.on('fallback', dialBob(s));
		await reachesBob(s);
		const {params} = await s.app.request('fallback');
		assert.ok(Number(params.ErrorCode) >= 11200, params.ErrorCode);
	});

scenario('app-loop', 'documents that redirect for ever end with alert 14106', {},
	async (s) => {
		s.app.on('voice', twiml((r) => r.redirect('voice')));
		await apologises(s, {code: 14106, ms: 20000});
		assert.ok(s.app.named('voice').length <= 51);
	});

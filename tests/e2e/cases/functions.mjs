// functions.mjs - the six call flows through the sample router on the runner of
// functions: it asks the REST API who is a user; nothing here plays it
import assert from 'node:assert/strict';

import {functions, routed} from '../lib/functions.mjs';
import {scenario} from '../lib/scenario.mjs';
import {Stack} from '../lib/stack.mjs';

const user = (uri) => uri.replace(/^sip:([^@]*)@.*/, '$1');

/** What functions printed for a call, by the API. @param rest of the path */
async function logsOf(s, callSid, rest = '.json', api = undefined) {
	const {username, password} = api ?? await s.api();
	const response = await fetch(`${s.base}/2010-04-01/Accounts/${username}`
		+ `/Calls/${callSid}/FunctionLogs${rest}`, {headers: {Authorization:
		`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`}});
	return rest.startsWith('.json') ? response.json() : response.text();
}

/** Call, talk, hang up: two legs, who is shown, and the handler's own line. */
async function flow(s, {from, to, at, shown, twiml}) {
	const call = await from.call(to);
	const callee = await at.nextCall();
	callee.ringing();
	await call.status(180);
	assert.ok(!call.statuses.includes(200), 'answered before the callee');
	await callee.answer();
	await call.answered();
	assert.equal(user(callee.request.uriOf('From')), shown);
	await s.talk(call, callee);
	await call.hangup();
	await callee.ends();
	const {params} = await s.app.request('status');
	assert.equal(params.CallStatus, 'completed');
	const [child, ...more] = (await s.stack.calls())
		.filter((c) => c.parent_call_sid === params.CallSid);
	assert.deepEqual(more, [], 'two legs');
	assert.equal(child.direction, 'outbound-dial');
	const {function_logs: [line]} = await logsOf(s, params.CallSid);
	assert.deepEqual([line.function, line.level, line.call_sid],
		['/router', 'info', params.CallSid]);
	assert.ok(line.text.includes(twiml), line.text);
	return callee;
}

scenario('functions-number-to-pstn',
	'router: a user with a number calls the phone network', routed(18311),
	async (s) => {
		await functions(s, 18311);
		const carrier = await s.carrier();
		const from = await s.phone(s.numbers[0]);
		const callee = await flow(s, {from, to: s.pstn, at: carrier,
			shown: s.numbers[0], twiml: `<Number>${s.pstn}</Number>`});
		assert.equal(user(callee.request.uri), s.pstn);
	});

scenario('functions-number-to-number',
	'router: a user with a number calls another', routed(18312), async (s) => {
		await functions(s, 18312);
		const [from, at] = await s.phones(s.numbers[0], s.numbers[1]);
		await flow(s, {from, to: s.numbers[1], at, shown: s.numbers[0],
			twiml: `<Sip>sip:${s.numbers[1]}@${s.domain}</Sip>`});
	});

scenario('functions-number-to-name',
	'router: a user with a number calls one with a name', routed(18313),
	async (s) => {
		await functions(s, 18313);
		const [from, at] = await s.phones(s.numbers[0], 'bob');
		await flow(s, {from, to: 'bob', at, shown: s.numbers[0],
			twiml: `<Sip>sip:bob@${s.domain}</Sip>`});
	});

scenario('functions-name-to-pstn',
	'router: a user with a name calls the phone network, with the default '
	+ 'caller id; the number is dialled as at home', routed(18314),
	async (s) => {
		await functions(s, 18314);
		const carrier = await s.carrier();
		const from = await s.phone('alice');
		const callee = await flow(s, {from, to: s.pstn.replace('+1', ''),
			at: carrier, shown: s.numbers[0],
			twiml: `<Number>${s.pstn}</Number>`});
		assert.equal(user(callee.request.uri), s.pstn);
	});

scenario('functions-name-to-number',
	'router: a user with a name calls one with a number, abroad',
	routed(18315, '?defaultCountry=GB'), async (s) => {
		await functions(s, 18315);
		const [from, at] = await s.phones('alice', s.numbers[1]);
		await flow(s, {from, to: s.numbers[1], at, shown: 'alice',
			twiml: `<Sip>sip:${s.numbers[1]}@${s.domain}</Sip>`});
	});

scenario('functions-name-to-name', 'router: a user with a name calls another',
	routed(18316), async (s) => {
		await functions(s, 18316);
		const [from, at] = await s.phones('alice', 'bob');
		await flow(s, {from, to: 'bob', at, shown: 'alice',
			twiml: `<Sip>sip:bob@${s.domain}</Sip>`});
	});

scenario('functions-new-user',
	'router: a user that the API has just made is called, one it deletes is not',
	routed(18317), async (s) => {
		await functions(s, 18317);
		const api = await s.api();
		const [mapping] = await api.sip.domains((await s.stack.hash(
			`domain:${s.domain}`)).sid).auth.registrations
			.credentialListMappings.list();
		const {credentials} = api.sip.credentialLists(mapping.sid);
		const number = s.numbers[3];
		const made = await credentials.create({username: number,
			password: 'Correct-horse-42'});
		const [from, at] = await s.phones('alice', number);
		await flow(s, {from, to: number, at, shown: 'alice',
			twiml: `<Sip>sip:${number}@${s.domain}</Sip>`});
		await credentials(made.sid).remove();
		s.app.on('number', '<Response><Reject reason="busy"/></Response>');
		const call = await from.call(number); // a number of ours, not a user
		await call.ends();
		assert.equal((await s.app.request('number')).params.To, number);
	});

scenario('functions-log',
	'what a function prints is read through the API, page by page',
	routed(18318), async (s) => {
		await functions(s, 18318, 'tests/e2e/functions');
		const alice = await s.phone('alice');
		await (await alice.call('bob')).status(486);
		const {params: {CallSid}} = await s.app.request('status');
		const first = await logsOf(s, CallSid);
		assert.deepEqual([first.page, first.page_size, first.start, first.end],
			[0, 50, 0, 49]);
		assert.match(first.function_logs[0].date_created, /^\w{3}, .* \+0000$/);
		const second = await logsOf(s, CallSid,
			first.next_page_uri.replace(/^.*FunctionLogs/, ''));
		assert.equal(second.next_page_uri, null);
		const lines = [...first.function_logs, ...second.function_logs];
		assert.deepEqual(lines.map((l) => [l.level, l.text]), [
			...Array.from({length: 60}, (_, i) => ['info', `line ${i + 1}`]),
			['error', 'it is <broken> & sorry']]);
		await s.alert(CallSid, 82005);
		assert.match(await logsOf(s, CallSid, '?Page=1&PageSize=60'),
			/<Text>it is &lt;broken&gt; &amp; sorry<\/Text>/);
		for (const [sid, api] of [[CallSid, await s.subaccount()],
			[`CA${'0'.repeat(32)}`]])
			assert.equal((await logsOf(s, sid, '.json', api)).code, 20404);
	});

scenario('functions-run', '`deploy/run --functions` serves the sample router',
	{alone: true, unsigned: true}, async (s) => {
		const stack = new Stack({address: '127.0.8.60', dir: `${s.dir}/functions`,
			functions: 'deploy/functions/example'});
		s.open.push({close: () => stack.stop()});
		await stack.start();
		const of = (password) => ({password, domain: '127.0.8.60',
			server: stack.server});
		const alice = await s.phone('alice', of('Alice-in-1865'));
		const bob = await s.phone('bob', of('Bob-builds-1998'));
		const call = await alice.call('bob');
		const callee = await bob.nextCall();
		await callee.answer();
		await call.answered();
		await s.talk(call, callee);
		await call.hangup();
		await callee.ends();
		await stack.kill('functions-1'); // deploy/run starts it again
		const second = await bob.call('alice');
		(await alice.nextCall()).reject(486);
		await second.ends();
		assert.match(stack.log('functions-1'), /sip:bob@127\.0\.8\.60 -> sip:alice/);
	});

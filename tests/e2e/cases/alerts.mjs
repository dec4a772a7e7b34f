// alerts.mjs - what goes wrong in a call is told with the code that documents it
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';

const sip = (s, user) => `sip:${user}@${s.domain}`;
const errorOf = (response) =>
	Number.parseInt(response.get('X-Trestle-Error') ?? '0');

/** Say this body to the next request. */
const says = (s, body) => s.app.on('voice', (_, res) => {
	res.writeHead(200, {'Content-Type': 'text/xml'}).end(body);
});

scenario('alert-version', 'a document of another version of XML or TwiML is 12101',
	{fallback: true}, async (s) => {
		const alice = await s.phone('alice');
		s.app.on('fallback', twiml((r) => r.reject({reason: 'busy'})));
		for (const body of ['<?xml version="2.0"?><Response/>',
			'<Response version="2030-01-01"/>']) {
			says(s, body);
			const caller = await alice.call('bob');
			assert.equal((await caller.finished()).status, 486);
			const {params} = s.app.named('fallback').at(-1);
			assert.equal(params.ErrorCode, '12101', body);
			await s.alert(params.CallSid, 12101);
		}
		says(s, '<Response version="2010-04-01"><Reject reason="busy"/></Response>');
		assert.equal((await (await alice.call('bob')).finished()).status, 486);
		assert.equal(s.app.named('fallback').length, 2);
	});

scenario('alert-action', 'the action of a document that the API gave is a whole URL: 15004',
	{}, async (s) => {
		const api = await s.api();
		const alice = await s.phone('alice');
		const placed = async (twimlText) => {
			const call = await api.calls.create({to: sip(s, 'alice'), from: 'desk',
				twiml: twimlText});
			await (await alice.nextCall()).answer();
			return call.sid;
		};
		const gather = (action) => `<Response><Gather timeout="1" `
			+ `actionOnEmptyResult="true"${action}/></Response>`;
		for (const action of [' action="keys"', '']) {
			const sid = await placed(gather(action));
			await s.alert(sid, 15004);
			await api.calls(sid).update({status: 'completed'});
		}
		s.app.on('keys', twiml((r) => r.hangup()));
		const fine = await placed(gather(` action="${s.app.url('keys')}"`));
		await s.app.request('keys');
		assert.deepEqual(await s.alerts(fine), []);
	});

scenario('alert-inline', 'Twiml that is no TwiML is refused; what is wrong with it otherwise '
	+ 'is told without a URL', {}, async (s) => {
	const api = await s.api();
	const alice = await s.phone('alice');
	const of = {to: sip(s, 'alice'), from: 'desk'};
	s.app.on('voice', twiml((r) => r.pause({length: 60})));
	const call = await api.calls.create({...of, url: s.app.url('voice')});
	await (await alice.nextCall()).answer();
	await s.app.request('voice');
	for (const wrong of ['<Respo', '<Response><Say>x</Response>', '<Other/>', 'x'])
		for (const ask of [() => api.calls(call.sid).update({twiml: wrong}),
			() => api.calls.create({...of, twiml: wrong})])
			assert.deepEqual((({status, code}) => [status, code])(
				await refused(ask())), [400, 21618], wrong);
	assert.equal((await api.calls(call.sid).fetch()).status, 'in-progress');
	assert.deepEqual(await s.alerts(call.sid), []);
	assert.equal(alice.incoming.length, 0);
	const other = '<Response version="2030-01-01"/>';
	await api.calls(call.sid).update({twiml: other});
	await s.alert(call.sid, 12101);
	const [note] = await api.calls(call.sid).notifications.list();
	assert.equal(note.requestUrl || '', '');
	const alert = await api.monitor.v1.alerts(note.sid).fetch();
	assert.equal(alert.responseBody, null);
	const [last] = await api.calls(call.sid).events.list();
	assert.equal(last.request.parameters.Twiml, other);
});

scenario('alert-both', 'Url and Twiml of a call that is placed: the Url is asked, 32019', {},
	async (s) => {
		const api = await s.api();
		const alice = await s.phone('alice');
		s.app.on('voice', twiml((r) => r.hangup()));
		const call = await api.calls.create({to: sip(s, 'alice'), from: 'desk',
			url: s.app.url('voice'), twiml: '<Response><Pause/></Response>'});
		await (await alice.nextCall()).answer();
		await s.app.request('voice');
		await s.alert(call.sid, 32019);
		const [note] = await api.calls(call.sid).notifications.list({log: 1});
		assert.equal(note.errorCode, '32019', 'a warning');
	});

scenario('alert-event', 'a StatusCallbackEvent that nobody knows has no effect: 21626', {},
	async (s) => {
		const api = await s.api();
		const alice = await s.phone('alice');
		const place = (...statusCallbackEvent) => api.calls.create({
			to: sip(s, 'alice'), from: 'desk', twiml: '<Response/>',
			statusCallback: s.app.url('status'), statusCallbackEvent});
		const call = await place('bogus', 'completed');
		(await alice.nextCall()).reject(486, 'Busy Here');
		await s.alert(call.sid, 21626);
		const [alert] = await api.calls(call.sid).notifications.list();
		assert.equal(alert.log, '1', 'a warning');
		assert.equal((await s.app.request('status')).params.CallStatus, 'busy');
		const good = await place('initiated', 'ringing', 'answered', 'completed');
		(await alice.nextCall()).reject(486, 'Busy Here');
		await s.app.request('status', 3);
		assert.deepEqual(await api.calls(good.sid).notifications.list(), []);
	});

scenario('alert-no-sdp', 'no SDP where there has to be one is 32103', {}, async (s) => {
	const [alice, bob] = await s.phones('alice', 'bob');
	s.app.on('voice', twiml((r) => r.say({loop: 9}, 'One moment')));
	const silent = await alice.call('bob', {sdp: 'never'});
	await silent.answered();
	await silent.ends();
	await s.alert((await s.app.request('voice')).params.CallSid, 32103);
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
		action: s.app.url('action')}).sip(sip(s, 'bob'))));
	s.app.on('action', twiml((r) => r.hangup()));
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	bob.respond(callee.request, 200, 'OK', {toTag: callee.localTag,
		headers: {Contact: bob.contact}}, callee.from);
	assert.match((await caller.finished()).get('X-Trestle-Error'),
		/^32103 it answered without an SDP/);
	await s.alert((await s.app.request('action')).params.DialCallSid, 32103);
});

scenario('alert-secure', 'media that has to be encrypted is refused, not sent as it is',
	{}, async (s) => {
		const [alice, bob] = await s.phones('alice', 'bob');
		const carrier = await s.carrier();
		for (const to of [sip(s, 'bob'), `sip:dave@${s.carrierIp}:5090`]) {
			const uri = `${to};secure=true`;
			s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true}).sip(uri)));
			const response = await (await alice.call('anybody')).finished();
			assert.deepEqual([response.status, errorOf(response)], [503, 32208]);
			await s.alert(s.app.named('voice').at(-1).params.CallSid, 32208);
			s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true})
				.sip().uri(uri)));
			await (await alice.call('anybody')).finished();
			await s.alert(s.app.named('voice').at(-1).params.CallSid, 32208);
			const api = await s.api();
			await assert.rejects(api.calls.create({to: uri, from: s.numbers[0],
				twiml: '<Response/>'}), {code: 21211});
		}
		assert.equal(bob.incoming.length + carrier.incoming.length, 0);
	});

scenario('alert-redirect', 'a phone that sends calls on to where they are not sent is told of',
	{}, async (s) => {
		const [alice, bob, carol] = await s.phones('alice', 'bob', 'carol');
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
			action: s.app.url('action')}, '').sip(sip(s, 'bob'))));
		s.app.on('action', twiml((r) => r.reject({reason: 'busy'})));
		for (const to of [sip(s, 'carol'), `tel:${s.pstn}`, 'sip:carol@10.1.1.1']) {
			const caller = await alice.call('bob');
			(await bob.nextCall()).reject(302, 'Moved', {Contact: `<${to}>`});
			await caller.finished();
			const {params} = s.app.named('action').at(-1);
			assert.equal(params.DialCallStatus, 'failed', to);
			await s.alert(params.CallSid, 32219);
		}
		assert.equal(carol.incoming.length, 0);
	});

scenario('alert-headers', 'headers of a SIP URI that may not be sent are left out and told of',
	{}, async (s) => {
		const [alice, bob] = await s.phones('alice', 'bob');
		const rows = [['x-a%20b=1', 32111], ['x-a=1%0d%0aVia:%20x', 32112],
			['X-Twilio-Mark=1', 32113], ['X-Trestle-Account=AC1', 32113],
			['Via=1', 13252]];
		for (const [header, code] of rows) {
			s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true})
				.sip(`${sip(s, 'bob')}?x-good=1&${header}`)));
			const caller = await alice.call('bob');
			const callee = await bob.nextCall();
			assert.equal(callee.request.get('x-good'), '1');
			const names = callee.request.headers.map(([name]) => name);
			callee.reject(486);
			assert.deepEqual(names.filter((name) =>
				/^x-a|mark|trestle/i.test(name)), [], header);
			assert.ok(!callee.request.all('Via').some((v) => /^[1x]/.test(v)), header);
			await caller.finished();
			await s.alert(s.app.named('voice').at(-1).params.CallSid, code);
		}
		const api = await s.api();
		const call = await api.calls.create({to: `${sip(s, 'bob')}?X-Twilio-Mark=1`,
			from: 'desk', twiml: '<Response/>'});
		(await bob.nextCall()).reject(486);
		await s.alert(call.sid, 32113);
	});

scenario('alert-carrier', 'a carrier that does not ring, blocks the caller, or has no target',
	{}, async (s) => {
		const alice = await s.phone('alice');
		const carrier = await s.carrier();
		const dialled = async (timeout = 30) => {
			s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true, timeout,
				action: s.app.url('action')}, s.pstn)));
			s.app.on('action', twiml((r) => r.reject({reason: 'busy'})));
			return [await alice.call('anybody'), await carrier.nextCall()];
		};
		const childSid = () => s.app.named('action').at(-1).params.DialCallSid;
		const [blocked, there] = await dialled();
		there.reject(608, 'Rejected');
		await blocked.finished();
		await s.alert(childSid(), 32017);
		const notes = (await s.api()).calls(childSid()).notifications;
		const [note] = await notes.list();
		assert.match((await notes(note.sid).fetch()).responseBody, /<Dial/,
			'the document of its parent');
		const [late, never] = await dialled(5);
		await late.finished();
		await never.ends();
		await s.alert(childSid(), 32016);
		const [busy, rings] = await dialled(5);
		rings.ringing();
		await busy.finished();
		assert.deepEqual(await s.alerts(childSid()), [], 'nobody at home is no error');
	});

scenario('alert-no-target', 'a call over a carrier without targets fails with 32010',
	{targets: []}, async (s) => {
		const api = await s.api();
		const {accountSid} = api;
		const bys = await s.stack.redis('zrange', `carriers:{${accountSid}}`, '0', '-1');
		const names = await Promise.all(bys.map((by) =>
			s.stack.redis('hget', `carrier:${by}`, 'friendly_name')));
		const call = await api.calls.create({to: s.pstn, from: s.numbers[0],
			byoc: bys[names.indexOf(s.slug)], twiml: '<Response/>'});
		await s.alert(call.sid, 32010);
	});

scenario('alert-dial-refused', 'a caller hears why nobody could be dialled', {},
	async (s) => {
		const alice = await s.phone('alice');
		const rows = [
			['<Dial answerOnBridge="true">kate</Dial>', 404, 13223],
			['<Dial answerOnBridge="true"><Sip>tel:1</Sip></Dial>', 404, 13243],
			['<Dial answerOnBridge="true" callerId="a b"><Sip>a@b</Sip></Dial>',
				503, 13214],
			['<Dial answerOnBridge="true"/>', 503, 13223],
		];
		for (const [body, status, code] of rows) {
			says(s, `<Response>${body}</Response>`);
			const response = await (await alice.call('anybody')).finished();
			assert.deepEqual([response.status, errorOf(response)], [status, code],
				body);
			await s.alert(s.app.named('voice').at(-1).params.CallSid, code);
		}
	});

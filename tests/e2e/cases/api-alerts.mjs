// api-alerts.mjs - what went wrong, by the official package: Notifications,
// Alerts, the request inspector, refused SIP requests
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';

import {client, refused} from '../lib/api.mjs';
import {office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const require = createRequire(import.meta.url);
const codeOf = async (promise) => (await refused(promise)).code;

scenario('api-alerts', 'an application that fails is told of in three places', {},
	async (s) => {
		const {api, phones: [alice]} = await office(s, 'alice');
		s.app.on('voice', (request, res) => res
			.writeHead(500, {'Content-Type': 'text/plain'}).end('broken'));
		const caller = await alice.call('bob');
		const {params} = await s.app.request('voice');
		const sid = params.CallSid;
		const [note] = await until(async () => {
			const list = await api.notifications.list();
			return list.length > 0 && list;
		}, 6000, 'a notification');
		assert.equal(note.callSid, sid);
		assert.match(note.errorCode, /^112\d\d$/);
		assert.equal(note.log, '0');
		assert.match(note.sid, /^NO[0-9a-f]{32}$/);
		const text = new URLSearchParams(note.messageText);
		assert.equal(text.get('ErrorCode'), note.errorCode);
		assert.equal(text.get('LogLevel'), 'ERROR');
		assert.equal(note.requestUrl, s.app.url('voice'));
		assert.equal(note.moreInfo,
			`https://www.twilio.com/docs/errors/${note.errorCode}`);
		const ofCall = api.calls(sid).notifications;
		assert.equal((await ofCall.list({log: 0, pageSize: 1})).length, 1);
		assert.equal((await ofCall.list({log: 1})).length, 0);
		const day = (n) => new Date(Date.now() + n * 86400000);
		assert.equal((await api.notifications.list({messageDate: day(0)}))
			.length, 1);
		assert.equal((await api.notifications.list({messageDateBefore: day(-1)}))
			.length, 0);
		const whole = await ofCall(note.sid).fetch();
		assert.equal(new URLSearchParams(whole.requestVariables).get('CallSid'),
			sid);
		assert.equal(whole.requestMethod, 'POST');
		assert.equal(whole.responseBody, 'broken');
		assert.equal(text.get('httpResponse'), '500');
		assert.equal(text.get('url'), s.app.url('voice'));
		const told = new URLSearchParams(whole.responseHeaders);
		assert.equal(told.get('Content-Type'), 'text/plain');
		assert.equal((await api.notifications(note.sid).fetch()).sid, note.sid);
		const [alert] = await api.monitor.v1.alerts.list({logLevel: 'error'});
		assert.equal(alert.sid, note.sid);
		assert.equal(alert.resourceSid, sid);
		assert.ok(Math.abs(alert.dateCreated - Date.now()) < 60000);
		assert.equal((await api.monitor.v1.alerts.list({endDate: day(-1)}))
			.length, 0);
		const fetched = await api.monitor.v1.alerts(alert.sid).fetch();
		assert.equal(fetched.requestVariables, whole.requestVariables);
		assert.equal(fetched.responseBody, 'broken');
		const asked = new URLSearchParams(fetched.requestHeaders);
		assert.match(asked.get('X-Twilio-Signature'), /^[\w+/]+=$/);
		assert.equal(asked.get('User-Agent'), 'TwilioProxy/1.1');
		const [event] = await api.calls(sid).events.list();
		assert.equal(event.request.method, 'POST');
		assert.equal(event.request.parameters.CallSid, sid);
		assert.equal(event.response.response_code, 500);
		assert.equal(event.response.response_body, 'broken');
		assert.equal(event.response.headers['Content-Type'], 'text/plain');
		assert.equal(event.request.headers['I-Twilio-Idempotency-Token'].length,
			36);
		// as old applications ask
		const old = client(s.base, api.accountSid, api.password, {},
			require('twilio-3'));
		assert.equal((await old.monitor.v1.alerts.list())[0].sid, note.sid);
		assert.equal((await old.monitor.v1.alerts(note.sid).fetch()).responseBody,
			'broken');
		assert.equal((await old.notifications.list())[0].sid, note.sid);
		assert.equal((await old.calls(sid).notifications(note.sid).fetch())
			.responseBody, 'broken');
		assert.equal((await old.calls(sid).events.list())[0].response.response_code,
			500);
		const other = await s.subaccount('other');
		for (const ask of [() => other.notifications(note.sid).fetch(),
			() => other.monitor.v1.alerts(note.sid).fetch(),
			() => other.calls(sid).notifications.list(),
			() => other.calls(sid).events.list(),
			() => api.notifications(`NO${'0'.repeat(32)}`).fetch()])
			assert.equal(await codeOf(ask()), 20404);
		assert.equal((await other.notifications.list()).length, 0);
		assert.equal(await codeOf(api.monitor.v1.alerts
			.list({logLevel: 'loud'})), 20001);
		await caller.ends().catch(() => undefined);
	});

scenario('api-alerts-document', 'a document that is wrong is shown with its alert, and no secret',
	{}, async (s) => {
		const {api, phones: [alice]} = await office(s, 'alice');
		const url = s.app.url('voice').replace('://', '://user:secret@');
		await api.sip.domains((await api.sip.domains.list())[0].sid)
			.update({voiceUrl: url});
		s.app.on('voice', (request, res) => {
			res.writeHead(200, {'Content-Type': 'text/xml',
				'Set-Cookie': 'session=secret'});
			res.end('<Response><Say');
		});
		const caller = await alice.call('bob');
		const {params: {CallSid: sid}} = await s.app.request('voice');
		const [note] = await until(async () => {
			const list = await api.calls(sid).notifications.list();
			return list.length > 0 && list;
		}, 6000, 'a notification');
		assert.equal(note.errorCode, '12100');
		assert.equal(note.requestMethod, 'POST');
		const whole = await api.monitor.v1.alerts(note.sid).fetch();
		assert.equal(whole.responseBody, '<Response><Say');
		assert.equal(new URLSearchParams(whole.responseHeaders).get('Set-Cookie'),
			'***');
		const events = await api.calls(sid).events.list();
		assert.doesNotMatch(JSON.stringify([note, whole, events.map((e) =>
			[e.request, e.response])]), /secret|dXNlcjpzZWNyZXQ/);
		await caller.ends().catch(() => undefined);
	});

scenario('api-events', 'a call that the API made shows what the API was asked, and its webhooks',
	{}, async (s) => {
		const {api, phones: [alice]} = await office(s, 'alice');
		s.app.on('status', (request, res) => res.writeHead(204).end());
		const login = s.app.url('status').replace('://', '://user:secret@');
		const placed = await api.calls.create({to: `sip:alice@${alice.domain}`,
			from: 'me', twiml: '<Response><Pause length="20"/></Response>',
			sipAuthUsername: 'x', sipAuthPassword: 'secret',
			statusCallback: login, statusCallbackEvent: ['answered', 'completed']});
		const call = await alice.nextCall();
		await call.answer();
		await s.app.request('status');
		await api.calls(placed.sid).update({twiml: '<Response><Hangup/></Response>'});
		await call.ends();
		const events = await until(async () => {
			const all = await api.calls(placed.sid).events.list();
			return all.length >= 4 && all;
		}, 6000, 'four events');
		const of = (url, code) => events.find((e) => e.request.url.endsWith(url)
			&& e.response.response_code === code);
		const create = of('/Calls.json', 201);
		assert.equal(create.request.method, 'POST');
		assert.equal(create.request.parameters.From, 'me');
		assert.equal(create.request.parameters.SipAuthPassword, '***');
		assert.equal(create.request.parameters.StatusCallbackEvent,
			'answered, completed');
		assert.equal(JSON.parse(create.response.response_body).sid, placed.sid);
		assert.equal(of(`/Calls/${placed.sid}.json`, 200).request.parameters.Twiml,
			'<Response><Hangup/></Response>');
		assert.equal(of('/status', 204).request.parameters.CallSid, placed.sid);
		assert.doesNotMatch(JSON.stringify(events.map((e) =>
			[e.request, e.response])), /secret|dXNlcjpzZWNyZXQ/);
	});

/** What the official package has no parameter for */
async function tellAlertsTo(s, api, url) {
	const response = await fetch(`${s.base}/2010-04-01/Accounts/`
		+ `${api.accountSid}.json`, {method: 'POST',
		body: new URLSearchParams({DebuggerUrl: url}), headers: {authorization:
			`Basic ${Buffer.from(`${api.accountSid}:${api.password}`)
				.toString('base64')}`}});
	return response.status;
}

scenario('api-debugger', 'each alert is told to the webhook of its account, or of its owner',
	{account: {}, unsigned: true}, async (s) => { // by two tokens
		const {api, phones: [alice]} = await office(s, 'alice');
		const broken = (request, res) => res
			.writeHead(500, {'Content-Type': 'text/plain'}).end('broken');
		s.app.on('voice', broken);
		s.app.on('debugger', (request, res) => res.writeHead(204).end());
		assert.equal(await tellAlertsTo(s, api, 'nonsense'), 400);
		assert.equal(await tellAlertsTo(s, api, s.app.url('debugger')), 200);
		await (await alice.call('bob')).ends().catch(() => undefined);
		const {params: {CallSid}} = await s.app.request('voice');
		const {params, signed} = await s.app.request('debugger');
		assert.ok(signed);
		const [note] = await api.notifications.list();
		const payload = JSON.parse(params.Payload);
		assert.equal(params.AccountSid, api.accountSid);
		assert.equal(params.Sid, note.sid);
		assert.equal(params.Level, 'ERROR');
		assert.equal(params.PayloadType, 'application/json');
		assert.equal(params.ParentAccountSid, (await s.api()).accountSid);
		assert.ok(Math.abs(new Date(params.Timestamp) - Date.now()) < 60000);
		assert.equal(payload.resource_sid, CallSid);
		assert.equal(payload.error_code, note.errorCode);
		assert.equal(payload.more_info.Msg,
			new URLSearchParams(note.messageText).get('Msg'));
		assert.equal(payload.webhook.request.url, s.app.url('voice'));
		assert.equal(payload.webhook.request.parameters.CallSid, CallSid);
		assert.equal(payload.webhook.response.status_code, 500);
		assert.equal(payload.webhook.response.body, 'broken');
		// of its owner, when it has none; whose token signs it then
		const owner = await s.api();
		s.app.authToken = owner.password;
		s.app.on('debugger2', broken);
		assert.equal(await tellAlertsTo(s, api, ''), 200);
		assert.equal(await tellAlertsTo(s, owner, s.app.url('debugger2')), 200);
		await (await alice.call('bob')).ends().catch(() => undefined);
		const second = await s.app.request('debugger2');
		assert.equal(second.params.AccountSid, api.accountSid);
		assert.ok(second.signed);
		// and what it answers is no alert, which would be told again
		const before = (await owner.notifications.list()).length
			+ (await api.notifications.list()).length;
		await new Promise((done) => setTimeout(done, 2500));
		assert.equal((await owner.notifications.list()).length
			+ (await api.notifications.list()).length, before);
	});

scenario('api-rejections', 'each phone with a wrong password is in the reject log', {},
	async (s) => {
		const {api, domain} = await office(s);
		for (const user of ['mallory', 'trudy', 'mallory'])
			await (await s.phone(user, {domain, register: false,
				password: 'Wrong-horse-42'})).register();
		const get = async () => {
			const response = await fetch(`${s.base}/2010-04-01/Accounts/`
				+ `${api.accountSid}/SIP/Rejections.json`, {headers: {
				authorization: `Basic ${Buffer.from(`${api.accountSid}:`
					+ api.password).toString('base64')}`}});
			return (await response.json()).rejections;
		};
		const all = await until(async () => {
			const list = await get();
			return list.length > 1 && list;
		}, 5000, 'two rejections');
		assert.deepEqual([...new Set(all.map((r) => r.user))].sort(),
			['mallory', 'trudy']);
		const [rejection] = all;
		assert.equal(rejection.domain, domain);
		assert.equal(rejection.method, 'REGISTER');
		assert.equal(rejection.status, 403);
		assert.equal(rejection.source, s.ip);
		assert.match(rejection.reason, new RegExp(domain));
		assert.match(rejection.error_code, /^322\d\d$/);
	});

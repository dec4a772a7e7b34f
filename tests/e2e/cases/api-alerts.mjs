// api-alerts.mjs - what went wrong, by the official package: Notifications,
// Alerts, the request inspector, refused SIP requests
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

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

scenario('api-rejections', 'a phone with a wrong password is in the reject log', {},
	async (s) => {
		const {api, domain} = await office(s);
		const phone = await s.phone('mallory', {domain, register: false,
			password: 'Wrong-horse-42'});
		await phone.register();
		const get = async () => {
			const response = await fetch(`${s.base}/2010-04-01/Accounts/`
				+ `${api.accountSid}/SIP/Rejections.json`, {headers: {
				authorization: `Basic ${Buffer.from(`${api.accountSid}:`
					+ api.password).toString('base64')}`}});
			return (await response.json()).rejections;
		};
		const [rejection] = await until(async () => {
			const list = await get();
			return list.length > 0 && list;
		}, 5000, 'a rejection');
		assert.equal(rejection.source, s.ip);
		assert.match(rejection.reason, new RegExp(domain));
		assert.match(rejection.error_code, /^322\d\d$/);
	});

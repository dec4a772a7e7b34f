// api-verify.mjs - a caller id is verified: its owner is called and types the code
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {scenario} from '../lib/scenario.mjs';
import {press} from '../lib/sounds.mjs';
import {sleep, until} from '../lib/wait.mjs';

const codeOf = async (promise) => (await refused(promise)).code;

/** The carrier answers the next call. */
async function answered(carrier) {
	const leg = await carrier.nextCall();
	leg.ringing();
	await leg.answer();
	return leg;
}

/** Digits are heard from when the document is asked for. */
const asked = (s, sid, part = '') => until(async () =>
	(await s.stack.redis('lrange', `request:${sid}`, '0', '-1'))
		.some((r) => JSON.parse(r).url.includes(`/verifications/${sid}${part}`)),
4000, `the document ${part} of ${sid}`);

const verified = (s, api) => s.stack.hash(`verified-numbers:{${api.accountSid}}`);

scenario('verify-number', 'the owner of a number types the code: it is a caller id then', {},
	async (s) => {
		const api = await s.api();
		const carrier = await s.carrier();
		const other = `${s.pstn.slice(0, 8)}9999`;
		assert.equal(await codeOf(api.calls.create({to: s.pstn, from: other,
			twiml: '<Response/>'})), 21210);
		const v = await api.validationRequests.create({phoneNumber: other,
			friendlyName: 'my desk', statusCallback: s.app.url('verified')});
		assert.equal(v.phoneNumber, other);
		assert.equal(v.accountSid, api.accountSid);
		assert.equal(v.friendlyName, 'my desk');
		assert.match(v.validationCode, /^\d{6}$/);
		assert.match(v.callSid, /^CA[0-9a-f]{32}$/);
		const leg = await answered(carrier);
		assert.equal(leg.request.uriOf('To').split('@')[0], `sip:${other}`);
		await asked(s, v.callSid);
		await press(leg, v.validationCode);
		await leg.ends();
		const {params, signed} = await s.app.request('verified');
		assert.ok(signed);
		assert.equal(params.VerificationStatus, 'success');
		assert.equal(params.CallSid, v.callSid);
		assert.equal(params.CallStatus, 'completed');
		assert.equal(params.To, other);
		const [id] = await api.outgoingCallerIds.list({phoneNumber: other});
		assert.equal(id.sid, params.OutgoingCallerIdSid);
		assert.equal(id.friendlyName, 'my desk');
		const call = await api.calls(v.callSid).fetch();
		assert.equal(call.direction, 'outbound-api');
		// it may be shown now
		await api.calls.create({to: s.pstn, from: other,
			twiml: '<Response><Reject/></Response>'});
		const next = await carrier.nextCall();
		assert.match(next.request.get('From'), new RegExp(`sip:\\${other}@`));
		next.reject(486);
		assert.equal(await codeOf(api.validationRequests.create(
			{phoneNumber: other})), 21450);
		assert.ok(await id.remove());
		assert.equal(s.app.named('verified').length, 1);
		s.checkSignatures();
	});

scenario('verify-wrong', 'wrong codes: asked again, after three it is over', {},
	async (s) => {
		const api = await s.subaccount();
		const carrier = await s.carrier();
		const {validationCode: code, callSid} = await api.validationRequests
			.create({phoneNumber: s.pstn, statusCallback: s.app.url('verified')});
		const wrong = code === '111111' ? '222222' : '111111';
		const leg = await answered(carrier);
		for (let n = 1; n <= 3; n++) {
			await asked(s, callSid, n > 1 ? '/code' : '');
			await press(leg, wrong);
			await until(async () => (await s.stack.redis('hget',
				`verification:{${callSid}}`, 'tries')) === String(n), 8000,
			`try ${n}`);
		}
		await leg.ends(15000);
		const {params} = await s.app.request('verified');
		assert.equal(params.VerificationStatus, 'failed');
		assert.equal(params.OutgoingCallerIdSid, undefined);
		assert.deepEqual(await api.outgoingCallerIds.list(), []);
		// a code that comes too late is none; and nobody else can say it
		const path = `/verifications/${callSid}/code`;
		const body = new URLSearchParams({CallSid: callSid, Digits: code});
		assert.equal((await fetch(s.base + path, {method: 'POST', body}))
			.status, 404, 'not to the world');
		const {http} = await s.stack.hash('service:rest-api:rest-api-1');
		const late = await fetch(`http://${http}${path}`, {method: 'POST', body});
		assert.match(await late.text(), /not verified/);
		assert.equal((await fetch(`http://${http}${path}?CallSid=${callSid}`
			+ `&Digits=${code}`)).status, 400, 'not by a query');
		assert.deepEqual(await verified(s, api), {});
	});

scenario('verify-busy', 'nobody answers: failed; CallDelay and Extension', {},
	async (s) => {
		const api = await s.subaccount();
		const carrier = await s.carrier();
		const create = (options) => api.validationRequests.create({
			phoneNumber: s.pstn, statusCallback: s.app.url('verified'),
			...options});
		await create();
		(await carrier.nextCall()).reject(486, 'Busy Here');
		const {params} = await s.app.request('verified');
		assert.equal(params.VerificationStatus, 'failed');
		assert.equal(params.CallStatus, 'busy');
		const began = Date.now();
		const v = await create({callDelay: 2, extension: '42#',
			statusCallbackMethod: 'GET'});
		assert.equal(v.friendlyName, `(${s.pstn.slice(2, 5)}) `
			+ `${s.pstn.slice(5, 8)}-${s.pstn.slice(8)}`);
		const leg = await carrier.nextCall();
		assert.ok(Date.now() - began >= 2000, 'not before its time');
		await leg.answer();
		await until(() => leg.rtp.digits === '42#', 4000, 'the extension');
		await asked(s, v.callSid);
		await press(leg, v.validationCode);
		await leg.ends();
		const {params: second, method} = await s.app.request('verified', 2);
		assert.equal(method, 'GET');
		assert.equal(second.VerificationStatus, 'success');
		assert.deepEqual(Object.keys(await verified(s, api)), [s.pstn]);
		assert.equal(await s.stack.redis('zcard', 'verifications:due'), '0');
	});

scenario('verify-trial', 'a trial account verifies, and then may call, the number',
	{account: {type: 'Trial'}}, async (s) => {
		const api = await s.api();
		const carrier = await s.carrier();
		const v = await api.validationRequests.create({phoneNumber: s.pstn});
		const leg = await answered(carrier);
		await asked(s, v.callSid);
		await press(leg, v.validationCode);
		await leg.ends();
		await until(async () => (await verified(s, api))[s.pstn], 4000,
			'the caller id');
	});

scenario('verify-bad', 'what can not be verified has its code', {}, async (s) => {
	const api = await s.api();
	const code = (options) => codeOf(api.validationRequests.create({
		phoneNumber: s.pstn, ...options}));
	assert.equal(await code({phoneNumber: '5551234'}), 21217);
	assert.equal(await code({phoneNumber: `sip:a@${s.domain}`}), 21217);
	assert.equal(await code({phoneNumber: '+1911'}), 21217);
	assert.equal(await code({phoneNumber: '+19005551234'}), 21215);
	assert.equal(await code({phoneNumber: ''}), 20001);
	assert.equal(await code({phoneNumber: s.numbers[0]}), 21450);
	assert.equal(await code({callDelay: 61}), 21454);
	assert.equal(await code({callDelay: 'x'}), 21454);
	assert.equal(await code({extension: 'abc x'}), 20001);
	assert.equal(await code({statusCallback: 'ftp://x'}), 21402);
	assert.equal(await code({statusCallback: s.app.url('x'),
		statusCallbackMethod: 'PUT'}), 21403);
	assert.equal(await code({friendlyName: 'x'.repeat(65)}), 20001);
	const other = await s.subaccount();
	assert.equal(await codeOf(other.validationRequests.create(
		{phoneNumber: s.numbers[0]})), 21453);
	assert.deepEqual(await s.stack.redis('keys',
		`verifications:{${other.accountSid}}`), []);
});

for (const service of ['rest-api', 'webhook-fetcher', 'call-controller'])
	scenario(`kill-verify-${service}`,
		`kill -9 of the ${service} while the code is typed: it is verified once`,
		{alone: true}, async (s) => {
			const api = await s.subaccount();
			const carrier = await s.carrier();
			const v = await api.validationRequests.create({phoneNumber: s.pstn,
				statusCallback: s.app.url('verified')});
			const leg = await answered(carrier);
			await asked(s, v.callSid);
			await press(leg, v.validationCode.slice(0, 3));
			const instance = service === 'call-controller'
				? (await s.call(v.callSid)).owner : `${service}-1`;
			await s.stack.kill(instance, {wait: false});
			await until(() => s.stack.pid(instance), 20000, 'it is back');
			await s.stack.well(instance);
			await press(leg, v.validationCode.slice(3));
			await leg.ends(20000);
			const {params} = await s.app.request('verified', 1, 20000);
			assert.equal(params.VerificationStatus, 'success');
			assert.equal((await api.outgoingCallerIds.list()).length, 1);
		});

scenario('kill-verify-delayed', 'both rest-api die before the call is due: it is placed all the same',
	{alone: true}, async (s) => {
		const api = await s.subaccount();
		const carrier = await s.carrier();
		const v = await api.validationRequests.create({phoneNumber: s.pstn,
			callDelay: 2, statusCallback: s.app.url('verified')});
		const both = ['rest-api-1', 'rest-api-2'];
		await Promise.all(both.map((i) => s.stack.kill(i, {stay: true})));
		await sleep(2500);
		assert.equal(carrier.incoming.length, 0);
		await Promise.all(both.map((i) => s.stack.revive(i)));
		const leg = await answered(carrier);
		await asked(s, v.callSid);
		await press(leg, v.validationCode);
		await leg.ends();
		assert.equal((await s.app.request('verified')).params
			.VerificationStatus, 'success');
		assert.equal(carrier.incoming.length, 0, 'one call');
	});

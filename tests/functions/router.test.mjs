// router.test.mjs - the sample router, as it is, with each version of the
// official package; the API is a stand-in here (tests/e2e has the real one)
import assert from 'node:assert/strict';
import {cpSync, rmSync, symlinkSync} from 'node:fs';
import {after, before, test} from 'node:test';
import {fileURLToPath} from 'node:url';

import {Api} from './lib/api.mjs';
import {ACCOUNT, TOKEN, ask, makeProject, start} from './lib/runner.mjs';

const SD = 'SD00000000000000000000000000000001';
const example = fileURLToPath(new URL('../../deploy/functions/example',
	import.meta.url));
const lists = [['alice', 'bob', '+14155550001', '+14155550002', 'mary.jane'],
	['100', '+442071838750', 'door-1']];
let api;

const dial = (attributes, inner) => '<?xml version="1.0" encoding="UTF-8"?>'
	+ `<Response><Dial ${attributes}answerOnBridge="true">${inner}</Dial></Response>`;
const from = (id) => `callerId="${id}" `;
const sip = (user) => `<Sip>sip:${user}@d.test</Sip>`;
const number = (n) => `<Number>${n}</Number>`;
const us = [ // who, dials what, answer
	['+14155550001', '+17775551234', from('+14155550001'), number('+17775551234')],
	['+14155550001', '4155559999', from('+14155550001'), number('+14155559999')],
	['+14155550001', '(415) 555-9999', from('+14155550001'),
		number('+14155559999')],
	['4155550001', '4155550002', from('+14155550001'), sip('+14155550002')],
	['+14155550001', 'bob', from('+14155550001'), sip('bob')],
	['+14155550001', 'mary.jane', from('+14155550001'), sip('mary.jane')],
	['alice', '+14155550002', from('alice'), sip('+14155550002')],
	['alice', 'bob', from('alice'), sip('bob')],
	['door-1', 'bob', from('door-1'), sip('bob')],
	['alice', '+17775551234', from('+15550100100'), number('+17775551234')],
	['alice', '100', from('alice'), sip('100')],
	['alice', 'nobody', from('alice'), sip('nobody')],
	['alice', '1', from('alice'), sip('1')],
	['alice', '911', '', number('911')],
	['alice', '442071838750', from('alice'), sip('+442071838750')],
	['alice', '%23 9', from('alice'), sip('%23%209')],
];
const gb = [
	['alice', '020 7183 8750', from('alice'), sip('+442071838750')],
	['alice', '020 7183 0000', from('+15550100100'), number('+442071830000')],
	['020 7183 8750', '+17775551234', from('+442071838750'),
		number('+17775551234')],
	['alice', '999', '', number('999')],
];

async function startRouter(version) {
	const folder = makeProject({}, {version});
	cpSync(example, folder, {recursive: true,
		filter: (name) => !/node_modules|\.env$/.test(name)});
	symlinkSync(`${example}/node_modules/google-libphonenumber`,
		`${folder}/node_modules/google-libphonenumber`);
	return start(folder, {TRESTLE_PUBLIC_URL: api.url,
		TRESTLE_FUNCTIONS_SECONDS: '3'});
}

const route = (runner, who, to, query = '') => ask(runner, `/router${query}`,
	{sign: true, form: {From: `sip:${who}@d.test`, To: `sip:${to}@d.test`,
		SipDomainSid: SD, CallSid: 'CA00000000000000000000000000000001'}});

before(async () => {
	api = await new Api({account: ACCOUNT, token: TOKEN,
		domains: {[SD]: lists}}).open();
});
after(() => api.close());

for (const version of [3, 5, 6]) {
	test(`the router with twilio ${version}`, async (t) => {
		const runner = await startRouter(version);
		t.after(() => runner.stop());
		for (const [cases, query] of [[us, ''], [gb, '&defaultCountry=GB']])
			for (const [who, to, callerId, inner] of cases) {
				const {status, text, headers} = await route(runner, who, to,
					`?defaultCallerId=%2B15550100100${query}`);
				assert.equal(text, dial(callerId, inner), `${who} -> ${to}`);
				assert.equal(status, 200);
				assert.match(headers.get('content-type'), /^text\/xml/);
			}
		const agent = {3: '3.80.0', 5: '5.13.1', 6: '6.3.1'}[version];
		assert.match(api.requests.at(-1).headers['user-agent'],
			new RegExp(`twilio-node/${agent}`));
		assert.ok(api.requests.some((r) => /Page=1/.test(r.url)), 'second pages');
	});
}

test('the router answers when it can not: no URI, no API, no domain',
	async (t) => {
		const runner = await startRouter(3);
		t.after(() => runner.stop());
		const bad = await ask(runner, '/router', {sign: true, form: {From: 'x'}});
		assert.equal(bad.status, 500);
		assert.match(bad.text, /no SIP URI/);
		api.failing = true;
		assert.equal((await route(runner, 'alice', 'bob')).status, 500);
		api.failing = false;
		assert.equal((await route(runner, 'alice', 'bob')).status, 200);
		const other = await ask(runner, '/router', {sign: true, form: {
			From: 'sip:a@d', To: 'sip:b@d', SipDomainSid: `SD${'9'.repeat(32)}`}});
		assert.equal(other.status, 500);
		assert.match(other.text, /was not found/);
		assert.equal((await ask(runner, '/router', {form: {From: 'x'}})).status,
			400, 'not signed');
		rmSync(runner.folder, {recursive: true});
	});

// client.mjs - `trestle`, the REST API from a terminal
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN, PASSWORD} from '../lib/tenants.mjs';

scenario('client-domain', 'trestle makes a domain with a user who can call', {},
	async (s) => {
		const {accountSid, password} = await s.subaccount();
		const trestle = (...words) => s.stack.trestle(accountSid, password, words);
		const domain = `client.${s.domain}`;
		await trestle('domains', 'add', domain, s.app.url('voice'),
			'--sip-registration', 'true');
		await trestle('lists', 'add', 'phones');
		await trestle('users', 'add', 'phones', 'alice', PASSWORD);
		await trestle('registration-lists', 'add', domain, 'phones');
		await trestle('call-lists', 'add', domain, 'phones');
		s.app.on('voice', twiml((r) => r.reject({reason: 'busy'})));
		const phone = await s.phone('alice', {domain});
		await (await phone.call('anybody')).status(486);
		const [row] = JSON.parse(await trestle('domains', '--json'));
		assert.equal(row.domain_name, domain);
		assert.match(await trestle('domain', domain), /^auth_type +CREDENTIAL_LIST$/m);
		assert.match(await trestle('users', 'phones'), /^alice /m);
		await trestle('domains', 'set', domain, '--friendly-name', 'Desk 1');
		assert.match(await trestle('domains', 'show', domain), /Desk 1/);
		await trestle('domains', 'remove', domain);
		assert.deepEqual(JSON.parse(await trestle('domains', '--json')), []);
	});

scenario('client-errors', 'trestle says in a line what is wrong', {}, async (s) => {
	const {accountSid, password} = await s.subaccount();
	const fails = async (status, pattern, token, ...words) => {
		const error = await s.stack.trestle(accountSid, token, words)
			.then(() => undefined, (e) => e);
		assert.equal(error?.code, status, words.join(' '));
		assert.match(error.stderr, pattern);
		assert.equal(error.stderr.trimEnd().split('\n').length, 1);
	};
	await fails(1, /do not fit together/, 'wrong', 'domains');
	await fails(1, /^trestle: there is no "x" among the domains/, password,
		'domains', 'show', 'x');
	await fails(1, /21402/, password, 'domains', 'add', 'a.b', 'ftp://x');
	await fails(2, /is no noun/, password, 'frobs');
	await fails(2, /lacks its value/, password, 'domains', '--to');
	await fails(2, /can not add/, password, 'recordings', 'add', 'x');
});

scenario('client-doctor', 'trestle doctor registers, calls, hears, is heard, and tidies up', {},
	async (s) => {
		const {accountSid} = await s.api();
		const doctor = (server) => s.stack.trestle(accountSid, AUTH_TOKEN,
			['doctor', '--server', server]);
		const {host, port} = s.stack.server;
		const out = await doctor(`${host}:${port}`);
		assert.match(out, /^ok +the phone hears/m, out);
		assert.match(out, /^ok +the server hears the phone$/m, out);
		assert.match(out, /All is well\.\n$/, out);
		assert.deepEqual(await s.stack.redis('keys', 'domain:doctor-*'), []);
		const error = await doctor(`${host}:1`).then(() => undefined, (e) => e);
		assert.equal(error.code, 1);
		assert.match(error.stdout, /^FAIL +SIP over UDP/m);
	});

// client.mjs - `trestle`, the REST API from a terminal
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';

import {twiml} from '../lib/app.mjs';
import {office} from '../lib/office.mjs';
import {paramsOf, routes} from '../lib/routes.mjs';
import {scenario} from '../lib/scenario.mjs';
import {AUTH_TOKEN, PASSWORD} from '../lib/tenants.mjs';
import {until} from '../lib/wait.mjs';

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
	await fails(2, /^trestle: calls: it has no option --foo; it has --to, .*--json/,
		password, 'calls', '--foo', 'bar');
	await fails(2, /^trestle: tail: it has no option --foo/, password, 'tail',
		'--foo', 'bar');

	const made = async () => /^sid +(CL\w+)$/m.exec(await s.stack.trestle(accountSid,
		password, ['lists', 'add', 'dupe']))[1];
	const sids = [await made(), await made()].sort();
	for (const words of [['lists', 'remove', 'dupe'], ['users', 'dupe'],
		['users', 'add', 'dupe', 'alice', PASSWORD]])
		await fails(1, new RegExp(`2 of the lists are called "dupe": ${[sids.join(', '),
			sids.reverse().join(', ')].join('|')}`), password, ...words);
	const left = JSON.parse(await s.stack.trestle(accountSid, password,
		['lists', '--json']));
	assert.deepEqual(left.map((l) => l.sid).sort(), sids.sort());
	await s.stack.trestle(accountSid, password, ['lists', 'remove', sids[0]]);
	assert.match(await s.stack.trestle(accountSid, password, ['users', 'dupe']),
		/^USERNAME/);
});

/** Its nouns, as its own table has them: {name, pattern} */
function nouns() {
	const source = readFileSync(new URL('../../../services/client/core/noun.c',
		import.meta.url), 'utf8');
	return [...source.matchAll(/\{\.name = "([\w-]+)", \.path = "(.*?)"/g)]
		.map(([, name, path]) => ({name, pattern: path
			.replace(/^\/2010-04-01\/Accounts(\/\{\}\/)?/, '')}));
}

scenario('client-options', 'every parameter of the API is an option of trestle', {},
	async (s) => {
		const {accountSid, password} = await s.subaccount();
		const same = (a, b) => a.replace(/\{\w*\}/g, '{}') === b;
		const known = async (name, verb) => {
			const error = await s.stack.trestle(accountSid, password, [name, verb,
				'--no-such-option', 'x']).then(() => undefined, (e) => e);
			assert.match(error?.stderr ?? '', /it has no option --no-such-option/, name);
			return error.stderr;
		};
		let n = 0;
		for (const {name, pattern} of nouns())
			for (const route of routes().filter((r) => r.post
				&& [pattern, `${pattern}/{}`].some((p) => same(r.pattern, p)))) {
				const verb = same(route.pattern, pattern) && pattern
					&& name !== 'limits' ? 'add' : 'set';
				const said = await known(name, verb);
				for (const param of paramsOf(route)
					.filter((p) => verb === 'add' || !p.createOnly)) {
					const option = `--${param.name.replace(/\B[A-Z]/g,
						(c) => `-${c}`).toLowerCase()}, `;
					assert.ok(said.includes(option), `${name} ${verb} ${option}: ${said}`);
					n++;
				}
			}
		assert.ok(n > 150, `${n} parameters were looked at`);
	});

scenario('client-rejections', 'trestle tells alerts and refused requests in words, with time'
	+ ' and source; tail begins with what is new', {}, async (s) => {
	const {api, domain} = await office(s, 'alice');
	const trestle = (...words) => s.stack.trestle(api.accountSid, api.password, words);
	const wrong = async (user) => (await s.phone(user, {domain, register: false,
		password: 'Wrong-password-1'})).register();
	await wrong('alice');
	const row = new RegExp('^\\w+, \\d\\d \\w+ \\d{4} [\\d:]{8} \\+0000 +[\\d.]{7,} +'
		+ 'REGISTER +alice .*[a-z]+ [a-z]+', 'm');
	await until(async () => row.test(await trestle('rejections')), 4000,
		'the rejection');
	const alerts = await trestle('alerts');
	assert.match(alerts, /^\d{4}-\d\d-\d\dT[\d:]{8}Z +\w+ +\d{5} .*[\d.]{7,} +[A-Z]/m);
	assert.doesNotMatch(alerts, /ErrorCode|\+|Msg=/);
	const following = s.stack.follow(api.accountSid, api.password, ['tail']);
	const placed = () => api.calls.create({to: `sip:nobody@${domain}`, from: 'desk',
		twiml: '<Response/>'});
	const told = () => /32009/.test(following.output);
	for (let tries = 0; tries < 6 && !told(); tries++) { // it begins some time
		await placed();
		await until(told, 1500, 'the alert').catch(() => undefined);
	}
	following.stop();
	assert.match(following.output, new RegExp('^\\d{4}-\\d\\d-\\d\\d [\\d:]{8}  '
		+ 'CA\\w{32}  warning +32009 sip:nobody@[^%+]* no such user', 'm'));
	for (const line of following.output.trimEnd().split('\n'))
		assert.match(line, /^[\d-]{10} [\d:]{8} {2}CA/,
			'what was refused before is not of now');
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

scenario('client-nouns', 'trestle makes, shows and removes numbers, bins, carriers, caller ids', {
	carrier: {numbers: ['+15557850110']}}, async (s) => {
	const {accountSid, password} = await s.subaccount();
	const trestle = (...words) => s.stack.trestle(accountSid, password, words);
	await trestle('bins', 'add', 'closed', '<Response><Reject/></Response>');
	assert.match(await trestle('bins'), /^closed +\/twiml\/EH[0-9a-f]{32} +EH/m);
	await trestle('numbers', 'add', '+15557850110', s.app.url('voice'));
	assert.match(await trestle('numbers'), /^\+15557850110 /m);
	assert.match(await trestle('number', '+15557850110'),
		new RegExp(`^voice_url +${s.app.url('voice')}$`, 'm'));
	await trestle('numbers', 'set', '+15557850110', '--friendly-name', 'hotline');
	await trestle('numbers', 'remove', '+15557850110');
	assert.deepEqual(JSON.parse(await trestle('numbers', '--json')), []);
	await trestle('bins', 'remove', 'closed');
	assert.match(await trestle('caller-ids', 'add', s.pstn, 'mine'),
		/^validation_code +\d{6}$/m);
	const main = await s.api();
	const owner = (...words) => s.stack.trestle(main.accountSid, AUTH_TOKEN, words);
	await owner('carriers', 'add', 'spare', '--prefixes', '+1888555785',
		'--priority', '9', '--targets',
		`[{"uri":"sip:${s.carrierIp}:5095","username":"u","password":"Secret-1234x"}]`,
		'--sources', '127.9.85.0/30 127.9.86.1');
	assert.match(await owner('carriers'),
		/^spare +9 +\+1888555785 +127\.9\.85\.0\/30, 127\.9\.86\.1 +BY/m);
	assert.doesNotMatch(await owner('carrier', 'spare'), /Secret/);
	await owner('carriers', 'remove', 'spare');
});

scenario('client-calls', 'trestle places a call, shows its legs, hangs up, and tails it', {},
	async (s) => {
		const {api, domain, phones: [alice, bob]} = await office(s, 'alice', 'bob');
		const {accountSid, password} = api;
		const trestle = (...words) => s.stack.trestle(accountSid, password, words);
		const following = s.stack.follow(accountSid, password, ['tail']);
		const placed = await trestle('calls', 'place', `sip:alice@${domain}`, 'desk',
			s.app.url('voice'));
		const [, sid] = /^sid +(CA[0-9a-f]{32})$/m.exec(placed);
		const a = await alice.nextCall();
		await a.answer();
		const b = await bob.nextCall();
		await b.answer();
		await s.talk(a, b);
		assert.match(await trestle('calls', '--status', 'in-progress'),
			new RegExp(`outbound-api +desk +sip:alice@.* ${sid}$`, 'm'));
		assert.match(await trestle('call', sid),
			/^status +in-progress$[^]*^its child calls$[^]*outbound-dial .*sip:bob@/m);
		await trestle('hangup', sid);
		await Promise.all([a.ends(), b.ends()]);
		await trestle('calls', 'place', `sip:nobody@${domain}`, 'desk', '--twiml',
			'<Response/>');
		await until(async () => /32009/.test(await trestle('alerts')), 4000,
			'its alert');
		await until(() => /completed +outbound-api/.test(following.output)
			&& /32009/.test(following.output), 6000, () => following.output);
		following.stop();
	});

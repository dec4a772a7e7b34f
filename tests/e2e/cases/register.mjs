// register.mjs - registration: passwords, expiry, devices, transports
import assert from 'node:assert/strict';

import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const bindings = (response) => response.all('Contact');

scenario('register', 'SIPp registers, is challenged, is registered',
	{domain: {md5_only: true}}, async (s) => {
		const sipp = await s.sipp('register', {port: 5070,
			keys: {domain: s.domain, user: 'alice'},
			auth: {user: 'alice', password: 'Correct-horse-42'},
			args: ['-auth_uri', s.domain]});
		await sipp.succeeds();
		assert.equal(await s.stack.redis('exists', `aor:{alice@${s.domain}}`), '1');
	});

scenario('register-sha256', 'a phone that knows SHA-256 is offered it first', {},
	async (s) => {
		const phone = await s.phone('alice', {algorithm: 'SHA-256'});
		const challenge = phone.messages.find((m) => m.msg.status === 401).msg;
		assert.match(challenge.all('WWW-Authenticate')[0], /SHA-256/);
		assert.match(challenge.all('WWW-Authenticate')[1], /MD5/);
	});

scenario('register-wrong-password', 'a wrong password never registers', {}, async (s) => {
	const phone = await s.phone('alice', {register: false, password: 'Wrong-1234567'});
	const {status} = await phone.register();
	assert.ok([401, 403].includes(status), `status ${status}`);
	assert.equal(await s.stack.redis('exists', `aor:{alice@${s.domain}}`), '0');
});

scenario('register-unknown-user', 'an unknown user looks like a wrong password', {},
	async (s) => {
		const phone = await s.phone('nobody', {register: false});
		const {status} = await phone.register();
		assert.ok([401, 403].includes(status), `status ${status}`);
	});

scenario('register-unknown-domain', 'an unknown domain is refused', {}, async (s) => {
	const phone = await s.phone('alice', {register: false,
		domain: 'nowhere.test'});
	const {status} = await phone.register();
	assert.ok(status >= 400 && status < 500, `status ${status}`);
});

scenario('register-other-user', 'nobody registers in the name of another', {},
	async (s) => {
		const phone = await s.phone('alice', {register: false, from: 'bob'});
		assert.equal((await phone.register()).status, 403);
	});

scenario('register-too-brief', 'an expiry below the minimum is 423 with Min-Expires', {},
	async (s) => {
		const phone = await s.phone('alice', {register: false});
		const response = await phone.register({expires: 5});
		assert.equal(response.status, 423);
		assert.equal(response.get('Min-Expires'), '60');
	});

scenario('register-too-long', 'an expiry above the maximum is reduced', {}, async (s) => {
	const phone = await s.phone('alice', {register: false});
	const [contact] = bindings(await phone.register({expires: 86400}));
	const granted = Number(/expires=(\d+)/.exec(contact)[1]);
	assert.ok(granted > 3000 && granted <= 3600, contact);
});

scenario('register-eleventh', 'the eleventh device is refused', {}, async (s) => {
	for (let i = 0; i < 10; i++)
		await s.phone('alice');
	const last = await s.phone('alice', {register: false});
	assert.equal((await last.register()).status, 403);
	assert.equal(await s.stack.redis('hlen', `aor:{alice@${s.domain}}`), '10');
});

scenario('register-fetch', 'REGISTER without Contact lists the bindings', {},
	async (s) => {
		const phone = await s.phone('alice');
		const second = await s.phone('alice');
		assert.equal(bindings(await phone.register({contact: null})).length, 2);
		assert.ok(second.port);
	});

scenario('register-unregister', 'Expires: 0 removes one device, the other stays', {},
	async (s) => {
		const [one, two] = [await s.phone('alice'), await s.phone('alice')];
		const left = bindings(await one.register({expires: 0}));
		assert.equal(left.length, 1);
		assert.ok(left[0].includes(`:${two.port}`));
	});

scenario('register-star', '`Contact: *` with Expires: 0 removes all', {}, async (s) => {
	const phone = await s.phone('alice');
	await s.phone('alice');
	assert.equal((await phone.register({contact: '*', expires: 300})).status, 400);
	const response = await phone.register({contact: '*', expires: 0});
	assert.equal(response.status, 200);
	assert.equal(bindings(response).length, 0);
	await until(async () => await s.stack.redis('exists',
		`aor:{alice@${s.domain}}`) === '0', 2000, 'no key');
});

scenario('register-off', 'a domain without registration refuses with 403',
	{domain: {sip_registration: false}}, async (s) => {
		const phone = await s.phone('alice', {register: false});
		assert.equal((await phone.register()).status, 403);
	});

scenario('call-wrong-password', 'a call with a wrong password is refused', {},
	async (s) => {
		const phone = await s.phone('alice', {register: false,
			password: 'Wrong-1234567'});
		const call = await phone.call('bob');
		const {status} = await call.finished();
		assert.ok([403, 407].includes(status), `status ${status}`);
		assert.equal(s.app.requests.length, 0);
	});

scenario('call-unknown-domain', 'a call to an unknown domain is refused', {},
	async (s) => {
		const phone = await s.phone('alice', {register: false,
			domain: 'nowhere.test'});
		const call = await phone.call('bob');
		const {status} = await call.finished();
		assert.ok(status >= 400 && status < 500, `status ${status}`);
	});

// applications.mjs - the sample applications of deploy/applications, as they are
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {rmSync} from 'node:fs';

import {rms} from '../lib/audio.mjs';
import {scenario} from '../lib/scenario.mjs';
import {root} from '../lib/stack.mjs';
import {AUTH_TOKEN} from '../lib/tenants.mjs';
import {leash, until} from '../lib/wait.mjs';

const HOST = '127.0.8.9';
const BEEP = 1000; // [Hz]
const options = (port) => ({unsigned: true,
	domain: {voice_url: `http://${HOST}:${port}/call`}});

/** `deploy/applications/start` without its `npm ci`: the package is ours. */
async function application(s, port) {
	const messages = `${s.dir}/${s.slug}.json`;
	rmSync(messages, {force: true});
	const child = leash(spawn('node', ['server.js'], {
		cwd: `${root}/deploy/applications`, env: {...process.env,
			APPLICATION_URL: `http://${HOST}:${port}`,
			TRESTLE_AUTH_TOKEN: AUTH_TOKEN, MESSAGES_FILE: messages,
			TRESTLE_PUBLIC_URL: s.stack.state.public_url}}));
	const app = {output: '', close: () => child.kill()};
	s.open.push(app);
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (d) => app.output += d);
	await until(() => /listen on/.test(app.output), 20000, () => app.output);
	return app;
}

const asked = (app, path, n = 1) => until(() =>
	app.output.split(` ${path} ->`).length > n, 30000,
() => `request of ${path}; the application said:\n${app.output}`);

/** Somebody, or something, speaks. */
const speaks = (call) => until(() => rms(call.rtp.recent) > 500, 10000, 'a voice');

scenario('sample-menu', 'the sample menu: a voice, a key, and a person answers',
	options(18301), async (s) => {
		const app = await application(s, 18301);
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('menu');
		await caller.answered();
		await speaks(caller);
		await caller.rtp.press('9'); // is not in the menu
		await asked(app, '/menu', 2);
		await speaks(caller);
		await caller.rtp.press('2');
		const callee = await bob.nextCall();
		await callee.answer();
		await s.talk(caller, callee);
		await callee.hangup();
		await caller.ends();
	});

scenario('sample-voicemail', 'the sample voicemail: left, heard again, deleted',
	options(18302), async (s) => {
		const app = await application(s, 18302);
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		(await bob.nextCall()).reject(486);
		await caller.answered();
		await asked(app, '/dialed');
		caller.rtp.frequency = 440;
		await caller.rtp.hears(BEEP, 20000);
		await new Promise((r) => setTimeout(r, 3000));
		await caller.rtp.press('#');
		await asked(app, '/left-message');
		await caller.ends(15000);
		const listener = await bob.call('messages');
		await listener.answered();
		await listener.rtp.hears(440, 15000);
		await listener.rtp.press('3');
		await asked(app, '/messages', 2);
		await listener.ends(15000);
		const [, url] = /<Play>(.*)<\/Play>/.exec(app.output);
		const gone = await fetch(url, {headers: {Authorization: `Basic ${
			Buffer.from(`${url.split('/')[5]}:${AUTH_TOKEN}`).toString('base64')}`}});
		assert.equal(gone.status, 404, 'the recording was deleted');
	});

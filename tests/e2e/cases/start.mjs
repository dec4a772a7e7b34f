// start.mjs - `deploy/run` that is started again
import assert from 'node:assert/strict';
import {readFileSync, writeFileSync} from 'node:fs';

import {client} from '../lib/api.mjs';
import {scenario} from '../lib/scenario.mjs';
import {Stack} from '../lib/stack.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';

scenario('start-again', 'what the API made is there after a restart; a file that has '
	+ 'changed is loaded, and what that takes away is printed', {alone: true},
async (s) => {
	const tenants = `${s.dir}/${s.slug}.yaml`;
	writeFileSync(tenants, readFileSync(
		new URL('../../../deploy/example/tenants.yaml', import.meta.url)));
	const run = async (body) => {
		const stack = new Stack({address: '127.0.8.61', tenants,
			dir: `${s.dir}/${s.slug}-run`, copies: {speech: 0},
			env: {TRESTLE_AUTH_TOKEN: TOKEN}});
		try {
			await stack.start();
			const [account] = await stack.members('accounts');
			await body(client(stack.state.public_url, account, TOKEN), stack);
		} finally {
			await stack.stop();
		}
	};
	let application;
	await run(async (api, stack) => {
		assert.match(stack.output, /^loaded .*\(version 1\)$/m);
		application = await api.applications.create({friendlyName: 'Menu'});
	});
	await run(async (api, stack) => {
		assert.match(stack.output, /has not changed since it was loaded/);
		assert.equal((await api.applications(application.sid).fetch())
			.friendlyName, 'Menu');
	});
	writeFileSync(tenants, `${readFileSync(tenants, 'utf8')}\n# a remark`);
	await run(async (api, stack) => {
		assert.match(stack.output, /has not changed since it was loaded/);
	});
	writeFileSync(tenants, readFileSync(tenants, 'utf8')
		.replace('friendly_name: Example', 'friendly_name: Other'));
	await run(async (api, stack) => {
		assert.match(stack.output, new RegExp(
			`^    application:${application.sid} \\(Menu\\)$`, 'm'));
		assert.match(stack.output, /^loaded /m);
	});
});

// functions.mjs - the sample router of deploy/functions, for one scenario
import {spawn} from 'node:child_process';

import {root} from './stack.mjs';
import {AUTH_TOKEN} from './tenants.mjs';
import {leash, until} from './wait.mjs';

const HOST = '127.0.8.9';

/** Options of a scenario whose domain asks the router on that port. */
export const routed = (port, query = '') => ({status: true, unsigned: true,
	domain: {voice_url: `http://${HOST}:${port}/router${query}`}});

/** `deploy/functions/start` without its installing and loading. */
export async function functions(s, port, folder = 'deploy/functions/example') {
	const {api, redis} = {api: await s.api(), redis: s.stack.state.redis};
	const child = leash(spawn('node', ['deploy/functions/server.mjs', folder], {
		cwd: root, env: {...process.env, TRESTLE_REDIS: redis,
			TRESTLE_INSTANCE: `functions-${s.slug}`, TRESTLE_ADDRESS: HOST,
			TRESTLE_FUNCTIONS_ADDRESS: HOST, TRESTLE_FUNCTIONS_PORT: String(port),
			TRESTLE_FUNCTIONS_WORKERS: '1', TRESTLE_PUBLIC_URL: s.base,
			TRESTLE_ACCOUNT_SID: api.accountSid, TRESTLE_AUTH_TOKEN: AUTH_TOKEN}}));
	const runner = {output: '', close: () => child.kill()};
	s.open.push(runner);
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (data) => runner.output += data);
	await until(() => /paths of/.test(runner.output), 20000,
		() => runner.output);
	return runner;
}

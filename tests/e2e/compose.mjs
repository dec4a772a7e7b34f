// compose.mjs - calls with sound through the system that `docker compose up`
// started, with the users of deploy/example
//
//     tests/e2e/compose [how many calls]
import {rmSync} from 'node:fs';

import {Baresip} from './lib/baresip.mjs';
import {root} from './lib/stack.mjs';

const SERVER = '172.30.57.10'; // as docker-compose.yml has it
const HOST = '172.30.57.1';    // this machine in that network
const ENOUGH = 0.99;           // correlation of what was said and heard
const calls = Number(process.argv[2] ?? 4);
const dir = `${root}/build/compose`;

function phone(user, password, options = {}) {
	return new Baresip({user, password, domain: SERVER, ip: HOST,
		dir: `${dir}/${user}-${Date.now()}`,
		stack: {server: {host: SERVER, port: 5060}}, ...options}).open();
}

async function call(n) {
	const bob = await phone('bob', 'Bob-builds-1998', {answer: true});
	const alice = await phone('alice', 'Alice-in-1865');
	try {
		await alice.dial('bob');
		await alice.event('CALL_ESTABLISHED');
		const heard = await Promise.all([alice.hearsRecordingOf(bob),
			bob.hearsRecordingOf(alice)]);
		await alice.command('hangup');
		await bob.event('CALL_CLOSED');
		const ok = heard.every((c) => c >= ENOUGH);
		console.log(`${ok ? 'ok' : 'not ok'} ${n} - alice and bob hear each other `
			+ `(${heard.map((c) => c.toFixed(4)).join(', ')})`);
		return ok;
	} finally {
		await Promise.all([alice.close(), bob.close()]);
	}
}

rmSync(dir, {recursive: true, force: true});
let good = 0;
for (let n = 1; n <= calls; n++)
	good += await call(n).catch((e) => console.log(`not ok ${n} - ${e.message}`))
		? 1 : 0;
console.log(`${good} passed, ${calls - good} failed`);
process.exit(good === calls ? 0 : 1);

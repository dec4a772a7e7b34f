// driver.mjs - runs the scenarios, several at a time, and counts
import {mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';

import {Application} from './app.mjs';
import {Scenario, scenarios} from './scenario.mjs';
import {Stack, root} from './stack.mjs';
import {AUTH_TOKEN, SECRET_KEY, tenantsFile} from './tenants.mjs';

const ADDRESS = process.env.E2E_ADDRESS ?? '127.0.8.1';
const AT_ONCE = Number(process.env.E2E_JOBS ?? 8);
const SCENARIO_MS = 120000;
const dir = `${root}/build/e2e`;

const deadline = (ms) => new Promise((_, fail) => {
	setTimeout(() => fail(new Error(`not finished after ${ms / 1000} s`)), ms)
		.unref();
});

async function runOne(item, {app, stack}) {
	const s = new Scenario({...item, app, stack, dir});
	const begin = Date.now();
	let error;
	try {
		await Promise.race([item.body(s), deadline(SCENARIO_MS)]);
		if (!item.options.unsigned)
			s.checkSignatures();
	} catch (e) {
		error = e;
	}
	const story = error && s.story();
	await s.close().catch((e) => error ??= e);
	return {error, story, ms: Date.now() - begin};
}

/** The lines that the processes logged about the calls of a scenario. */
function logsOf(app, stack) {
	const sids = [...new Set(app.requests.map((r) => r.params.CallSid)
		.filter(Boolean))];
	return readdirSync(`${stack.dir}/log`).flatMap((name) =>
		stack.log(name.replace(/\.log$/, '')).split('\n')
			.filter((line) => sids.some((sid) => line.includes(sid)))).join('\n');
}

function report(n, item, result, stack) {
	const {error, ms} = result;
	console.log(`${error ? 'not ok' : 'ok'} ${n} - ${item.slug}: `
		+ `${item.sentence} (${(ms / 1000).toFixed(1)} s)`);
	if (!error)
		return;
	const file = `${dir}/${item.slug}.log`;
	writeFileSync(file, `${error.stack}\n\n${result.story}\n\n`
		+ `${logsOf(item.app, stack)}\n`);
	console.log(String(error.message).split('\n').slice(0, 12)
		.map((l) => `#   ${l}`).join('\n'));
	console.log(`#   see ${file.slice(root.length + 1)}`);
}

async function runAll(items, context, count) {
	const queue = [...items];
	const worker = async () => {
		for (let item = queue.shift(); item; item = queue.shift()) {
			const result = await runOne(item, {...context, app: item.app});
			if (result.error && context.again) {
				context.again.push(item);
				console.log(`# ${item.slug} is tried once more, alone: `
					+ String(result.error.message).split('\n')[0]);
				continue;
			}
			count[result.error ? 'failed' : 'passed']++;
			report(count.passed + count.failed, item, result, context.stack);
		}
	};
	return Promise.all(Array.from({length: context.atOnce}, worker));
}

/** All processes, started; their files are in build/e2e/<name>. */
async function begin(name) {
	const stack = new Stack({address: ADDRESS, dir: `${dir}/${name}`,
		tenants: `${dir}/tenants.yaml`,
		env: {TRESTLE_SECRET_KEY: SECRET_KEY},
		copies: process.env.E2E_COPIES ? JSON.parse(process.env.E2E_COPIES) : {registrar: 2, 'call-controller': 2, 'webhook-fetcher': 2,
			'media-relay': 2, 'rest-api': 2},
		settings: {TRESTLE_ALLOW_PRIVATE: '127.0.8.0/24', // our application
			TRESTLE_API_NUMBERS: 'true', // one installation of ours
			TRESTLE_API_RATES: 'true',
			TRESTLE_API_LIMITS: 'true',
			TRESTLE_SIP_ALLOW_PRIVATE: '127.0.0.0/8',
			TRESTLE_CARRIER_PING: '0', // SIPp expects none
			TRESTLE_REGISTER_RATE: '1000', // eleven devices at once
			TRESTLE_RTP_ALLOW_PRIVATE: '127.0.0.0/8'}});
	await stack.start().catch(async (e) => {
		await stack.stop();
		throw e;
	});
	return stack;
}

export async function drive(names) {
	const chosen = (s) => !names.length || names.some((n) => s.slug.includes(n));
	const app = await new Application({ip: ADDRESS.replace(/\d+$/, '9'),
		authToken: AUTH_TOKEN}).open();
	for (const s of scenarios)
		s.app = app.part(s.slug);
	rmSync(dir, {recursive: true, force: true});
	mkdirSync(dir, {recursive: true});
	writeFileSync(`${dir}/tenants.yaml`, tenantsFile(scenarios));
	const count = {passed: 0, failed: 0};
	let stack;
	try {
		stack = await begin('run');
		const todo = scenarios.filter(chosen);
		// Sound is a matter of milliseconds, and a busy machine leaves none:
		// what fails is judged when nothing else runs, where nothing is left of
		// the first try.
		const again = [];
		await runAll(todo.filter((s) => !s.options.alone),
			{stack, atOnce: AT_ONCE, again}, count);
		await runAll(todo.filter((s) => s.options.alone),
			{stack, atOnce: 1, again}, count);
		if (again.length) {
			await stack.stop();
			stack = await begin('run-again');
			again.forEach((item) => item.app.reset());
		}
		await runAll(again, {stack, atOnce: 1}, count);
	} catch (e) {
		console.log(`# ${e.message}`);
		count.failed++;
	}
	await stack?.stop();
	app.close();
	console.log(`${count.passed} passed, ${count.failed} failed`);
	return count.failed;
}

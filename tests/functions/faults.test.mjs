// faults.test.mjs - handlers that hang, crash or eat memory cost only themselves
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {Pool} from '../../deploy/functions/lib/pool.mjs';
import {until} from '../e2e/lib/wait.mjs';
import {ask, handler, makeProject, put, start} from './lib/runner.mjs';

const files = {
	'functions/quick.js': handler('callback(null, "quick");'),
	'functions/slow.js': handler(
		'setTimeout(() => callback(null, "slow"), Number(event.ms));'),
	'functions/never.js': handler('// it forgets to call back'),
	'functions/loop.js': handler('for (;;);'),
	'functions/loop-later.js': handler('setTimeout(() => { for (;;); }, 1);'),
	'functions/loop-after.js': handler('callback(null, "ok"); for (;;);'),
	'functions/crunch.js': handler(`
		const end = Date.now() + Number(event.ms);
		while (Date.now() < end);
		callback(null, 'crunched');`),
	'functions/exit.js': handler('process.exit(3);'),
	'functions/exit-later.js': handler('setTimeout(() => process.exit(), 300);'),
	'functions/memory.js': handler(`
		const all = [];
		for (;;) all.push(new Array(1e5).fill(Math.random()));`),
	'functions/stack.js': handler('(function f() { f(); })();'),
};
const SECONDS = 2;
let runner;
const get = (target) => ask(runner, target);

async function allQuick(n) {
	const answers = await Promise.all(Array.from({length: n}, () =>
		get('/quick')));
	for (const {status, text, ms} of answers) {
		assert.deepEqual([status, text], [200, 'quick']);
		assert.ok(ms < 1500, `${ms} ms`);
	}
}

before(async () => {
	runner = await start(makeProject(files, {version: 0}),
		{TRESTLE_FUNCTIONS_SECONDS: String(SECONDS),
			TRESTLE_FUNCTIONS_MEMORY_MB: '64'});
});
after(() => runner.stop());

test('a handler that never calls back is 504 after the time limit', async () => {
	const {status, text, ms} = await get('/never');
	assert.equal(status, 504);
	assert.match(text, /runtime application timed out/);
	assert.ok(ms >= SECONDS * 1000 - 50 && ms < SECONDS * 1000 + 1000, `${ms} ms`);
	assert.doesNotMatch(runner.output, /is replaced/, 'its thread is well');
});

test('a handler that loops is 504, and all others are answered meanwhile',
	async () => {
		const loop = get('/loop');
		for (let i = 0; i < 5; i++)
			await allQuick(10);
		assert.equal((await loop).status, 504);
		await until(() => /function=\/loop .*is replaced: it hung/
			.test(runner.output), 3000, () => runner.output);
		await allQuick(10);
	});

test('once it has hung it runs apart and takes nobody with it', async () => {
	const waits = [1, 2, 3, 4].map(() => get('/slow?ms=1500'));
	const loops = await Promise.all([get('/loop'), get('/loop'), get('/loop')]);
	assert.deepEqual(loops.map((l) => l.status), [504, 504, 504]);
	for (const wait of waits)
		assert.equal((await wait).text, 'slow');
});

test('a loop in a timer, or after the answer, is found', async () => {
	assert.equal((await get('/loop-later')).status, 504);
	assert.equal((await get('/loop-after')).text, 'ok');
	await until(() => /function=\/loop-later .*it hung/.test(runner.output)
		&& /function=\/loop-after .*it hung/.test(runner.output), 6000,
	() => runner.output);
	await allQuick(10);
});

test('process.exit() in a handler ends its thread only', async () => {
	for (let i = 0; i < 3; i++) {
		const {status, text} = await get('/exit');
		assert.equal(status, 500);
		assert.match(text, /it ended \(exit 3\)/);
		await allQuick(5);
	}
	assert.equal((await get('/exit-later')).status, 500);
	await allQuick(5);
	assert.equal(runner.exited, undefined);
});

test('a handler that eats memory ends its thread only', async () => {
	const {status, text} = await get('/memory');
	assert.equal(status, 500);
	assert.match(text, /memory/);
	await allQuick(5);
	assert.equal((await get('/stack')).status, 500);
	await allQuick(5);
});

test('50 requests that wait are handled side by side', async () => {
	const begin = Date.now();
	const answers = await Promise.all(Array.from({length: 50}, () =>
		get('/slow?ms=500')));
	assert.deepEqual([...new Set(answers.map((a) => a.text))], ['slow']);
	assert.ok(Date.now() - begin < SECONDS * 1000, `${Date.now() - begin} ms`);
});

test('what waits behind a busy handler goes to another thread', async () => {
	const crunch = get('/crunch?ms=400');
	const answers = await Promise.all(Array.from({length: 20}, () =>
		get('/quick')));
	for (const {ms} of answers)
		assert.ok(ms < 390, `${ms} ms`);
	assert.equal((await crunch).text, 'crunched');
});

test('a function that ends the thread that loads it harms no other', async () => {
	put(runner.folder, {'functions/bomb.js': 'process.exit(7);',
		'functions/tar.js': 'exports.handler = null; throw new Error("tar");'});
	await until(async () => (await get('/bomb')).status === 500, 5000,
		() => 'an answer');
	await until(async () => (await get('/quick')).status === 200, 5000,
		() => 'a quick one');
	await allQuick(10);
	assert.match((await get('/tar')).text, /tar/);
});

test('a thousand wait, more are 503', async () => {
	const root = runner.folder;
	const pool = new Pool({size: 1, seconds: SECONDS, hand: {memoryMb: 64,
		env: {}, data: () => ({root, env: {}, routes: [], publicUrl: '',
			preload: []})}, on: {line() {}, accused() {}}});
	const answers = await Promise.all(Array.from({length: 1100}, () =>
		pool.run({path: '/quick', file: `${root}/functions/quick.js`,
			domain: 'x', event: {}, note: {}})));
	const count = (status) => answers.filter((a) => a.status === status).length;
	assert.deepEqual([count(200), count(503)], [1000, 100]);
	await pool.close();
});

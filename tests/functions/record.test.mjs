// record.test.mjs - what is kept of a call in Redis, and what tells how we are
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';

import {leash, until} from '../e2e/lib/wait.mjs';
import {ACCOUNT, ask, handler, makeProject, start}
	from './lib/runner.mjs';

const PORT = 7379;
const URL_ = `redis://127.0.0.1:${PORT}/3`;
const files = {
	'functions/talk.js': handler(`
		console.log('To is', event.To, {list: [1]});
		console.info('info'); console.debug('debug');
		console.warn('careful: %d left', 3);
		console.error(new RangeError('too far').message);
		setTimeout(() => console.log('later'), 50);
		callback(null, 'said');`),
	'functions/chatter.js': handler(`
		for (let i = 0; i < 1000; i++) console.error('line ' + i);
		callback(null, 'x'.repeat(10));`),
	'functions/throws.js': handler('throw new Error("no way");'),
	'functions/long.js': handler(
		'console.log("y".repeat(100000)); callback();'),
	'functions/wait.js': handler('setTimeout(callback, 800);'),
};
const run = promisify(execFile);
let runner;
let redisServer;

async function redis(...words) {
	const {stdout} = await run('redis-cli', ['-u', URL_, '--json', ...words]);
	return JSON.parse(stdout);
}

const startRedis = async () => {
	redisServer = leash(spawn('redis-server', ['--port', String(PORT), '--save',
		'', '--bind', '127.0.0.1'], {stdio: 'ignore'}));
	await until(() => redis('ping').catch(() => undefined), 5000,
		() => 'Redis');
};

const linesOf = async (call) => (await redis('lrange', `function-log:${call}`,
	'0', '-1')).map((text) => JSON.parse(text));
const alertsOf = async (call) => (await redis('xrange', 'alerts', '-', '+'))
	.map(([, fields]) => Object.fromEntries(Array.from({length:
		fields.length / 2}, (_, i) => fields.slice(2 * i, 2 * i + 2))))
	.filter((alert) => alert.call_sid === call);
const callSid = (n) => `CA${String(n).padStart(32, '0')}`;
const signed = (target, n, form = {}) => ask(runner, target, {sign: true,
	form: {CallSid: callSid(n), ...form}});

before(async () => {
	await startRedis();
	runner = await start(makeProject(files, {version: 0}),
		{TRESTLE_REDIS: URL_, TRESTLE_FUNCTIONS_LOG_HOURS: '2'});
	await until(() => /Redis is there/.test(runner.output), 5000,
		() => runner.output);
});
after(async () => {
	await runner.stop();
	redisServer.kill();
});

test('what a handler prints is kept for its call, in order', async () => {
	await signed('/talk', 1, {To: 'bob'});
	await until(async () => (await linesOf(callSid(1))).length === 6, 5000,
		() => 'six lines');
	const lines = await linesOf(callSid(1));
	assert.deepEqual(lines.map(({level, text}) => [level, text]), [
		['info', 'To is bob { list: [ 1 ] }'], ['info', 'info'],
		['debug', 'debug'], ['warn', 'careful: 3 left'], ['error', 'too far'],
		['info', 'later']]);
	for (const {time, function: path} of lines) {
		assert.match(time, /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
		assert.equal(path, '/talk');
	}
	const ttl = await redis('ttl', `function-log:${callSid(1)}`);
	assert.ok(ttl > 7100 && ttl <= 7200, `${ttl} s`);
});

test('console.warn and console.error are alerts 82004 and 82005', async () => {
	await signed('/talk', 2);
	await until(async () => (await alertsOf(callSid(2))).length === 2, 5000,
		() => 'two alerts');
	const [warned, failed] = await alertsOf(callSid(2));
	assert.deepEqual([warned.code, warned.level, warned.text],
		['82004', 'warning', 'careful: 3 left']);
	assert.deepEqual([failed.code, failed.level, failed.text],
		['82005', 'error', 'too far']);
	assert.equal(failed.account_sid, ACCOUNT);
	assert.equal(failed.url, `${runner.base}/talk`);
	// at the same place in the stream that the API reads
	const places = async (key) => (await redis('xrange', key, '-', '+'))
		.map(([id]) => id);
	assert.deepEqual(await places(`alerts:{${ACCOUNT}}`), await places('alerts'));
});

test('an answer of 5xx is alert 82002, and its stack a line', async () => {
	await signed('/throws', 3);
	await until(async () => (await alertsOf(callSid(3))).length, 5000,
		() => 'an alert');
	const alerts = await alertsOf(callSid(3));
	assert.deepEqual(alerts.map((a) => [a.code, a.level]), [['82002', 'error']]);
	assert.match(alerts[0].text, /status 500: .*no way/);
	const [line, ...more] = await linesOf(callSid(3));
	assert.match(line.text, /Error: no way\n {4}at .*throws\.js:2/);
	assert.doesNotMatch(line.text, /worker\.mjs|node:/);
	assert.deepEqual(more, []);
});

test('nobody without a signature writes into the record of a call', async () => {
	await ask(runner, '/talk', {form: {CallSid: callSid(4)}});
	await ask(runner, `/throws?CallSid=${callSid(4)}`);
	await signed('/talk', 5);
	await until(async () => (await linesOf(callSid(5))).length === 6, 5000,
		() => 'the lines of the next one');
	assert.deepEqual(await linesOf(callSid(4)), []);
	assert.deepEqual(await alertsOf(callSid(4)), []);
	await ask(runner, '/talk', {sign: true, form: {CallSid: '../x'}});
	assert.deepEqual((await redis('keys', '*x*')), []);
});

test('a chatterbox is cut short', async () => {
	for (let i = 0; i < 4; i++)
		await signed('/chatter', 6);
	await signed('/long', 7);
	await until(async () => (await linesOf(callSid(7))).length === 1, 5000,
		() => 'the long line');
	assert.equal((await linesOf(callSid(7)))[0].text.length, 4096);
	const lines = await linesOf(callSid(6));
	assert.equal(lines.length, 500, 'of a call');
	assert.equal(lines.at(-1).text, 'line 199', 'of a request');
	assert.equal((await alertsOf(callSid(6))).length, 40);
});

test('the service: hash, /healthz and /metrics are like those of others',
	async () => {
		const hash = await until(async () => {
			const all = await redis('hgetall', 'service:functions:functions-test');
			return all.http && all;
		}, 5000, () => 'the hash');
		assert.equal(hash.draining, 'false');
		assert.ok(await redis('pttl', 'service:functions:functions-test') > 0);
		assert.deepEqual(await redis('zrange', 'services', '0', '-1'),
			['functions:functions-test']);
		const health = await fetch(`http://${hash.http}/healthz`);
		assert.deepEqual([health.status, await health.text()], [200, 'ok\n']);
		const metrics = await (await fetch(`http://${hash.http}/metrics`)).text();
		assert.match(metrics,
			/^trestle_function_requests_total\{function="\/talk",status="200"\} \d/m);
		assert.match(metrics, /^trestle_function_seconds_count \d+$/m);
	});

test('without Redis functions are served, and its return is noticed',
	async () => {
		redisServer.kill('SIGKILL');
		await until(() => /Redis is away/.test(runner.output), 5000,
			() => runner.output);
		assert.equal((await signed('/talk', 8)).text, 'said');
		await startRedis();
		await until(async () => {
			await signed('/talk', 9);
			return (await linesOf(callSid(9))).length;
		}, 5000, () => 'lines again');
	});

test('it ends when the last request has its answer', async () => {
	const {base} = runner;
	const wait = signed('/wait', 10);
	await new Promise((done) => setTimeout(done, 200));
	await runner.stop();
	assert.equal((await wait).status, 200);
	assert.equal(runner.exited, 0);
	await assert.rejects(fetch(`${base}/wait`));
});

// http.test.mjs - which paths there are, who may ask them, and bad requests
import assert from 'node:assert/strict';
import {symlinkSync, unlinkSync, writeFileSync} from 'node:fs';
import {after, before, test} from 'node:test';

import {until} from '../e2e/lib/wait.mjs';
import {TOKEN, ask, handler, makeProject, put, raw, start}
	from './lib/runner.mjs';

const SECRET = 'nobody may read this';
const echo = handler('callback(null, {...event, request: undefined});');
const files = {
	'.env': `SECRET=${SECRET}`,
	'secret.txt': SECRET,
	'secret.js': `// ${SECRET}\n${echo}`,
	'functions/echo.js': echo,
	'functions/closed.protected.js': echo,
	'functions/inner.private.js': echo,
	'functions/deep/er/down.js': handler('callback(null, context.PATH);'),
	'functions/with space.js': handler('callback(null, "space");'),
	'functions/notes.txt': SECRET,
	'assets/index.html': '<h1>hello</h1>',
	'assets/sound.wav': 'RIFF....',
	'assets/empty.txt': '',
	'assets/data.private.json': SECRET,
	'assets/menu.protected.xml': '<Response/>',
};
let runner;
const get = (target, options) => ask(runner, target, options);
const line = (target, more = '') => raw(runner,
	`GET ${target} HTTP/1.1\r\nHost: x\r\n${more}Connection: close\r\n\r\n`);
const statusOf = (answer) => Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1]);

before(async () => {
	const folder = makeProject(files, {version: 0});
	symlinkSync('../../../..', `${folder}/assets/up`); // out of the project
	symlinkSync('/etc/passwd', `${folder}/assets/passwd.txt`);
	symlinkSync('../secret.js', `${folder}/functions/linked.js`); // inside
	symlinkSync('.', `${folder}/assets/again`);
	runner = await start(folder, {TRESTLE_FUNCTIONS_BODY_KB: '64'});
});
after(() => runner.stop());

test('one file is one path', async () => {
	assert.equal((await get('/deep/er/down')).text, '/deep/er/down');
	assert.equal((await get('/with%20space')).text, 'space');
	assert.equal((await get('/linked?a=1')).text, '{"a":"1"}');
	for (const target of ['/deep', '/deep/er/down.js', '/deep/er/down/', '/Echo',
		'/functions/echo', '/closed.protected', '/notes', '/notes.txt'])
		assert.equal((await get(target)).status, 404, target);
});

test('what is private is served to nobody', async () => {
	for (const target of ['/inner', '/inner.private', '/inner.private.js',
		'/data.json', '/data.private.json'])
		for (const sign of [false, true])
			assert.equal((await get(target, {sign})).status, 404, target);
});

test('no path leads out of the two folders', async () => {
	for (const target of ['/../secret.txt', '/../secret', '/./../secret.txt',
		'/deep/../../secret.txt', '/%2e%2e/secret.txt', '/%2e%2e%2fsecret.txt',
		'/..%5csecret.txt', '/deep/..%2f..%2fsecret', '//secret.txt',
		'/secret.txt%00.js', '/.env', '/package.json', '/passwd.txt',
		'/up/etc/passwd', '/node_modules/twilio/package.json',
		'/again/../../secret.txt', '/functions/../secret', '/again/../secret.txt',
		'http://x/secret.txt', '/...//secret.txt', '/%c0%ae%c0%ae/secret.txt']) {
		const answer = await line(target);
		assert.ok([400, 404].includes(statusOf(answer)), `${target} ${answer}`);
		assert.ok(!answer.includes(SECRET) && !answer.includes('root:'), target);
	}
});

test('a protected function asks for a signature', async () => {
	const form = {CallSid: 'CA1', To: 'sip:bob@d', Empty: '', 'A ': ' b '};
	for (const options of [{form}, {form: {}}, {}])
		assert.equal((await get('/closed?x=1', {...options, sign: true})).status,
			200, JSON.stringify(options));
	const json = await get('/closed?x=1', {json: {a: [1]}, sign: true});
	assert.deepEqual([json.status, JSON.parse(json.text).a], [200, [1]]);
	const wrong = {headers: {'x-twilio-signature': 'A'.repeat(27) + '='}};
	for (const options of [{form}, {form, ...wrong}, {...wrong}, {},
		{headers: {'x-twilio-signature': ''}}]) {
		const {status, text} = await get('/closed', options);
		assert.equal(status, 400);
		assert.match(text, /X-Twilio-Signature/);
	}
	// of another path, of other parameters, and a body that is not the signed one
	const other = await get('/echo', {form, sign: true});
	assert.equal(other.status, 200);
	const {default: webhooks} = await import(
		'twilio-5/lib/webhooks/webhooks.js');
	const sign = (target, parameters) => ({'x-twilio-signature': webhooks
		.getExpectedTwilioSignature(TOKEN, runner.base + target, parameters)});
	assert.equal((await get('/closed', {form,
		headers: sign('/echo', form)})).status, 400);
	assert.equal((await get('/closed', {form,
		headers: sign('/closed', {...form, To: 'x'})})).status, 400);
	assert.equal((await get('/closed', {json: {a: 1},
		headers: sign('/closed', {})})).status, 400);
	assert.equal((await get('/closed', {form,
		headers: sign('/closed', form)})).status, 200);
});

test('behind a proxy the signature is of the URL that was configured',
	async (t) => {
		const proxied = await start(runner.folder,
			{TRESTLE_FUNCTIONS_URL: 'https://fn.example.com/'});
		t.after(() => proxied.stop());
		const {default: webhooks} = await import(
			'twilio-5/lib/webhooks/webhooks.js');
		for (const host of ['fn.example.com', 'fn.example.com:443']) {
			const signature = webhooks.getExpectedTwilioSignature(TOKEN,
				`https://${host}/closed?a=1`, {});
			assert.equal((await ask(proxied, '/closed?a=1',
				{headers: {'x-twilio-signature': signature}})).status, 200);
		}
		assert.equal((await ask(proxied, '/closed?a=1', {sign: true})).status,
			400);
	});

test('assets are served as they are', async () => {
	const page = await get('/');
	assert.deepEqual([page.status, page.text], [200, '<h1>hello</h1>']);
	const sound = await get('/sound.wav');
	assert.equal(sound.headers.get('content-type'), 'audio/wav');
	assert.equal((await get('/sound.wav', {headers: {
		'if-none-match': sound.headers.get('etag')}})).status, 304);
	const head = await get('/sound.wav', {method: 'HEAD'});
	assert.deepEqual([head.headers.get('content-length'), head.text], ['8', '']);
	assert.equal((await get('/empty.txt')).text, '');
	assert.equal((await get('/menu.xml')).status, 400);
	assert.equal((await get('/menu.xml', {sign: true})).text, '<Response/>');
});

test('a body of the limit is read, one of a byte more is 413', async () => {
	const max = 64 * 1024;
	const at = await get('/echo', {form: {a: 'x'.repeat(max - 2)}});
	assert.equal(JSON.parse(at.text).a.length, max - 2);
	for (const length of [max - 1, max * 20]) {
		const {status} = await get('/echo', {form: {a: 'x'.repeat(length)}});
		assert.equal(status, 413, `${length}`);
	}
	const chunked = await raw(runner, 'POST /echo HTTP/1.1\r\nHost: x\r\n'
		+ 'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n'
		+ `8000\r\n${'x'.repeat(0x8000)}\r\n`.repeat(3) + '0\r\n\r\n');
	assert.equal(statusOf(chunked), 413);
	const many = await get('/echo', {method: 'POST', body: 'a&'.repeat(1001),
		headers: {'content-type': 'application/x-www-form-urlencoded'}});
	assert.equal(many.status, 413);
});

test('bad requests are told what is wrong, and nothing runs', async () => {
	const post = (body, type) => get('/echo', {method: 'POST', body,
		headers: {'content-type': type}});
	assert.equal((await post('{"a":', 'application/json')).status, 400);
	assert.equal((await post('%zz=%&=&&a', 'application/x-www-form-urlencoded'))
		.status, 200);
	assert.equal((await post('anything', 'text/plain')).text, '{}');
	assert.equal((await get('/echo', {method: 'PUT', body: 'a=1'})).status, 405);
	assert.equal((await get('/echo', {method: 'DELETE'})).status, 405);
	assert.equal(statusOf(await line('/%zz')), 400);
	assert.equal(statusOf(await line('/echo', 'X-Long: '.padEnd(16000, 'x')
		+ '\r\n')), 431);
	assert.equal(statusOf(await line('/echo', 'X-A: b\r\n'.repeat(100))), 431);
	assert.equal(statusOf(await raw(runner, 'GET /echo HTTP/1.1\r\nHost: x\r\n'
		+ 'Content-Length: 3\r\nConnection: close\r\n\r\na=1')), 403);
	assert.equal(statusOf(await raw(runner, 'POST /echo HTTP/1.1\r\nHost: x\r\n'
		+ 'Content-Length: 3\r\nContent-Length: 5\r\n\r\na=1')), 400);
	assert.equal(statusOf(await raw(runner, 'nonsense\r\n\r\n')), 400);
	const options = await get('/echo', {method: 'OPTIONS'});
	assert.deepEqual([options.status,
		options.headers.get('access-control-allow-origin')], [204, '*']);
});

test('what changes on disk is soon in force', async () => {
	writeFileSync(`${runner.folder}/functions/echo.js`,
		handler('callback(null, "new");'));
	put(runner.folder, {'functions/young.js': handler('callback(null, "hi");')});
	unlinkSync(`${runner.folder}/functions/linked.js`);
	await until(async () => (await get('/young')).text === 'hi', 5000,
		() => '/young');
	assert.equal((await get('/echo')).text, 'new');
	assert.equal((await get('/linked')).status, 404);
	put(runner.folder, {'assets/young': 'the same path'});
	await until(() => /stays as it was/.test(runner.output), 5000,
		() => 'the problem');
	assert.equal((await get('/young')).text, 'hi');
});

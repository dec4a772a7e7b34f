// handlers.test.mjs - what a handler finds, and what becomes of its answer
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {ACCOUNT, TOKEN, ask, handler, makeProject, start}
	from './lib/runner.mjs';

const files = {
	'.env': 'COLOUR="light\\nblue" # of the walls\nexport SIZE=7\n'
		+ 'ACCOUNT_SID=ACnot-this-one\n',
	'assets/greeting.private.txt': 'good morning',
	'assets/logo.svg': '<svg/>',
	'functions/helper.private.js': 'exports.two = () => 2;',
	'functions/sloppy.js': handler(`
		undeclared = 010;
		with ({x: 5}) undeclared += x;
		callback(null, String(undeclared + (function () { return this; })().two));
		`).replace('exports', 'globalThis.two = 2; exports'),
	'functions/globals.js': handler(`
		const helper = require(Runtime.getFunctions().helper.path);
		let sync;
		try { Runtime.getSync(); } catch (e) { sync = e.message; }
		callback(null, {two: helper.two(), sync,
			functions: Object.keys(Runtime.getFunctions()),
			assets: Object.keys(Runtime.getAssets()),
			text: Runtime.getAssets()['/greeting.txt'].open(),
			client: typeof Twilio(context.ACCOUNT_SID, context.AUTH_TOKEN).calls,
			twiml: typeof Twilio.twiml.VoiceResponse,
			home: process.env.TRESTLE_AUTH_TOKEN ?? 'not told'});`),
	'functions/menu/main.js': handler(
		'const {getTwilioClient, ...rest} = context; callback(null, rest);'),
	'functions/event.js': handler('callback(null, event);'),
	'functions/twice.js': handler(`
		callback(null, 'first');
		callback(null, 'second');
		callback(new Error('third'));`),
	'functions/after.js': handler('callback(null, "answered"); null.x;'),
	'functions/later.js': handler(`
		callback(null, 'answered');
		setTimeout(() => { throw new Error('too late'); }, 5);
		Promise.reject(new Error('nobody listens'));`),
	'functions/async.js':
		'exports.handler = async (context, event, callback) => {\n'
		+ '\tawait new Promise((done) => setTimeout(done, 5));\n'
		+ '\tcallback(null, new Twilio.twiml.VoiceResponse());\n};\n',
	'functions/async-throws.js': 'exports.handler = async () => {\n'
		+ '\tawait null;\n\tthrow new RangeError("no such floor");\n};\n',
	'functions/throws.js': handler('throw new TypeError("no number");'),
	'functions/timer.js': handler(
		'setTimeout(() => { throw new Error("in a timer"); }, 5);'),
	'functions/rejected.js': handler(
		'Promise.reject(new Error("no catch"));'),
	'functions/rejected-but-answers.js': handler(`
		Promise.reject(new Error('not needed'));
		setTimeout(() => callback(null, 'all the same'), 100);`),
	'functions/error-text.js': handler('callback("busy");'),
	'functions/error-object.js': handler('callback({floor: 13});'),
	'functions/number.js': handler('callback(null, 42);'),
	'functions/nothing.js': handler('callback();'),
	'functions/circle.js': handler(
		'const a = {}; a.a = a; callback(null, a);'),
	'functions/buffer.js': handler('callback(null, Buffer.from([1, 2, 255]));'),
	'functions/response.js': handler(`
		const response = new Twilio.Response();
		response.setStatusCode(418).setBody({tea: true});
		response.appendHeader('X-Pot', 'one');
		response.appendHeader('X-Pot', 'two');
		response.setCookie('cup', 'blue', ['Max-Age=60']).setCookie('old', '1');
		response.removeCookie('old');
		callback(null, response);`),
	'functions/response-text.js': handler(`
		const response = new Twilio.Response({statusCode: 201, body: '<Response/>',
			headers: {'content-type': 'text/xml'}});
		callback(null, response);`),
	'functions/bad-header.js': handler(`
		const response = new Twilio.Response();
		response.appendHeader('X-Two', 'lines\\r\\nX-Evil: yes');
		callback(null, response);`),
	'functions/no-handler.js': 'exports.hander = () => {};',
	'functions/broken.js': 'exports.handler = (',
	'functions/strict.js': '"use strict";\n' + handler('undeclared2 = 1;'),
};
let runner;
const get = async (target, options) => ask(runner, target, options);
const json = async (target, options) =>
	JSON.parse((await get(target, options)).text);

before(async () => {
	runner = await start(makeProject(files), {TRESTLE_FUNCTIONS_SECONDS: '3'});
});
after(() => runner.stop());

test('a handler is sloppy code', async () => {
	assert.equal((await get('/sloppy')).text, '15'); // 8 + 5 + 2
	assert.equal((await get('/strict')).status, 500);
});

test('a handler finds Twilio, Runtime and the private files of its project',
	async () => {
		const seen = await json('/globals');
		assert.match(seen.sync, /no Sync here/);
		delete seen.sync;
		assert.deepEqual(seen.functions.includes('menu/main'), true);
		delete seen.functions;
		assert.deepEqual(seen, {two: 2, assets: ['/greeting.txt'],
			text: 'good morning', client: 'function', twiml: 'function',
			home: 'not told'});
	});

test('context is .env, the account, the domain and the path', async () => {
	assert.deepEqual(await json('/menu/main'), {COLOUR: 'light\nblue', SIZE: '7',
		ACCOUNT_SID: ACCOUNT, AUTH_TOKEN: TOKEN, PATH: '/menu/main',
		DOMAIN_NAME: new URL(runner.base).host});
});

test('event is the query and the form; the form stands, repeated is a list',
	async () => {
		const {request, ...event} = await json('/event?a=1&b=2&b=3&c=%2B1',
			{form: {a: 'from the form', 'SipHeader_X-Name': 'é & more'},
				headers: {cookie: 'one=1; two=a%20b; one=again',
					'X-Thing': 'Value', 'X-Forwarded-For': '1.2.3.4',
					'x-twilio-signature': 'no'}});
		assert.deepEqual(event, {a: 'from the form', b: ['2', '3'], c: '+1',
			'SipHeader_X-Name': 'é & more'});
		assert.deepEqual(request.cookies, {one: '1', two: 'a b'});
		assert.equal(request.headers['x-thing'], 'Value');
		assert.equal(request.headers['x-twilio-signature'], 'no');
		for (const hidden of ['host', 'x-forwarded-for', 'connection'])
			assert.equal(request.headers[hidden], undefined, hidden);
	});

test('event is the members of a JSON body', async () => {
	const {request, ...event} = await json('/event?q=1',
		{json: {deep: {list: [1, null]}, q: 2}});
	assert.deepEqual(event, {q: 2, deep: {list: [1, null]}});
	assert.equal(request.headers['content-type'], 'application/json');
});

test('nobody reaches the prototype of objects', async () => {
	for (const options of [{form: {__proto__: null, ['__proto__']: 'x', ok: '1'}},
		{method: 'POST', headers: {'content-type': 'application/json'},
			body: '{"__proto__": {"evil": 1}, "ok": "1"}'}])
		assert.equal((await json('/event?__proto__=y', options)).ok, '1');
	assert.equal((await get('/sloppy')).text, '15');
});

test('the first callback wins', async () => {
	const {status, text} = await get('/twice');
	assert.deepEqual([status, text], [200, 'first']);
});

test('a throw after the callback harms nothing', async () => {
	for (let i = 0; i < 5; i++) {
		assert.equal((await get('/after')).text, 'answered');
		assert.equal((await get('/later')).text, 'answered');
	}
	await new Promise((done) => setTimeout(done, 100));
	assert.equal((await get('/twice')).text, 'first');
	assert.match(runner.output, /function=\/after msg="after the answer: TypeError/);
	assert.match(runner.output, /function=\/later msg="after the answer: Error: too/);
	assert.doesNotMatch(runner.output, /is replaced/);
});

test('an async handler answers, or its rejection is the answer', async () => {
	const good = await get('/async');
	assert.equal(good.headers.get('content-type'), 'text/xml; charset=utf-8');
	assert.match(good.text, /<Response\/>$/);
	const {status, text} = await get('/async-throws');
	assert.equal(status, 500);
	assert.deepEqual(JSON.parse(text), {message: 'no such floor',
		name: 'RangeError'});
});

test('a handler that throws is 500, with the stack for the platform only',
	async () => {
		const stranger = await get('/throws');
		assert.equal(stranger.status, 500);
		assert.deepEqual(JSON.parse(stranger.text), {message: 'no number',
			name: 'TypeError'});
		const {message, name, stack} = await json('/throws', {sign: true});
		assert.deepEqual([message, name], ['no number', 'TypeError']);
		assert.match(stack, /functions\/throws\.js:2/);
	});

test('what throws in a timer or rejects is the answer of its own request',
	async () => {
		const all = await Promise.all(['/timer', '/twice', '/rejected', '/twice',
			'/rejected-but-answers'].map((target) => get(target)));
		assert.deepEqual(all.map((r) => r.status), [500, 200, 500, 200, 200]);
		assert.match(all[0].text, /in a timer/);
		assert.match(all[2].text, /no catch/);
		assert.equal(all[4].text, 'all the same');
	});

test('callback(error) is 500 with the error', async () => {
	const text = await get('/error-text');
	assert.deepEqual([text.status, text.text], [500, 'busy']);
	const object = await get('/error-object');
	assert.deepEqual([object.status, object.text], [500, '{"floor":13}']);
	assert.equal(object.headers.get('content-type'), 'application/json');
});

test('strings, numbers, objects, bytes and nothing are answers', async () => {
	for (const [target, type, text] of [
		['/twice', 'text/plain; charset=utf-8', 'first'],
		['/number', 'application/json', '42'],
		['/nothing', null, '']]) {
		const answer = await get(target);
		assert.equal(answer.status, 200);
		assert.equal(answer.headers.get('content-type'), type);
		assert.equal(answer.text, text);
	}
	const bytes = await fetch(`${runner.base}/buffer`);
	assert.deepEqual([...new Uint8Array(await bytes.arrayBuffer())],
		[1, 2, 255]);
});

test('Twilio.Response sets status, headers, cookies and body', async () => {
	const {status, headers, text} = await get('/response');
	assert.equal(status, 418);
	assert.equal(text, '{"tea":true}');
	assert.equal(headers.get('content-type'), 'application/json');
	assert.equal(headers.get('x-pot'), 'one, two');
	assert.deepEqual(headers.getSetCookie?.() ?? headers.get('set-cookie')
		.split(', '), ['cup=blue;Max-Age=60', 'old=;Max-Age=0']);
	const xml = await get('/response-text');
	assert.deepEqual([xml.status, xml.headers.get('content-type'), xml.text],
		[201, 'text/xml', '<Response/>']);
});

test('an answer that can not be sent is 500', async () => {
	assert.match((await get('/circle')).text, /circular/);
	const {status, headers} = await get('/bad-header');
	assert.equal(status, 500);
	assert.equal(headers.get('x-evil'), null);
});

test('a file without handler, or that is broken, says so', async () => {
	for (const [target, words] of [['/no-handler', /no exports.handler/],
		['/broken', /SyntaxError|Unexpected/]]) {
		const {status, text} = await get(target);
		assert.equal(status, 500);
		assert.match(text, words);
	}
});

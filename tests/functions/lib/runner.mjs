// runner.mjs - the real deploy/functions/server.mjs with a project made here
import {spawn} from 'node:child_process';
import {mkdirSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

import {leash, until} from '../../e2e/lib/wait.mjs';

export const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';
export const TOKEN = 'functions-token';
const here = path.dirname(fileURLToPath(new URL('.', import.meta.url)));
export const root = path.resolve(here, '../..');
const server = `${root}/deploy/functions/server.mjs`;
const require = createRequire(import.meta.url);
const webhooks = require('twilio-5/lib/webhooks/webhooks');
let made = 0;

/** @param files {'functions/a.js': text}  @param version of twilio: 3, 5, 6 */
export function makeProject(files, {version = 3} = {}) {
	const folder = `${root}/build/functions/${process.pid}-${++made}`;
	rmSync(folder, {recursive: true, force: true});
	put(folder, {'package.json': '{"private": true}', ...files});
	if (version)
		linkTwilio(folder, version);
	return folder;
}

export function linkTwilio(folder, version) {
	mkdirSync(`${folder}/node_modules`, {recursive: true});
	symlinkSync(`${here}/node_modules/twilio-${version}`,
		`${folder}/node_modules/twilio`);
}

export function put(folder, files) {
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(path.dirname(`${folder}/${name}`), {recursive: true});
		writeFileSync(`${folder}/${name}`, text);
	}
}

/** exports.handler with that body */
export const handler = (body) =>
	`exports.handler = function (context, event, callback) {\n${body}\n};\n`;

/** Start it. @param env settings beside the usual ones */
export async function start(folder, env = {}) {
	const child = leash(spawn('node', [server, folder], {env: {
		PATH: process.env.PATH, TRESTLE_ADDRESS: '127.0.0.1',
		TRESTLE_FUNCTIONS_ADDRESS: '127.0.0.1', TRESTLE_FUNCTIONS_PORT: '0',
		TRESTLE_ACCOUNT_SID: ACCOUNT, TRESTLE_AUTH_TOKEN: TOKEN,
		TRESTLE_INSTANCE: 'functions-test', TRESTLE_REDIS: 'redis://127.0.0.1:1',
		TRESTLE_FUNCTIONS_WORKERS: '2', ...env}}));
	const runner = {child, output: '', folder};
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (data) => runner.output += data);
	child.on('exit', (code) => runner.exited = code ?? 'signal');
	await until(() => runner.exited !== undefined
		|| /paths of/.test(runner.output), 10000, () => runner.output);
	if (runner.exited !== undefined)
		throw new Error(runner.output);
	[, runner.base] = /paths of .* on (http:\S+),/.exec(runner.output);
	runner.stop = async () => {
		child.kill();
		await until(() => runner.exited !== undefined, 10000, () => 'its end');
	};
	return runner;
}

/** A request. @param options of fetch; form: parameters of a POST; sign: true
 *  for a signature of the official package  @return {status, text, headers, ms} */
export async function ask(runner, target, {form, sign, json, ...options} = {}) {
	let url = runner.base + target;
	const headers = {...options.headers};
	if (json !== undefined) {
		options = {method: 'POST', ...options, body: JSON.stringify(json)};
		headers['content-type'] = 'application/json';
		if (sign)
			url += `${url.includes('?') ? '&' : '?'}bodySHA256=${
				webhooks.getExpectedBodyHash(options.body)}`;
	}
	if (form)
		options = {method: 'POST', ...options, body: new URLSearchParams(form)};
	if (sign)
		headers['x-twilio-signature'] =
			webhooks.getExpectedTwilioSignature(TOKEN, url, form ?? {});
	const begin = Date.now();
	const response = await fetch(url, {...options, headers});
	const text = await response.text();
	return {status: response.status, text, headers: response.headers,
		ms: Date.now() - begin};
}

/** What a server says to exactly these bytes. */
export function raw(runner, bytes) {
	const {hostname, port} = new URL(runner.base);
	return new Promise((done, fail) => {
		let answer = '';
		const socket = net.connect(Number(port), hostname, () => socket.end(bytes));
		socket.on('data', (data) => answer += data);
		socket.on('error', fail);
		socket.on('close', () => done(answer));
	});
}

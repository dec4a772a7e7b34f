// worker.mjs - a thread that runs handlers, several at a time
//
// Messages of the pool: {run, file, path, domain, event}, {ping}. Ours:
// {loading}, {ready}, {free} when the next one may come, {answer, …}, {line, …}
// what a handler prints, {pong}. Of one handler the first answer counts.
import {AsyncLocalStorage} from 'node:async_hooks';
import {Console} from 'node:console';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {Writable} from 'node:stream';
import {format} from 'node:util';
import {parentPort, workerData} from 'node:worker_threads';

import {answerOf, failureOf} from './answer.mjs';
import {OFFERED, TAKEN} from './claim.mjs';
import {projectTwilio} from './twilio.mjs';

const LINES_MAX = 200;          // of one request
const LINE_MAX = 4096;          // characters
const ALERTS_MAX = 10;          // of one request
const REJECTION_GRACE_MS = 1000;
const OURS = new URL('.', import.meta.url).href;
const {root, env, routes, publicUrl, preload} = workerData;
const claim = new Int32Array(workerData.claim);
const jobs = new AsyncLocalStorage();
const require = createRequire(`${root}/package.json`);

/** One request that is being handled. */
class Job {
	constructor({run, path, note}) {
		Object.assign(this, {id: run, path, note}); // note: whose lines these are
		this.lines = 0;
		this.alerts = 0;
		this.answered = false;
	}

	/** @param printed by the handler itself, not about it */
	line(level, text, printed = false) {
		const alert = printed && (level === 'warn' || level === 'error')
			&& this.alerts++ < ALERTS_MAX;
		if (this.lines++ < LINES_MAX)
			parentPort.postMessage({line: text.slice(0, LINE_MAX), level, alert,
				note: this.note});
	}

	/** @param make a function that gives the answer; the first one counts */
	answer(make) {
		if (this.answered)
			return;
		this.answered = true;
		let answer;
		try {
			answer = make();
		} catch (error) {
			answer = this.failure(error);
		}
		parentPort.postMessage({answer: this.id, ...answer});
	}

	failure(error) {
		this.line('error', text(error));
		return failureOf(error);
	}

	/** The handler threw. After its answer that harms nothing. */
	threw(error) {
		if (this.answered)
			this.line('error', `after the answer: ${text(error)}`);
		else
			this.answer(() => this.failure(error));
	}

	callback = (error, payload) => this.answer(() =>
		(error ? this.failure(error) : answerOf(payload)));
}

/** An error with the part of its stack that is the project's. */
const text = (error) => (!(error instanceof Error) ? format(error)
	: String(error.stack).split('\n').filter((line) =>
		!line.includes(OURS) && !line.includes('(node:')).join('\n'));

function print(level, words) {
	const job = jobs.getStore();
	if (job)
		job.line(level, words, true);
	else
		parentPort.postMessage({line: words.slice(0, LINE_MAX), level});
}

const stream = (level) => new Writable({decodeStrings: false,
	write(chunk, encoding, done) {
		print(level, String(chunk).replace(/\n$/, ''));
		done();
	}});

/** console.* tells which request it was that printed. */
function ourConsole() {
	const console = new Console({stdout: stream('info'), stderr: stream('error'),
		colorMode: false});
	for (const level of ['debug', 'warn', 'error'])
		console[level] = (...words) => print(level, format(...words));
	return console;
}

function runtime() {
	const functions = {};
	const assets = {};
	for (const {kind, access, path, file} of routes)
		if (kind === 'function')
			functions[path.slice(1)] = {path: file};
		else if (access === 'private')
			assets[path] = {path: file, open: () => readFileSync(file, 'utf8')};
	return {
		getFunctions: () => ({...functions}),
		getAssets: () => ({...assets}),
		getSync() {
			throw new Error('Runtime.getSync(): there is no Sync here; keep '
				+ 'state in a database of your own');
		},
	};
}

function contextOf({path, domain}) {
	return {
		...env,
		DOMAIN_NAME: domain,
		PATH: path,
		SERVICE_SID: env.SERVICE_SID,
		ENVIRONMENT_SID: env.ENVIRONMENT_SID,
		getTwilioClient: (options) => globalThis.Twilio(env.ACCOUNT_SID,
			env.AUTH_TOKEN, {lazyLoading: true, httpClient: httpClient(),
				...options}),
	};
}

let client; // connections are kept for the next request
const httpClient = () =>
	client ??= new globalThis.Twilio.RequestClient({timeout: 30000});

async function run(job, {file, event, domain}) {
	try {
		const {handler} = require(file);
		if (typeof handler !== 'function')
			throw new Error(`${job.path} has no exports.handler`);
		await handler(contextOf({path: job.path, domain}), event, job.callback);
	} catch (error) {
		job.threw(error);
	}
}

function take(message) {
	if (Atomics.compareExchange(claim, 0, OFFERED, TAKEN) === OFFERED) {
		const job = new Job(message);
		jobs.run(job, run, job, message);
	}
	// What the handler does at once has been done when this comes.
	setImmediate(() => parentPort.postMessage({free: true}));
}

/** Code that runs later than its handler: a timer, an event, a promise. The
 *  thread goes on, its other requests with it. */
function watchThrows() {
	process.on('uncaughtException', (error) => {
		const job = jobs.getStore();
		if (job)
			job.threw(error);
		else
			print('error', text(error));
	});
	process.on('unhandledRejection', (error) => {
		const job = jobs.getStore();
		if (job)
			job.line('error', `unhandled rejection: ${text(error)}`);
		else
			print('error', `unhandled rejection: ${text(error)}`);
		// It may still call back: perhaps nobody needed that promise.
		setTimeout(() => job?.answer(() => failureOf(error)),
			REJECTION_GRACE_MS);
	});
}

/** Load every function, so that no call waits for that. One that can not be
 *  loaded says why when it is asked for. */
function load() {
	for (const {path, file} of preload) {
		parentPort.postMessage({loading: path});
		try {
			require(file);
		} catch {
			// see above
		}
	}
}

globalThis.console = ourConsole();
globalThis.Twilio = projectTwilio(root, publicUrl);
globalThis.Runtime = runtime();
watchThrows();
load();
parentPort.on('message', (message) => {
	if (message.run !== undefined)
		take(message);
	else
		parentPort.postMessage({pong: message.ping});
});
parentPort.postMessage({ready: true});

#!/usr/bin/env node
// server.mjs - serves the functions of a project: node server.mjs [FOLDER]
import {setTimeout as sleep} from 'node:timers/promises';

import {Front} from './lib/front.mjs';
import {Functions} from './lib/functions.mjs';
import {openLog} from './lib/log.mjs';
import {Metrics, Presence} from './lib/presence.mjs';
import {scanProject} from './lib/project.mjs';
import {Record} from './lib/record.mjs';
import {Redis} from './lib/redis.mjs';
import {help, readSettings, settingsTable} from './lib/settings.mjs';

const LOOK_MS = 1000;       // between two looks at the project's files
const LOAD_MS = 20000;      // that functions may take before they are asked
const ACCOUNT_MS = 10000;   // until Redis has said which account there is

class Server {
	constructor(settings) {
		this.settings = settings;
		this.log = openLog(settings.log, {svc: settings.instance});
		this.redis = new Redis(settings.redis, this.log);
		this.metrics = new Metrics();
	}

	async open() {
		const {settings, log} = this;
		this.project = await scanProject(settings.project);
		this.account = await this.#account();
		this.record = new Record({redis: this.redis, log, hours: settings.logHours,
			accountSid: this.account.ACCOUNT_SID});
		this.functions = await this.#loaded(this.project);
		this.front = new Front({settings, record: this.record,
			current: () => ({routes: this.project.routes, account: this.account,
				functions: this.functions}),
			count: (...what) => this.metrics.request(...what)});
		this.presence = new Presence({settings, redis: this.redis,
			metrics: this.metrics, trouble: () =>
				(this.functions.ready ? undefined : 'no function is loaded yet')});
		const port = await this.front.open();
		await this.presence.open();
		log.info(`${this.project.routes.size} paths of ${this.project.root} on `
			+ `http://${settings.listen}:${port}, account `
			+ this.account.ACCOUNT_SID);
		this.#watch();
	}

	/** Settings first: the .env of a project may still name Twilio's account. */
	async #account() {
		const {env} = this.project;
		const found = {
			ACCOUNT_SID: this.settings.accountSid || env.ACCOUNT_SID
				|| await this.#onlyAccount(),
			AUTH_TOKEN: this.settings.authToken || env.AUTH_TOKEN || '',
		};
		if (!found.AUTH_TOKEN)
			this.log.warn('without TRESTLE_AUTH_TOKEN no signature is valid and '
				+ 'getTwilioClient() throws');
		return found;
	}

	async #onlyAccount() {
		for (const end = Date.now() + ACCOUNT_MS; Date.now() < end;) {
			const sids = await this.redis.ask('SMEMBERS', 'accounts')
				.catch(() => []);
			if (sids.length === 1)
				return sids[0];
			if (sids.length > 1)
				throw new Error('set TRESTLE_ACCOUNT_SID: there are '
					+ `${sids.length} accounts`);
			await sleep(100);
		}
		throw new Error('set TRESTLE_ACCOUNT_SID: Redis does not say which '
			+ 'account there is');
	}

	/** @return Functions whose first thread has loaded them, as a rule */
	async #loaded(project) {
		const functions = new Functions({settings: this.settings, project,
			account: this.account, on: {
				line: (message) => this.record.line(message),
				trouble: (path, reason) => {
					this.metrics.ended++;
					this.log.with({function: path})
						.warn(`its thread is replaced: ${reason}`);
				}}});
		for (const end = Date.now() + LOAD_MS;
			!functions.ready && Date.now() < end;)
			await sleep(20);
		return functions;
	}

	/** What has changed on disk is soon in force. */
	async #watch() {
		for (;;) {
			await sleep(LOOK_MS);
			try {
				const project = await scanProject(this.settings.project);
				if (project.mark !== this.project.mark)
					await this.#change(project);
				this.problem = undefined;
			} catch (error) {
				if (error.message !== this.problem)
					this.log.warn(`the project stays as it was: ${error.message}`);
				this.problem = error.message;
			}
		}
	}

	/** The old functions answer until the new ones are loaded. */
	async #change(project) {
		const old = this.functions;
		const functions = await this.#loaded(project);
		Object.assign(this, {project, functions});
		this.log.info(`the project has changed: ${project.routes.size} paths`);
		old.close();
	}

	async close() {
		this.log.info('ends');
		if (!this.front)
			process.exit(0);
		this.presence.draining = true;
		await Promise.race([this.front.close(),
			sleep(this.settings.drainSeconds * 1000)]);
		process.exit(0);
	}
}

async function main() {
	if (process.argv[2] === '--help' || process.argv[2] === '--settings') {
		console.log(process.argv[2] === '--help' ? help() : settingsTable());
		return;
	}
	const settings = readSettings({...process.env, ...(process.argv[2]
		? {TRESTLE_FUNCTIONS_PROJECT: process.argv[2]} : {})});
	const server = new Server(settings);
	for (const signal of ['SIGTERM', 'SIGINT'])
		process.once(signal, () => server.close());
	await server.open();
}

main().catch((error) => {
	console.error(`functions: ${error.message}`);
	process.exit(1);
});

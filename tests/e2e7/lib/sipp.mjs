// sipp.mjs - SIPp as a carrier or a phone, with the scenarios of sipp/
import {spawn} from 'node:child_process';
import {closeSync, openSync, readFileSync} from 'node:fs';

import {root} from './stack.mjs';
import {leash, until} from './wait.mjs';

let next = 0; // a media port range for each SIPp

export class Sipp {
	/** @param keys {name: value} for [name] in the scenario; auth {user,
	 *  password}; calls how many; port the SIP port; server: false for a UAC */
	constructor(options) {
		Object.assign(this, {calls: 1, keys: {}, port: 5090, args: []}, options);
	}

	async open() {
		const log = `${this.dir}/${this.world.slug}-sipp-${this.name}.log`;
		const out = openSync(log, 'w');
		const {host, port} = this.stack.server;
		const args = [`${host}:${port}`, '-sf',
			`${root}/tests/e2e/sipp/${this.name}.xml`, '-i', this.ip,
			'-p', String(this.port), '-m', String(this.calls), '-nostdin',
			'-mp', String(40000 + 100 * next++), '-timeout', '40s',
			'-timeout_error', '-trace_err', '-error_file', `${log}.errors`,
			...(this.auth ? ['-au', this.auth.user, '-ap', this.auth.password] : []),
			...Object.entries(this.keys).flatMap(([k, v]) => ['-key', k, v]),
			...this.args];
		this.log = log;
		this.child = leash(spawn('sipp', args, {stdio: ['ignore', out, out],
			env: {...process.env, TERM: 'dumb'}}));
		this.child.on('exit', (code) => this.exited = code ?? 1);
		closeSync(out);
		return this;
	}

	/** All its calls went as the scenario has it. */
	async succeeds(ms = 30000) {
		await until(() => this.exited !== undefined, ms, `end of ${this.log}`);
		if (this.exited !== 0)
			throw new Error(`SIPp ${this.name} failed (exit ${this.exited}): `
				+ this.#errors());
	}

	#errors() {
		try {
			return readFileSync(`${this.log}.errors`, 'utf8').slice(0, 600);
		} catch {
			return `see ${this.log}`;
		}
	}

	async close() {
		if (this.exited === undefined)
			this.child.kill('SIGKILL');
	}
}

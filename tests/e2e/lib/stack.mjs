// stack.mjs - the system under test: started by deploy/run, looked into by
// redis-cli, killed piece by piece
import {execFile, spawn} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

import {leash, until} from './wait.mjs';

const START_MS = 30000;
const STOP_MS = 10000;
export const root = path.resolve(import.meta.dirname
	?? path.dirname(new URL(import.meta.url).pathname), '../../..');
const bin = `${root}/${process.env.BUILD ?? 'build/release'}/bin`;
const run = promisify(execFile);

export class Stack {
	/** @param copies {registrar: 2}  @param settings {NAME: value} */
	constructor({address, dir, tenants, copies = {}, settings = {}, env = {}}) {
		Object.assign(this, {address, dir, tenants, copies, settings, env});
		this.output = '';
	}

	async start() {
		const args = ['--address', this.address, '--dir', this.dir,
			'--bin', bin,
			'--tenants', this.tenants,
			...Object.entries(this.copies).flatMap(([k, v]) =>
				['--copies', `${k}=${v}`]),
			...Object.entries(this.settings).flatMap(([k, v]) =>
				['--set', `${k}=${v}`])];
		this.child = leash(spawn('deploy/run', args, {cwd: root,
			env: {...process.env, ...this.env},
			stdio: ['ignore', 'pipe', 'pipe']}));
		this.child.stdout.on('data', (d) => this.output += d);
		this.child.stderr.on('data', (d) => this.output += d);
		this.child.on('exit', (code) => this.exited = code ?? 1);
		await until(() => this.exited !== undefined
			|| /^ready /m.test(this.output), START_MS, () => this.output);
		if (this.exited !== undefined)
			throw new Error(`the system does not start:\n${this.output}`);
		this.state = Object.fromEntries(readFileSync(`${this.dir}/state`, 'utf8')
			.trim().split('\n').map((l) => l.split(/=(.*)/s)));
		this.server = {host: this.address, port: Number(this.state.sip_port)};
		this.tls = {host: this.address, port: Number(this.state.tls_port)};
		return this;
	}

	async stop() {
		if (this.exited !== undefined)
			return;
		this.child.kill('SIGTERM');
		await until(() => this.exited !== undefined, STOP_MS, 'end of deploy/run');
	}

	/** What redis-cli prints, as people see it. */
	async redis(...args) {
		const {stdout} = await run('redis-cli', ['-u', this.state.redis, ...args]);
		return stdout.trimEnd();
	}

	/** A hash as an object. */
	async hash(key) {
		const lines = (await this.redis('hgetall', key)).split('\n');
		const out = {};
		for (let i = 0; i + 1 < lines.length; i += 2)
			out[lines[i]] = lines[i + 1];
		return out;
	}

	async members(key) {
		return (await this.redis('smembers', key)).split('\n').filter(Boolean);
	}

	async cli(...args) {
		const {stdout} = await run(`${bin}/trestle-cli`, args,
			{env: {...process.env, TRESTLE_REDIS: this.state.redis}});
		return stdout;
	}

	/** `trestle`, as an account. @return its output */
	async trestle(account, token, words) {
		const {stdout} = await run(`${bin}/trestle`, words, {env: {...process.env,
			TRESTLE_API: this.state.public_url, TRESTLE_ACCOUNT: account,
			TRESTLE_TOKEN: token}});
		return stdout;
	}

	pid(instance) {
		const file = `${this.dir}/pid/${instance}`;
		return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
	}

	/** kill -9; deploy/run starts it again. @return when the new one is well;
	 *  with `stay` it stays down until revive() */
	async kill(instance, {wait = true, stay = false} = {}) {
		const before = this.pid(instance);
		if (!(before > 1)) // 0 would be all of us
			throw new Error(`no process of "${instance}" to kill`);
		if (stay)
			writeFileSync(`${this.dir}/pid/${instance}.down`, '');
		process.kill(before, 'SIGKILL');
		if (wait && !stay)
			await this.well(instance, before);
	}

	async revive(instance) {
		const before = this.pid(instance);
		this.child.kill('SIGUSR1');
		await this.well(instance, before);
	}

	async well(instance, before) {
		await until(async () => {
			if (this.pid(instance) === before)
				return false;
			const service = instance.replace(/-\d+$/, '');
			const http = await this.redis('hget', `service:${service}:${instance}`,
				'http');
			const ok = http && await fetch(`http://${http}/healthz`)
				.then((r) => r.ok, () => false);
			return ok;
		}, START_MS, `${instance} well again`);
	}

	log(instance) {
		return readFileSync(`${this.dir}/log/${instance}.log`, 'utf8');
	}
}

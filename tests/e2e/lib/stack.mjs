// stack.mjs - the system under test: started by deploy/run, looked into by
// Redis, killed piece by piece
import {execFile, spawn} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {promisify} from 'node:util';

import {Redis} from './redis.mjs';
import {leash, until} from './wait.mjs';

const START_MS = 120000;
const MEET_MS = 10000;
const STOP_MS = 60000;
export const root = path.resolve(import.meta.dirname
	?? path.dirname(new URL(import.meta.url).pathname), '../../..');
const bin = `${root}/${process.env.BUILD ?? 'build/release'}/bin`;
const run = promisify(execFile);

export class Stack {
	/** @param copies {registrar: 2}  @param settings {NAME: value}
	 *  @param functions folder of a project that is served as well */
	constructor({address, dir, tenants, functions, copies = {}, settings = {},
		env = {}}) {
		Object.assign(this, {address, dir, tenants, functions, copies, settings,
			env});
		this.output = '';
	}

	async start() {
		const args = ['--address', this.address, '--dir', this.dir,
			'--bin', bin,
			...(this.tenants ? ['--tenants', this.tenants] : []),
			...(this.functions ? ['--functions', this.functions] : []),
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
		this.store?.close();
		if (this.exited !== undefined)
			return;
		this.child.kill('SIGTERM');
		await until(() => this.exited !== undefined, STOP_MS, 'end of deploy/run');
	}

	/** One command, "hget", key, field; see redis.mjs. */
	async redis(...args) {
		this.store ??= new Redis(this.state.redis);
		return this.store.command(...args);
	}

	/** A hash as an object. */
	async hash(key) {
		const flat = await this.redis('hgetall', key);
		return Object.fromEntries(flat.flatMap((name, i) =>
			i % 2 ? [] : [[name, flat[i + 1]]]));
	}

	/** Every call in Redis, as an object. */
	async calls() {
		const keys = [];
		let cursor = '0';
		do {
			const [next, some] = await this.redis('scan', cursor, 'match',
				'call:{CA*}', 'count', '1000');
			keys.push(...some);
			cursor = next;
		} while (cursor !== '0');
		return Promise.all([...new Set(keys)].map((key) => this.hash(key)));
	}

	/** Keys that hold one of these texts, in a name, a field or a value. */
	async keysWith(texts) {
		const script = `local found = {}
			for _, key in ipairs(redis.call('KEYS', '*')) do
				local read = {string = {'GET', key}, hash = {'HGETALL', key},
					list = {'LRANGE', key, 0, -1}, set = {'SMEMBERS', key},
					zset = {'ZRANGE', key, 0, -1},
					stream = {'XRANGE', key, '-', '+'}}
				local all = cjson.encode({key,
					redis.call(unpack(read[redis.call('TYPE', key).ok]))})
				for _, text in ipairs(ARGV) do
					if string.find(all, text, 1, true) then
						found[#found + 1] = key .. ' has ' .. text
					end
				end
			end
			return found`;
		return this.redis('eval', script, '0', ...texts);
	}

	/** Until every process that was told has read the configuration of now. */
	async configured() {
		const version = Number(await this.redis('get', 'config:version'));
		const names = Object.entries({'call-controller': 1, registrar: 1,
			...this.copies}).filter(([name]) =>
			['call-controller', 'registrar', 'webhook-fetcher'].includes(name))
			.flatMap(([name, n]) => Array.from({length: n}, (_, i) =>
				`${name}-${i + 1}`));
		await until(() => names.every((name) =>
			Math.max(...[...this.log(name).matchAll(/configuration version (\d+)/g)]
				.map(([, n]) => Number(n))) >= version), 8000,
		`version ${version} everywhere`);
	}

	async members(key) {
		return this.redis('smembers', key);
	}

	async cli(...args) {
		const {stdout} = await run(`${bin}/trestle-cli`, args,
			{env: {...process.env, ...this.env, TRESTLE_REDIS: this.state.redis}});
		return stdout;
	}

	/** `trestle`, as an account. @return its output */
	async trestle(account, token, words) {
		const {stdout} = await run(`${bin}/trestle`, words, {env: {...process.env,
			TRESTLE_API: this.state.public_url, TRESTLE_ACCOUNT: account,
			TRESTLE_TOKEN: token}});
		return stdout;
	}

	/** One that goes on until stop(); what it printed is in `output`. */
	follow(account, token, words) {
		const child = leash(spawn(`${bin}/trestle`, words, {env: {...process.env,
			TRESTLE_API: this.state.public_url, TRESTLE_ACCOUNT: account,
			TRESTLE_TOKEN: token}, stdio: ['ignore', 'pipe', 'inherit']}));
		const following = {output: '', stop: () => child.kill('SIGTERM')};
		child.stdout.on('data', (d) => following.output += d);
		return following;
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
		await until(async () => this.pid(instance) !== before
			&& await this.#ask(instance, 'healthz') !== undefined, START_MS,
		`${instance} well again`);
	}

	/** Wait until each of @p instances knows @p n copies of @p service. */
	async meet(instances, service, n) {
		const line = `\ntrestle_bus_peers{service="${service}"} ${n}\n`;
		for (const instance of instances)
			await until(async () => (await this.#ask(instance, 'metrics'))
				?.includes(line), MEET_MS, `${n} ${service} for ${instance}`);
	}

	/** @return what its HTTP port answers, undefined when that is not 200 */
	async #ask(instance, path) {
		const service = instance.replace(/-\d+$/, '');
		const http = await this.redis('hget', `service:${service}:${instance}`,
			'http');
		return http ? fetch(`http://${http}/${path}`)
			.then((r) => r.ok ? r.text() : undefined, () => undefined)
			: undefined;
	}

	log(instance) {
		return readFileSync(`${this.dir}/log/${instance}.log`, 'utf8');
	}
}

// functions.mjs - the functions of one state of the project, and who runs them
//
// All share one pool. A function that has hung or ended a thread gets a pool of
// its own for a while, so that the next time it takes nobody else with it.
import {Pool} from './pool.mjs';

const APART_MS = 60000;  // after the last time
const APART_MAX = 8;     // functions; others stay with all
const APART_SIZE = 2;    // threads of each
const INHERITED = /^(?:PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|NODE_ENV|https?_proxy|no_proxy)$/i;

const inherited = () => Object.fromEntries(Object.entries(process.env)
	.filter(([name]) => INHERITED.test(name)));

export class Functions {
	/**
	 * @param settings as readSettings() gives them
	 * @param project as scanProject() does
	 * @param account {ACCOUNT_SID, AUTH_TOKEN}
	 * @param on {line(message), trouble(path, reason)}
	 */
	constructor({settings, project, account, on}) {
		Object.assign(this, {settings, project, on, apart: new Map(),
			closing: false});
		this.env = {...project.env, ...account};
		this.shared = this.#pool(settings.workers, () => this.#sound());
	}

	get ready() {
		return this.shared.ready;
	}

	/** @param message {path, file, domain, event, note}
	 *  @return promise of {status, headers, body, brief} */
	run(message) {
		return (this.apart.get(message.path)?.pool ?? this.shared).run(message);
	}

	/** End when all is answered. */
	async close() {
		this.closing = true;
		for (const path of [...this.apart.keys()])
			this.#pardon(path);
		await this.shared.close();
	}

	/** What each new thread of all loads: not what has broken one. */
	#sound() {
		return [...this.project.routes.values()].filter(({kind, access, path}) =>
			kind === 'function' && access !== 'private' && !this.apart.has(path));
	}

	#pool(size, preload) {
		const routes = [...this.project.routes.values()];
		const {publicUrl, memoryMb, seconds} = this.settings;
		return new Pool({size, seconds,
			hand: {memoryMb, env: {...inherited(), ...this.env},
				data: () => ({root: this.project.root, env: this.env, routes,
					publicUrl, preload: preload()})},
			on: {line: this.on.line,
				accused: (path, reason) => this.#accused(path, reason)}});
	}

	#accused(path, reason) {
		this.on.trouble(path, reason);
		let own = this.apart.get(path);
		if (!own) {
			if (this.closing || this.apart.size >= APART_MAX)
				return;
			own = {pool: this.#pool(APART_SIZE, () => [])};
			this.apart.set(path, own);
		}
		clearTimeout(own.timer);
		own.timer = setTimeout(() => this.#pardon(path), APART_MS).unref();
	}

	#pardon(path) {
		const own = this.apart.get(path);
		clearTimeout(own.timer);
		this.apart.delete(path);
		own.pool.close();
	}
}

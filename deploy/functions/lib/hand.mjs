// hand.mjs - one thread of a pool, seen from outside
import {Worker} from 'node:worker_threads';

import {IDLE, OFFERED, TAKEN} from './claim.mjs';

const script = new URL('./worker.mjs', import.meta.url);

/**
 * A thread has at most one request that it has not come to yet, so that a
 * handler that loops takes no other's request with it. Those that it began and
 * that wait for something are in `jobs`.
 */
export class Hand {
	/** @param on {ready, free, answer, line, end}: functions of what it said */
	constructor({data, env, memoryMb, on}) {
		Object.assign(this, {on, ready: false, loaded: false, retired: false,
			next: undefined, loading: '', born: Date.now(), abandoned: 0,
			jobs: new Map()});
		const claim = new SharedArrayBuffer(4);
		this.claim = new Int32Array(claim);
		this.thread = new Worker(script, {workerData: {...data(), claim}, env,
			resourceLimits: {maxOldGenerationSizeMb: memoryMb}});
		this.thread.on('message', (message) => this.#hear(message));
		this.thread.on('error', (error) => this.reason ??= error.message);
		this.thread.on('exit', (code) => {
			this.reason ??= `it ended (exit ${code})`;
			this.ready = false;
			on.end();
		});
	}

	#hear(message) {
		if (message.loading !== undefined)
			this.loading = message.loading;
		else if (message.pong !== undefined)
			this.pong = message.pong;
		else if (message.ready) {
			this.ready = this.loaded = true;
			this.on.ready();
		} else if (message.free) {
			this.next = undefined;
			this.on.free();
		} else if (message.answer !== undefined)
			this.on.answer(message);
		else
			this.on.line(message);
	}

	/** @param job {id, message} */
	offer(job) {
		this.next = job;
		this.jobs.set(job.id, job);
		Atomics.store(this.claim, 0, OFFERED);
		this.thread.postMessage(job.message);
	}

	/** Take back what it has not come to. @return the job, or undefined */
	withdraw() {
		const job = this.next;
		if (!job || Atomics.compareExchange(this.claim, 0, OFFERED, IDLE)
			!== OFFERED)
			return undefined;
		this.jobs.delete(job.id);
		return job;
	}

	/** Does it turn its loop? @return a promise of true or false */
	async alive(ms) {
		const ping = this.ping = (this.ping ?? 0) + 1;
		this.thread.postMessage({ping});
		await new Promise((done) => setTimeout(done, ms));
		return this.pong === ping;
	}

	/** Paths of what may have hung or ended it: the function that it is in the
	 *  middle of, else all that wait for something. */
	blamed() {
		if (!this.loaded)
			return this.loading ? [this.loading] : [];
		return Atomics.load(this.claim, 0) === TAKEN && this.next
			? [this.next.path] : [...this.jobs.values()].map((job) => job.path);
	}

	stop(reason) {
		this.reason ??= reason;
		this.ready = false;
		return this.thread.terminate();
	}
}

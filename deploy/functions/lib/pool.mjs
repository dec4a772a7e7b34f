// pool.mjs - threads that run handlers, and the requests that wait for one
//
// A request waits until a thread is free, that is: until what came before has
// returned or waits for something itself. A thread that hangs, crashes or ends
// is replaced; what it had not begun another one runs, what it had begun is
// answered 500. run() never rejects.
import {problem} from './answer.mjs';
import {Hand} from './hand.mjs';

const WAITING_MAX = 1000;
const JOBS_MAX = 200;        // of one thread, that wait for something
const ABANDONED_MAX = 50;    // never called back: then the thread is renewed
const BUSY_MS = 100;         // then another thread gets what was offered
const PING_MS = 500;
const LOAD_MS = 20000;
const AGAIN_MS = 1000;       // before the next try of a thread that died young

export class Pool {
	/**
	 * @param size threads  @param seconds time for an answer
	 * @param hand {data, env, memoryMb} of each thread; data() is asked when it
	 *  starts: {root, env, routes, publicUrl, preload: what it loads beforehand}
	 * @param on {line(message), accused(path, reason)}: what is printed; a
	 *  function that may have hung or ended its thread
	 */
	constructor({size, seconds, hand, on}) {
		Object.assign(this, {size, seconds, hand, on, hands: new Set(),
			waiting: [], lastId: 0, closing: false});
		for (let i = 0; i < size; i++)
			this.#start();
	}

	get ready() {
		return [...this.hands].some((h) => h.ready);
	}

	get busy() {
		return this.waiting.length
			+ [...this.hands].reduce((n, h) => n + h.jobs.size, 0);
	}

	/** @param message for the worker, without its number
	 *  @return promise of {status, headers, body} */
	run(message) {
		if (this.waiting.length >= WAITING_MAX)
			return Promise.resolve(problem(503, 'too many requests wait'));
		return new Promise((done) => {
			const job = {id: ++this.lastId, path: message.path};
			job.message = {...message, run: job.id};
			job.timer = setTimeout(() => this.#late(job), this.seconds * 1000);
			job.done = (answer) => {
				clearTimeout(job.timer);
				done(answer);
			};
			this.waiting.push(job);
			this.#pump();
		});
	}

	/** No more requests come: end when those that are here are answered. */
	async close() {
		this.closing = true;
		while (this.busy)
			await new Promise((done) => setTimeout(done, 50));
		await Promise.all([...this.hands].map((h) => h.stop('closed')));
	}

	#start() {
		const hand = new Hand({...this.hand, on: {
			ready: () => {
				clearTimeout(hand.timer);
				this.#pump();
			},
			free: () => {
				clearTimeout(hand.timer);
				this.#pump();
			},
			answer: (message) => this.#answered(hand, message),
			line: (message) => this.on.line(message),
			end: () => this.#ended(hand),
		}});
		hand.timer = setTimeout(() => hand.stop('it did not load in time'),
			LOAD_MS);
		this.hands.add(hand);
	}

	/** The free thread that has the least to do. */
	#free() {
		let best;
		for (const hand of this.hands)
			if (hand.ready && !hand.next && !hand.retired
				&& hand.jobs.size < (best?.jobs.size ?? JOBS_MAX))
				best = hand;
		return best;
	}

	#pump() {
		while (this.waiting.length) {
			const hand = this.#free();
			if (!hand)
				return;
			hand.offer(this.waiting.shift());
			hand.timer = setTimeout(() => this.#takeBack(hand), BUSY_MS);
		}
	}

	/** The thread has not become free again: give what it has not come to
	 *  another one; a thread that does not turn its loop has hung. */
	#takeBack(hand) {
		const job = hand.withdraw();
		hand.timer = setTimeout(() => hand.stop(`it hung for ${this.seconds} s`),
			this.seconds * 1000 - BUSY_MS + PING_MS);
		if (!job)
			return;
		this.waiting.unshift(job);
		this.#pump();
	}

	#answered(hand, {answer, status, headers, body, brief}) {
		const job = hand.jobs.get(answer);
		if (!job)
			return; // it was late
		job.done({status, headers, body, brief});
		this.#settle(hand, job);
	}

	#settle(hand, job) {
		hand.jobs.delete(job.id);
		if (hand.retired && !hand.jobs.size)
			hand.stop('renewed');
		else
			this.#pump();
	}

	async #late(job) {
		const hand = [...this.hands].find((h) => h.jobs.has(job.id));
		job.done(problem(504, 'runtime application timed out'));
		if (!hand) {
			this.waiting = this.waiting.filter((j) => j !== job);
			return;
		}
		if (hand.next === job && hand.withdraw())
			return;
		if (!await hand.alive(PING_MS)) {
			hand.stop(`it hung for ${this.seconds} s`);
			return;
		}
		// It never calls back: what it holds is kept until the thread is renewed.
		if (++hand.abandoned >= ABANDONED_MAX && !hand.retired) {
			hand.retired = true;
			this.#start();
		}
		this.#settle(hand, job);
	}

	#ended(hand) {
		this.hands.delete(hand);
		clearTimeout(hand.timer);
		const again = hand.withdraw();
		if (again)
			this.waiting.unshift(again);
		if (this.closing || hand.retired)
			this.#fail(hand);
		else {
			for (const path of new Set(hand.blamed()))
				this.on.accused(path, hand.reason);
			this.#fail(hand);
			setTimeout(() => this.closing || this.#start(),
				Date.now() - hand.born < AGAIN_MS ? AGAIN_MS : 0);
		}
		this.#pump();
	}

	#fail(hand) {
		for (const job of hand.jobs.values())
			job.done(problem(500, `the thread of this function: ${hand.reason}`));
	}
}

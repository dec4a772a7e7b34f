// redis.mjs - one connection to Redis (RESP 2). A redis-cli for each question
// would be easier, but starting hundreds of them stops this program, and with
// it the sound of its phones, for seconds.
import net from 'node:net';

export class Redis {
	#socket;
	#input = Buffer.alloc(0);
	#waiting = []; // {done, fail}, in the order of the questions

	/** @param url redis://host:port/db */
	constructor(url) {
		this.url = new URL(url);
	}

	/** @return what was answered, as redis-cli prints it: text, '' where there is
	 *  nothing, or an array of these */
	async command(...words) {
		const open = this.#socket ? [] : this.#connect();
		const [answer] = await Promise.all([this.#ask(words), ...open]);
		return answer;
	}

	close() {
		this.#socket?.destroy();
		this.#socket = undefined;
	}

	#connect() {
		const {hostname, port, pathname} = this.url;
		const lost = (e) => this.#lose(e ?? new Error('Redis hung up'));
		this.#socket = net.connect(Number(port), hostname);
		this.#socket.setNoDelay(true);
		this.#socket.on('data', (d) => this.#take(d));
		this.#socket.on('error', lost);
		this.#socket.on('close', () => lost());
		return pathname.length > 1 ? [this.#ask(['select', pathname.slice(1)])] : [];
	}

	#lose(error) {
		this.#socket = undefined;
		this.#input = Buffer.alloc(0);
		for (const {fail} of this.#waiting.splice(0))
			fail(error);
	}

	#ask(words) {
		const parts = words.map((w) => `$${Buffer.byteLength(String(w))}\r\n${w}\r\n`);
		this.#socket.write(`*${words.length}\r\n${parts.join('')}`);
		return new Promise((done, fail) => this.#waiting.push({done, fail}));
	}

	#take(data) {
		this.#input = Buffer.concat([this.#input, data]);
		for (;;) {
			const found = parse(this.#input, 0);
			if (!found)
				return;
			const {done, fail} = this.#waiting.shift();
			this.#input = this.#input.subarray(found.end);
			if (found.value instanceof Error)
				fail(found.value);
			else
				done(found.value);
		}
	}
}

/** @return {value, end} or undefined when not all of it is there */
function parse(b, at) {
	const line = b.indexOf('\r\n', at);
	if (line < 0)
		return undefined;
	const text = b.toString('utf8', at + 1, line);
	const n = Number(text);
	const next = line + 2;
	switch (String.fromCharCode(b[at])) {
	case '+': return {value: text, end: next};
	case '-': return {value: new Error(text), end: next};
	case ':': return {value: text, end: next};
	case '$': return n < 0 ? {value: '', end: next}
		: b.length < next + n + 2 ? undefined
			: {value: b.toString('utf8', next, next + n), end: next + n + 2};
	case '*': return parseArray(b, next, n);
	default: throw new Error(`Redis says ${text}`);
	}
}

function parseArray(b, at, n) {
	const value = [];
	for (let i = 0; i < n; i++) {
		const item = parse(b, at);
		if (!item)
			return undefined;
		value.push(item.value);
		at = item.end;
	}
	return {value, end: at};
}

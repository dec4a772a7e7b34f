// redis.mjs - the few words of Redis's protocol (RESP2) that we say
//
// One connection, made again when it breaks. What is sent while there is none
// is lost: nobody waits for Redis.
import net from 'node:net';

const AGAIN_MS = 1000;
const UNSENT_MAX = 1024 * 1024; // bytes that Redis does not take
const REPLY_MAX = 16 * 1024 * 1024;

/** @param words of a command: strings and numbers */
export const encode = (words) => `*${words.length}\r\n${words.map((w) =>
	`$${Buffer.byteLength(String(w))}\r\n${w}\r\n`).join('')}`;

/** One reply at @p at. @return [value, what is behind it], undefined while it
 *  is not complete; an error of Redis is an Error */
export function decode(buffer, at = 0) {
	const end = buffer.indexOf('\r\n', at);
	if (end < 0)
		return undefined;
	const head = buffer.toString('utf8', at + 1, end);
	const next = end + 2;
	switch (String.fromCharCode(buffer[at])) {
	case '+': return [head, next];
	case '-': return [new Error(head), next];
	case ':': return [Number(head), next];
	case '$': return bulk(buffer, Number(head), next);
	case '*': return list(buffer, Number(head), next);
	default: throw new Error('Redis does not speak RESP');
	}
}

function bulk(buffer, length, at) {
	if (length < 0)
		return [null, at];
	return buffer.length < at + length + 2 ? undefined
		: [buffer.toString('utf8', at, at + length), at + length + 2];
}

function list(buffer, length, at) {
	const items = [];
	for (let i = 0, next = at; i < length; i++) {
		const item = decode(buffer, next);
		if (!item)
			return undefined;
		items.push(item[0]);
		next = at = item[1];
	}
	return [length < 0 ? null : items, at];
}

export class Redis {
	/** @param url redis://[user:password@]host:port/db  @param log */
	constructor(url, log) {
		Object.assign(this, {url: new URL(url), log, up: false, closed: false,
			asked: []});
		this.#connect();
	}

	/** @return promise of the reply; rejected while Redis is away */
	ask(...words) {
		if (!this.up || this.socket.writableLength > UNSENT_MAX)
			return Promise.reject(new Error('Redis is away'));
		return this.#send(words);
	}

	/** Say it, whether it arrives or not. */
	tell(...words) {
		this.ask(...words).catch((error) => {
			if (this.up)
				this.log.warn(`Redis: ${words[0]}: ${error.message}`);
		});
	}

	close() {
		this.closed = true;
		this.socket.destroy();
	}

	#send(words) {
		return new Promise((done, fail) => {
			this.asked.push({done, fail});
			this.socket.write(encode(words));
		});
	}

	#connect() {
		const {hostname, port} = this.url;
		this.buffer = Buffer.alloc(0);
		this.socket = net.connect({host: hostname, port: Number(port || 6379),
			noDelay: true});
		this.socket.on('connect', () => this.#greet());
		this.socket.on('data', (data) => this.#read(data));
		this.socket.on('error', (error) => this.error = error.message);
		this.socket.on('close', () => this.#lost());
	}

	async #greet() {
		const {username, password, pathname} = this.url;
		const replies = [];
		if (password)
			replies.push(this.#send(['AUTH', ...(username ? [username] : []),
				password].map(decodeURIComponent)));
		replies.push(this.#send(['SELECT', pathname.slice(1) || '0']));
		try {
			await Promise.all(replies);
			this.up = true;
			this.log.info('Redis is there');
		} catch (error) {
			this.error = error.message;
			this.socket.destroy();
		}
	}

	#read(data) {
		this.buffer = Buffer.concat([this.buffer, data]);
		try {
			let at = 0;
			for (let reply = decode(this.buffer); reply;
				reply = decode(this.buffer, at)) {
				const [value, next] = reply;
				const {done, fail} = this.asked.shift();
				(value instanceof Error ? fail : done)(value);
				at = next;
			}
			this.buffer = this.buffer.subarray(at);
			if (this.buffer.length > REPLY_MAX)
				throw new Error('a reply is too long');
		} catch (error) {
			this.error = error.message;
			this.socket.destroy();
		}
	}

	#lost() {
		if (this.up || !this.told)
			this.log[this.closed ? 'debug' : 'warn'](
				`Redis is away: ${this.error ?? 'it closed the connection'}`);
		this.told = true;
		this.up = false;
		for (const {fail} of this.asked.splice(0))
			fail(new Error(this.error ?? 'Redis is away'));
		this.error = undefined;
		if (!this.closed)
			setTimeout(() => this.closed || this.#connect(), AGAIN_MS);
	}
}

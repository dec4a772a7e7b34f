// sip.mjs - SIP messages as text: parse, build, digest answers (RFC 3261, 7616)
import {createHash, randomBytes} from 'node:crypto';

export const token = (n = 8) => randomBytes(n).toString('hex');

const COMPACT = {v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact',
	l: 'content-length', c: 'content-type', k: 'supported', e: 'content-encoding'};

/** A message: {method, uri} or {status, reason}, headers in order, body. */
export class Message {
	constructor(first) {
		Object.assign(this, first);
		this.headers = [];
		this.body = '';
	}

	static parse(text) {
		const end = text.indexOf('\r\n\r\n');
		const lines = text.slice(0, end < 0 ? undefined : end)
			.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
		const [a, b, ...rest] = lines.shift().split(' ');
		const msg = a === 'SIP/2.0'
			? new Message({status: Number(b), reason: rest.join(' ')})
			: new Message({method: a, uri: b});
		for (const line of lines) {
			const at = line.indexOf(':');
			const name = line.slice(0, at).trim();
			msg.headers.push([COMPACT[name.toLowerCase()] ?? name,
				line.slice(at + 1).trim()]);
		}
		msg.body = end < 0 ? '' : text.slice(end + 4);
		return msg;
	}

	all(name) {
		return this.headers.filter(([n]) => n.toLowerCase() === name.toLowerCase())
			.map(([, v]) => v);
	}

	get(name) {
		return this.all(name)[0] ?? '';
	}

	add(name, value) {
		if (value !== undefined && value !== '')
			this.headers.push([name, String(value)]);
		return this;
	}

	get callId() {
		return this.get('Call-ID');
	}

	get cseq() {
		const [number, method] = this.get('CSeq').split(/\s+/);
		return {number: Number(number), method};
	}

	get branch() {
		return /branch=([^;,\s]+)/.exec(this.get('Via'))?.[1] ?? '';
	}

	/** `sip:user@host` of a header like From, without brackets and parameters */
	uriOf(name) {
		const value = this.get(name);
		return /<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0].trim();
	}

	tagOf(name) {
		return /;tag=([^;,\s>]+)/.exec(this.get(name).replace(/<[^>]*>/, ''))?.[1];
	}

	/** A challenge that is for the nonce only: the password was right. */
	get stale() {
		return [...this.all('WWW-Authenticate'), ...this.all('Proxy-Authenticate')]
			.some((c) => /stale="?true/i.test(c));
	}

	toString() {
		const first = this.status
			? `SIP/2.0 ${this.status} ${this.reason ?? ''}`
			: `${this.method} ${this.uri} SIP/2.0`;
		const lines = this.headers.filter(([n]) =>
			n.toLowerCase() !== 'content-length').map(([n, v]) => `${n}: ${v}`);
		return `${first}\r\n${lines.join('\r\n')}\r\n`
			+ `Content-Length: ${Buffer.byteLength(this.body)}\r\n\r\n${this.body}`;
	}
}

/** One header may hold several values: split at commas outside of <> and "" */
export function splitList(values) {
	return values.flatMap((v) => v.match(/(?:[^,<"]|<[^>]*>|"[^"]*")+/g) ?? [])
		.map((v) => v.trim());
}

export function parameters(text) {
	const out = {};
	for (const m of text.matchAll(/([\w-]+)\s*=\s*("((?:[^"\\]|\\.)*)"|[^,\s]*)/g))
		out[m[1].toLowerCase()] = m[3]?.replace(/\\(.)/g, '$1') ?? m[2];
	return out;
}

const HASHES = {md5: 'md5', 'sha-256': 'sha256'};

/** The value of Authorization for a challenge, or undefined when it asks for
 *  something that we do not know. */
export function answerChallenge(challenge, {method, uri, user, password, nc = 1}) {
	const c = parameters(challenge.replace(/^\s*Digest\s+/i, ''));
	const algorithm = c.algorithm ?? 'MD5';
	const hash = HASHES[algorithm.toLowerCase()];
	if (!hash)
		return undefined;
	const h = (s) => createHash(hash).update(s).digest('hex');
	const ha1 = h(`${user}:${c.realm}:${password}`);
	const ha2 = h(`${method}:${uri}`);
	const count = nc.toString(16).padStart(8, '0');
	const cnonce = token(4);
	const response = c.qop
		? h(`${ha1}:${c.nonce}:${count}:${cnonce}:auth:${ha2}`)
		: h(`${ha1}:${c.nonce}:${ha2}`);
	return `Digest username="${user}", realm="${c.realm}", nonce="${c.nonce}", `
		+ `uri="${uri}", response="${response}", algorithm=${algorithm}`
		+ (c.qop ? `, qop=auth, nc=${count}, cnonce="${cnonce}"` : '')
		+ (c.opaque ? `, opaque="${c.opaque}"` : '');
}

/** Does an Authorization of ours (a carrier's view) fit? MD5, qop=auth. */
export function checkAnswer(header, {method, user, password}) {
	const a = parameters(header.replace(/^\s*Digest\s+/i, ''));
	const h = (s) => createHash('md5').update(s).digest('hex');
	const ha1 = h(`${user}:${a.realm}:${password}`);
	const ha2 = h(`${method}:${a.uri}`);
	const want = a.qop
		? h(`${ha1}:${a.nonce}:${a.nc}:${a.cnonce}:${a.qop}:${ha2}`)
		: h(`${ha1}:${a.nonce}:${ha2}`);
	return a.username === user && a.response === want;
}

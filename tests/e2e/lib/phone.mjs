// phone.mjs - a SIP phone for tests: registers, calls, is called, has a tone
import {EventEmitter} from 'node:events';

import {Call} from './call.mjs';
import {Message, answerChallenge, token} from './sip.mjs';
import {Transport} from './transport.mjs';
import {until} from './wait.mjs';

const T1 = 500; // ms, RFC 3261 17.1.1.1
const SIGNED_MAX = 3; // times that one request is
const FINAL_MS = 12000; // for an answer to a request
const LINGER_MS = 2000;
const known = new Set(['MD5', 'SHA-256']);

export class Phone extends EventEmitter {
	/** @param options user, password, domain, ip, server {host, port},
	 *  transport ('udp'), algorithm ('SHA-256'; 'MD5' for old phones),
	 *  identity (URI of From), contactIp (what it says of itself; a private one
	 *  behind NAT), events (false: it knows no telephone-event) */
	constructor(options) {
		super();
		Object.assign(this, {transport: 'udp', algorithm: 'MD5',
			from: options.user, ...options});
		this.calls = new Map(); // Call-ID -> Call
		this.incoming = []; // calls nobody asked for yet
		this.pending = new Map(); // branch -> {onResponse}
		this.answered = new Map(); // branch+method -> response, to repeat
		this.messages = []; // everything, for assertions and the demo
		this.cseq = 1;
		this.beforeSigning = undefined; // async; what happens after a challenge
	}

	async open() {
		this.wire = await new Transport({transport: this.transport, ip: this.ip,
			port: this.port, server: this.server, onMessage: (m, from) => this.#receive(m, from),
			trace: (way, msg) => this.messages.push({way, msg, at: Date.now()}),
		}).open();
		this.port = this.wire.port;
		return this;
	}

	/** The connection is gone; the phone makes a new one and registers there. */
	async reconnect() {
		this.wire.close();
		await this.open();
		return this.register();
	}

	/** The phone is in another network now: a new address, and it registers there. */
	async move(ip) {
		Object.assign(this, {ip, port: 0});
		return this.reconnect();
	}

	get contact() {
		return `<sip:${encodeURIComponent(this.user)}@`
			+ `${this.contactIp ?? this.ip}:${this.port}`
			+ `${this.transport === 'udp' ? '' : `;transport=${this.transport}`}>`;
	}

	get aor() {
		return this.identity
			?? `sip:${this.from}@${this.fromHost ?? this.domain}`;
	}

	/** A request of ours, complete but for what @p headers add or replace. */
	build(method, uri, {to, callId, fromTag, cseq, headers = {}, body = ''} = {}) {
		const msg = new Message({method, uri});
		msg.add('Via', `SIP/2.0/${this.transport.toUpperCase()} `
			+ `${this.ip}:${this.port};branch=z9hG4bK${token()};rport`)
			.add('Max-Forwards', 70)
			.add('From', `<${this.aor}>;tag=${fromTag ?? token(4)}`)
			.add('To', to ?? `<${uri}>`)
			.add('Call-ID', callId ?? token())
			.add('CSeq', `${cseq ?? this.cseq++} ${method}`)
			.add('Contact', headers.Contact ?? this.contact);
		for (const [name, value] of Object.entries(headers))
			if (name !== 'Contact')
				for (const v of [value].flat())
					msg.add(name, v);
		msg.body = body;
		return msg;
	}

	/** Send and repeat over UDP until something comes. Every response goes to
	 *  @p onResponse. */
	send(msg, onResponse = () => {}) {
		const {branch} = msg;
		const entry = {onResponse};
		let wait = T1;
		const again = () => {
			if (!this.pending.has(branch) || entry.heard || wait > 8 * T1)
				return;
			this.wire.send(msg);
			wait *= 2;
			entry.timer = setTimeout(again, wait);
		};
		this.pending.set(branch, entry);
		this.wire.send(msg);
		if (this.transport === 'udp')
			entry.timer = setTimeout(again, T1);
	}

	/** The final response to @p msg; no digest. */
	async transact(msg, ms = FINAL_MS) {
		let final;
		this.send(msg, (r) => {
			if (r.status >= 200)
				final = r;
		});
		return until(() => final, ms, `answer to ${msg.method}`);
	}

	/** The header that answers the challenge in @p response, or undefined. */
	authorize(response, method, uri) {
		const proxy = response.status === 407;
		const challenges = response.all(
			proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
		const wanted = challenges.find((c) => known.has(this.algorithm)
			&& (/algorithm="?([\w-]+)/i.exec(c)?.[1] ?? 'MD5').toUpperCase()
				=== this.algorithm);
		if (!wanted)
			return undefined;
		return {[proxy ? 'Proxy-Authorization' : 'Authorization']:
			answerChallenge(wanted, {method, uri, user: this.user,
				password: this.password})};
	}

	/** A request outside of a dialog, with digest where it is asked for; once more
	 *  with another nonce, as phones do.
	 *  @return the final response */
	async request(method, uri, options = {}) {
		const id = {callId: options.callId ?? token(), fromTag: token(4)};
		let headers = options.headers;
		for (let signed = 0; ; signed++) {
			const response = await this.transact(this.build(method, uri,
				{...options, ...id, headers}));
			const answer = this.mayAnswer(response, signed)
				&& this.authorize(response, method, uri);
			if (!answer)
				return response;
			await this.beforeSigning?.();
			headers = {...options.headers, ...answer};
		}
	}

	/** Is it a challenge to answer, for who answered @p signed before? */
	mayAnswer(response, signed) {
		return (response.status === 401 || response.status === 407)
			&& (signed === 0 || (signed < SIGNED_MAX && response.stale));
	}

	/** @return the final response to REGISTER */
	async register({expires = 300, contact, headers = {}} = {}) {
		this.registrationId ??= token();
		return this.request('REGISTER', `sip:${this.domain}`, {
			to: `<${this.aor}>`, callId: this.registrationId,
			headers: {...(contact === null ? {} : {Contact: contact}),
				Expires: expires, ...headers},
		});
	}

	/** Start a call; its events arrive on the Call. @param to user or URI */
	async call(to, options = {}) {
		const uri = to.includes(':') ? to : `sip:${to}@${this.domain}`;
		const call = new Call(this, {uri, ...options});
		this.calls.set(call.id, call);
		await call.invite();
		return call;
	}

	/** The next call that comes in. */
	async nextCall(ms = 8000) {
		await until(() => this.incoming.length, ms, `call to ${this.user}`);
		return this.incoming.shift();
	}

	respond(request, status, reason, {headers = {}, toTag, body = ''} = {}, from) {
		const msg = new Message({status, reason});
		for (const name of ['Via', 'Record-Route', 'From'])
			for (const v of request.all(name))
				msg.add(name, v);
		const to = request.get('To');
		msg.add('To', toTag && !request.tagOf('To') ? `${to};tag=${toTag}` : to)
			.add('Call-ID', request.callId).add('CSeq', request.get('CSeq'));
		for (const [name, value] of Object.entries(headers))
			msg.add(name, value);
		msg.body = body;
		this.answered.set(request.branch + request.method, {msg, from});
		this.wire.send(msg, from);
		return msg;
	}

	#receive(msg, from) {
		if (msg.status) {
			const entry = this.pending.get(msg.branch);
			if (!entry)
				return;
			entry.heard = true;
			clearTimeout(entry.timer);
			entry.onResponse(msg, from);
			return;
		}
		const before = this.answered.get(msg.branch + msg.method);
		if (before)
			this.wire.send(before.msg, before.from);
		else
			this.#request(msg, from);
	}

	#request(msg, from) {
		const call = this.calls.get(msg.callId);
		if (call)
			call.onRequest(msg, from);
		else if (msg.method === 'INVITE')
			this.#newCall(msg, from);
		else if (msg.method === 'OPTIONS')
			this.respond(msg, 200, 'OK', {toTag: token(4)}, from);
		else if (msg.method !== 'ACK')
			this.respond(msg, 481, 'No Such Call', {toTag: token(4)}, from);
	}

	#newCall(msg, from) {
		const call = new Call(this, {invite: msg, from});
		this.calls.set(msg.callId, call);
		this.respond(msg, 100, 'Trying', {}, from);
		this.incoming.push(call);
		this.emit('call', call);
	}

	/** What ends now is still answered for a while: a BYE that is not keeps its
	 *  call for 32 s. */
	close() {
		for (const call of this.calls.values())
			call.close();
		for (const entry of this.pending.values())
			clearTimeout(entry.timer);
		this.pending.clear();
		const wire = this.wire;
		setTimeout(() => wire?.close(), LINGER_MS).unref();
	}
}

// call.mjs - one call of a test phone, from either side
import {Rtp} from './rtp.mjs';
import {checkAnswer, splitList, token} from './sip.mjs';
import {until} from './wait.mjs';

const HANGUP_MS = 4000;

/** @param events does it know telephone-event? */
function sdpOf({ip, port, direction = 'sendrecv', version = 1, events = true}) {
	return ['v=0', `o=- 1 ${version} IN IP4 ${ip}`, 's=-', `c=IN IP4 ${ip}`,
		't=0 0', `m=audio ${port} RTP/AVP 0 8${events ? ' 101' : ''}`,
		'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000',
		...(events ? ['a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-16']
			: []), 'a=ptime:20', `a=${direction}`, ''].join('\r\n');
}

function readSdp(body) {
	return {
		address: /^c=IN IP4 (\S+)/m.exec(body)?.[1],
		port: Number(/^m=audio (\d+)/m.exec(body)?.[1]),
		direction: /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(body)?.[1]
			?? 'sendrecv',
	};
}

export class Call {
	/** @param sdp in the INVITE, else in the ACK; or 'never' */
	constructor(phone, {uri, invite, from, headers = {}, sdp = true}) {
		Object.assign(this, {phone, uri, from, headers, withSdp: sdp === true,
			sdpInAck: sdp === false});
		this.incoming = Boolean(invite);
		this.request = invite; // the INVITE
		this.id = invite?.callId ?? token();
		this.localTag = token(4);
		this.remoteTag = invite?.tagOf('From');
		this.statuses = []; // of responses to our INVITE, in order
		this.responses = [];
		this.signed = 0; // times that our INVITE was
		this.state = 'calling'; // confirmed, ended
		this.sdpVersion = 1;
		this.seen = new Set(); // methods that came in
		this.rtp = new Rtp({ip: phone.ip});
	}

	// --- what both sides share -------------------------------------------------

	get ended() {
		return this.state === 'ended';
	}

	#sdp(direction) {
		return sdpOf({ip: this.phone.contactIp ?? this.phone.ip,
			port: this.rtp.port, direction, version: this.sdpVersion++,
			events: this.phone.events});
	}

	#media(body) {
		if (!body)
			return;
		this.remoteSdp = readSdp(body);
		this.rtp.start(this.remoteSdp);
	}

	#end(status) {
		this.state = 'ended';
		this.endStatus ??= status;
		clearTimeout(this.repeat);
		this.rtp.stop();
	}

	#target(msg) {
		this.target = msg.uriOf('Contact') || this.target;
		const routes = splitList(msg.all('Record-Route'));
		this.routes ??= this.incoming ? routes : routes.reverse();
	}

	#inDialog(method, options = {}) {
		const our = this.incoming ? this.request.get('To').split(';tag=')[0]
			: `<${this.phone.aor}>`;
		const their = this.incoming ? this.request.get('From')
			: `${this.toHeader}`;
		const msg = this.phone.build(method, this.target, {callId: this.id,
			cseq: options.cseq ?? (this.localCseq = (this.localCseq ?? 1) + 1),
			to: their, headers: {Route: this.routes ?? [],
				...options.headers}, body: options.body});
		msg.headers.find(([n]) => n === 'From')[1] = `${our};tag=${this.localTag}`;
		return msg;
	}

	async hangup() {
		if (this.state !== 'confirmed')
			throw new Error(`hangup of a call that is ${this.state}`);
		this.#end('hung up here');
		return this.phone.transact(this.#inDialog('BYE'), HANGUP_MS);
	}

	/** Wait for the other side to hang up. */
	async ends(ms = 8000) {
		await until(() => this.ended, ms, `end of the call of ${this.phone.user}`);
	}

	/** A key by SIP INFO. @param times that the same request is sent, as one of
	 *  UDP is that gets no answer in time */
	async info(digit, {times = 1} = {}) {
		const msg = this.#inDialog('INFO', {
			headers: {'Content-Type': 'application/dtmf-relay'},
			body: `Signal=${digit}\r\nDuration=160\r\n`});
		for (let i = 1; i < times; i++)
			this.phone.wire.send(msg);
		return this.phone.transact(msg);
	}

	/** What @p stranger sends who has read every message of this call.
	 *  @return the final response */
	async forgedBy(stranger, method, options = {}) {
		const msg = this.#inDialog(method, {cseq: 4000000, ...options});
		msg.headers.find(([n]) => n === 'Via')[1] = 'SIP/2.0/UDP '
			+ `${stranger.ip}:${stranger.port};branch=z9hG4bK${token()};rport`;
		return stranger.transact(msg);
	}

	/** The phone has moved, and so has its sound. */
	async move() {
		this.rtp.close();
		this.rtp = new Rtp({ip: this.phone.ip});
		await this.rtp.open();
		return this.reinvite();
	}

	/** Take part in the dialog of a provisional response to our INVITE. */
	async early(status = 180) {
		const response = await this.status(status);
		this.toHeader = response.get('To');
		this.#target(response);
		return response;
	}

	/** Any request in the dialog. @return the final response */
	async ask(method, options = {}) {
		const msg = this.#inDialog(method, options);
		const response = await this.phone.transact(msg);
		if (method === 'INVITE')
			this.#ack(msg, response);
		return response;
	}

	async reinvite(direction = 'sendrecv') {
		const msg = this.#inDialog('INVITE', {
			headers: {'Content-Type': 'application/sdp'},
			body: this.#sdp(direction)});
		const response = await this.phone.transact(msg);
		const ack = this.#inDialog('ACK', {cseq: msg.cseq.number});
		this.phone.wire.send(ack);
		this.#media(response.body);
		return response;
	}

	// --- as the caller -----------------------------------------------------------

	async invite() {
		await this.rtp.open();
		this.#send({});
	}

	#send(extra) {
		const msg = this.phone.build('INVITE', this.uri, {callId: this.id,
			fromTag: this.localTag, cseq: this.localCseq = (this.localCseq ?? 0) + 1,
			headers: {'Content-Type': this.withSdp ? 'application/sdp' : '',
				...this.headers, ...extra},
			body: this.withSdp ? this.body ??= this.#sdp() : ''});
		this.request = msg;
		this.phone.send(msg, (r) => this.#onResponse(msg, r));
	}

	#ack(msg, r) {
		const ack = r.status < 300
			? this.#inDialog('ACK', {cseq: msg.cseq.number,
				headers: this.sdpInAck ? {'Content-Type': 'application/sdp'} : {},
				body: this.sdpInAck ? this.#sdp() : ''})
			: this.phone.build('ACK', msg.uri, {callId: this.id,
				cseq: msg.cseq.number, to: r.get('To'),
				headers: {Route: msg.all('Route')}});
		if (r.status >= 300) {
			ack.headers.find(([n]) => n === 'Via')[1] = msg.get('Via');
			ack.headers.find(([n]) => n === 'From')[1] = msg.get('From');
		}
		this.phone.wire.send(ack);
	}

	#onResponse(msg, r) {
		if (r.status >= 200 && r.status < 300) {
			this.toHeader = r.get('To');
			this.#target(r);
			this.#ack(msg, r);
		} else if (r.status >= 300) {
			this.#ack(msg, r);
		}
		if (this.final && msg === this.finalOf)
			return; // a repetition
		this.#onNewResponse(msg, r);
	}

	#onNewResponse(msg, r) {
		const challenge = this.phone.mayAnswer(r, this.signed)
			&& this.phone.authorize(r, 'INVITE', this.uri);
		this.statuses.push(r.status);
		this.responses.push(r);
		if (challenge) {
			this.#sign(challenge);
			return;
		}
		this.#media(r.body);
		if (r.status < 200)
			return;
		this.final = r;
		this.finalOf = msg;
		if (r.status >= 300)
			this.#end(r.status);
		else if (this.state === 'calling')
			this.state = 'confirmed';
	}

	async #sign(challenge) {
		this.signed++;
		if (this.phone.beforeSigning)
			await this.phone.beforeSigning();
		this.#send(challenge);
	}

	/** Wait for a response with this status. */
	async status(code, ms = 8000) {
		await until(() => this.statuses.includes(code)
			|| (this.final && this.final.status !== code), ms,
		() => `${code} for ${this.phone.user}; got ${this.statuses}`);
		if (!this.statuses.includes(code))
			throw new Error(`waited for ${code}, got ${this.statuses}`);
		return this.responses[this.statuses.indexOf(code)];
	}

	/** Wait for 200 OK. */
	async answered(ms = 8000) {
		return this.status(200, ms);
	}

	/** Wait for the final response, whatever it is. */
	async finished(ms = 15000) {
		return until(() => this.final, ms,
			() => `final response for ${this.phone.user}; got ${this.statuses}`);
	}

	async cancel() {
		const msg = this.phone.build('CANCEL', this.uri, {callId: this.id,
			cseq: this.request.cseq.number});
		for (const name of ['Via', 'From', 'To'])
			msg.headers.find(([n]) => n === name)[1] = this.request.get(name);
		let answer;
		this.phone.wire.send(msg);
		const entry = this.phone.pending.get(msg.branch);
		const invite = entry.onResponse;
		entry.onResponse = (r) => {
			if (r.cseq.method === 'CANCEL')
				answer = r;
			else
				invite(r);
		};
		return until(() => answer, HANGUP_MS, 'answer to CANCEL');
	}

	// --- as the callee -------------------------------------------------------------

	ringing(status = 180, reason = 'Ringing') {
		this.phone.respond(this.request, status, reason, {toTag: this.localTag,
			headers: {Contact: this.phone.contact}}, this.from);
	}

	async answer() {
		await this.rtp.open();
		this.#target(this.request);
		this.#media(this.request.body);
		this.#accept(this.request, this.from);
		await until(() => this.state !== 'calling', 4000, 'ACK');
	}

	/** 200 OK, again and again until the ACK (RFC 3261 13.3.1.4). */
	#accept(msg, from, direction) {
		const send = () => this.phone.respond(msg, 200, 'OK', {
			toTag: this.localTag, body: this.body200,
			headers: {Contact: this.phone.contact,
				'Content-Type': 'application/sdp'}}, from);
		this.body200 = this.#sdp(direction);
		this.accepting = msg.cseq.number;
		const again = (wait) => {
			if (this.ended || this.acked === msg.cseq.number || wait > 4000)
				return;
			send();
			this.repeat = setTimeout(again, wait, wait * 2);
		};
		again(500);
	}

	reject(status, reason = 'No', headers = {}) {
		this.phone.respond(this.request, status, reason,
			{toTag: this.localTag, headers}, this.from);
		this.#end(status);
	}

	/** From now on what comes in has to be signed, as a strict carrier wants it.
	 *  @param login user, password */
	mustSign(login) {
		this.login = login;
		this.signatures = []; // methods
	}

	#challenges(msg, from) {
		if (!this.login || ['ACK', 'CANCEL'].includes(msg.method)
			|| msg.branch === this.request.branch)
			return false;
		if (checkAnswer(msg.get('Proxy-Authorization'),
			{method: msg.method, ...this.login})) {
			this.signatures.push(msg.method);
			return false;
		}
		this.phone.respond(msg, 407, 'Proxy Authentication Required', {headers: {
			'Proxy-Authenticate': `Digest realm="carrier", nonce="${token()}", `
				+ 'qop="auth", algorithm=MD5'}}, from);
		return true;
	}

	onRequest(msg, from) {
		if (this.#challenges(msg, from))
			return;
		this.seen.add(msg.method);
		const on = {ACK: 'onAck', BYE: 'onBye', CANCEL: 'onCancel',
			INVITE: 'onReinvite'}[msg.method];
		if (on)
			this[on](msg, from);
		else
			this.phone.respond(msg, 200, 'OK', {}, from);
	}

	onAck(msg) {
		this.acked = msg.cseq.number;
		this.ack = msg;
		if (msg.body)
			this.#media(msg.body);
		if (this.state === 'calling')
			this.state = 'confirmed';
	}

	onBye(msg, from) {
		this.phone.respond(msg, 200, 'OK', {}, from);
		this.bye = msg;
		this.#end('BYE');
	}

	onCancel(msg, from) {
		this.phone.respond(msg, 200, 'OK', {toTag: this.localTag}, from);
		if (this.state !== 'calling' || this.ended)
			return;
		this.phone.respond(this.request, 487, 'Request Terminated',
			{toTag: this.localTag}, this.from);
		this.#end('CANCEL');
	}

	onReinvite(msg, from) {
		if (msg.branch === this.request.branch)
			return;
		const answer = {sendonly: 'recvonly', recvonly: 'sendonly'};
		const {direction} = readSdp(msg.body);
		this.reinvites = (this.reinvites ?? 0) + 1;
		this.#media(msg.body);
		this.#accept(msg, from, answer[direction] ?? direction);
	}

	close() {
		clearTimeout(this.repeat);
		this.state = 'ended';
		this.rtp.close();
	}
}

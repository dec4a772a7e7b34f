// transport.mjs - SIP over UDP, TCP and TLS, one connection to the edge
import dgram from 'node:dgram';
import net from 'node:net';
import tls from 'node:tls';

import {Message} from './sip.mjs';

/** Bytes of a stream into messages, by Content-Length (RFC 3261 18.3). */
class Framer {
	#buffer = Buffer.alloc(0);

	push(chunk, onMessage) {
		this.#buffer = Buffer.concat([this.#buffer, chunk]);
		for (;;) {
			let start = 0;
			while (this.#buffer[start] === 13 || this.#buffer[start] === 10)
				start++;
			this.#buffer = this.#buffer.subarray(start);
			const end = this.#buffer.indexOf('\r\n\r\n');
			if (end < 0)
				return;
			const head = this.#buffer.toString('utf8', 0, end);
			const n = Number(/^(?:content-length|l)\s*:\s*(\d+)/mi.exec(head)?.[1]
				?? 0);
			if (this.#buffer.length < end + 4 + n)
				return;
			onMessage(this.#buffer.toString('utf8', 0, end + 4 + n));
			this.#buffer = this.#buffer.subarray(end + 4 + n);
		}
	}
}

async function openUdp(t) {
	t.socket = dgram.createSocket('udp4');
	t.socket.on('message', (data, from) => t.receive(data.toString(), from));
	await new Promise((done, fail) => {
		t.socket.once('error', fail);
		t.socket.bind(t.port, t.ip, done);
	});
	t.socket.removeAllListeners('error').on('error', () => {});
	t.port = t.socket.address().port;
	t.write = (text, to) => t.socket.send(text, to.port, to.address);
}

async function openStream(t) {
	const to = {host: t.server.host, port: t.server.port, localAddress: t.ip};
	t.socket = t.transport === 'tls'
		? tls.connect({...to, rejectUnauthorized: false})
		: net.connect(to);
	await new Promise((done, fail) => {
		t.socket.once(t.transport === 'tls' ? 'secureConnect' : 'connect', done);
		t.socket.once('error', fail);
	});
	const framer = new Framer();
	const from = {address: t.server.host, port: t.server.port};
	t.socket.on('data', (d) => framer.push(d, (m) => t.receive(m, from)));
	t.socket.removeAllListeners('error').on('error', () => {});
	t.port = t.socket.localPort;
	t.write = (text) => t.socket.writable && t.socket.write(text);
}

export class Transport {
	/** @param trace called with ('>' or '<', message text) for each message */
	constructor({transport = 'udp', ip, port = 0, server, onMessage, trace}) {
		Object.assign(this, {transport, ip, port, server, onMessage, trace});
	}

	async open() {
		await (this.transport === 'udp' ? openUdp(this) : openStream(this));
		return this;
	}

	receive(text, from) {
		if (!text.trim())
			return;
		const msg = Message.parse(text);
		this.trace?.('<', msg);
		this.onMessage(msg, from);
	}

	send(msg, to) {
		this.trace?.('>', msg);
		this.write(msg.toString(), to ?? {address: this.server.host,
			port: this.server.port});
	}

	close() {
		if (this.transport === 'udp')
			this.socket?.close();
		else
			this.socket?.destroy();
	}
}

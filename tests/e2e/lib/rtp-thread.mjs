// rtp-thread.mjs - a thread that keeps the time of all media: sends and receives
// RTP (PCMU), whatever the cases compute at that moment
import dgram from 'node:dgram';
import {randomInt} from 'node:crypto';
import {parentPort} from 'node:worker_threads';

import {encodeUlaw, tone} from './audio.mjs';

const FRAME = 160; // samples in 20 ms
const BURST = 8; // packets sent at once when this thread was late
const pause = (ms) => new Promise((r) => setTimeout(r, ms));

class Stream {
	remote = null; // {address, port}
	frequency = 0; // that is sent; 0 = silence frames
	source = new Int16Array(0); // is sent first
	sent = 0;
	sequence = randomInt(65536);
	timestamp = randomInt(2 ** 31);
	ssrc = randomInt(2 ** 32 - 1);

	constructor(id) {
		this.id = id;
	}

	/** @return the port */
	async open({ip}) {
		this.socket = dgram.createSocket('udp4');
		this.socket.on('message', (packet) =>
			parentPort.postMessage({id: this.id, packet}));
		await new Promise((done) => this.socket.bind(0, ip, done));
		return this.socket.address().port;
	}

	set(fields) {
		Object.assign(this, fields);
	}

	/** Ticks keep the clock's pace. After a longer pause of this thread they go
	 *  on from there: a burst would be thrown away by who plays it. */
	start({remote}) {
		this.remote = remote;
		if (this.timer)
			return;
		let due = performance.now();
		this.timer = setInterval(() => {
			const now = performance.now();
			due = Math.max(due, now - BURST * 20);
			for (; due <= now; due += 20)
				this.#tick();
		}, 10);
	}

	stop() {
		clearInterval(this.timer);
		this.timer = undefined;
	}

	close() {
		this.stop();
		this.socket?.close();
		this.socket = undefined;
		streams.delete(this.id);
	}

	/** What waits in the socket is told before this is answered. */
	async told() {
		for (let turn = 0; turn < 2; turn++)
			await new Promise(setImmediate);
	}

	#packet(type, marker, timestamp, payload) {
		const head = Buffer.alloc(12);
		head[0] = 0x80;
		head[1] = type | (marker ? 0x80 : 0);
		head.writeUInt16BE(this.sequence++ & 0xffff, 2);
		head.writeUInt32BE(timestamp >>> 0, 4);
		head.writeUInt32BE(this.ssrc, 8);
		this.sent++;
		this.socket?.send(Buffer.concat([head, payload]), this.remote.port,
			this.remote.address);
	}

	#tick() {
		if (!this.remote || this.muted)
			return;
		const samples = this.source.length >= FRAME
			? this.source.subarray(0, FRAME)
			: this.frequency
				? tone(this.frequency, FRAME, this.sent * FRAME)
				: new Int16Array(FRAME);
		this.source = this.source.subarray(FRAME);
		this.#packet(0, false, this.timestamp,
			Buffer.from(Array.from(samples, encodeUlaw)));
		this.timestamp += FRAME;
	}

	/** An event of RFC 4733; what is said meanwhile is not sent. */
	async press({event, type, ms, ends, begins}) {
		const begin = this.timestamp;
		const last = ms / 20;
		this.muted = true;
		for (let i = 1; i <= last + 3; i++) {
			const end = i > last;
			const payload = Buffer.from([event, end ? 0x8a : 0x0a, 0, 0]);
			payload.writeUInt16BE(FRAME * Math.min(i, last), 2);
			if (end ? i - last <= ends : i <= begins)
				this.#packet(type, i === 1, begin, payload);
			else
				this.sequence++;
			await pause(end ? 2 : 20);
		}
		this.timestamp = begin + FRAME * (last + 1);
		this.muted = false;
	}
}

const streams = new Map();

parentPort.on('message', async ({id, request, verb, ...what}) => {
	if (!streams.has(id)) // what is sent may be set before it opens
		streams.set(id, new Stream(id));
	const value = await streams.get(id)[verb](what);
	parentPort.postMessage({id, request, value});
});

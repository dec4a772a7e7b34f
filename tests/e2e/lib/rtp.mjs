// rtp.mjs - the media of a phone: sends a tone, listens for one (PCMU)
import dgram from 'node:dgram';
import {randomInt} from 'node:crypto';

import {RATE, decodeUlaw, encodeUlaw, rms, share, tone} from './audio.mjs';
import {quiet, until} from './wait.mjs';

const FRAME = 160; // samples in 20 ms
const WINDOW = 1600; // samples that hears() looks at
const HISTORY = RATE * 60;
const BURST = 8; // packets sent at once when this program was late

export class Rtp {
	constructor({ip}) {
		this.ip = ip;
		this.remote = null; // {address, port}
		this.frequency = 0; // that is sent; 0 = silence frames
		this.source = new Int16Array(0); // is sent first
		this.samples = []; // that came, in order of arrival
		this.digits = ''; // telephone events that came
		this.jumps = []; // of the timestamp: [samples before it, ticks too many]
		this.packets = 0;
		this.sent = 0;
		this.sequence = randomInt(65536);
		this.timestamp = randomInt(2 ** 31);
		this.ssrc = randomInt(2 ** 32 - 1);
		this.events = new Set();
	}

	async open() {
		this.socket = dgram.createSocket('udp4');
		this.socket.on('message', (p, from) => this.#receive(p, from));
		await new Promise((done) => this.socket.bind(0, this.ip, done));
		this.port = this.socket.address().port;
		return this;
	}

	/** Send to @p remote from now on; ticks keep the clock's pace. After a longer
	 *  pause of this program they go on from there: a burst would be thrown away
	 *  by who plays it. */
	start(remote) {
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

	/** Press a key: RFC 4733, end packet three times.
	 *  @param ends end packets that are not lost
	 *  @param begins packets before them that are not lost */
	async press(digit, {type = 101, ms = 100, ends = 3, begins = Infinity} = {}) {
		const event = '0123456789*#ABCD'.indexOf(digit);
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
			await new Promise((r) => setTimeout(r, end ? 2 : 20));
		}
		this.timestamp = begin + FRAME * (last + 1);
		this.muted = false;
	}

	#receive(packet, from) {
		const type = packet[1] & 0x7f;
		if (packet.length < 12 || packet[0] >> 6 !== 2)
			return;
		this.packets++;
		this.from = from;
		if (type === 0) {
			const at = packet.readUInt32BE(4);
			if (this.expected !== undefined && at !== this.expected)
				this.jumps.push([this.samples.length, at - this.expected]);
			this.expected = (at + packet.length - 12) >>> 0;
			for (const byte of packet.subarray(12))
				this.samples.push(decodeUlaw(byte));
			if (this.samples.length > HISTORY)
				this.samples.splice(0, HISTORY / 2);
		} else if (type === 101) {
			this.#event(packet);
		}
	}

	#event(packet) {
		const timestamp = packet.readUInt32BE(4);
		if (!(packet[13] & 0x80) || this.events.has(timestamp))
			return;
		this.events.add(timestamp);
		this.digits += '0123456789*#ABCD'[packet[12]] ?? '?';
	}

	/** What came in the last 0.2 s of arrived sound. */
	get recent() {
		return this.samples.slice(-WINDOW);
	}

	/** Wait until that tone, and hardly anything else, is heard. */
	async hears(frequency, ms = 4000) {
		const start = this.samples.length;
		await until(() => this.samples.length >= start + WINDOW
			&& rms(this.recent) > 500 && share(this.recent, frequency) > 0.9, ms,
		() => `tone of ${frequency} Hz at ${this.ip}:${this.port}; got `
			+ `${this.packets} packets, level ${Math.round(rms(this.recent))}, `
			+ `share ${share(this.recent, frequency).toFixed(2)}`);
	}

	/** Do something that ends what is heard. @return how much of it came after
	 *  that [ms]; by the clock of the sound, which a busy machine does not slow */
	async soundAfter(act) {
		let start = -1;
		while (start !== this.samples.length) { // what waits came before
			start = this.samples.length;
			await new Promise(setImmediate);
		}
		const loud = () => {
			let n = 0;
			for (let at = start; at + FRAME <= this.samples.length; at += FRAME)
				n += rms(this.samples.slice(at, at + FRAME)) > 100;
			return n * 20;
		};
		const acting = act();
		for (let before = -1, now = 0; before !== now; now = loud()) {
			before = now;
			await quiet(400);
		}
		await acting;
		return loud();
	}

	/** Wait for @p ms in which no sound louder than noise arrives. */
	async hearsNothing(ms = 400) {
		const start = this.samples.length;
		await new Promise((r) => setTimeout(r, ms));
		const level = rms(this.samples.slice(start));
		if (level > 100)
			throw new Error(`sound where silence should be: level ${level}`);
	}
}

// rtp.mjs - the media of a phone: sends a tone, listens for one (PCMU)
import {Worker} from 'node:worker_threads';

import {RATE, decodeUlaw, rms, share} from './audio.mjs';
import {quiet, until} from './wait.mjs';

const FRAME = 160; // samples in 20 ms
const WINDOW = 1600; // samples that hears() looks at
const HISTORY = RATE * 60;

const phones = new Map(); // by number
const requests = new Map(); // of the thread: how to go on
let thread, count = 0;

/** Ask the thread that keeps the time of all media (rtp-thread.mjs). */
function ask(id, verb, what) {
	if (!thread) {
		thread = new Worker(new URL('rtp-thread.mjs', import.meta.url));
		thread.on('message', ({id: of, packet, request, value}) => {
			if (packet)
				return phones.get(of)?.receive(Buffer.from(packet));
			requests.get(request)(value);
			requests.delete(request);
		});
		thread.unref();
	}
	return new Promise((done) => {
		requests.set(++count, done);
		thread.postMessage({id, request: count, verb, ...what});
	});
}

export class Rtp {
	constructor({ip}) {
		this.ip = ip;
		this.id = ++count;
		this.samples = []; // that came, in order of arrival
		this.digits = ''; // telephone events that came
		this.jumps = []; // of the timestamp: [samples before it, ticks too many]
		this.packets = 0;
		this.events = new Set();
	}

	async open() {
		phones.set(this.id, this);
		this.port = await ask(this.id, 'open', {ip: this.ip});
		return this;
	}

	/** Of the tone that is sent; 0: silence */
	set frequency(hz) {
		ask(this.id, 'set', {frequency: hz});
	}

	/** Samples that are sent first */
	set source(samples) {
		ask(this.id, 'set', {source: samples});
	}

	/** Send to @p remote, {address, port}, from now on. */
	start(remote) {
		ask(this.id, 'start', {remote});
	}

	stop() {
		ask(this.id, 'stop');
	}

	close() {
		ask(this.id, 'close');
		phones.delete(this.id);
	}

	/** Press a key: RFC 4733, end packet three times.
	 *  @param ends end packets that are not lost
	 *  @param begins packets before them that are not lost */
	press(digit, {type = 101, ms = 100, ends = 3, begins = Infinity} = {}) {
		const event = '0123456789*#ABCD'.indexOf(digit);
		return ask(this.id, 'press', {event, type, ms, ends, begins});
	}

	/** A packet came: for the thread. */
	receive(packet) {
		const type = packet[1] & 0x7f;
		if (packet.length < 12 || packet[0] >> 6 !== 2)
			return;
		this.packets++;
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
		await ask(this.id, 'told'); // what waits came before
		const start = this.samples.length;
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

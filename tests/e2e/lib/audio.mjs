// audio.mjs - tones and recordings: mu-law, Goertzel, correlation, WAV files
import {readFileSync, writeFileSync} from 'node:fs';

export const RATE = 8000;

export function encodeUlaw(sample) {
	const sign = sample < 0 ? 0x80 : 0;
	const s = Math.min(Math.abs(sample), 32635) + 132;
	let exponent = 7;
	for (let mask = 0x4000; !(s & mask) && exponent > 0; mask >>= 1)
		exponent--;
	return ~(sign | exponent << 4 | s >> exponent + 3 & 15) & 0xff;
}

export function decodeUlaw(byte) {
	const u = ~byte & 0xff;
	const s = ((u & 15) << 3 | 0x84) << (u >> 4 & 7);
	return (u & 0x80 ? 132 - s : s - 132);
}

/** Samples of a tone, from sample @p at on. */
export function tone(frequency, n, at = 0, level = 8000) {
	return Int16Array.from({length: n}, (_, i) =>
		Math.round(level * Math.sin(2 * Math.PI * frequency * (at + i) / RATE)));
}

const ROWS = [697, 770, 852, 941], COLUMNS = [1209, 1336, 1477, 1633];
const KEYS = '123A456B789C*0#D';

/** Keys as they sound (ITU-T Q.23), @p on ms each and @p off ms of silence */
export function keyTones(keys, {on = 80, off = 80} = {}) {
	const n = on * RATE / 1000;
	const out = [];
	for (const key of keys) {
		const k = KEYS.indexOf(key);
		const low = tone(ROWS[k >> 2], n, 0, 5000);
		const high = tone(COLUMNS[k & 3], n, 0, 5000);
		out.push(...low.map((x, i) => x + high[i]),
			...new Int16Array(off * RATE / 1000));
	}
	return Int16Array.from(out);
}

/** The key whose two tones, and hardly anything else, are in @p samples, or
 *  '' */
export function keyHeard(samples) {
	const loud = (hz) => hz.findIndex((f) => share(samples, f) > 0.35);
	const [row, column] = [loud(ROWS), loud(COLUMNS)];
	return rms(samples) < 500 || row < 0 || column < 0 ? ''
		: KEYS[row * 4 + column];
}

/** Share of the energy of @p samples that is at @p frequency: 0 to 1. */
export function share(samples, frequency) {
	const c = 2 * Math.cos(2 * Math.PI * frequency / RATE);
	let s1 = 0, s2 = 0, energy = 0;
	for (const x of samples) {
		[s1, s2] = [x + c * s1 - s2, s1];
		energy += x * x;
	}
	const power = s1 * s1 + s2 * s2 - c * s1 * s2;
	return energy ? power / (energy * samples.length / 2) : 0;
}

export function rms(samples) {
	let energy = 0;
	for (const x of samples)
		energy += x * x;
	return Math.sqrt(energy / (samples.length || 1));
}

/** Best normalised correlation of @p part somewhere in @p whole: 0 to 1. */
export function correlation(part, whole) {
	const n = part.length;
	let best = 0, energyPart = 0, energy = 0;
	for (let i = 0; i < n; i++) {
		energyPart += part[i] ** 2;
		energy += (whole[i] ?? 0) ** 2;
	}
	for (let at = 0; at + n <= whole.length; at++) {
		let dot = 0;
		for (let i = 0; i < n; i++)
			dot += part[i] * whole[at + i];
		if (energy > 0)
			best = Math.max(best, dot / Math.sqrt(energyPart * energy));
		energy += (whole[at + n] ?? 0) ** 2 - whole[at] ** 2;
	}
	return best;
}

/** A sound like speech: syllables of noise, 200 ms each and 100 ms apart */
export function babble(seconds, level = 6000) {
	let seed = 1;
	return Int16Array.from({length: seconds * RATE}, (_, i) => {
		const at = i % (RATE * 0.3);
		seed = (seed * 1103515245 + 12345) % 2 ** 31;
		return at < RATE * 0.2
			? level * (seed / 2 ** 30 - 1) * Math.sin(Math.PI * at / RATE / 0.2)
			: 0;
	});
}

export function writeWav(path, samples, rate = RATE) {
	const b = Buffer.alloc(44 + samples.length * 2);
	b.write('RIFF', 0);
	b.writeUInt32LE(36 + samples.length * 2, 4);
	b.write('WAVEfmt ', 8);
	b.writeUInt32LE(16, 16);
	b.writeUInt16LE(1, 20);
	b.writeUInt16LE(1, 22);
	b.writeUInt32LE(rate, 24);
	b.writeUInt32LE(rate * 2, 28);
	b.writeUInt16LE(2, 32);
	b.writeUInt16LE(16, 34);
	b.write('data', 36);
	b.writeUInt32LE(samples.length * 2, 40);
	samples.forEach((s, i) => b.writeInt16LE(s, 44 + i * 2));
	writeFileSync(path, b);
}

/** Samples of a 16-bit WAV file, as mono at RATE; a header cut short by a kill
 *  is fine. */
export function readWav(path) {
	const b = readFileSync(path);
	const at = b.indexOf('data') + 8;
	const channels = b.readUInt16LE(22);
	// the mean of what makes up one sample: channels, and a faster clock
	const n = channels * Math.max(1, Math.round(b.readUInt32LE(24) / RATE));
	return Int16Array.from({length: Math.trunc((b.length - at) / 2 / n)}, (_, i) => {
		let sum = 0;
		for (let k = 0; k < n; k++)
			sum += b.readInt16LE(at + (i * n + k) * 2);
		return sum / n;
	});
}

/** A sound that is nowhere like itself: a sweep over the telephone band, so
 *  that correlation finds it at one place only. */
export function sweep(seconds, level = 8000) {
	let phase = 0;
	return Int16Array.from({length: seconds * RATE}, (_, i) => {
		const f = 400 + 2400 * ((i / RATE * 0.37) % 1);
		phase += 2 * Math.PI * f / RATE;
		return Math.round(level * Math.sin(phase));
	});
}

// sounds.mjs - what the cases of prompts, keys and recordings have in common
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';

import {RATE, rms, share, tone, writeWav} from './audio.mjs';
import {AUTH_TOKEN} from './tenants.mjs';
import {sleep} from './wait.mjs';

/** Serve a file under @p name. */
function serveFile(s, name, file, type) {
	s.app.on(name, (_, res) => {
		res.writeHead(200, {'Content-Type': type}).end(readFileSync(file));
	});
	return name;
}

/** Serve a WAVE file of @p seconds of a tone under @p name. */
export function serveTone(s, name, frequency, seconds) {
	const file = path.join(s.dir, `${s.slug}-${name}`);
	writeWav(file, tone(frequency, seconds * RATE));
	return serveFile(s, name, file, 'audio/wav');
}

/** Serve what sox makes: its @p effects on nothing, in the format @p format. */
export function serveSox(s, name, type, format, effects) {
	const file = path.join(s.dir, `${s.slug}-${name}`);
	execFileSync('sox', [...'-n -r 8000'.split(' '), ...format, file,
		...effects.split(' ')]);
	return serveFile(s, name, file, type);
}

/** Call in, be answered. @param options see Phone */
export async function callIn(s, options = {}) {
	const alice = await s.phone('alice', options);
	const caller = await alice.call('bob');
	await caller.answered();
	return caller;
}

/** Press keys with @p gap ms between them. */
export async function press(call, keys, gap = 60) {
	for (const key of keys) {
		await call.rtp.press(key);
		await sleep(gap);
	}
}

/** Basic authentication of the account @p sid */
export function authorization(sid) {
	return {authorization: 'Basic '
		+ Buffer.from(`${sid}:${AUTH_TOKEN}`).toString('base64')};
}

/** A recording by its RecordingUrl. @param suffix '.wav', '.mp3', '' */
export async function fetchRecording(url, sid, suffix = '.wav') {
	const response = await fetch(url + suffix, {headers: authorization(sid)});
	assert.equal(response.status, 200, `GET ${url}${suffix}`);
	return Buffer.from(await response.arrayBuffer());
}

/** An MP3 file as 16-bit WAVE, by sox. */
export function mp3ToWav(s, mp3) {
	const file = path.join(s.dir, `${s.slug}-decoded.mp3`);
	writeFileSync(file, mp3);
	execFileSync('sox', [file, '-b', '16', `${file}.wav`]);
	return readFileSync(`${file}.wav`);
}

/** The samples of one channel of a 16-bit WAVE file */
export function channel(wav, n) {
	const at = wav.indexOf('data') + 8;
	const channels = wav.readUInt16LE(22);
	return Int16Array.from(
		{length: Math.trunc((wav.length - at) / 2 / channels)},
		(_, i) => wav.readInt16LE(at + (i * channels + n) * 2));
}

/** Where is a second of this tone, and hardly anything else? -1: nowhere */
export function find(samples, frequency) {
	for (let at = 0; at + RATE <= samples.length; at += RATE / 10) {
		const part = samples.slice(at, at + RATE);
		if (rms(part) > 500 && share(part, frequency) > 0.9)
			return at;
	}
	return -1;
}

export const holds = (samples, frequency) => find(samples, frequency) >= 0;

/** What is loud: [first sample, length] from the first to the last 10 ms of
 *  it, and how much of that is silent */
export function extent(samples) {
	const step = RATE / 100;
	const loud = [];
	for (let at = 0; at + step <= samples.length; at += step)
		if (rms(samples.slice(at, at + step)) > 300)
			loud.push(at);
	const length = loud.length ? loud.at(-1) + step - loud[0] : 0;
	return {first: loud[0] ?? -1, length, silent: length - loud.length * step};
}

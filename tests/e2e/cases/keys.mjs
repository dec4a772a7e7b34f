// keys.mjs - keys however a phone tells of them: each press arrives once
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {keyTones} from '../lib/audio.mjs';
import {scenario} from '../lib/scenario.mjs';
import {callIn, press, serveTone} from '../lib/sounds.mjs';
import {sleep, until} from '../lib/wait.mjs';

/** A caller who hears a prompt of 20 s and is asked for @p n keys. */
async function asked(s, n, options) {
	serveTone(s, 'prompt.wav', 1000, 20);
	s.app.on('voice', twiml((r) => {
		r.gather({action: 'keys', numDigits: n, finishOnKey: '', timeout: 3})
			.play('prompt.wav');
	}));
	s.app.on('keys', twiml((r) => r.hangup()));
	const caller = await callIn(s, options);
	await caller.rtp.hears(1000);
	return caller;
}

/** These keys, and none more: a Gather that waits for another one ends by its
 *  timeout. */
async function got(s, caller, keys) {
	assert.equal((await s.app.request('keys')).params.Digits, keys);
	await caller.ends();
}

const SPEEDS = [ // slug, keys, tone and pause [ms]
	['', '1234567890*#', 80, 80],
	['-fast', '1122580', 50, 50], // the shortest that ITU-T Q.24 promises
	['-slow', '199', 700, 600],
];

for (const [slug, keys, on, off] of SPEEDS)
	scenario(`keys-inband${slug}`,
		`${keys} as tones of ${on} ms, from a phone without events`, {},
		async (s) => {
			const caller = await asked(s, keys.length + 1, {events: false});
			caller.rtp.source = keyTones(keys, {on, off});
			await got(s, caller, keys);
		});

scenario('keys-inband-barge-in', 'a key that is a tone stops the prompt', {},
	async (s) => {
		const caller = await asked(s, 2, {events: false});
		const ms = await caller.rtp.soundAfter(() =>
			caller.rtp.source = keyTones('5'));
		// 80 ms of it until the tone is over, and detection
		assert.ok(ms <= 400, `the prompt goes on ${ms} ms after the key`);
		await got(s, caller, '5');
	});

scenario('keys-info', 'keys by SIP INFO, one of them sent three times', {}, async (s) => {
	const caller = await asked(s, 6, {events: false});
	for (const key of '1*2')
		assert.equal((await caller.info(key)).status, 200);
	await caller.info('2', {times: 3});
	await caller.info('#');
	await got(s, caller, '1*22#');
});

scenario('keys-info-barge-in', 'a key by SIP INFO stops the prompt', {}, async (s) => {
	const caller = await asked(s, 2, {events: false});
	const ms = await caller.rtp.soundAfter(() => caller.info('5'));
	assert.ok(ms <= 300, `the prompt goes on ${ms} ms after the key`);
	await got(s, caller, '5');
});

scenario('keys-info-and-event', 'a phone that tells each key by INFO and by an event, too',
	{}, async (s) => {
		const caller = await asked(s, 5);
		for (const key of '1123') {
			await Promise.all([caller.rtp.press(key), caller.info(key)]);
			await sleep(100);
		}
		await got(s, caller, '1123');
	});

/** Two that talk; the callee hears what the caller presses. */
async function bridged(s, options) {
	s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true})
		.sip(`sip:bob@${s.domain}`)));
	const [alice, bob] = [await s.phone('alice', options), await s.phone('bob')];
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	await callee.answer();
	await caller.answered();
	await s.talk(caller, callee);
	return [caller, callee];
}

for (const [slug, options] of [['', {events: false}], ['-events', {}]])
	scenario(`keys-info-bridged${slug}`, 'keys by SIP INFO reach the other phone once each'
		+ `${slug ? ', from a phone that could send events' : ''}`, {}, async (s) => {
		const [caller, callee] = await bridged(s, options);
		for (const key of '19#')
			await caller.info(key);
		await until(() => callee.rtp.digits === '19#', 4000,
			() => `keys at the callee: ${callee.rtp.digits}`);
		await callee.info('5'); // the other way
		await caller.info('7');
		await until(() => callee.rtp.digits === '19#7', 4000,
			() => `keys at the callee: ${callee.rtp.digits}`);
		await s.talk(caller, callee);
		await caller.hangup();
		await callee.ends();
	});

scenario('keys-info-bridged-twice', 'a phone that tells each key by INFO and by an event has'
	+ ' pressed once at the other phone, too', {}, async (s) => {
	const [caller, callee] = await bridged(s, {});
	for (const key of '1123') {
		await Promise.all([caller.rtp.press(key), caller.info(key)]);
		await sleep(100);
	}
	await sleep(1000); // in which one too many would come
	assert.equal(callee.rtp.digits, '1123');
	await caller.hangup();
	await callee.ends();
});

for (const [slug, sentence, lost] of [
	['ends', 'whose end packets are lost', {ends: 0}],
	['begins', 'of which only one end packet comes', {begins: 0, ends: 1}],
	['most', 'of which only the first packet comes', {begins: 1, ends: 0}],
])
	scenario(`keys-lost-${slug}`, `keys ${sentence} arrive once each`, {}, async (s) => {
		const caller = await asked(s, 5);
		for (const key of '1122') {
			await caller.rtp.press(key, lost);
			await sleep(100);
		}
		await got(s, caller, '1122');
	});

scenario('keys-lost-last', 'a key that is held while all but its first packets are lost',
	{}, async (s) => {
		const caller = await asked(s, 3);
		await press(caller, '7');
		await caller.rtp.press('8', {ms: 600, begins: 2, ends: 3});
		await got(s, caller, '78');
	});

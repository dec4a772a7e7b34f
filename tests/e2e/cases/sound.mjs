// sound.mjs - what is heard, by content: files, ringing tones, whispers, and who
// answers
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {RATE, babble, keyHeard, rms, share, tone} from '../lib/audio.mjs';
import {scenario} from '../lib/scenario.mjs';
import {callIn, extent, find, serveSox, serveTone} from '../lib/sounds.mjs';
import {sleep, until} from '../lib/wait.mjs';

const KINDS = [ // name, content type, sox's format, tone
	['mp3', 'audio/mpeg', '-t mp3', 500],
	['gsm', 'audio/x-gsm', '-t gsm', 700],
	['aiff', 'audio/aiff', '-b 16 -t aiff', 1100],
	['ul', 'audio/ulaw', '-t ul', 1500],
	['wav', 'audio/wav', '-b 16 -t wav', 1900],
	['adpcm', 'audio/x-wav', '-e ms-adpcm -t wav', 2300],
	['alaw', 'audio/wave', '-e a-law -t wav', 2700],
];

scenario('sound-files', 'a file of each kind is heard, one after the other', {},
	async (s) => {
		for (const [name, type, format, hz] of KINDS)
			serveSox(s, name, type, format.split(' '),
				`synth 1.6 sine ${hz} vol 0.4`);
		s.app.on('voice', twiml((r) => KINDS.forEach(([name]) => r.play(name))));
		const caller = await callIn(s);
		await caller.ends(30000);
		const at = KINDS.map(([, , , hz]) => find(caller.rtp.samples, hz));
		assert.ok(at.every((x, i) => x > (at[i - 1] ?? -1)), `found at ${at}`);
		const {params} = await s.app.request('voice');
		assert.deepEqual(await s.alerts(params.CallSid), []);
	});

scenario('sound-gapless', 'two files follow each other as if they were one', {},
	async (s) => {
		serveTone(s, 'one.wav', 500, 1);
		serveTone(s, 'two.wav', 500, 2);
		s.app.on('voice', twiml((r) => {
			r.play('one.wav');
			r.play({loop: 2}, 'two.wav');
		}));
		const caller = await callIn(s);
		await caller.ends(10000);
		const {first, length, silent} = extent(caller.rtp.samples);
		assert.ok(Math.abs(length - 5 * RATE) <= RATE / 50, `${length} samples`);
		assert.equal(silent, 0);
		// one sine from begin to end: no sample is missing or too many
		const whole = caller.rtp.samples.slice(first, first + length);
		assert.ok(share(whole, 500) > 0.99, `share ${share(whole, 500)}`);
		const jumps = caller.rtp.jumps.filter(([at]) => at > first
			&& at < first + length);
		assert.deepEqual(jumps, []);
	});

const RINGING = [ // ringTone, its frequencies, on and off [ms]
	[undefined, [440, 480], 2000, 4000],
	['fr', [440], 1500, 3500],
	['jp', [384, 416], 1000, 2000],
	['uk', [400, 450], 400, 200],
];

for (const [country, frequencies, on, off] of RINGING)
	scenario(`sound-ring-${country ?? 'default'}`,
		`the caller hears ${frequencies} Hz while the phone rings`, {},
		async (s) => {
			s.app.on('voice', ({params}) => twiml((r) => {
				r.dial(country ? {ringTone: country} : {}).sip(params.To);
			}));
			const [alice, bob] = await s.phones('alice', 'bob');
			const caller = await alice.call('bob');
			const callee = await bob.nextCall();
			callee.ringing();
			await caller.answered();
			const heard = () => extent(caller.rtp.samples);
			await until(() => heard().first >= 0
				&& caller.rtp.samples.length > heard().first
					+ (on + off + 200) * RATE / 1000, 9000, 'a ring and a pause');
			const {samples} = caller.rtp;
			const ring = samples.slice(heard().first,
				heard().first + on * RATE / 1000);
			const pause = samples.slice(heard().first + ring.length + RATE / 50,
				heard().first + (on + off) * RATE / 1000 - RATE / 50);
			const shares = frequencies.map((hz) => share(ring, hz));
			assert.ok(shares.every((x) => x > 0.85 / frequencies.length),
				`shares of ${frequencies} Hz: ${shares}`);
			assert.ok(rms(pause) < 50, `level ${rms(pause)} in the pause`);
			const next = heard().first + (on + off) * RATE / 1000;
			assert.ok(rms(samples.slice(next, next + RATE / 10)) > 500,
				'the second ring');
			await callee.answer();
			await s.talk(caller, callee);
			await callee.hangup();
		});

scenario('sound-whisper', 'a whisper is heard by the callee alone', {}, async (s) => {
	serveTone(s, 'whisper.wav', 2000, 2);
	s.app.on('voice', ({params}) => twiml((r) => {
		r.dial().sip({url: 'whisper'}, params.To);
	}));
	s.app.on('whisper', twiml((r) => r.play('whisper.wav')));
	const [alice, bob] = await s.phones('alice', 'bob');
	const caller = await alice.call('bob');
	const callee = await bob.nextCall();
	await caller.answered();
	caller.rtp.frequency = 440;
	callee.rtp.frequency = 1000;
	await callee.answer();
	await callee.rtp.hears(2000);
	await Promise.all([callee.rtp.hears(440), caller.rtp.hears(1000)]);
	// neither the whisper came to the caller, nor did the callee hear him in it
	const whisper = find(callee.rtp.samples, 2000);
	assert.ok(whisper >= 0, 'a second of nothing but the whisper');
	assert.ok(Math.abs(callee.rtp.samples.findIndex((_, i, all) => i > whisper
		&& i % 80 === 0 && share(all.slice(i, i + 400), 440) > 0.9)
		- whisper - 2 * RATE) < RATE / 2, 'the whisper is two seconds long');
	for (let at = 0; at + 400 <= caller.rtp.samples.length; at += 400) {
		const part = caller.rtp.samples.slice(at, at + 400);
		assert.ok(rms(part) < 100 || share(part, 2000) < 0.05,
			`the caller hears the whisper at ${at / RATE} s`);
	}
	await callee.hangup();
});

scenario('sound-play-digits', 'keys are tones for a phone that knows no events', {},
	async (s) => {
		s.app.on('voice', twiml((r) => r.play({digits: '1w2#'})));
		const caller = await callIn(s, {events: false});
		await caller.ends();
		const keys = [];
		for (let at = 0; at + 160 <= caller.rtp.samples.length; at += 160)
			keys.push(keyHeard(caller.rtp.samples.slice(at, at + 160)) || ' ');
		assert.equal(keys.join('').replace(/(.)\1+/g, '$1').trim()
			.replace(/ +/g, ' '), '1 2 #');
		assert.equal(caller.rtp.digits, '');
	});

const join = (...parts) => Int16Array.from(parts.flatMap((p) => [...p]));
const quiet = (seconds) => new Int16Array(seconds * RATE);

const ANSWERS = [ // slug, who, what is sent, machineDetection, AnsweredBy
	['human', 'one who says a word', () => join(quiet(0.4), babble(0.8), quiet(20)),
		'Enable', 'human', 1800, 4000],
	['machine', 'one who talks on', () => join(quiet(0.4), babble(20)),
		'Enable', 'machine_start', 2400, 4500],
	['beep', 'a greeting and a beep', () => join(quiet(0.4), babble(3.5), quiet(0.4),
		tone(1000, RATE * 0.4), quiet(20)),
	'DetectMessageEnd', 'machine_end_beep', 4200, 7000],
	['silence', 'a greeting and silence', () => join(quiet(0.4), babble(3.5),
		quiet(20)), 'DetectMessageEnd', 'machine_end_silence', 4700, 7500],
	['fax', 'a fax machine', () => join(quiet(0.4), tone(2100, 3 * RATE), quiet(20)),
		'Enable', 'fax', 800, 3500],
];

for (const [slug, who, sound, mode, answer, least, most] of ANSWERS)
	scenario(`sound-answered-${slug}`, `${who}: ${answer}`, {}, async (s) => {
		s.app.on('voice', ({params}) => twiml((r) => {
			r.dial().sip({machineDetection: mode, amdStatusCallback: 'amd'},
				params.To);
		}));
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		callee.rtp.source = sound();
		await callee.answer();
		await caller.answered();
		const {params} = await s.app.request('amd', 1, 15000);
		assert.equal(params.AnsweredBy, answer);
		const ms = Number(params.MachineDetectionDuration);
		assert.ok(ms >= least && ms <= most, `after ${ms} ms`);
		await sleep(300);
		assert.equal(s.app.named('amd').length, 1);
		await callee.hangup();
		await caller.ends();
	});

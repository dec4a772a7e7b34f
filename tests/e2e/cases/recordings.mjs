// recordings.mjs - what is in a recording, and what a full disk does to it
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';

import {twiml} from '../lib/app.mjs';
import {RATE, rms, share, tone} from '../lib/audio.mjs';
import {scenario} from '../lib/scenario.mjs';
import {callIn, channel, extent, fetchRecording, holds, mp3ToWav, serveTone}
	from '../lib/sounds.mjs';
import {Stack} from '../lib/stack.mjs';
import {sleep} from '../lib/wait.mjs';

/** Alice and bob talk for @p ms, recorded as @p attributes of the <Dial> say.
 *  @return parameters of recordingStatusCallback */
async function talkRecorded(s, attributes, ms = 2500) {
	s.app.on('voice', ({params}) => twiml((r) => {
		r.dial({...attributes, recordingStatusCallback: 'recorded'})
			.sip(params.To);
	}));
	const [caller, callee] = await s.bridged();
	await s.talk(caller, callee);
	await sleep(ms);
	await callee.hangup();
	return (await s.app.request('recorded')).params;
}

/** Are there 0.4 s of both, and of hardly anything else? */
function holdsBoth(samples, one, other) {
	const n = 0.4 * RATE;
	for (let at = 0; at + n <= samples.length; at += n / 4) {
		const part = samples.slice(at, at + n);
		if (rms(part) > 500 && share(part, one) > 0.4 && share(part, other) > 0.4)
			return true;
	}
	return false;
}

/** Is there no more than a trace of this tone? */
const lacks = (samples, frequency) => share(samples, frequency) < 0.005;

scenario('recorded-dual', 'the caller is on the left, the callee on the right, in each'
	+ ' format', {}, async (s) => {
	const {RecordingUrl, AccountSid} = await talkRecorded(s,
		{record: 'record-from-answer-dual'});
	const wav = await fetchRecording(RecordingUrl, AccountSid);
	const mp3 = mp3ToWav(s, await fetchRecording(RecordingUrl, AccountSid, '.mp3'));
	for (const file of [wav, mp3]) {
		assert.equal(file.readUInt16LE(22), 2);
		const [left, right] = [channel(file, 0), channel(file, 1)];
		for (const [samples, own, other] of [[left, 440, 1000], [right, 1000, 440]]) {
			assert.ok(holds(samples, own), `${own} Hz`);
			assert.ok(lacks(samples, other), `${other} Hz: ${share(samples, other)}`);
		}
	}
	const mono = await fetchRecording(RecordingUrl, AccountSid,
		'.wav?RequestedChannels=1');
	assert.equal(mono.readUInt16LE(22), 1);
	assert.ok(holdsBoth(channel(mono, 0), 440, 1000), 'both in one');
});

scenario('recorded-mono', 'both voices are mixed into one channel', {}, async (s) => {
	const {RecordingUrl, AccountSid, RecordingChannels} = await talkRecorded(s,
		{record: 'record-from-answer'});
	assert.equal(RecordingChannels, '1');
	for (const suffix of ['.wav', '.mp3']) {
		const got = await fetchRecording(RecordingUrl, AccountSid, suffix);
		const file = suffix === '.mp3' ? mp3ToWav(s, got) : got;
		assert.equal(file.readUInt16LE(22), 1);
		assert.ok(holdsBoth(channel(file, 0), 440, 1000), suffix);
	}
});

for (const [track, heard, other] of [['inbound', 440, 1000], ['outbound', 1000, 440]])
	scenario(`recorded-${track}`, `recordingTrack="${track}" has one voice alone`, {},
		async (s) => {
			const {RecordingUrl, AccountSid, RecordingTrack} = await talkRecorded(s,
				{record: 'record-from-answer', recordingTrack: track}, 1800);
			assert.equal(RecordingTrack, track);
			const samples = channel(await fetchRecording(RecordingUrl, AccountSid),
				0);
			assert.ok(holds(samples, heard) && lacks(samples, other));
		});

scenario('recorded-prompts', 'a <Start><Recording> has what the caller says and hears',
	{}, async (s) => {
		serveTone(s, 'first.wav', 1200, 1);
		serveTone(s, 'prompt.wav', 2000, 2);
		s.app.on('voice', twiml((r) => {
			r.start().recording({channels: 'dual', trim: 'do-not-trim',
				recordingStatusCallback: 'recorded'});
			r.play('first.wav');
			r.pause({length: 1});
			r.play('prompt.wav');
		}));
		const caller = await callIn(s);
		caller.rtp.frequency = 700;
		await caller.ends();
		const {params} = await s.app.request('recorded');
		assert.equal(params.RecordingSource, 'StartCallRecordingTwiML');
		const wav = await fetchRecording(params.RecordingUrl, params.AccountSid);
		const [left, right] = [channel(wav, 0), channel(wav, 1)];
		assert.ok(holds(left, 700) && lacks(left, 2000), 'the caller');
		assert.ok(holds(right, 2000) && lacks(right, 700), 'the prompt');
		const {length, silent} = extent(right);
		assert.ok(Math.abs(length - 4 * RATE) < RATE / 10, `${length} samples`);
		assert.ok(Math.abs(silent - RATE) < RATE / 8, `${silent} of the pause`);
	});

scenario('recorded-whisper', 'a recording of the call has no whisper in it', {},
	async (s) => {
		serveTone(s, 'whisper.wav', 2000, 2);
		s.app.on('whisper', twiml((r) => r.play('whisper.wav')));
		s.app.on('voice', ({params}) => twiml((r) => {
			r.dial({record: 'record-from-answer-dual',
				recordingStatusCallback: 'recorded'})
				.sip({url: 'whisper'}, params.To);
		}));
		const [alice, bob] = await s.phones('alice', 'bob');
		const caller = await alice.call('bob');
		const callee = await bob.nextCall();
		await callee.answer();
		await callee.rtp.hears(2000);
		await s.talk(caller, callee);
		await sleep(1500);
		await callee.hangup();
		const {params} = await s.app.request('recorded');
		const wav = await fetchRecording(params.RecordingUrl, params.AccountSid);
		for (const [n, hz] of [[0, 440], [1, 1000]]) {
			assert.ok(holds(channel(wav, n), hz), `${hz} Hz`);
			assert.ok(lacks(channel(wav, n), 2000), `whisper in channel ${n}`);
		}
	});

const SAID = Int16Array.from([...new Int16Array(1.5 * RATE), ...tone(700, RATE),
	...new Int16Array(0.8 * RATE), ...tone(900, RATE), ...new Int16Array(3 * RATE)]);

for (const [trim, before, after] of [['trim-silence', 0, 0], ['do-not-trim', 1.5, 1.2]])
	scenario(`recorded-${trim}`, 'silence before and after, not between what is said',
		{}, async (s) => {
			s.app.on('voice', twiml((r) => {
				r.record({action: 'message', playBeep: false, timeout: 10,
					...(trim === 'do-not-trim' ? {trim} : {})});
			}));
			s.app.on('message', twiml((r) => r.hangup()));
			const caller = await callIn(s);
			caller.rtp.source = SAID;
			await sleep(5500); // 1.2 s of silence behind it
			await caller.rtp.press('#');
			const {params} = await s.app.request('message');
			const samples = channel(await fetchRecording(params.RecordingUrl,
				params.AccountSid), 0);
			const {first, length, silent} = extent(samples);
			const rest = samples.length - first - length;
			const near = (x, seconds, off) =>
				Math.abs(x - seconds * RATE) <= off * RATE;
			assert.ok(near(first, before, 0.3), `${first} samples before`);
			assert.ok(near(rest, after, 0.4), `${rest} samples behind`);
			assert.ok(near(length, 2.8, 0.2), `${length} samples of sound`);
			assert.ok(near(silent, 0.8, 0.2), `${silent} silent ones in it`);
			assert.ok(holds(samples.slice(0, first + 1.1 * RATE), 700), '700 Hz');
			assert.ok(holds(samples.slice(first + 1.7 * RATE), 900), '900 Hz');
			assert.equal(Number(params.RecordingDuration),
				Math.round(samples.length / RATE));
			assert.equal(
				(await s.stack.hash(`recording:{${params.RecordingSid}}`)).duration,
				params.RecordingDuration);
		});

/** A system of its own, all of whose files but Redis's are on a disk of
 *  @p kilobytes */
async function smallDisk(s, kilobytes, body) {
	const disk = `${s.dir}/${s.slug}-disk`;
	mkdirSync(disk);
	execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', disk]);
	const ours = s.stack;
	const stack = new Stack({address: '127.0.9.1', dir: `${s.dir}/${s.slug}-run`,
		tenants: `${s.dir}/tenants.yaml`, settings: {...ours.settings,
			TRESTLE_RECORDINGS: `${disk}/recordings`, TRESTLE_RECORDINGS_FREE: '0',
			TRESTLE_SPEECH_CACHE: `${disk}/speech`, TRESTLE_MEDIA_CACHE: disk}});
	try {
		s.stack = await stack.start();
		await body(disk);
	} finally {
		await stack.stop();
		s.stack = ours;
		execFileSync('umount', [disk]);
	}
}

/** Leave room for @p kilobytes. */
function fill(disk, kilobytes) {
	rmSync(`${disk}/filler`, {force: true});
	const free = execFileSync('stat', ['-f', '-c', '%f %S', disk], {encoding: 'utf8'});
	const [blocks, size] = free.split(' ').map(Number);
	writeFileSync(`${disk}/filler`,
		Buffer.alloc(Math.max(0, blocks * size - kilobytes * 1024)));
}

scenario('recorded-full-disk', 'a full disk ends recordings, and nothing else',
	{alone: true}, async (s) => smallDisk(s, 4000, async (disk) => {
		fill(disk, 100);
		// 32 kB a second: it ends after three seconds, the call does not
		const partly = await talkRecorded(s, {record: 'record-from-answer-dual'},
			6000);
		assert.equal(partly.RecordingStatus, 'completed');
		assert.equal(partly.ErrorCode, '12400');
		await s.alert(partly.CallSid, 12400);
		const wav = await fetchRecording(partly.RecordingUrl, partly.AccountSid);
		const seconds = channel(wav, 0).length / RATE;
		assert.ok(seconds > 1.5 && seconds < 4, `${seconds} s are kept`);
		assert.ok(holds(channel(wav, 0), 440) && holds(channel(wav, 1), 1000));

		// not one byte is left: no message, but the document goes on, with what
		// is fetched and what is spoken
		fill(disk, 0);
		serveTone(s, 'sorry.wav', 2000, 1.5);
		s.app.on('voice', twiml((r) => {
			r.record({action: 'message', playBeep: false,
				recordingStatusCallback: 'failed'});
			r.play('sorry.wav');
			r.say('Please call again.');
		}));
		const caller = await callIn(s);
		await caller.rtp.hears(2000, 6000);
		await caller.ends(20000);
		const spoken = extent(caller.rtp.samples).length;
		assert.ok(spoken > 2.2 * RATE, `${spoken / RATE} s of tone and speech`);
		assert.equal(s.app.named('message').length, 0);
		const failed = (await s.app.request('failed')).params;
		assert.equal(failed.RecordingStatus, 'failed');
		assert.deepEqual([...new Set(await s.alerts(failed.CallSid))], [12400]);
		assert.deepEqual(readdirSync(`${disk}/recordings/.partial-media-relay-1`),
			[]);

		// and who wants to hear a recording as MP3 hears it
		const mp3 = mp3ToWav(s, await fetchRecording(partly.RecordingUrl,
			partly.AccountSid, '.mp3'));
		assert.ok(holds(channel(mp3, 0), 440));

		// there is room again
		rmSync(`${disk}/filler`);
		s.app.requests.length = 0;
		const whole = await talkRecorded(s, {record: 'record-from-answer-dual'});
		assert.equal(whole.RecordingStatus, 'completed');
		assert.equal(whole.ErrorCode ?? '0', '0');
		const again = await fetchRecording(whole.RecordingUrl, whole.AccountSid);
		assert.ok(holds(channel(again, 0), 440) && holds(channel(again, 1), 1000));
		assert.ok(existsSync(`${disk}/recordings/${whole.RecordingSid}.wav`));
	}));

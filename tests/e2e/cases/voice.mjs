// voice.mjs - prompts, keys, messages, recordings, screening: by content
import assert from 'node:assert/strict';

import {twiml} from '../lib/app.mjs';
import {rms} from '../lib/audio.mjs';
import {scenario} from '../lib/scenario.mjs';
import {callIn, channel, fetchRecording, holds, press, serveTone}
	from '../lib/sounds.mjs';
import {sleep, until} from '../lib/wait.mjs';

scenario('voice-play', 'files are heard one after the other, then the call ends', {},
	async (s) => {
		serveTone(s, 'one.wav', 1000, 2);
		serveTone(s, 'two.wav', 2000, 2);
		s.app.on('voice', twiml((r) => {
			r.play('one.wav');
			r.play({loop: 1}, 'two.wav');
		}));
		const caller = await callIn(s);
		await caller.rtp.hears(1000);
		await caller.rtp.hears(2000);
		await caller.ends();
		assert.equal(s.app.named('one.wav').length, 1);
	});

scenario('voice-play-missing', 'what can not be played is told and the call goes on', {},
	async (s) => {
		serveTone(s, 'two.wav', 2000, 2);
		s.app.on('none.wav', (_, res) => {
			res.writeHead(404).end();
		});
		s.app.on('text.wav', (_, res) => {
			res.writeHead(200, {'Content-Type': 'text/plain'}).end('no sound');
		});
		s.app.on('voice', twiml((r) => {
			r.play('none.wav');
			r.play('text.wav');
			r.play('two.wav');
		}));
		const caller = await callIn(s);
		await caller.rtp.hears(2000, 8000);
		await caller.ends();
		const sid = (await s.app.request('voice')).params.CallSid;
		await s.alert(sid, 13420);
	});

scenario('voice-say', 'what is said is heard', {}, async (s) => {
	s.app.on('voice', twiml((r) => {
		r.say('Good morning. This is a test of the voice.');
	}));
	const caller = await callIn(s);
	await until(() => rms(caller.rtp.recent) > 300, 10000, 'speech');
	await caller.ends(20000);
	const sid = (await s.app.request('voice')).params.CallSid;
	assert.deepEqual(await s.alerts(sid), []);
});

scenario('voice-say-substituted', 'a voice that is not there is told each time', {},
	async (s) => {
		s.app.on('voice', twiml((r) => {
			r.say({voice: 'Polly.Joanna'}, 'Good morning.');
			r.say({voice: 'Polly.Amy', language: 'fr-FR'}, 'Bonjour.');
		}));
		for (let call = 1; call <= 2; call++) {
			const caller = await callIn(s);
			await until(() => rms(caller.rtp.recent) > 300, 10000, 'speech');
			await caller.ends(20000);
			const sid = (await s.app.request('voice', call)).params.CallSid;
			await s.alert(sid, 13511);
			await s.alert(sid, 13512);
		}
	});

scenario('voice-text', 'an answer that is plain text is spoken', {}, async (s) => {
	s.app.on('voice', (_, res) => {
		res.writeHead(200, {'Content-Type': 'text/plain'})
			.end('Tea & biscuits are served.');
	});
	const caller = await callIn(s);
	await until(() => rms(caller.rtp.recent) > 300, 10000, 'speech');
	await caller.ends(20000);
});

for (const [name, keys, gap] of [['fast', '12345', 0], ['slow', '147', 1500],
	['doubled', '11221', 40]])
	scenario(`voice-gather-${name}`, `keys pressed ${name} arrive once each`, {},
		async (s) => {
			serveTone(s, 'prompt.wav', 1000, 20);
			s.app.on('voice', twiml((r) => {
				r.gather({action: 'keys'}).play('prompt.wav');
			}));
			s.app.on('keys', twiml((r) => r.hangup()));
			const caller = await callIn(s);
			await caller.rtp.hears(1000);
			await press(caller, `${keys}#`, gap);
			const {params} = await s.app.request('keys');
			assert.equal(params.Digits, keys);
			assert.equal(params.FinishedOnKey, '#');
			await caller.ends();
		});

scenario('voice-barge-in', 'a key stops the prompt within 200 ms', {}, async (s) => {
	serveTone(s, 'prompt.wav', 1000, 20);
	s.app.on('voice', twiml((r) => {
		r.gather({timeout: 2}).play('prompt.wav');
		r.hangup();
	}));
	const caller = await callIn(s);
	await caller.rtp.hears(1000);
	const ms = await caller.rtp.soundAfter(() => caller.rtp.press('5'));
	assert.ok(ms <= 200, `the prompt goes on ${ms} ms after the key`);
	const {params} = await s.app.request('voice', 2);
	assert.equal(params.Digits, '5');
	await caller.hangup();
});

scenario('voice-barge-in-held', 'a key that is held stops the prompt, too', {},
	async (s) => {
		serveTone(s, 'prompt.wav', 1000, 20);
		s.app.on('voice', twiml((r) => {
			r.gather({timeout: 1, action: 'keys'}).play('prompt.wav');
		}));
		s.app.on('keys', twiml((r) => r.hangup()));
		const caller = await callIn(s);
		await caller.rtp.hears(1000);
		const ms = await caller.rtp.soundAfter(() =>
			caller.rtp.press('5', {ms: 900}));
		assert.ok(ms <= 200, `the prompt goes on ${ms} ms after the key`);
		assert.equal((await s.app.request('keys')).params.Digits, '5');
	});

scenario('voice-gather-empty', 'no input leads to the next verb', {}, async (s) => {
	serveTone(s, 'next.wav', 2000, 2);
	s.app.on('voice', twiml((r) => {
		r.gather({timeout: 1, action: 'keys'});
		r.play('next.wav');
	}));
	const caller = await callIn(s);
	await caller.rtp.hears(2000);
	assert.equal(s.app.named('keys').length, 0);
	await caller.ends();
});

scenario('voice-record', 'a message is recorded, and fetched by its RecordingUrl', {},
	async (s) => {
		s.app.on('voice', twiml((r) => {
			r.record({action: 'message', finishOnKey: '#',
				recordingStatusCallback: 'recorded'});
		}));
		s.app.on('message', twiml((r) => r.hangup()));
		const caller = await callIn(s);
		await sleep(1500); // the beep
		caller.rtp.frequency = 700;
		await sleep(3000);
		await caller.rtp.press('#');
		const {params} = await s.app.request('message');
		assert.equal(params.Digits, '#');
		assert.match(params.RecordingSid, /^RE[0-9a-f]{32}$/);
		assert.ok(params.RecordingDuration >= 2 && params.RecordingDuration <= 5,
			params.RecordingDuration);
		const done = (await s.app.request('recorded')).params;
		assert.equal(done.RecordingStatus, 'completed');
		assert.equal(done.RecordingSource, 'RecordVerb');
		const wav = await fetchRecording(params.RecordingUrl, params.AccountSid);
		assert.equal(wav.readUInt16LE(22), 1);
		assert.ok(holds(channel(wav, 0), 700), 'the caller in the recording');
		await caller.ends();
	});

scenario('voice-record-hangup', 'who hangs up has left a message', {}, async (s) => {
	s.app.on('voice', twiml((r) => {
		r.record({action: 'message', playBeep: false});
	}));
	const caller = await callIn(s);
	caller.rtp.frequency = 700;
	await sleep(2500);
	await caller.hangup();
	const {params} = await s.app.request('message');
	assert.equal(params.Digits, 'hangup');
	assert.equal(params.CallStatus, 'completed');
	const wav = await fetchRecording(params.RecordingUrl, params.AccountSid);
	assert.ok(holds(channel(wav, 0), 700), 'the caller in the recording');
});

scenario('voice-dial-record', 'each side of a recorded call has its own channel', {},
	async (s) => {
		s.app.on('voice', ({params}) => twiml((r) => {
			r.dial({record: 'record-from-answer-dual', action: 'after',
				recordingStatusCallback: 'recorded'}).sip(params.To);
		}));
		const [caller, callee] = await s.bridged();
		await s.talk(caller, callee);
		await sleep(2000);
		await callee.hangup();
		const after = (await s.app.request('after')).params;
		const {params} = await s.app.request('recorded');
		assert.equal(params.RecordingChannels, '2');
		assert.equal(params.RecordingSource, 'DialVerb');
		assert.equal(params.RecordingUrl, after.RecordingUrl);
		const wav = await fetchRecording(params.RecordingUrl, params.AccountSid);
		assert.ok(holds(channel(wav, 0), 440), 'the caller on the left');
		assert.ok(holds(channel(wav, 1), 1000), 'the callee on the right');
	});

/** A call to bob, who hears a tone and is asked for a key */
async function screened(s) {
	serveTone(s, 'whisper.wav', 2000, 20);
	s.app.on('voice', ({params}) => twiml((r) => {
		r.dial({action: 'after'}).sip({url: 'screen'}, params.To);
	}));
	s.app.on('screen', twiml((r) => {
		r.gather({numDigits: 1, action: 'choice'}).play('whisper.wav');
		r.hangup();
	}));
	s.app.on('choice', ({params}) => twiml((r) => {
		if (params.Digits !== '1')
			r.hangup();
	}));
	s.app.on('after', twiml((r) => r.hangup()));
	const [caller, callee] = await s.bridged();
	await callee.rtp.hears(2000);
	return {caller, callee};
}

scenario('voice-screen-accept', 'who presses 1 takes the call', {}, async (s) => {
	const {caller, callee} = await screened(s);
	const {params} = await s.app.request('screen');
	assert.equal(params.Direction, 'outbound-dial');
	await callee.rtp.press('1');
	await s.talk(caller, callee);
	await callee.hangup();
	const after = (await s.app.request('after')).params;
	assert.equal(after.DialCallStatus, 'completed');
	assert.equal(after.DialBridged, 'true');
	await caller.ends();
});

scenario('voice-screen-reject', 'who presses another key does not', {}, async (s) => {
	const {caller, callee} = await screened(s);
	await callee.rtp.press('2');
	await callee.ends();
	const after = (await s.app.request('after')).params;
	assert.equal(after.DialCallStatus, 'no-answer');
	assert.equal(after.DialBridged, 'false');
	await caller.ends();
});

scenario('voice-send-digits', 'keys are sent to the callee before the bridge', {},
	async (s) => {
		s.app.on('voice', () => twiml((r) => {
			r.dial({callerId: s.numbers[0]}).number({sendDigits: 'w12#'}, s.pstn);
		}));
		const carrier = await s.carrier();
		const alice = await s.phone('alice');
		const caller = await alice.call('bob');
		const callee = await carrier.nextCall();
		await callee.answer();
		await caller.answered();
		await until(() => callee.rtp.digits === '12#', 6000,
			() => `keys at the callee; got "${callee.rtp.digits}"`);
		await s.talk(caller, callee);
		await caller.hangup();
	});

// A machine with too much to do may lose sound on its way, as a bad line does;
// who is not understood says it again, not for ever.
const TRIES = 3;

/** What Trestle says, as a phone heard it */
async function speech(s, text) {
	s.app.on('voice', twiml((r) => r.say({voice: 'man'}, text)));
	const alice = await s.phone('alice');
	const caller = await alice.call('bob');
	await caller.answered();
	await caller.ends(20000);
	return Int16Array.from(caller.rtp.samples);
}

/** The share of the words of @p said that are in @p heard */
function understood(said, heard) {
	const words = (text) => text.toLowerCase().match(/[a-z]+/g) ?? [];
	const there = words(heard);
	return words(said).filter((w) => there.includes(w)).length
		/ words(said).length;
}

/** Say @p said to a <Gather>. @return the parameters of its action */
async function tell(s, said, enough, attributes) {
	const words = await speech(s, said);
	const ask = (r) => r.gather({input: 'speech', action: 'heard', timeout: 6,
		speechTimeout: 2, actionOnEmptyResult: true, ...attributes});
	const well = ({params}) => understood(said, params.SpeechResult ?? '') >= enough;
	const over = (request) => well(request) || s.app.named('heard').length === TRIES;
	s.app.on('voice', twiml(ask));
	s.app.on('heard', (request) => twiml((r) =>
		over(request) ? r.hangup() : ask(r)));
	const bob = await s.phone('bob');
	const caller = await bob.call('alice');
	await caller.answered();
	for (let n = 1; ; n++) {
		await sleep(500); // it listens, then
		caller.rtp.source = words;
		const request = await s.app.request('heard', n, 30000);
		if (!over(request))
			continue;
		assert.ok(well(request), s.app.named('heard')
			.map((r) => `"${r.params.SpeechResult ?? ''}"`).join(', '));
		await caller.ends();
		return request.params;
	}
}

scenario('voice-gather-speech', 'what is spoken is recognised again', {}, async (s) => {
	const params = await tell(s, 'I want to change the time of my appointment.',
		0.75, {partialResultCallback: 'partly'});
	assert.ok(params.Confidence > 0 && params.Confidence <= 1, params.Confidence);
	const partly = s.app.named('partly').map((r) => r.params);
	assert.ok(partly.some((p) => /want|change|time/.test(p.UnstableSpeechResult)),
		JSON.stringify(partly));
});

scenario('voice-gather-hints', 'what was hinted at is recognised as it was written', {},
	async (s) => {
		const params = await tell(s, 'Sales department.', 1,
			{hints: 'support, Sales department, billing'});
		assert.equal(params.SpeechResult, 'Sales department');
		assert.equal(params.Confidence, undefined);
	});

scenario('voice-transcribe', 'a message is transcribed', {}, async (s) => {
	const said = 'Please call me back about the invoice. '
		+ 'My number is five five five, one two three four.';
	const words = await speech(s, said);
	s.app.on('voice', twiml((r) => {
		r.record({action: 'message', playBeep: false, timeout: 2,
			transcribe: true, transcribeCallback: 'text'});
	}));
	s.app.on('message', twiml((r) => r.hangup()));
	const bob = await s.phone('bob');
	for (let n = 1; ; n++) {
		const caller = await bob.call('alice');
		await caller.answered();
		caller.rtp.source = words;
		await caller.ends(20000);
		const {params} = await s.app.request('text', n, 60000);
		assert.equal(params.TranscriptionStatus, 'completed');
		assert.match(params.TranscriptionSid, /^TR[0-9a-f]{32}$/);
		if (understood(said, params.TranscriptionText) >= 0.75)
			break;
		assert.ok(n < TRIES, params.TranscriptionText);
	}
});

scenario('voice-machine', 'who answered is told to amdStatusCallback', {}, async (s) => {
	s.app.on('voice', ({params}) => twiml((r) => {
		r.dial().sip({machineDetection: 'Enable', amdStatusCallback: 'amd',
			machineDetectionSilenceTimeout: 2000}, params.To);
	}));
	const [caller, callee] = await s.bridged();
	const {params} = await s.app.request('amd');
	assert.equal(params.AnsweredBy, 'unknown'); // who says nothing
	assert.ok(params.MachineDetectionDuration >= 1900,
		params.MachineDetectionDuration);
	await s.talk(caller, callee);
	await callee.hangup();
	await caller.ends();
});

scenario('voice-adopted', 'a Gather goes on when its controller dies', {alone: true},
	async (s) => {
		s.app.on('voice', twiml((r) => {
			r.gather({numDigits: 3, timeout: 30, action: 'keys'});
		}));
		s.app.on('keys', twiml((r) => r.hangup()));
		const caller = await callIn(s);
		await caller.rtp.press('1');
		await sleep(1000);
		const {CallSid} = (await s.app.request('voice')).params;
		const owner = (await s.call(CallSid)).owner;
		await s.stack.kill(owner);
		await sleep(500);
		await press(caller, '23', 300);
		const {params} = await s.app.request('keys', 1, 15000);
		assert.equal(params.Digits, '123');
		await caller.ends();
	});

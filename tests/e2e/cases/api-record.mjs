// api-record.mjs - what is left of calls: recordings, transcriptions
import assert from 'node:assert/strict';

import {refused} from '../lib/api.mjs';
import {twiml} from '../lib/app.mjs';
import {conversation, office} from '../lib/office.mjs';
import {scenario} from '../lib/scenario.mjs';
import {until} from '../lib/wait.mjs';

const codeOf = async (promise) => (await refused(promise)).code;
const sids = (list) => list.map(({sid}) => sid);
const day = 24 * 3600 * 1000;

scenario('api-recordings', 'recordings of an account and of a call: list, fetch, delete',
	{}, async (s) => {
		const {api, domain, phones} = await office(s, 'alice', 'bob');
		s.app.on('voice', twiml((r) => r.dial({answerOnBridge: true,
			record: 'record-from-answer-dual'}).sip(`sip:bob@${domain}`)));
		await conversation(phones, 1500);
		await conversation(phones, 1500);
		const list = await until(async () => {
			const all = await api.recordings.list({pageSize: 1});
			return all.filter((r) => r.status === 'completed').length === 2 && all;
		}, 6000, 'two recordings');
		const [last, first] = list;
		assert.ok(last.dateCreated >= first.dateCreated, 'newest first');
		assert.equal(first.source, 'DialVerb');
		assert.equal(first.channels, 2);
		assert.match(first.duration, /^[12]$/);
		assert.match(first.subresourceUris.transcriptions,
			/\/Recordings\/RE\w+\/Transcriptions\.json$/);
		assert.equal(first.mediaUrl, `${s.base}/2010-04-01/Accounts/`
			+ `${api.accountSid}/Recordings/${first.sid}`);
		const wav = await fetch(first.mediaUrl);
		assert.equal(wav.headers.get('content-type'), 'audio/x-wav');
		assert.ok((await wav.arrayBuffer()).byteLength > 10000);
		const ofCall = api.calls(first.callSid).recordings;
		const [same] = await ofCall.list();
		assert.equal(same.sid, first.sid);
		assert.equal(same.track, 'both');
		assert.match(same.uri, new RegExp(`/Calls/${first.callSid}/Recordings/`));
		assert.equal((await ofCall(first.sid).fetch()).sid, first.sid);
		assert.equal(await codeOf(ofCall(last.sid).fetch()), 20404);
		const listed = (options) => api.recordings.list(options).then(sids);
		assert.deepEqual(await listed({callSid: last.callSid}), [last.sid]);
		const now = Date.now();
		assert.equal((await listed({dateCreated: new Date(now - day)})).length, 0);
		assert.equal((await listed({dateCreated: first.dateCreated})).length, 2,
			'those of that day');
		assert.equal((await listed({dateCreatedAfter: new Date(now - day)})).length,
			2);
		assert.equal((await listed({dateCreatedBefore: new Date(now - day)}))
			.length, 0);
		assert.equal(await codeOf(api.recordings.list({callSid: 'x'})), 20001);
		const other = await s.subaccount('other');
		assert.equal((await other.recordings.list()).length, 0);
		assert.equal(await codeOf(other.recordings(first.sid).fetch()), 20404);
		assert.equal(await codeOf(other.recordings(first.sid).remove()), 20404);
		assert.equal(await codeOf(other.calls(first.callSid).recordings.list()),
			20404);
		assert.ok(await api.recordings(first.sid).remove());
		assert.equal(await codeOf(api.recordings(first.sid).fetch()), 20404);
		assert.deepEqual(await listed(), [last.sid]);
		const kept = await api.recordings.list({includeSoftDeleted: true});
		assert.deepEqual(kept.map((r) => r.status), ['completed', 'deleted']);
		assert.equal((await api.recordings(first.sid)
			.fetch({includeSoftDeleted: true})).duration, first.duration);
		assert.equal((await fetch(first.mediaUrl)).status, 404);
		assert.ok(await api.calls(last.callSid).recordings(last.sid).remove());
		assert.deepEqual(await listed(), []);
	});

scenario('api-transcriptions', 'transcriptions of an account and of a recording', {},
	async (s) => {
		const api = await s.subaccount();
		const [re, other] = ['1', '2'].map((n) =>
			`RE${n.padStart(32, api.accountSid.slice(2))}`);
		const made = ['1', '2', '3'].map((n) =>
			`TR${n.padStart(32, api.accountSid.slice(2))}`);
		const set = (key, fields) => s.stack.redis('hset', key,
			...Object.entries({account_sid: api.accountSid, ...fields}).flat());
		for (const sid of [re, other])
			await set(`recording:{${sid}}`, {sid, status: 'completed'});
		for (const [i, sid] of made.entries()) {
			const recording_sid = i < 2 ? re : other;
			await set(`transcription:{${sid}}`, {sid, recording_sid, duration: '7',
				status: 'completed', text: `number ${i}`,
				date_created: '2026-11-22T18:30:15.248Z'});
			for (const owner of [api.accountSid, recording_sid])
				await s.stack.redis('zadd', `transcriptions:{${owner}}`,
					`${1795372215 + i}`, sid);
		}
		const all = await api.transcriptions.list({pageSize: 2});
		assert.deepEqual(sids(all), [...made].reverse());
		assert.equal(all[2].transcriptionText, 'number 0');
		assert.equal(all[2].recordingSid, re);
		assert.equal(all[2].duration, '7');
		const {transcriptions} = api.recordings(re);
		assert.deepEqual(sids(await transcriptions.list()), [made[1], made[0]]);
		assert.equal((await transcriptions(made[0]).fetch()).status, 'completed');
		assert.equal(await codeOf(transcriptions(made[2]).fetch()), 20404);
		assert.equal(await codeOf(transcriptions(made[2]).remove()), 20404);
		assert.ok(await transcriptions(made[0]).remove());
		assert.ok(await api.transcriptions(made[2]).remove());
		assert.equal(await codeOf(api.transcriptions(made[2]).fetch()), 20404);
		assert.deepEqual(sids(await api.transcriptions.list()), [made[1]]);
		assert.equal((await api.recordings(other).transcriptions.list()).length, 0);
	});

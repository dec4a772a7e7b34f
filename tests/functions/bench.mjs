// bench.mjs - functions a second, and how soon: node bench.mjs [URL]
//
// Without URL the real server is started on core 0, with the official package;
// with one, whatever answers there is measured (twilio-run, say).
import {execFileSync} from 'node:child_process';
import http from 'node:http';

import {handler, makeProject, start} from './lib/runner.mjs';

const form = new URLSearchParams({CallSid: `CA${'0'.repeat(32)}`,
	From: 'sip:alice@example.com', To: 'sip:bob@example.com'}).toString();

function ask(url, agent) {
	return new Promise((done, fail) => {
		const begin = performance.now();
		const request = http.request(url, {agent, method: 'POST', headers: {
			'content-type': 'application/x-www-form-urlencoded',
			'content-length': form.length}}, (response) => {
			response.resume();
			response.on('end', () => (response.statusCode === 200
				? done(performance.now() - begin)
				: fail(new Error(`status ${response.statusCode}`))));
		});
		request.on('error', fail);
		request.end(form);
	});
}

async function measure(url, atOnce, ms) {
	const agent = new http.Agent({keepAlive: true, maxSockets: atOnce});
	const times = [];
	const begin = performance.now();
	await Promise.all(Array.from({length: atOnce}, async () => {
		while (performance.now() - begin < ms)
			times.push(await ask(url, agent));
	}));
	const seconds = (performance.now() - begin) / 1000;
	times.sort((a, b) => a - b);
	const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1);
	console.log(`  ${atOnce} at a time: ${(times.length / seconds).toFixed(0)} `
		+ `a second, ${at(0.5)} ms (p99 ${at(0.99)} ms)`);
	agent.destroy();
}

const [url] = process.argv.slice(2);
const runner = url ? {base: url, stop() {}} : await start(makeProject({
	'functions/say.js': handler(`
		const response = new Twilio.twiml.VoiceResponse();
		response.dial({answerOnBridge: true}).sip(event.To);
		callback(null, response);`)}));
if (!url) {
	execFileSync('taskset', ['-acp', '0', String(runner.child.pid)]);
	runner.base += '/say';
	await measure(runner.base, 20, 1000); // warm
}
for (const atOnce of [1, 20])
	await measure(runner.base, atOnce, 4000);
await runner.stop();

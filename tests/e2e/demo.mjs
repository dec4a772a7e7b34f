// demo.mjs - one call between two softphones, told as a story
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';

import {Application, twiml} from './lib/app.mjs';
import {Baresip} from './lib/baresip.mjs';
import {Stack, root} from './lib/stack.mjs';
import {AUTH_TOKEN, PASSWORD, tenantsFile, worldOf} from './lib/tenants.mjs';
import {sleep, until} from './lib/wait.mjs';

const ADDRESS = '127.0.8.1';
const dir = `${root}/build/demo`;
const bold = (text) => process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text;
const title = (text) => console.log(`\n${bold(text)}`);
const indent = (text) => console.log(text.trimEnd().replace(/^/gm, '    '));
const arrow = {true: '------>', false: '<------'};

/** The messages of one phone as a ladder, one line each; a REGISTER goes the
 *  same way and is left out. */
function ladder(phone, left, right) {
	indent(`${left.padEnd(8)}         ${right}`);
	for (const {out, msg} of phone.messages()) {
		if (msg.cseq.method === 'REGISTER')
			continue;
		const what = msg.status ? `${msg.status} ${msg.reason} (${msg.cseq.method})`
			: `${msg.method} ${msg.uri}`;
		const extra = [msg.body.includes('m=audio') && `SDP ${/c=IN IP4 (\S+)/
			.exec(msg.body)[1]}:${/m=audio (\d+)/.exec(msg.body)[1]}`,
		msg.get('Proxy-Authorization') && 'with digest',
		msg.get('Record-Route') && !msg.status && 'Record-Route'].filter(Boolean);
		indent(`        ${arrow[out]}  ${what}`
			+ `${extra.length ? `   [${extra.join(', ')}]` : ''}`);
	}
}

function showHash(key, hash, fields) {
	indent(key);
	for (const name of fields ?? Object.keys(hash))
		if (hash[name])
			indent(`    ${name.padEnd(18)} ${hash[name]}`);
}

function showRelay(media) {
	for (const [name, json] of Object.entries(media)) {
		if (!name.startsWith('leg.'))
			continue;
		indent(name);
		for (const [k, v] of Object.entries(JSON.parse(json)))
			indent(`    ${k.padEnd(18)} ${typeof v === 'object'
				? JSON.stringify(v) : v}`);
	}
}

async function call(stack, part, world) {
	const phone = (user, options) => new Baresip({user, password: PASSWORD,
		domain: world.domain, stack, dir: `${dir}/${user}`,
		...options}).open();
	title('1. Two phones register');
	const bob = await phone('bob', {answer: true});
	const alice = await phone('alice', {});
	indent(await stack.cli('registrations', world.domain));

	title('2. alice dials bob');
	part.on('voice', ({params}) => twiml((r) =>
		r.dial({answerOnBridge: true}).sip(params.To)));
	await alice.dial('bob');
	await alice.event('CALL_ESTABLISHED');
	const request = await part.request('voice');
	const sid = request.params.CallSid;
	indent(`bob answers; the call is ${sid}`);

	title('3. They hear each other (what was heard, compared with what was said)');
	const [a, b] = await Promise.all([alice.hearsRecordingOf(bob),
		bob.hearsRecordingOf(alice)]);
	indent(`alice hears bob:  correlation ${a.toFixed(4)}`);
	indent(`bob hears alice:  correlation ${b.toFixed(4)}`);
	const live = await stack.hash(`call:{${sid}}`);
	const legs = await stack.hash(`call:{${sid}}:legs`);
	const media = await until(async () => {
		const m = await stack.hash(`media:{${live.session}}`);
		return /packets/.test(JSON.stringify(m)) && m;
	}, 6000, 'figures of the relay').catch(() => stack.hash(
		`media:{${live.session}}`));
	await alice.command('hangup');
	await bob.event('CALL_CLOSED');
	await sleep(300);
	return {alice, bob, request, sid, live, legs, media};
}

async function tell(stack, story) {
	title('4. The SIP messages');
	ladder(story.alice, 'alice', 'Trestle');
	console.log();
	ladder(story.bob, 'bob', 'Trestle');

	title('5. What the application was asked, and what it said');
	indent(`${story.request.method} ${story.request.url}`);
	for (const [name, value] of Object.entries(story.request.params))
		indent(`    ${name.padEnd(18)} ${value}`);
	indent(`    X-Twilio-Signature ${story.request.signed
		? 'accepted by the twilio package' : 'NOT accepted'}`);
	indent(story.request.answer);

	title('6. What Redis held while they talked');
	showHash(`call:{${story.sid}}`, story.live);
	indent(`call:{${story.sid}}:legs    ${Object.keys(story.legs).length} legs`);

	title('7. What the media relay did');
	showRelay(story.media);

	title('8. What remains: the record of the call');
	showHash(`call:{${story.sid}}`, await stack.hash(`call:{${story.sid}}`),
		['status', 'from', 'to', 'start_time', 'answer_time', 'end_time',
			'duration']);
}

async function main() {
	const world = worldOf('demo', 0, {domain: {md5_only: true}});
	rmSync(dir, {recursive: true, force: true});
	mkdirSync(dir, {recursive: true});
	const app = await new Application({ip: '127.0.8.9',
		authToken: AUTH_TOKEN}).open();
	const part = app.part('demo');
	writeFileSync(`${dir}/tenants.yaml`, tenantsFile([{world, app: part}]));
	const stack = new Stack({address: ADDRESS, dir: `${dir}/run`,
		tenants: `${dir}/tenants.yaml`, settings: {
			TRESTLE_ALLOW_PRIVATE: '127.0.8.0/24',
			TRESTLE_SIP_ALLOW_PRIVATE: '127.0.0.0/8',
			TRESTLE_RTP_ALLOW_PRIVATE: '127.0.0.0/8'}});
	const open = [];
	try {
		await stack.start();
		const story = await call(stack, part, world);
		open.push(story.alice, story.bob);
		await tell(stack, story);
		title('The demo worked: a call from end to end.');
	} catch (e) {
		console.log(`\nThe demo failed: ${e.message}\nLogs: build/demo/`);
		process.exitCode = 1;
	}
	await Promise.all(open.map((p) => p.close()));
	await stack.stop();
	app.close();
}

await main();
process.exit();

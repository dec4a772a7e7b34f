// twilio.test.mjs - each project has its own packages, and its own version of
// the official one talks to Trestle
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';

import {Api} from './lib/api.mjs';
import {ACCOUNT, TOKEN, ask, handler, linkTwilio, makeProject, put,
	root, start}
	from './lib/runner.mjs';

const SD = 'SD00000000000000000000000000000001';
const clients = {
	own: 'context.getTwilioClient()',
	options: 'context.getTwilioClient({edge: "sydney", region: "au1"})',
	callable: 'Twilio(context.ACCOUNT_SID, context.AUTH_TOKEN)',
	required: 'require("twilio")(context.ACCOUNT_SID, context.AUTH_TOKEN)',
	copy: 'require("wall/client")(context.ACCOUNT_SID, context.AUTH_TOKEN)',
	constructed: 'new Twilio.Twilio(context.ACCOUNT_SID, context.AUTH_TOKEN)',
};
const list = (client) => handler(`
	${client}.sip.domains('${SD}').auth.registrations.credentialListMappings
		.list().then((all) => callback(null, all.map((m) => m.friendlyName)))
		.catch((e) => callback(null, {status: e.status, code: e.code,
			message: e.message}));`);
const files = {
	...Object.fromEntries(Object.entries(clients).map(([name, client]) =>
		[`functions/${name}.js`, list(client)])),
	'functions/stranger.js':
		list(`Twilio(context.ACCOUNT_SID, 'x'.repeat(32))`),
	'functions/missing.js': list('context.getTwilioClient()')
		.replace(SD, SD.replace('1', '2')),
	'functions/version.js': handler(`
		callback(null, {package: require('twilio/package.json').version,
			same: require('twilio') === Twilio,
			shade: require('shade'), wall: require('wall')});`),
};
const packages = (version) => ({
	'node_modules/shade/index.js': `module.exports = 'shade ${version}';`,
	'node_modules/wall/index.js': 'module.exports = require("shade");',
	'node_modules/wall/client.js': 'module.exports = require("twilio");',
	'node_modules/wall/node_modules/shade/index.js':
		'module.exports = "shade of the wall";',
});
let api;

before(async () => {
	api = await new Api({account: ACCOUNT, token: TOKEN,
		domains: {[SD]: [['a'], ['b'], ['c']]}}).open();
});
after(() => api.close());

for (const [version, name] of [[3, '3.80.0'], [5, '5.13.1'], [6, '6.3.1']]) {
	test(`twilio ${name}: every client asks Trestle`, async (t) => {
		const folder = makeProject(files, {version});
		put(folder, packages(version));
		linkTwilio(`${folder}/node_modules/wall`, version === 5 ? 6 : 5);
		const runner = await start(folder, {TRESTLE_PUBLIC_URL: `${api.url}/`});
		t.after(() => runner.stop());
		for (const client of Object.keys(clients))
			assert.equal((await ask(runner, `/${client}`)).text,
				'["list 0","list 1","list 2"]', client);
		assert.deepEqual(JSON.parse((await ask(runner, '/stranger')).text),
			{status: 401, code: 20003, message: 'Authenticate'});
		const missing = JSON.parse((await ask(runner, '/missing')).text);
		assert.deepEqual([missing.status, missing.code], [404, 20404]);
		assert.deepEqual(JSON.parse((await ask(runner, '/version')).text),
			{package: name, same: true, shade: `shade ${version}`,
				wall: 'shade of the wall'});
	});
}

test('a project without the package says so where it is used', async (t) => {
	const runner = await start(makeProject({
		'functions/uses.js': handler('callback(null, new Twilio.twiml.X());'),
		'functions/calls.js': handler('context.getTwilioClient();'),
		'functions/not.js': handler('callback(null, new Twilio.Response());'),
	}, {version: 0}));
	t.after(() => runner.stop());
	for (const target of ['/uses', '/calls']) {
		const {status, text} = await ask(runner, target);
		assert.equal(status, 500);
		assert.match(text, /npm install twilio/);
	}
	assert.equal((await ask(runner, '/not')).status, 200);
});

for (const version of [3, 5, 6]) {
	test(`any program on twilio ${version} asks Trestle, with --require aim.cjs`,
		async () => {
			const folder = makeProject({'app.mjs': `
import twilio from 'twilio';
const client = twilio('${ACCOUNT}', '${TOKEN}');
const all = await client.sip.credentialLists('CL' + '0'.repeat(32))
	.credentials.list();
console.log(all.map((c) => c.username).join());
`}, {version});
			const {stdout} = await promisify(execFile)('node', ['app.mjs'], {
				cwd: folder, timeout: 20000, env: {...process.env,
					TRESTLE_PUBLIC_URL: api.url,
					NODE_OPTIONS: `--require ${root}/deploy/functions/aim.cjs`}});
			assert.equal(stdout, 'a\n');
		});
}

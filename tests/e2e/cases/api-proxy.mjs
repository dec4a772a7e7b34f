// api-proxy.mjs - an application that is told nothing but its environment
import assert from 'node:assert/strict';
import {execFile, spawn} from 'node:child_process';
import path from 'node:path';
import {promisify} from 'node:util';

import {scenario} from '../lib/scenario.mjs';
import {root} from '../lib/stack.mjs';
import {leash, until} from '../lib/wait.mjs';

const run = promisify(execFile);

const application = `
const client = require(process.argv[1])(process.env.SID, process.env.TOKEN);
client.sip.domains.create({domainName: process.argv[2]})
	.then(() => client.sip.domains.list())
	.then((all) => console.log(all.map((d) => d.domainName).join()));
`;

scenario('api-proxy', 'unchanged applications reach Trestle through an HTTPS proxy',
	{}, async (s) => {
		const dir = `${s.dir}/proxy`;
		const {accountSid, password} = await s.subaccount();
		const child = leash(spawn(path.join(root, 'deploy/proxy/start'),
			[s.base, '0', s.ip], {env: {...process.env, PROXY_DIR: dir},
				stdio: ['ignore', 'pipe', 'inherit']}));
		let out = '';
		child.stdout.on('data', (d) => out += d);
		try {
			await until(() => /^ready /m.test(out), 15000, 'the proxy');
			const proxy = /^ready (\S+)/m.exec(out)[1];
			for (const name of ['twilio-6', 'twilio']) {
				const {stdout} = await run('node', ['-e', application, name,
					`${name}.${s.domain}`], {cwd: path.join(root, 'tests/e2e'),
					env: {...process.env, HTTP_PROXY: proxy, HTTPS_PROXY: proxy,
						NODE_EXTRA_CA_CERTS: `${dir}/ca.pem`, SID: accountSid,
						TOKEN: password}});
				assert.match(stdout, new RegExp(`${name}\\.${s.domain}`));
			}
			const refused = await run('curl', ['-sS', '-x', proxy,
				'https://example.com/']).then(() => '', (e) => e.stderr);
			assert.match(refused, /403/);
		} finally {
			child.kill();
		}
	});

// api-libraries.mjs - what `trestle sdk` prints, run by the Python package and shown in the README
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {promisify} from 'node:util';

import {scenario} from '../lib/scenario.mjs';
import {PASSWORD} from '../lib/tenants.mjs';

const PYTHON = '/usr/bin/python3'; // Debian's, which has Debian's package

const WORK = `
import json
from twilio.base.exceptions import TwilioRestException
users = client.sip.credential_lists.create(friendly_name='phones')
for n in range(5):
    client.sip.credential_lists(users.sid).credentials.create(
        username='u%d' % n, password=os.environ['USER_PASSWORD'])
domain = client.sip.domains.create(domain_name=os.environ['DOMAIN'])
domain = domain.update(friendly_name='Desk')
page = client.sip.credential_lists(users.sid).credentials.list(page_size=2)
call = client.calls.create(to='sip:nobody@' + os.environ['DOMAIN'],
    from_='sip:desk@' + os.environ['DOMAIN'], twiml='<Response><Hangup/></Response>')
try:
    client.sip.domains.create(domain_name='-')
except TwilioRestException as e:
    error = [e.status, e.code]
print(json.dumps({'domain': [domain.friendly_name, domain.date_created.year],
    'users': sorted(u.username for u in page), 'error': error,
    'call': [call.direction, client.calls(call.sid).fetch().sid == call.sid]}))
`;

scenario('api-python', 'the Python package: makes, changes, pages, calls, fails', {},
	async (s) => {
		const {accountSid, password} = await s.subaccount();
		const lines = await s.stack.trestle(accountSid, password, ['sdk', 'python']);
		const {stdout} = await promisify(execFile)(PYTHON, ['-c', lines + WORK], {
			env: {TRESTLE_TOKEN: password, USER_PASSWORD: PASSWORD,
				DOMAIN: `python.${s.domain}`},
		});
		assert.deepEqual(JSON.parse(stdout), {
			domain: ['Desk', new Date().getUTCFullYear()],
			users: ['u0', 'u1', 'u2', 'u3', 'u4'],
			error: [400, 21232],
			call: ['outbound-api', true],
		});
	});

scenario('api-readme', 'the README shows what `trestle sdk` prints', {}, async (s) => {
	const {accountSid, password} = await s.subaccount();
	const readme = await readFile(new URL('../../../README.md', import.meta.url),
		'utf8');
	const printed = (await s.stack.trestle(accountSid, password, ['sdk']))
		.replaceAll(s.base, 'http://127.0.0.1:8080')
		.replaceAll(accountSid, `AC${'0'.repeat(32)}`);
	const snippets = printed.split(/^--- .*\n/m).slice(1);
	assert.equal(snippets.length, 7);
	for (const snippet of snippets)
		assert.ok(readme.includes(snippet), snippet);
});

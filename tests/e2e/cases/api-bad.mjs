// api-bad.mjs - requests that no helper library would make
import assert from 'node:assert/strict';

import {scenario} from '../lib/scenario.mjs';

/** [what, method, path behind the account, body, status, code, headers] */
const rows = [
	['a broken escape', 'POST', '/SIP/CredentialLists.json', 'FriendlyName=%zz', 400, 20001],
	['a NUL', 'POST', '/SIP/CredentialLists.json', 'FriendlyName=a%00', 400, 20001],
	['too many parameters', 'POST', '/SIP/CredentialLists.json',
		Array.from({length: 300}, (_, i) => `a${i}=1`).join('&'), 400, 20001],
	['a body too large', 'POST', '/SIP/CredentialLists.json',
		`FriendlyName=${'x'.repeat(70000)}`, 413, 20413],
	['a body that is no form', 'POST', '/SIP/CredentialLists.json', '{}', 400, 20001,
		{'content-type': 'application/json'}],
	['text that is no UTF-8', 'POST', '/SIP/CredentialLists.json', 'FriendlyName=%ff',
		400, 20001],
	['a control character', 'POST', '/SIP/CredentialLists.json', 'FriendlyName=a%0ab', 400, 20001],
	['an empty name', 'POST', '/SIP/CredentialLists.json', 'FriendlyName=', 400, 20001],
	['no parameter', 'POST', '/SIP/CredentialLists.json', '', 400, 20001],
	['a name too long', 'POST', '/SIP/CredentialLists.json',
		`FriendlyName=${'x'.repeat(65)}`, 400, 20001],
	['a wrong method', 'PUT', '/SIP/CredentialLists.json', 'x=1', 405, 20004],
	['a list that is removed', 'DELETE', '/SIP/CredentialLists.json', undefined, 405, 20004],
	['an unknown path', 'GET', '/Nothing.json', undefined, 404, 20404],
	['a page too large', 'GET', '/SIP/Domains.json?PageSize=1001', undefined, 400, 20007],
	['a page that is none', 'GET', '/SIP/Domains.json?Page=-1', undefined, 400, 20001],
	['a token that is none', 'GET', '/SIP/Domains.json?PageToken=x', undefined, 400, 21481],
	['a sid of another kind', 'GET', `/SIP/Domains/CA${'0'.repeat(32)}.json`, undefined, 404,
		20404],
];

scenario('api-bad', 'bad requests get their code and change nothing', {}, async (s) => {
	const {accountSid, password} = await s.subaccount();
	const authorization = `Basic ${Buffer.from(`${accountSid}:${password}`)
		.toString('base64')}`;
	for (const [what, method, path, body, status, code, headers] of rows) {
		const response = await fetch(
			`${s.base}/2010-04-01/Accounts/${accountSid}${path}`, {method, body,
				headers: {authorization, ...(body !== undefined
					&& {'content-type': 'application/x-www-form-urlencoded'}),
				...headers}});
		const error = await response.json();
		assert.deepEqual([response.status, error.code, error.status],
			[status, code, status], what);
		assert.ok(error.message && error.more_info.endsWith(`/${code}`), what);
		if (status === 405)
			assert.match(response.headers.get('allow'), /GET/);
	}
	assert.equal(await s.stack.redis('exists',
		`credential-lists:{${accountSid}}`), '0');
	const xml = await fetch(`${s.base}/2010-04-01/Accounts/${accountSid}/SIP/`
		+ `Domains/SD${'0'.repeat(32)}`, {headers: {authorization}});
	assert.equal(xml.status, 404);
	const other = `/2010-04-01/Accounts/AC${'0'.repeat(31)}9/SIP/Domains.json`;
	const strange = await fetch(s.base + other, {headers: {authorization}});
	assert.equal((await strange.json()).message,
		`The requested resource ${other} was not found`);
	assert.match(await xml.text(), /<RestException><Code>20404<\/Code>/);
	// a token that somebody made up: before all that ever happened
	const before = await fetch(`${s.base}/2010-04-01/Accounts/${accountSid}/`
		+ `Notifications.json?PageToken=PANO${'0'.repeat(32)}`,
	{headers: {authorization}});
	assert.equal(before.status, 200);
	assert.deepEqual((await before.json()).notifications, []);
});
